//! Whether a credential still counts, and where that can be looked up: one place in a list of very many.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::statement::StatementError;

/// Whether a credential still counts. The words are those of W3C Bitstring Status List v1.0 (section 2.1) and of the IETF's Token Status
/// List (draft-ietf-oauth-status-list, section 7.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialStatus {
    /// It does.
    #[default]
    Valid,
    /// It does not, and never will again.
    Revoked,
    /// It does not for now.
    Suspended,
}

impl CredentialStatus {
    /// What it is in a list of two bits an entry: `VALID`, `INVALID` and `SUSPENDED`.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Revoked => 1,
            Self::Suspended => 2,
        }
    }

    /// The inverse of [`CredentialStatus::number`]; none for a number that means nothing here.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Valid, Self::Revoked, Self::Suspended].into_iter().find(|status| status.number() == number)
    }
}

/// What the bits of a list of the W3C say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusPurpose {
    /// That credentials are revoked, which is for ever.
    Revocation,
    /// That they are suspended for now.
    Suspension,
}

impl StatusPurpose {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Revocation, Self::Suspension];

    /// What the W3C calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    /// What a bit says that is set.
    #[must_use]
    pub fn status(self) -> CredentialStatus {
        match self {
            Self::Revocation => CredentialStatus::Revoked,
            Self::Suspension => CredentialStatus::Suspended,
        }
    }

    /// Where the list of this purpose is, of those at `address`.
    pub(super) fn under(self, address: &str) -> String {
        format!("{address}/{}", self.name())
    }
}

/// The place of a credential in a status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEntry {
    /// The address of the list: of the IETF's form as it is, and of the W3C's by [`StatusEntry::address`].
    pub list: String,
    /// The place there, from 0.
    pub index: u32,
}

impl StatusEntry {
    /// Where the W3C's form of the list is, which has one for each purpose.
    #[must_use]
    pub fn address(&self, purpose: StatusPurpose) -> String {
        purpose.under(&self.list)
    }

    /// The claim `status` of a JWT (draft-ietf-oauth-status-list, section 6.2).
    pub(super) fn claim(&self) -> Value {
        json!({ "status_list": { "idx": self.index, "uri": self.list } })
    }

    /// The property `credentialStatus` of a verifiable credential (Bitstring Status List, section 2.1).
    pub(super) fn entries(&self) -> Value {
        let entry = |purpose: StatusPurpose| {
            json!({
                "type": ENTRY,
                "statusPurpose": purpose.name(),
                "statusListIndex": self.index.to_string(),
                "statusListCredential": self.address(purpose),
            })
        };
        StatusPurpose::ALL.map(entry).into_iter().collect()
    }
}

/// The type of an entry of `credentialStatus`.
const ENTRY: &str = "BitstringStatusListEntry";

/// Takes the claim `status` out of what a token says, if there is one.
pub(super) fn take_claim(map: &mut Map<String, Value>) -> Result<Option<StatusEntry>, StatementError> {
    let Some(claim) = map.remove("status") else { return Ok(None) };
    let entry = || {
        let found = claim.get("status_list")?;
        let index = found.get("idx")?.as_u64().and_then(|index| index.try_into().ok())?;
        Some(StatusEntry { list: found.get("uri")?.as_str()?.to_owned(), index })
    };
    entry().map(Some).ok_or(StatementError::Field("status"))
}

/// Takes `credentialStatus` out of a credential, if it is there.
pub(super) fn take_entries(map: &mut Map<String, Value>) -> Result<Option<StatusEntry>, StatementError> {
    let Some(written) = map.remove("credentialStatus") else { return Ok(None) };
    let entry = || {
        let first = written.get(0)?;
        let index = first.get("statusListIndex")?.as_str()?.parse().ok()?;
        let address = first.get("statusListCredential")?.as_str()?;
        let list = address.strip_suffix(&StatusPurpose::Revocation.under(""))?.to_owned();
        Some(StatusEntry { list, index })
    };
    // Written again it differs where anything in it is not as it is written here.
    entry().filter(|entry| entry.entries() == written).map(Some).ok_or(StatementError::Field("credentialStatus"))
}
