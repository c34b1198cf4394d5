//! Credentials that are revoked, suspended and bound to keys, as who is shown one sees it: he has no login.

use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use tonic::body::Body;
use whorl_identity::credential::{
    CredentialStatus, IssuerKey, PublicKeys, PublishedList, SelectiveError, StatusEntry, StatusList, StatusPurpose,
    verify_compact, verify_selective, verify_vc,
};

use super::country::{Country, STATUS_URL, now_ms, until};
use super::registered;
use super::serving::raw::send;

const ISSUE: &str = "/identity/v1/issuance/issue-credential";
const REVOKE: &str = "/identity/v1/issuance/revoke-credential";

/// What is fetched without a login from an address that a credential names: this server's, as the proxy before it would pass it on.
async fn fetch(country: &Country, address: &str) -> (StatusCode, HeaderMap, String) {
    let path = format!("/credentials/status{}", address.strip_prefix(STATUS_URL).unwrap());
    let channel = country.serving.channel().await;
    let answer = send(&channel, Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let bytes = axum::body::to_bytes(axum::body::Body::new(body), 1 << 20).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
}

/// A verifier: he has the issuer's public keys, and nothing else.
struct Verifier<'a> {
    country: &'a Country,
    keys: PublicKeys,
    issuer: String,
}

impl<'a> Verifier<'a> {
    async fn of(country: &'a Country) -> Self {
        let (_, told) = country.by_http("/identity/v1/issuance/get-issuer-keys", &json!({}), "", &[]).await;
        let keys = PublicKeys::from_json(&told["keys"].to_string()).unwrap();
        Self { country, keys, issuer: told["issuer"].as_str().unwrap().to_owned() }
    }

    async fn list(&self, address: &str, kind: &str) -> PublishedList {
        let (status, headers, token) = fetch(self.country, address).await;
        assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, kind));
        assert_eq!(headers[header::CACHE_CONTROL], format!("public, max-age={}", StatusList::TTL_S));
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        PublishedList::verify(&self.keys, &self.issuer, address, &token, now_ms()).unwrap()
    }

    /// Whether a credential counts, as both forms of its list say; nothing where they differ, for one is a moment older.
    async fn status(&self, entry: &StatusEntry) -> Option<CredentialStatus> {
        let by_ietf = self.list(&entry.list, "application/statuslist+jwt").await.status(entry).unwrap();
        let mut lists = Vec::new();
        for purpose in StatusPurpose::ALL {
            lists.push(self.list(&entry.address(purpose), "application/vc+jwt").await);
        }
        Some(by_ietf).filter(|status| *status == PublishedList::status_by(&lists, entry).unwrap())
    }

    /// Waits until it is so: a list is signed anew once a second.
    async fn sees(&self, entry: &StatusEntry, wanted: CredentialStatus) {
        until(|| async { (self.status(entry).await == Some(wanted)).then_some(()) }).await;
    }
}

/// Has a credential issued, and gives the answer.
async fn issued(country: &Country, uin: &str, form: &str, more: Value) -> (StatusCode, Value) {
    let mut asked = json!({ "uin": uin, "form": form, "fields": ["firstName"] });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    country.by_http(ISSUE, &asked, "ida", &["issue"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verifier_sees_without_a_login_that_credentials_are_suspended_valid_again_and_revoked() {
    let country = Country::start().await;
    let uin = registered(&country, "R-1", "Ottilie", 1, 1).await.uin;
    let verifier = Verifier::of(&country).await;
    let (_, vc) = issued(&country, &uin, "CREDENTIAL_FORM_VC", json!({})).await;
    let (_, card) = issued(&country, &uin, "CREDENTIAL_FORM_COMPACT", json!({})).await;
    let text = |answer: &Value, name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    let said = verify_vc(&verifier.keys, &verifier.issuer, &text(&vc, "credential"), now_ms()).unwrap();
    let vc_entry = said.status.unwrap();
    let said = verify_compact(&verifier.keys, &verifier.issuer, &text(&card, "credential"), now_ms()).unwrap();
    let card_entry = said.status.unwrap();
    assert_ne!(vc_entry, card_entry);
    assert_eq!(verifier.status(&vc_entry).await, Some(CredentialStatus::Valid));

    let change = json!({ "uin": uin, "reason": "by order 7" });
    for (path, wanted) in [("block", CredentialStatus::Suspended), ("unblock", CredentialStatus::Valid)] {
        let path = format!("/identity/v1/identity/{path}");
        assert_eq!(country.by_http(&path, &change, "oskar", &["officer"]).await.0, StatusCode::OK);
        verifier.sees(&vc_entry, wanted).await;
        verifier.sees(&card_entry, wanted).await;
    }
    let lost = json!({ "uin": uin, "id": text(&vc, "id"), "reason": "a telephone was lost" });
    let (status, problem) = country.by_http(REVOKE, &lost, "ida", &["issue"]).await;
    assert_eq!((status, &problem["reason"]), (StatusCode::FORBIDDEN, &json!("ROLE_MISSING")));
    let unknown = json!({ "uin": uin, "id": "urn:uuid:none", "reason": "a telephone was lost" });
    let (status, problem) = country.by_http(REVOKE, &unknown, "oskar", &["officer"]).await;
    assert_eq!((status, &problem["reason"]), (StatusCode::NOT_FOUND, &json!("CREDENTIAL_NOT_FOUND")));
    assert_eq!(country.by_http(REVOKE, &lost, "oskar", &["officer"]).await.0, StatusCode::OK);
    verifier.sees(&vc_entry, CredentialStatus::Revoked).await;
    verifier.sees(&card_entry, CredentialStatus::Valid).await;
    let whose = json!({ "uin": uin });
    let (_, listed) = country.by_http("/identity/v1/issuance/list-credentials", &whose, "oskar", &["officer"]).await;
    let words = |name: &str| [0, 1].map(|at| listed["credentials"][at][name].as_str().unwrap_or_default().to_owned());
    assert_eq!(words("status"), ["CREDENTIAL_STATUS_REVOKED", "CREDENTIAL_STATUS_VALID"], "{listed}");
    assert_eq!(words("id"), [text(&vc, "id"), text(&card, "id")]);

    assert_eq!(country.by_http("/identity/v1/identity/erase", &change, "oskar", &["officer"]).await.0, StatusCode::OK);
    verifier.sees(&card_entry, CredentialStatus::Revoked).await;
    let country = country.restart().await;
    let verifier = Verifier::of(&country).await;
    assert_eq!(verifier.status(&card_entry).await, Some(CredentialStatus::Revoked), "also after a restart");
    country.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_are_not_there_are_said_not_to_be_and_nothing_else_is_open() {
    let country = Country::start().await;
    let name = "0".repeat(32);
    for path in [format!("/{name}"), format!("/{name}/revocation"), format!("/{name}/message"), "/none".to_owned()] {
        let (status, _, problem) = fetch(&country, &format!("{STATUS_URL}{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(problem.contains("STATUS_LIST_NOT_FOUND"), "{problem}");
    }
    let (status, _, _) = fetch(&country, &format!("{STATUS_URL}/{name}/revocation/more")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, _) = country.by_http(&format!("/credentials/status/{name}"), &json!({}), "", &[]).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let (status, _) = country.by_http("/credentials/other", &json!({}), "", &[]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    country.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_is_bound_to_the_key_that_is_sent_and_other_keys_are_refused() {
    let country = Country::start().await;
    let uin = registered(&country, "R-1", "Ottilie", 1, 1).await.uin;
    let verifier = Verifier::of(&country).await;
    let pair = IssuerKey::from_pem(&IssuerKey::generate_pem().unwrap()).unwrap();
    let public: Value = serde_json::from_str(&pair.public().to_json().unwrap()).unwrap();
    let jwk = public["keys"][0].clone();
    let bound = json!({ "holderKey": jwk });
    let (_, vc) = issued(&country, &uin, "CREDENTIAL_FORM_VC", bound.clone()).await;
    let token = vc["credential"].as_str().unwrap_or_else(|| panic!("{vc}"));
    let said = verify_vc(&verifier.keys, &verifier.issuer, token, now_ms()).unwrap();
    let did = said.holder.unwrap().did();
    assert_eq!((said.subject.as_str(), vc["holder"].as_str()), (did.as_str(), Some(did.as_str())));
    assert!(vc["id"].as_str().unwrap().starts_with("urn:uuid:"), "what it is called here says nothing of the key");
    let (_, selective) = issued(&country, &uin, "CREDENTIAL_FORM_SELECTIVE", bound.clone()).await;
    let token = selective["credential"].as_str().unwrap();
    let bare = verify_selective(&verifier.keys, &verifier.issuer, token, now_ms());
    assert!(matches!(bare, Err(SelectiveError::KeyBound)), "{bare:?}");
    let with = |name: &str, value: Value| {
        let mut key = jwk.clone();
        key[name] = value;
        json!({ "holderKey": key })
    };
    for (form, more) in [
        ("CREDENTIAL_FORM_VC", with("d", json!("c2VjcmV0"))),
        ("CREDENTIAL_FORM_VC", with("crv", json!("P-384"))),
        ("CREDENTIAL_FORM_SELECTIVE", with("x", jwk["y"].clone())),
        ("CREDENTIAL_FORM_SELECTIVE", with("kid", json!("k".repeat(2_000)))),
        ("CREDENTIAL_FORM_SELECTIVE", json!({ "holderKey": {} })),
        ("CREDENTIAL_FORM_COMPACT", bound.clone()),
    ] {
        let (status, problem) = issued(&country, &uin, form, more).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
        assert_eq!(problem["violations"][0]["field"], "holder_key", "{problem}");
    }
    let (_, again) = issued(&country, &uin, "CREDENTIAL_FORM_VC", json!({ "replaces": true })).await;
    assert!(again["credential"].is_string(), "{again}");
    verifier.sees(&said.status.unwrap(), CredentialStatus::Revoked).await;
    country.end().await;
}
