//! Certificates that are taken, and all those that are not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{DnType, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};
use tempfile::TempDir;

use super::authority::{Authority, Issued, write};
use crate::security::{ClientCertificates, Tls, TlsError, TlsSettings, TlsWarning};

struct Setup {
    folder: TempDir,
    authority: Authority,
    settings: TlsSettings,
}

fn setup() -> Setup {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("clients and server");
    let server = authority.issue("server");
    let settings = TlsSettings {
        certificate: write(folder.path(), "server.pem", &server.certificate),
        key: write(folder.path(), "server.key", &server.key),
        client_authority: Some(write(folder.path(), "authority.pem", &authority.pem())),
        client_certificates: ClientCertificates::Required,
    };
    Setup { folder, authority, settings }
}

/// Agrees on keys in memory; the error of whoever does not.
fn handshake(server: Arc<ServerConfig>, trusted: &Authority, shown: Option<&Issued>) -> Result<(), rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.pem().as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let config = match shown {
        None => config.with_no_client_auth(),
        Some(issued) => {
            let chain = vec![CertificateDer::from_pem_slice(issued.certificate.as_bytes()).unwrap()];
            config.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap())?
        }
    };
    let mut client = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap())?;
    let mut server = ServerConnection::new(server)?;
    while client.is_handshaking() || server.is_handshaking() {
        let mut wire = Vec::new();
        client.write_tls(&mut wire).unwrap();
        server.read_tls(&mut &wire[..]).unwrap();
        server.process_new_packets()?;
        let mut wire = Vec::new();
        server.write_tls(&mut wire).unwrap();
        client.read_tls(&mut &wire[..]).unwrap();
        client.process_new_packets()?;
    }
    Ok(())
}

#[test]
fn a_certificate_of_the_authority_is_taken_and_no_other() {
    let Setup { authority, settings, folder: _folder } = setup();
    let config = || Tls::read(&settings).unwrap().config();
    assert_eq!(handshake(config(), &authority, Some(&authority.issue("station-7"))), Ok(()));
    let stranger = Authority::new("clients and server").issue("station-7");
    assert!(handshake(config(), &authority, Some(&stranger)).is_err(), "its authority only has the same name");
    let expired = authority.issue_with("station-7", |parameters| parameters.not_after = date_time_ymd(2020, 1, 1));
    assert!(handshake(config(), &authority, Some(&expired)).is_err());
    assert!(handshake(config(), &authority, None).is_err(), "a certificate is required");
}

#[test]
fn where_certificates_are_optional_none_is_taken_and_a_wrong_one_is_not() {
    let Setup { authority, mut settings, folder: _folder } = setup();
    settings.client_certificates = ClientCertificates::Optional;
    let config = || Tls::read(&settings).unwrap().config();
    assert_eq!(handshake(config(), &authority, None), Ok(()));
    assert_eq!(handshake(config(), &authority, Some(&authority.issue("station-7"))), Ok(()));
    let stranger = Authority::new("another").issue("station-7");
    assert!(handshake(config(), &authority, Some(&stranger)).is_err());
}

#[test]
fn a_client_that_trusts_another_authority_does_not_talk_to_the_server() {
    let Setup { authority, settings, folder: _folder } = setup();
    let shown = authority.issue("station-7");
    assert!(handshake(Tls::read(&settings).unwrap().config(), &Authority::new("another"), Some(&shown)).is_err());
}

/// The error of settings that `change` spoils.
fn spoilt(change: impl FnOnce(&mut TlsSettings, &Path)) -> TlsError {
    let Setup { mut settings, folder, authority: _ } = setup();
    change(&mut settings, folder.path());
    Tls::read(&settings).unwrap_err()
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_name() {
    let missing = spoilt(|settings, _| settings.certificate = PathBuf::from("/nowhere/server.pem"));
    assert!(missing.to_string().contains("/nowhere/server.pem"), "{missing}");
    let empty = spoilt(|settings, folder| settings.certificate = write(folder, "empty.pem", "HIDDEN"));
    assert!(matches!(&empty, TlsError::NoCertificate(path) if path.ends_with("empty.pem")), "{empty}");
    let damaged = "-----BEGIN CERTIFICATE-----\nSElEREVO\n-----END CERTIFICATE-----\n";
    let damaged = spoilt(|settings, folder| settings.client_authority = Some(write(folder, "damaged.pem", damaged)));
    assert!(matches!(damaged, TlsError::BadCertificate { number: 1, .. }), "{damaged}");
    let no_key = spoilt(|settings, folder| settings.key = write(folder, "no.key", "HIDDEN"));
    assert!(matches!(no_key, TlsError::NoKey(_)), "{no_key}");
    let other = Authority::new("other").issue("server").key;
    let other = spoilt(|settings, folder| settings.key = write(folder, "other.key", &other));
    assert!(matches!(other, TlsError::KeyDoesNotFit { .. }), "{other}");
    for error in [empty, no_key, other] {
        assert!(!format!("{error} {error:?}").contains("HIDDEN"));
    }
}

#[test]
fn certificates_that_ran_out_and_keys_that_all_can_read_are_warned_of() {
    let Setup { authority, mut settings, folder } = setup();
    assert_eq!(Tls::read(&settings).unwrap().warnings(), []);
    let expired = authority.issue_with("server", |parameters| {
        parameters.distinguished_name.push(DnType::OrganizationName, "ministry");
        parameters.not_after = date_time_ymd(2020, 1, 1);
    });
    settings.certificate = write(folder.path(), "expired.pem", &expired.certificate);
    settings.key = write(folder.path(), "expired.key", &expired.key);
    let warned = Tls::read(&settings).unwrap();
    assert_eq!(warned.warnings(), [TlsWarning::Expired(settings.certificate.clone())]);
    let printed = format!("{warned:?} {settings:?}");
    assert!(!printed.contains("PRIVATE KEY") && !printed.contains("45, 45, 45"), "{printed}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let key = folder.path().join("expired.key");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Tls::read(&settings).unwrap().warnings().contains(&TlsWarning::KeyReadableByOthers(key)));
    }
}
