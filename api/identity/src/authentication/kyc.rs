//! What a partner gets to know of a person: what its policy has, the person agreed to, and it asked for.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::{Agreement, KycRequest};
use crate::layer::Layer;
use crate::partner::Policy;
use crate::store::Tables;
use crate::subject::{Demographics, Subject};
use crate::vault::VaultError;

/// What MOSIP's policies call the portrait. Where a record has a field of this name, that is meant.
const PHOTO: &str = "photo";

/// What bounds what is told.
pub(super) struct Telling<'a> {
    pub(super) policy: &'a Policy,
    pub(super) consent: Option<&'a Agreement>,
    pub(super) wanted: &'a KycRequest,
}

impl Layer {
    /// What is told of a person: fields of his record in the languages that may be told, and his portrait, in base64.
    pub(super) fn disclosed(
        &self,
        tables: &dyn Tables,
        subject: &Subject,
        telling: &Telling<'_>,
    ) -> Result<Demographics, VaultError> {
        let mut told = telling.fields(&subject.demographics);
        if !subject.demographics.contains_key(PHOTO) && telling.names().any(|name| name == PHOTO) {
            let portrait = self.portrait_of(tables, subject)?;
            told.extend(portrait.map(|file| (PHOTO.to_owned(), Value::String(BASE64_STANDARD.encode(&*file)))));
        }
        Ok(told)
    }
}

impl Telling<'_> {
    /// What may be told, whether or not the person has it.
    fn names(&self) -> impl Iterator<Item = &String> {
        let agreed = self.consent.and_then(|consent| consent.attributes.as_ref());
        let wanted = &self.wanted.attributes;
        let may = move |name: &&String| {
            (wanted.is_empty() || wanted.contains(name)) && agreed.is_none_or(|agreed| agreed.contains(name))
        };
        self.policy.kyc.iter().filter(may)
    }

    /// The fields of a record that may be told, in the languages that may.
    fn fields(&self, record: &Demographics) -> Demographics {
        let field = |name: &String| Some((name.clone(), self.in_languages(record.get(name)?)?));
        self.names().filter_map(field).collect()
    }

    /// A value in the languages that may be told; one without languages as it is; nothing where none of them may.
    fn in_languages(&self, value: &Value) -> Option<Value> {
        let Value::Array(entries) = value else { return Some(value.clone()) };
        let has = |languages: &[String], language: &str| {
            languages.is_empty() || languages.iter().any(|own| own.eq_ignore_ascii_case(language))
        };
        let may = |entry: &&Value| match entry.get("language").and_then(Value::as_str) {
            Some(language) => has(&self.policy.kyc_languages, language) && has(&self.wanted.languages, language),
            None => true,
        };
        let told = entries.iter().filter(may).cloned().collect::<Vec<_>>();
        (!told.is_empty()).then_some(Value::Array(told))
    }
}
