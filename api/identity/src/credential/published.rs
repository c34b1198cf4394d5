//! A status list as who checks a credential fetched it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::key::PublicKeys;
use super::packed::{self, Unpacked, at_highest, at_lowest, from_gzip, from_zlib};
use super::signature::{TokenError, kind_of, verify};
use super::statement::{StatementError, check_validity, take_seconds, take_text};
use super::status::{CredentialStatus, StatusEntry, StatusPurpose};
use super::status_list::{LIST_KIND, LIST_TYPE, MULTIBASE, StatusList, TOKEN_TYPE};
use super::vc;

/// The least bytes of a list of the W3C: those of [`StatusList::ENTRIES`] bits.
const LEAST_BYTES: usize = StatusList::ENTRIES as usize / 8;

/// Why a status list says nothing of a credential.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// It is not to be believed.
    #[error("the status list: {0}")]
    Token(#[from] TokenError),
    /// It is of another address than the one it was fetched from, or than the credential names.
    #[error("the status list is not that of the address {0:?}")]
    Address(String),
    /// Without it nobody knows whether the credential counts.
    #[error("the status list at {0:?} is missing: fetch it, or take the credential for one that does not count")]
    Missing(String),
    /// Its bits cannot be read.
    #[error("the bits of the status list are damaged")]
    Damaged,
    /// It is larger than a list may be.
    #[error("the bits of the status list are more than {most} bytes", most = packed::MOST_BYTES)]
    TooLarge,
    /// It is too short for the W3C: who asks for it might tell of whom he asks.
    #[error("the status list has {bytes} bytes, fewer than {least}", least = LEAST_BYTES)]
    TooShort {
        /// How many.
        bytes: usize,
    },
    /// It has no such place.
    #[error("the status list has no place {index}")]
    Range {
        /// Which.
        index: u32,
    },
    /// The place says something that has no meaning here.
    #[error("the status list says {number}, which is neither valid nor revoked nor suspended")]
    Meaning {
        /// What.
        number: u8,
    },
}

/// A status list that was fetched, and is to be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedList {
    address: String,
    layout: Layout,
    bytes: Vec<u8>,
    ttl_s: Option<u64>,
}

/// How bits say statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// As the IETF has it: numbers of so many bits.
    Numbers(usize),
    /// As the W3C has it: a bit for one purpose.
    Flags(StatusPurpose),
}

impl PublishedList {
    /// The list in `token`, of either form, that was fetched from `address`, if one of `keys`, which are those of `issuer`, has signed it
    /// and it can be believed at an instant in milliseconds since 1970.
    ///
    /// # Errors
    /// [`StatusError`] where it is not to be believed.
    pub fn verify(
        keys: &PublicKeys,
        issuer: &str,
        address: &str,
        token: &str,
        now_unix_ms: u64,
    ) -> Result<Self, StatusError> {
        let list = if kind_of(token)? == TOKEN_TYPE {
            of_ietf(verify(keys, TOKEN_TYPE, token)?, issuer, now_unix_ms)?
        } else {
            of_w3c(verify(keys, vc::TYPE, token)?, issuer, now_unix_ms)?
        };
        if list.address == address { Ok(list) } else { Err(StatusError::Address(address.chars().take(256).collect())) }
    }

    /// What it says of a credential. A list of the W3C says it of one purpose alone: see [`PublishedList::status_by`].
    ///
    /// # Errors
    /// [`StatusError`] where it is another list than that of `entry`, or has no such place.
    pub fn status(&self, entry: &StatusEntry) -> Result<CredentialStatus, StatusError> {
        let index = entry.index as usize;
        let range = StatusError::Range { index: entry.index };
        match self.layout {
            Layout::Numbers(bits) => {
                self.check_address(&entry.list)?;
                let number = at_lowest(&self.bytes, index, bits).ok_or(range)?;
                CredentialStatus::from_number(number).ok_or(StatusError::Meaning { number })
            }
            Layout::Flags(purpose) => {
                self.check_address(&entry.address(purpose))?;
                let is_set = at_highest(&self.bytes, index).ok_or(range)?;
                Ok(if is_set { purpose.status() } else { CredentialStatus::Valid })
            }
        }
    }

    /// Whether a credential counts by all that was fetched for it: the list of the IETF, or both of the W3C, whatever else is among them.
    ///
    /// # Errors
    /// [`StatusError::Missing`] where not all is there that it takes, and what [`PublishedList::status`] gives.
    pub fn status_by(lists: &[Self], entry: &StatusEntry) -> Result<CredentialStatus, StatusError> {
        let at = |address: &str| lists.iter().find(|list| list.address == address);
        if let Some(list) = at(&entry.list) {
            return list.status(entry);
        }
        for purpose in StatusPurpose::ALL {
            let address = entry.address(purpose);
            let Some(list) = at(&address) else { return Err(StatusError::Missing(address)) };
            let status = list.status(entry)?;
            if status != CredentialStatus::Valid {
                return Ok(status);
            }
        }
        Ok(CredentialStatus::Valid)
    }

    /// For how many seconds after it was fetched it may be used; the issuer may not say.
    #[must_use]
    pub fn ttl_s(&self) -> Option<u64> {
        self.ttl_s
    }

    fn check_address(&self, wanted: &str) -> Result<(), StatusError> {
        if self.address == wanted { Ok(()) } else { Err(StatusError::Address(wanted.chars().take(256).collect())) }
    }
}

/// A Status List Token (draft-ietf-oauth-status-list, sections 5.1 and 8.3).
fn of_ietf(mut payload: Map<String, Value>, issuer: &str, now_unix_ms: u64) -> Result<PublishedList, StatusError> {
    // Neither who issued it nor until when it holds need be said.
    if payload.get("iss").is_some_and(|issued_by| issued_by != issuer) {
        return Err(field("iss"));
    }
    let address = take_text(&mut payload, "sub")?;
    let from_unix_s = take_seconds(&mut payload, "iat")?;
    let until_unix_s = if payload.contains_key("exp") { take_seconds(&mut payload, "exp")? } else { u64::MAX };
    check_validity((from_unix_s, until_unix_s), now_unix_ms)?;
    let ttl_s = payload.get("ttl").and_then(Value::as_u64);
    let list = payload.get("status_list").ok_or_else(|| field("status_list"))?;
    let bits = match list.get("bits").and_then(Value::as_u64) {
        Some(bits @ (1 | 2 | 4 | 8)) => bits as usize,
        _ => return Err(field("bits")),
    };
    let text = list.get("lst").and_then(Value::as_str).ok_or_else(|| field("lst"))?;
    let bytes = from_zlib(&decoded(text)?)?;
    Ok(PublishedList { address, layout: Layout::Numbers(bits), bytes, ttl_s })
}

/// A `BitstringStatusListCredential` (Bitstring Status List v1.0, section 3.2).
fn of_w3c(mut payload: Map<String, Value>, issuer: &str, now_unix_ms: u64) -> Result<PublishedList, StatusError> {
    let address = take_text(&mut payload, "id")?;
    let mut said = vc::read(payload)?;
    said.check_issuer(issuer)?;
    check_validity((said.from_unix_s, said.until_unix_s), now_unix_ms)?;
    if said.kind != LIST_KIND || take_text(&mut said.claims, "type")? != LIST_TYPE {
        return Err(field("type"));
    }
    let purpose = take_text(&mut said.claims, "statusPurpose")?;
    let purpose = StatusPurpose::named(&purpose).ok_or_else(|| field("statusPurpose"))?;
    let text = take_text(&mut said.claims, "encodedList")?;
    let bytes = from_gzip(&decoded(text.strip_prefix(MULTIBASE).ok_or(StatusError::Damaged)?)?)?;
    if bytes.len() < LEAST_BYTES {
        return Err(StatusError::TooShort { bytes: bytes.len() });
    }
    let ttl_s = said.claims.get("ttl").and_then(Value::as_u64).map(|ttl_ms| ttl_ms / 1000);
    Ok(PublishedList { address, layout: Layout::Flags(purpose), bytes, ttl_s })
}

fn field(name: &'static str) -> StatusError {
    StatementError::Field(name).into()
}

fn decoded(text: &str) -> Result<Vec<u8>, StatusError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| StatusError::Damaged)
}

impl From<StatementError> for StatusError {
    fn from(why: StatementError) -> Self {
        Self::Token(why.into())
    }
}

impl From<Unpacked> for StatusError {
    fn from(why: Unpacked) -> Self {
        match why {
            Unpacked::Damaged => Self::Damaged,
            Unpacked::TooLarge => Self::TooLarge,
        }
    }
}
