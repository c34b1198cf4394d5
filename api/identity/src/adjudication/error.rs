//! Why nothing can be decided.

use thiserror::Error;
use whorl_service::desk::DeskError;

use super::CaseId;
use crate::registration::{RegistrationError, RegistrationId};
use crate::store::StoreError;
use crate::vault::VaultError;

/// Why nothing can be decided.
#[derive(Debug, Error)]
pub enum AdjudicationError {
    /// There is no such case.
    #[error("there is no case {0}")]
    Unknown(CaseId),
    /// It is decided.
    #[error("case {0} is settled")]
    Settled(CaseId),
    /// Only a supervisor may decide now.
    #[error("those who decided about case {0} disagree: a supervisor settles it")]
    Conflict(CaseId),
    /// There is nothing for a supervisor to settle.
    #[error("case {0} is still being decided: a supervisor settles what others disagree about")]
    NoConflict(CaseId),
    /// He registered the person, or decided already.
    #[error("`{0}` cannot decide about this case, for he registered it or has decided about it")]
    Partial(String),
    /// It is assigned to others.
    #[error("this case is assigned to others than `{0}`")]
    NotAssigned(String),
    /// The decision does not speak of those who are suspected.
    #[error(
        "a decision says of each of the {0} suspects of its case, and of nobody else, whether he is the same person"
    )]
    Findings(usize),
    /// A lost UIN cannot be that of two.
    #[error("a lost UIN is one person's: at most one suspect can be the same person")]
    Several,
    /// It is of nobody whom the case is about, or not shown of him.
    #[error("registration `{0}` is none of those that are shown of this case")]
    Elsewhere(RegistrationId),
    /// A registration has no such sample or document.
    #[error("registration `{registration}` has no sample or document {number}")]
    NoFile {
        /// Which registration.
        registration: RegistrationId,
        /// Which number, from 0.
        number: u16,
    },
    /// What a registration had is kept no longer.
    #[error("the samples and documents of registration `{0}` are kept no longer")]
    Gone(RegistrationId),
    /// What somebody looks for is not said, or at too great a length.
    #[error("what this is looked at for is to be said, in 1 to {most} bytes", most = super::case::MOST_REASON_BYTES)]
    Purpose,
    /// Why is not said, or at too great a length.
    #[error("a decision has a reason, of 1 to {most} bytes", most = super::case::MOST_REASON_BYTES)]
    Reason,
    /// The registration cannot be moved on.
    #[error(transparent)]
    Registration(#[from] RegistrationError),
    /// The gallery failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The records cannot be read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<StoreError> for AdjudicationError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}
