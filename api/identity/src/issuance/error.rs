//! Why a number cannot be issued or used.

use thiserror::Error;

use crate::numbers::{DrawError, LifeError};
use crate::store::StoreError;
use crate::subject::Status;
use crate::vault::VaultError;

/// Why a number cannot be issued or used.
#[derive(Debug, Error)]
pub enum IssuanceError {
    /// Nobody has this number.
    #[error("nobody has this number")]
    Unknown,
    /// The person's UIN is not in force.
    #[error("the UIN is {}", .0.name())]
    OutOfForce(Status),
    /// There is no such kind of VID.
    #[error("there is no kind of VID called `{0}`: the policies name those that there are")]
    Kind(String),
    /// The policy of the VID does not allow it.
    #[error(transparent)]
    Life(#[from] LifeError),
    /// No number can be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// The records cannot be read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<StoreError> for IssuanceError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}
