//! Keys that change, and sources that fail.

use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::authority::{Authority, write};
use super::issuer::{Signer, claims, key_set, settings, write_keys};
use super::server::KeyServer;
use crate::security::{
    ClientCertificates, JwksError, KeySource, Tls, TlsSettings, TokenError, TokenSettings, Verifier,
};

/// Longer than the pause between two looks of these tests.
const PAUSE: Duration = Duration::from_millis(1_100);

async fn believed(verifier: &Verifier, signer: &Signer) -> Result<(), TokenError> {
    verifier.verify(&signer.token(&claims(&json!({})))).await.map(|_| ())
}

#[tokio::test]
async fn a_file_that_changes_is_read_again_and_a_damaged_one_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (Signer::es256("old"), Signer::es256("new"));
    let path = write_keys(folder.path(), &[&old]);
    let verifier = Verifier::open(&TokenSettings { retry_s: 1, ..settings(KeySource::File(path.clone())) }).unwrap();
    assert_eq!(believed(&verifier, &old).await, Ok(()));
    assert_eq!(believed(&verifier, &new).await, Err(TokenError::UnknownKey));
    write_keys(folder.path(), &[&new]);
    tokio::time::sleep(PAUSE).await;
    assert_eq!(believed(&verifier, &new).await, Ok(()));
    assert_eq!(believed(&verifier, &old).await, Err(TokenError::UnknownKey), "it was taken out");
    std::fs::write(&path, "{\"keys\":").unwrap();
    tokio::time::sleep(PAUSE).await;
    assert_eq!(believed(&verifier, &new).await, Ok(()));
    std::fs::remove_file(&path).unwrap();
    tokio::time::sleep(PAUSE).await;
    assert_eq!(believed(&verifier, &new).await, Ok(()));
}

#[test]
fn a_file_without_a_key_keeps_the_server_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "keys.json", "{\"keys\":[]}");
    let open = || Verifier::open(&settings(KeySource::File(path.clone())));
    assert!(matches!(open(), Err(JwksError::NoKey { .. })));
    std::fs::write(&path, "no keys").unwrap();
    assert!(matches!(open(), Err(JwksError::Malformed { .. })));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(open(), Err(JwksError::Unreadable(_))));
}

/// A server of keys, and settings that fetch from it.
fn served(first: &[&Signer]) -> (TempDir, KeyServer, TokenSettings) {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("keys");
    let issued = authority.issue("keys");
    let tls = TlsSettings {
        certificate: write(folder.path(), "server.pem", &issued.certificate),
        key: write(folder.path(), "server.key", &issued.key),
        client_authority: None,
        client_certificates: ClientCertificates::Required,
    };
    let server = KeyServer::start(Tls::read(&tls).unwrap().config());
    server.answer("200 OK", &key_set(first));
    let settings = TokenSettings {
        keys_authority: Some(write(folder.path(), "authority.pem", &authority.pem())),
        retry_s: 1,
        ..settings(KeySource::Url(format!("https://{}/keys", server.address)))
    };
    (folder, server, settings)
}

#[tokio::test]
async fn an_address_is_asked_for_unknown_keys_now_and_then_and_failures_change_nothing() {
    let (old, new) = (Signer::es256("old"), Signer::es256("new"));
    let (_folder, server, settings) = served(&[&old]);
    let verifier = tokio::task::spawn_blocking(move || Verifier::open(&settings)).await.unwrap().unwrap();
    assert_eq!(believed(&verifier, &old).await, Ok(()));
    for _ in 0..20 {
        assert_eq!(believed(&verifier, &new).await, Err(TokenError::UnknownKey));
    }
    assert_eq!(server.asked(), 1, "unknown keys are no reason to ask again and again");
    server.answer("200 OK", &key_set(&[&old, &new]));
    tokio::time::sleep(PAUSE).await;
    assert_eq!(believed(&verifier, &new).await, Ok(()));
    assert_eq!(server.asked(), 2);
    let huge = format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(2 << 20));
    for (status, body) in [("500 Oh", ""), ("302 Found", ""), ("200 OK", "no keys"), ("200 OK", &huge)] {
        server.answer(status, body);
        tokio::time::sleep(PAUSE).await;
        assert_eq!(believed(&verifier, &Signer::es256("unknown")).await, Err(TokenError::UnknownKey), "{status}");
        assert_eq!(believed(&verifier, &new).await, Ok(()), "{status}");
    }
}

#[tokio::test]
async fn an_issuer_that_is_away_at_the_start_is_tried_again() {
    let signer = Signer::es256("a");
    let (_folder, server, settings) = served(&[&signer]);
    server.answer("503 Later", "");
    let verifier = tokio::task::spawn_blocking(move || Verifier::open(&settings)).await.unwrap().unwrap();
    assert_eq!(believed(&verifier, &signer).await, Err(TokenError::NoKeys));
    server.answer("200 OK", &key_set(&[&signer]));
    tokio::time::sleep(PAUSE).await;
    assert_eq!(believed(&verifier, &signer).await, Ok(()));
}

#[tokio::test]
async fn keys_of_a_server_that_another_authority_vouches_for_are_not_taken() {
    let signer = Signer::es256("a");
    let (folder, server, settings) = served(&[&signer]);
    let other = write(folder.path(), "other.pem", &Authority::new("keys").pem());
    let settings = TokenSettings { keys_authority: Some(other), ..settings };
    let verifier = tokio::task::spawn_blocking(move || Verifier::open(&settings)).await.unwrap().unwrap();
    assert!(server.asked() > 0);
    assert_eq!(believed(&verifier, &signer).await, Err(TokenError::NoKeys));
}
