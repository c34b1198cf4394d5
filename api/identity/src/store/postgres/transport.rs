//! Whether the connection is encrypted, and whom it trusts.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use postgres::Config;
use postgres::config::{Host, SslMode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Server;
use crate::store::StoreError;

/// Decides between TLS and none. What the string leaves open is TLS, for who listens on the way could have it refused; on this machine,
/// where nobody is on the way, it is none unless an authority is named.
pub(super) fn secure(mut server: Server) -> Result<Server, StoreError> {
    let asked = server.config.get_ssl_mode();
    let is_open = asked == SslMode::Prefer && is_local(&server.config) && server.authority().is_none();
    if asked == SslMode::Disable || is_open {
        server.config.ssl_mode(SslMode::Disable);
        return Ok(server);
    }
    server.config.ssl_mode(SslMode::Require);
    let tls = client(server.authority()).map_err(|reason| StoreError::Failed { place: server.place(), reason })?;
    server.tls = Some(MakeRustlsConnect::new(tls));
    Ok(server)
}

/// Whether every host is this machine.
fn is_local(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    if !addresses.is_empty() {
        return addresses.iter().all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

fn client(authority: Option<&Path>) -> Result<ClientConfig, String> {
    let roots = match authority {
        Some(file) => named(file)?,
        None => of_system()?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(|error| error.to_string())?.with_root_certificates(roots).with_no_client_auth())
}

fn named(file: &Path) -> Result<RootCertStore, String> {
    let failed = |reason: String| format!("the certificates in \"{}\" cannot be used: {reason}", file.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| failed(error.to_string()))? {
        let certificate = certificate.map_err(|error| failed(error.to_string()))?;
        roots.add(certificate).map_err(|error| failed(error.to_string()))?;
    }
    if roots.is_empty() { Err(failed("there are none".to_owned())) } else { Ok(roots) }
}

fn of_system() -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let none =
        "the system trusts no certificates: install its list (ca-certificates), or name the file of an authority";
    if added == 0 { Err(none.to_owned()) } else { Ok(roots) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `connection` leads to TLS.
    fn is_encrypted(connection: &str) -> bool {
        let server = secure(Server::new(connection).unwrap()).unwrap();
        assert_eq!(server.tls.is_some(), server.config.get_ssl_mode() == SslMode::Require);
        assert_ne!(server.config.get_ssl_mode(), SslMode::Prefer, "which falls back");
        server.tls.is_some()
    }

    #[test]
    fn only_this_machine_is_spoken_to_openly_unless_the_operator_asks_for_it() {
        for open in [
            "host=localhost",
            "host=127.0.0.1,::1 sslmode=prefer",
            "host=/run/postgresql",
            "host=whorl.example hostaddr=127.0.0.1",
            "host=whorl.example sslmode=disable",
        ] {
            assert!(!is_encrypted(open), "{open}");
        }
    }

    #[test]
    fn an_authority_of_which_no_certificate_can_be_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authority.pem");
        for text in [None, Some(""), Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")] {
            if let Some(text) = text {
                std::fs::write(&file, text).unwrap();
            }
            let server = Server::new("host=localhost password=hidden").unwrap().with_authority(&file);
            let refused = secure(server).unwrap_err().to_string();
            assert!(refused.contains("authority.pem") && !refused.contains("hidden"), "{refused}");
        }
    }

    #[test]
    fn a_string_that_cannot_be_read_is_not_quoted() {
        for wrong in
            ["host=a password=top hidden", "postgresql://u:hidden@h:port/d", "host=a sslmode=hidden", "password=hidden"]
        {
            let refused = Server::new(wrong).unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("hidden"), "{refused}");
        }
        let server = Server::new("host=whorl.example user=u password=hidden dbname=d").unwrap();
        assert!(!format!("{server:?} {}", server.place()).contains("hidden"));
        for schema in ["", "1a", "pg_a", "A", "a\"b", &"a".repeat(64)] {
            assert!(server.clone().with_schema(schema).is_err(), "{schema}");
        }
    }
}
