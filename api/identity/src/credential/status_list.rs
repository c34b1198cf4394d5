//! The statuses of very many credentials, as their issuer publishes them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::key::IssuerKey;
use super::packed::{from_highest, from_lowest, to_gzip, to_zlib};
use super::signature::{TokenError, sign};
use super::status::{CredentialStatus, StatusPurpose};
use super::vc;

/// The type of a list of the IETF.
pub(super) const TOKEN_TYPE: &str = "statuslist+jwt";

/// The kind of credential that a list of the W3C is, and what its subject is.
pub(super) const LIST_KIND: &str = "BitstringStatusListCredential";
pub(super) const LIST_TYPE: &str = "BitstringStatusList";

/// What stands before base64url without padding, as a multibase.
pub(super) const MULTIBASE: &str = "u";

/// The bits of an entry of a list of the IETF: three statuses take two.
const BITS: usize = 2;

/// The statuses of very many credentials, at one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    address: String,
    statuses: Vec<CredentialStatus>,
}

impl StatusList {
    /// How many entries a list has: the least that the W3C allows (Bitstring Status List v1.0, section 3.2), so that who asks for one tells
    /// nobody of whom he asks.
    pub const ENTRIES: u32 = 1 << 17;

    /// For how many seconds a copy may be used before it is fetched again.
    pub const TTL_S: u64 = 300;

    /// For how many seconds a list can be believed, also by who cannot fetch another: a day.
    pub const VALID_S: u64 = 86_400;

    /// A list at `address` in which all are valid.
    #[must_use]
    pub fn new(address: String) -> Self {
        Self { address, statuses: vec![CredentialStatus::Valid; Self::ENTRIES as usize] }
    }

    /// Says what is so of the credential at `index`; of one behind the last, nothing.
    pub fn set(&mut self, index: u32, status: CredentialStatus) {
        if let Some(entry) = self.statuses.get_mut(index as usize) {
            *entry = status;
        }
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Signs it as a Status List Token (draft-ietf-oauth-status-list, section 5.1) of the type `statuslist+jwt`.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn sign_token(&self, issuer: &str, key: &IssuerKey, now_unix_ms: u64) -> Result<String, TokenError> {
        let packed = to_zlib(&from_lowest(self.statuses.iter().map(|status| status.number()), BITS))?;
        let now_unix_s = now_unix_ms / 1000;
        let payload = Map::from_iter([
            ("iss".to_owned(), json!(issuer)),
            ("sub".to_owned(), json!(self.address)),
            ("iat".to_owned(), json!(now_unix_s)),
            ("exp".to_owned(), json!(now_unix_s + Self::VALID_S)),
            ("ttl".to_owned(), json!(Self::TTL_S)),
            ("status_list".to_owned(), json!({ "bits": BITS, "lst": URL_SAFE_NO_PAD.encode(packed) })),
        ]);
        sign(key, TOKEN_TYPE, None, &payload)
    }

    /// Signs what it says for one purpose as a `BitstringStatusListCredential` (Bitstring Status List v1.0, section 2.2).
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn sign_vc(
        &self,
        purpose: StatusPurpose,
        issuer: &str,
        key: &IssuerKey,
        now_unix_ms: u64,
    ) -> Result<String, TokenError> {
        let packed = to_gzip(&from_highest(self.statuses.iter().map(|status| *status == purpose.status())))?;
        let address = purpose.under(&self.address);
        let subject = json!({
            "id": format!("{address}#list"),
            "type": LIST_TYPE,
            "statusPurpose": purpose.name(),
            "encodedList": format!("{MULTIBASE}{}", URL_SAFE_NO_PAD.encode(packed)),
            "ttl": Self::TTL_S * 1000,
        });
        let now_unix_s = now_unix_ms / 1000;
        let mut payload = vc::payload(LIST_KIND, issuer, (now_unix_s, now_unix_s + Self::VALID_S), subject);
        payload.insert("id".to_owned(), Value::String(address));
        sign(key, vc::TYPE, Some(vc::CONTENT), &payload)
    }
}
