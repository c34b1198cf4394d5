//! What an operator sets about the identity layer holds behind the server.

use serde_json::{Value, json};
use whorl_identity::tokens::MosipSalts;
use whorl_identity::vault;
use whorl_index::MasterKey;
use whorl_proto::identity::v1::RegistrationStage;

use super::country::{Country, now_ms, packet, wait_for};

/// Registers somebody without biometrics twice, and gives where the second registration ends.
async fn twice(country: &Country) -> RegistrationStage {
    let mut stage = RegistrationStage::Unspecified;
    for id in ["R-1", "R-2"] {
        let sent = packet(id, "Ottilie", Vec::new());
        country.registration("station", &["register"]).await.register(sent).await.unwrap();
        stage = wait_for(country, id).await.stage();
    }
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weight_or_a_threshold_that_is_changed_changes_what_becomes_of_a_registration() {
    let country = Country::start().await;
    assert_eq!(twice(&country).await, RegistrationStage::InAdjudication, "a name and a date that agree are looked at");
    country.end().await;
    for rules in ["[odds.name]\nsame = { strangers = 0.9 }\n", "adjudicate_bits = 40\nduplicate_bits = 50\n"] {
        let country = Country::with("rules_file = \"rules.toml\"\n", &[("rules.toml", rules)]).await;
        assert_eq!(twice(&country).await, RegistrationStage::Issued, "{rules}");
        country.end().await;
    }
}

/// A partner with such tokens; gives its API key.
async fn partner(country: &Country, token: &str) -> String {
    let fields = json!([{ "attribute": "name", "strategies": [{ "strategy": "exact" }] }]);
    let policy = json!({ "factors": [{ "factor": "demographic" }], "fields": fields, "token": token });
    let terms = json!({ "name": "The bank", "kind": "PARTNER_KIND_AUTHENTICATION", "policy": policy });
    let path = "/identity/v1/partner/create-partner";
    let (_, made) = country.by_http(path, &json!({ "id": "bank", "terms": terms }), "paula", &["partners"]).await;
    made["apiKey"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

/// What the partner hears of the holder of a UIN, by his name.
async fn ask(country: &Country, api_key: &str, uin: &str, transaction: &str) -> Value {
    let claim = json!({
        "id": uin, "transaction": transaction, "atUnixMs": now_ms(), "purpose": "opening an account",
        "consent": { "isGiven": true },
        "demographics": [{ "attribute": "name", "value": "Ottilie Ottilieson" }],
    });
    let asked = json!({ "partner": "bank", "apiKey": api_key, "claim": claim });
    country.by_http("/identity/v1/authentication/authenticate", &asked, "gate", &["authenticate"]).await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_salts_of_a_deployment_of_mosip_its_partners_hear_the_tokens_that_they_know() {
    let salts = "mosip.kernel.tokenid.uin.salt=uinsalt\nmosip.kernel.tokenid.partnercode.salt=pcsalt\n";
    let country = Country::with("mosip_salts_file = \"salts\"\n", &[("salts", salts)]).await;
    twice(&country).await;
    let uin = wait_for(&country, "R-1").await.uin;
    let api_key = partner(&country, "mosip").await;
    let answer = ask(&country, &api_key, &uin, "T-1").await;
    let salts = MosipSalts::from_properties(salts).unwrap();
    let token = json!(salts.token("bank", &uin).unwrap());
    assert_eq!((&answer["isAuthentic"], &answer["token"]), (&json!(true), &token), "{answer}");
    country.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_registered_is_found_and_authenticated_by_his_uin_under_another_master_key() {
    let country = Country::start().await;
    twice(&country).await;
    let uin = wait_for(&country, "R-1").await.uin;
    let api_key = partner(&country, "partner").await;
    let before = ask(&country, &api_key, &uin, "T-1").await;
    assert_eq!(before["isAuthentic"], true, "{before}");
    let country = country
        .restart_after(|folder| {
            let (file, new) = (folder.join("master"), MasterKey::generate().unwrap());
            let old = MasterKey::from_file(&file).unwrap();
            vault::rotate(&folder.join("whorl-identity"), &old, &new).unwrap();
            std::fs::remove_file(&file).unwrap();
            new.write_file(&file).unwrap();
        })
        .await;
    let after = ask(&country, &api_key, &uin, "T-2").await;
    assert_eq!((&after["isAuthentic"], &after["token"]), (&json!(true), &before["token"]), "the same to his partner");
    assert_eq!(wait_for(&country, "R-1").await.uin, uin);
    country.end().await;
}
