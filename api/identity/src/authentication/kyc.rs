//! What a partner gets to know of a person: what its policy has, the person agreed to, and it asked for.

use serde_json::Value;

use super::{Agreement, KycRequest};
use crate::partner::Policy;
use crate::subject::Demographics;

/// The fields of a record that may be told, in the languages that may.
pub(super) fn disclosed(
    record: &Demographics,
    policy: &Policy,
    consent: Option<&Agreement>,
    wanted: &KycRequest,
) -> Demographics {
    let agreed = consent.and_then(|consent| consent.attributes.as_ref());
    let may = |name: &&String| {
        (wanted.attributes.is_empty() || wanted.attributes.contains(name))
            && agreed.is_none_or(|agreed| agreed.contains(name))
    };
    let field = |name: &String| Some((name.clone(), in_languages(record.get(name)?, policy, wanted)?));
    policy.kyc.iter().filter(may).filter_map(field).collect()
}

/// A value in the languages that may be told; one without languages as it is; nothing where none of them may.
fn in_languages(value: &Value, policy: &Policy, wanted: &KycRequest) -> Option<Value> {
    let Value::Array(entries) = value else { return Some(value.clone()) };
    let has = |languages: &[String], language: &str| {
        languages.is_empty() || languages.iter().any(|own| own.eq_ignore_ascii_case(language))
    };
    let may = |entry: &&Value| match entry.get("language").and_then(Value::as_str) {
        Some(language) => has(&policy.kyc_languages, language) && has(&wanted.languages, language),
        None => true,
    };
    let told = entries.iter().filter(may).cloned().collect::<Vec<_>>();
    (!told.is_empty()).then_some(Value::Array(told))
}
