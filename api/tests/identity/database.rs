//! The identity layer behind a server that keeps its records in PostgreSQL.

use axum::http::StatusCode;
use serde_json::json;
use whorl_proto::identity::v1::RegistrationStage;

use super::country::Country;
use super::registered;

/// `make test-postgres` says where there is a database server for tests.
const SERVER: &str = "WHORL_TEST_POSTGRES";

#[tokio::test(flavor = "multi_thread")]
async fn who_was_registered_is_there_after_a_restart_is_found_again_and_is_erased() {
    let Ok(connection) = std::env::var(SERVER) else {
        println!("skipped: {SERVER} names no database server (make test-postgres)");
        return;
    };
    let lines = "store = \"postgresql\"\nconnection_file = \"connection\"\n";
    let country = Country::with(lines, &[("connection", &connection)]).await;
    let uin = registered(&country, "R-1", "Ottilie", 1, 1).await.uin;
    let country = country.restart().await;
    let again = registered(&country, "R-2", "Bertolt", 1, 2).await;
    assert_eq!(again.stage(), RegistrationStage::InAdjudication, "his finger is known");
    let (asked, wish) = (json!({ "uin": uin, "purpose": "a question" }), json!({ "uin": uin, "reason": "his wish" }));
    let look = async || country.by_http("/identity/v1/identity/get-identity", &asked, "oskar", &["officer"]).await;
    let (status, record) = look().await;
    assert_eq!((status, record["status"].as_str()), (StatusCode::OK, Some("IDENTITY_STATUS_ACTIVE")), "{record}");
    let (status, _) = country.by_http("/identity/v1/identity/erase", &wish, "oskar", &["officer"]).await;
    assert_eq!(status, StatusCode::OK);
    let (status, problem) = look().await;
    assert_eq!((status, &problem["reason"]), (StatusCode::NOT_FOUND, &json!("IDENTITY_NOT_FOUND")));
    let folder = country.end().await;
    assert!(!folder.path().join("whorl-identity/identity.redb").exists(), "nothing of it lies in a file");
    assert!(folder.path().join("whorl-identity/keys").exists());
}
