//! Why a partner cannot be entered or changed.

use thiserror::Error;

use super::{Partner, Policy, SignatureError};
use crate::store::StoreError;
use crate::vault::VaultError;

/// Why a partner cannot be entered or changed.
#[derive(Debug, Error)]
pub enum PartnerError {
    /// The id is none.
    #[error("a partner is called by 1 to {most} letters, digits, dots, dashes and underlines", most = Partner::MOST_ID_BYTES)]
    Id,
    /// The name is empty or too long.
    #[error("the name of a partner has 1 to {most} bytes, not {0}", most = Partner::MOST_NAME_BYTES)]
    Name(usize),
    /// Another has the id.
    #[error("there is a partner `{0}` already")]
    Taken(String),
    /// There is none of this id.
    #[error("there is no partner `{0}`")]
    Unknown(String),
    /// The policy is larger than any that is needed.
    #[error("`{0}` of a policy has more than {most} entries, or one that is empty or longer than {bytes} bytes", most = Policy::MOST_ENTRIES, bytes = Policy::MOST_TEXT_BYTES)]
    Policy(&'static str),
    /// A share is none.
    #[error("the least share of words that must be alike is 1 to 100 percent, not {0}")]
    Percent(u8),
    /// It is to get MOSIP's tokens, and there are no salts to make them with.
    #[error("MOSIP's tokens are made with two salts, which this layer was not given")]
    NoSalts,
    /// The document is not a policy of MOSIP.
    #[error("this is not a policy for authentication as MOSIP writes it, by its `{0}`")]
    Mosip(&'static str),
    /// Its public keys cannot be used.
    #[error(transparent)]
    Keys(#[from] SignatureError),
    /// The records cannot be read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<StoreError> for PartnerError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}
