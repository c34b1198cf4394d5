//! Which fields say what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use super::bounds::{MAX_ELEMENTS, MAX_NAME_BYTES};
use super::value;
use crate::demographic::Particulars;

/// What a field can say of a person, of all that search and print know how to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The whole name.
    FullName,
    /// Given names.
    GivenName,
    /// Family names.
    FamilyName,
    /// The birth date, or the year alone.
    BirthDate,
    /// Female or male.
    Gender,
    /// Lines of the address, towns and regions.
    Address,
    /// The post code.
    PostCode,
    /// The telephone.
    Phone,
    /// The address for e-mail.
    Email,
    /// In which language the person is written to.
    PreferredLanguage,
}

/// What is wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MappingError {
    /// Nothing says what anybody is called.
    #[error("the mapping of demographic fields names none for full_name, nor for given_name or family_name")]
    NoName,
    /// A role has too many fields, or one whose name is empty or too long.
    #[error(
        "the mapping of demographic fields has {0:?} wrong: it needs 1 to {MAX_ELEMENTS} names of 1 to {MAX_NAME_BYTES} bytes"
    )]
    Fields(Role),
    /// Languages are three letters (ISO 639-2), and at least one, each once.
    #[error("the mapping of demographic fields needs languages of three small letters, each once")]
    Languages,
    /// The document is not MOSIP's mapping of identity.
    #[error("the document has no object \"identity\" of fields with a \"value\" each")]
    NotMosip,
}

/// Which fields of a record have which role, and in which languages they must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The mandatory languages (ISO 639-2, as `eng`); the first is the one that is searched in.
    pub languages: Vec<String>,
    /// The fields of each role, in the order in which they are read.
    pub fields: BTreeMap<Role, Vec<String>>,
}

/// MOSIP's names of the roles, in its file of mappings; the first that is there counts.
const MOSIP: [(Role, &[&str]); 9] = [
    (Role::FullName, &["name"]),
    (Role::GivenName, &["firstName", "givenName"]),
    (Role::FamilyName, &["lastName", "familyName"]),
    (Role::BirthDate, &["dob", "birthdate"]),
    (Role::Gender, &["gender"]),
    (Role::PostCode, &["postalCode", "postal_code"]),
    (Role::Phone, &["phone", "phoneNumber"]),
    (Role::Email, &["email", "emailId"]),
    (Role::PreferredLanguage, &["preferredLanguage"]),
];

impl Mapping {
    /// Checks a mapping that was read from a configuration.
    ///
    /// # Errors
    /// [`MappingError`] where it cannot work.
    pub fn check(&self) -> Result<(), MappingError> {
        let language =
            |language: &String| language.len() == 3 && language.bytes().all(|letter| letter.is_ascii_lowercase());
        let twice = self.languages.iter().enumerate().any(|(at, language)| self.languages[..at].contains(language));
        if self.languages.is_empty()
            || self.languages.len() > MAX_ELEMENTS
            || twice
            || !self.languages.iter().all(language)
        {
            return Err(MappingError::Languages);
        }
        for (role, fields) in &self.fields {
            let name = |field: &String| (1..=MAX_NAME_BYTES).contains(&field.len());
            if fields.is_empty() || fields.len() > MAX_ELEMENTS || !fields.iter().all(name) {
                return Err(MappingError::Fields(*role));
            }
        }
        if [Role::FullName, Role::GivenName, Role::FamilyName].iter().all(|role| !self.fields.contains_key(role)) {
            return Err(MappingError::NoName);
        }
        Ok(())
    }

    /// The mapping that MOSIP's `identity-mapping.json` says, where a value may be several names with commas between. Its address is
    /// `fullAddress` without the post code.
    ///
    /// # Errors
    /// [`MappingError`] where it is no such document, or names no name.
    pub fn from_mosip(document: &Value, languages: Vec<String>) -> Result<Self, MappingError> {
        let identity = document.get("identity").and_then(Value::as_object).ok_or(MappingError::NotMosip)?;
        let named = |names: &[&str]| {
            let value = names.iter().find_map(|name| identity.get(*name)?.get("value")?.as_str())?;
            Some(
                value
                    .split(',')
                    .map(|field| field.trim().to_owned())
                    .filter(|field| !field.is_empty())
                    .collect::<Vec<String>>(),
            )
        };
        let mut fields: BTreeMap<Role, Vec<String>> =
            MOSIP.iter().filter_map(|(role, names)| Some((*role, named(names)?))).collect();
        if let Some(mut address) = named(&["fullAddress", "address"]) {
            let code = fields.get(&Role::PostCode).cloned().unwrap_or_default();
            address.retain(|field| !code.contains(field));
            fields.insert(Role::Address, address);
        }
        fields.retain(|_, names| !names.is_empty());
        let mapping = Self { languages, fields };
        mapping.check()?;
        Ok(mapping)
    }

    /// The fields of a role.
    #[must_use]
    pub fn of(&self, role: Role) -> &[String] {
        self.fields.get(&role).map_or(&[], Vec::as_slice)
    }

    /// The texts of a role, those that are not empty, in the first mandatory language where there are languages.
    #[must_use]
    pub fn texts(&self, record: &Map<String, Value>, role: Role) -> Vec<String> {
        let values = self.of(role).iter().filter_map(|field| record.get(field));
        values.map(|value| value::text(value, &self.languages)).filter(|text| !text.trim().is_empty()).collect()
    }

    /// What a record says of a person, for search.
    #[must_use]
    pub fn read(&self, record: &Map<String, Value>) -> Particulars {
        let joined = |role: Role| self.texts(record, role).join(" ");
        let first = |role: Role| self.texts(record, role).into_iter().next().unwrap_or_default();
        Particulars {
            full_name: joined(Role::FullName),
            given: joined(Role::GivenName),
            family: joined(Role::FamilyName),
            birth: first(Role::BirthDate),
            sex: first(Role::Gender),
            address: self.texts(record, Role::Address),
            post_code: first(Role::PostCode),
            phone: first(Role::Phone),
            email: first(Role::Email),
        }
    }
}
