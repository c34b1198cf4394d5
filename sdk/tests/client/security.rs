//! Who the server is, and who the client is.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{ClientError, Code, Files, Options, Reason, TokenSource};

use crate::issuer::{Issuer, TOKENS};
use crate::people::enrolment;
use crate::running::{Running, write};

/// Writes an authority's certificate and what it signs for each of `names` into `folder`, for servers and clients.
fn authority(folder: &Path, file: &str, names: &[&str]) {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, file);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let authority = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
    write(folder, &format!("{file}.pem"), &authority.pem());
    for name in names {
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, *name);
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &authority).unwrap();
        write(folder, &format!("{name}.pem"), &certificate.pem());
        write(folder, &format!("{name}.key"), &key.serialize_pem());
    }
}

const MUTUAL_TLS: &str = r#"
[security]
authentication = "required"
clients = [
    { certificate = "CN=operator", roles = ["admin", "enrol"] },
    { certificate = "CN=gate", roles = ["verify"] },
]
[security.tls]
certificate = "server.pem"
key = "server.key"
client_ca = "ca.pem"
"#;

fn secured() -> Running {
    let folder = tempfile::tempdir().unwrap();
    authority(folder.path(), "ca", &["server", "operator", "gate", "stranger"]);
    authority(folder.path(), "other", &["forger"]);
    Running::configured(folder, MUTUAL_TLS)
}

fn connect(running: &Running, authority: &str, name: &str) -> Result<Client, ClientError> {
    let file = |name: String| Some(running.folder().join(name));
    let files = Files {
        authority: file(format!("{authority}.pem")),
        certificate: file(format!("{name}.pem")),
        key: file(format!("{name}.key")),
        token: None,
    };
    Client::connect(Options::read(format!("https://127.0.0.1:{}", running.port), &files)?)
}

#[test]
fn a_client_is_known_by_its_certificate_and_does_what_its_roles_allow() {
    let running = secured();
    let operator = connect(&running, "ca", "operator").unwrap();
    operator.galleries().create("nation").unwrap();
    assert!(operator.enrol(enrolment("ada", 1, 1)).unwrap().is_enrolled());
    let gate = connect(&running, "ca", "gate").unwrap();
    let refused = gate.enrol(enrolment("bea", 2, 1)).unwrap_err();
    assert_eq!((refused.reason(), refused.code()), (Some(Reason::RoleMissing), Some(Code::PermissionDenied)));
    let stranger = connect(&running, "ca", "stranger").unwrap().galleries().list().unwrap_err();
    assert_eq!(stranger.failure().unwrap().word, "CERTIFICATE_UNKNOWN");
}

#[test]
fn a_server_whom_nobody_vouches_for_is_not_spoken_to_and_nobody_else_lets_a_forger_in() {
    let running = secured();
    let error = connect(&running, "other", "operator").unwrap_err();
    assert!(matches!(error, ClientError::Connect { .. }), "{error}");
    let forger = connect(&running, "ca", "forger").and_then(|client| client.galleries().list());
    assert!(forger.is_err(), "{forger:?}");
}

#[test]
fn a_client_is_known_by_its_token_which_is_read_anew_for_every_call() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::new(folder.path());
    let running = Running::configured(folder, TOKENS);
    let file = running.folder().join("token");
    let token = Some(TokenSource::File(file.clone()));
    let client = Client::connect(Options { token, ..running.options() }).unwrap();
    assert!(matches!(client.galleries().list(), Err(ClientError::Token(_))));
    std::fs::write(&file, issuer.token("station-7", &["admin"], 600)).unwrap();
    client.galleries().create("nation").unwrap();
    std::fs::write(&file, issuer.token("station-7", &["admin"], -600)).unwrap();
    let expired = client.galleries().list().unwrap_err();
    assert_eq!(expired.failure().unwrap().word, "TOKEN_EXPIRED");
    std::fs::write(&file, issuer.token("station-7", &["enrol"], 600)).unwrap();
    assert!(client.enrol(enrolment("ada", 1, 1)).unwrap().is_enrolled());
    let nobody = Client::connect(running.options()).unwrap().galleries().list().unwrap_err();
    assert_eq!(nobody.reason(), Some(Reason::CredentialsMissing));
}

#[test]
fn a_program_may_give_its_tokens_itself() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::new(folder.path());
    let running = Running::configured(folder, TOKENS);
    let (asked, count) = (Arc::new(AtomicUsize::new(0)), 3);
    let counted = Arc::clone(&asked);
    let give = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(issuer.token("station-7", &["search"], 600))
    };
    let token = Some(TokenSource::Call(Arc::new(give)));
    let client = Client::connect(Options { token, ..running.options() }).unwrap();
    for _ in 0..count {
        client.galleries().list().unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), count);
}
