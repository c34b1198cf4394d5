//! Why there is no answer.

use thiserror::Error;
use whorl_service::desk::DeskError;

use super::Refusal;
use crate::store::StoreError;
use crate::tokens::TokenError;
use crate::vault::VaultError;

/// Why there is no answer, neither yes nor no. Nothing was kept of the request, and it may come again.
#[derive(Debug, Error)]
pub enum AuthenticationError {
    /// Nobody has this UIN.
    #[error("nobody has this UIN")]
    Unknown,
    /// The gallery failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// No token can be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The records cannot be read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<StoreError> for AuthenticationError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}

/// Why a request goes no further.
#[derive(Debug)]
pub(super) enum Halt {
    /// It is refused, and the partner is told why.
    Refused(Refusal),
    /// There is no answer.
    Failed(AuthenticationError),
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<E: Into<AuthenticationError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}
