//! A credential that a person was handed, as far as it takes to revoke it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Status;
use crate::chance::Opaque;
use crate::credential::CredentialStatus;

/// A credential that a person was handed. What it says is not kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCredential {
    /// What it is called here: a URN drawn by chance.
    pub id: String,
    /// Its form.
    pub form: CredentialForm,
    /// What kind of credential it is.
    pub kind: String,
    /// The status list in which it has a place.
    pub list: Opaque,
    /// The place.
    pub index: u32,
    /// When it was signed, in milliseconds since 1970.
    pub issued_ms: u64,
    /// From when on it does not hold any more, in milliseconds since 1970.
    pub until_ms: u64,
    /// Since when it is revoked, in milliseconds since 1970.
    pub revoked_ms: Option<u64>,
}

/// A form of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialForm {
    /// A verifiable credential.
    Vc,
    /// One whose holder chooses what to show.
    Selective,
    /// One for a QR code.
    Compact,
    /// One that is printed.
    Card,
}

impl CredentialForm {
    /// What it is called in a history.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vc => "vc",
            Self::Selective => "selective",
            Self::Compact => "compact",
            Self::Card => "card",
        }
    }
}

impl HeldCredential {
    /// Whether it still counts, with its holder as he is: what is revoked stays so, and otherwise it counts as his UIN does.
    #[must_use]
    pub fn status(&self, holder: Status) -> CredentialStatus {
        match holder {
            _ if self.revoked_ms.is_some() => CredentialStatus::Revoked,
            Status::Active => CredentialStatus::Valid,
            Status::Applicant | Status::Blocked | Status::Deactivated => CredentialStatus::Suspended,
            Status::Merged { .. } | Status::Rejected | Status::Erased => CredentialStatus::Revoked,
        }
    }
}

/// The form, and not where it stands in a list that everybody may read.
impl fmt::Debug for HeldCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeldCredential({})", self.form.name())
    }
}
