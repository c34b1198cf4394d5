//! What is recorded of an operation.

use serde::{Deserialize, Serialize};

use super::anchor::Hash;
use super::error::AuditError;

/// The method of the line that tells what a crash had left unfinished.
pub const SET_ASIDE: &str = "audit.set_aside";

/// The most bytes of each text: longer ones are somebody's mistake, or an attempt to hide something in the log.
const MAX_TEXT_BYTES: usize = 1_024;

/// The most references of an entry: as many as a search can give.
const MAX_REFERENCES: usize = 10_000;

/// The most bytes of all texts of an entry: as many references as there may be, of the longest ids.
pub(super) const MAX_ENTRY_BYTES: usize = 1 << 20;

/// An operation, as the log tells it. Nothing of it may be a sample, a template or the name of a person. As JSON it is what is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Who asked.
    pub client: String,
    /// For what, such as `whorl.v1.IdentificationService/Identify`.
    pub method: String,
    /// In which gallery, where it was in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gallery: Option<String>,
    /// Whom it concerned, by the ids of references; at most 10,000.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Why, where the client said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// How it ended, such as `OK` or `PERMISSION_DENIED`.
    pub outcome: String,
    /// The id of the request, by which other logs know it.
    pub request: String,
    /// The SHA-256 of details that are kept elsewhere, where there are any.
    #[serde(default, rename = "detail_sha256", skip_serializing_if = "Option::is_none")]
    pub detail: Option<Hash>,
}

impl Entry {
    /// That there is not too much in it.
    ///
    /// # Errors
    /// [`AuditError::TooLarge`].
    pub(super) fn check(&self) -> Result<(), AuditError> {
        let long = self.texts().any(|text| text.len() > MAX_TEXT_BYTES);
        if long || self.references.len() > MAX_REFERENCES || self.bytes() > MAX_ENTRY_BYTES {
            return Err(AuditError::TooLarge { most_bytes: MAX_TEXT_BYTES, most_references: MAX_REFERENCES });
        }
        Ok(())
    }

    /// The bytes of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.texts().map(String::len).sum()
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let always = [&self.client, &self.method, &self.outcome, &self.request];
        always.into_iter().chain(&self.gallery).chain(&self.purpose).chain(&self.references)
    }
}
