//! Why something cannot be done to a person's record.

use thiserror::Error;
use whorl_service::desk::DeskError;

use crate::registration::{RegistrationError, RegistrationId};
use crate::store::StoreError;
use crate::subject::Status;
use crate::vault::VaultError;

/// Why something cannot be done to a person's record.
#[derive(Debug, Error)]
pub enum LifecycleError {
    /// Nobody has this UIN.
    #[error("nobody has this UIN")]
    Unknown,
    /// The record is not in a state in which this can be done.
    #[error("this cannot be done with a UIN that is {}", .0.name())]
    Status(Status),
    /// A registration of the person is being worked on.
    #[error("registration `{0}` of this person is being worked on: wait until it is done")]
    Busy(RegistrationId),
    /// A record cannot be merged with itself.
    #[error("both UINs are of one record: there is nothing to merge")]
    Same,
    /// Who does it or why is not said, or at too great a length.
    #[error("who does this and why is to be said, in 1 to {} bytes", super::Deed::MOST_REASON_BYTES)]
    Reason,
    /// He was handed no such credential, or it is over.
    #[error(
        "the holder of this UIN has no such credential, or it is over: the list of his credentials names those that can be revoked"
    )]
    NoCredential,
    /// He has too many.
    #[error(
        "the holder of this UIN has {most} credentials that count: revoke those that he does not need",
        most = crate::subject::Subject::MOST_CREDENTIALS
    )]
    ManyCredentials,
    /// A registration cannot be read.
    #[error(transparent)]
    Registration(#[from] RegistrationError),
    /// The gallery failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The records cannot be read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<StoreError> for LifecycleError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}
