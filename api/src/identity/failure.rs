//! Why a method of the identity layer failed: a status with a `google.rpc.ErrorInfo`, as of the other services. No message has a UIN or a
//! demographic value in it.

use whorl_identity::adjudication::AdjudicationError;
use whorl_identity::authentication::AuthenticationError;
use whorl_identity::credential::{CardError, QrError, SelectiveError, TokenError};
use whorl_identity::issuance::IssuanceError;
use whorl_identity::lifecycle::LifecycleError;
use whorl_identity::partner::PartnerError;
use whorl_identity::registration::RegistrationError;
use whorl_identity::store::StoreError;

pub(super) use crate::grpc::{CommonFailure as Failure, Reason};

impl Failure {
    /// This server has no identity layer.
    pub(super) fn off() -> Self {
        Self::new(Reason::IdentityOff, "this server has no identity layer (identity.enabled)")
    }

    /// A fault of the server.
    pub(super) fn internal(message: &str) -> Self {
        Self::new(Reason::Internal, format!("{message}; this is a fault of the server"))
    }

    /// The server ends.
    pub(super) fn closing() -> Self {
        Self::new(Reason::Closing, "the server is ending: ask again when it is back")
    }
}

impl From<RegistrationError> for Failure {
    fn from(error: RegistrationError) -> Self {
        let reason = match &error {
            RegistrationError::Packet(_) => Reason::InvalidArgument,
            RegistrationError::Taken(_) => Reason::RegistrationExists,
            RegistrationError::Erased(_) => Reason::RegistrationErased,
            RegistrationError::Unknown(_) => Reason::RegistrationNotFound,
            RegistrationError::Torn(_) | RegistrationError::Foreign(_) => Reason::Damaged,
            RegistrationError::Draw(_) => Reason::NoNumberLeft,
            RegistrationError::Chance(_) => Reason::Internal,
            RegistrationError::Desk(_) | RegistrationError::Vault(_) => Reason::StorageFailed,
        };
        Self::new(reason, error.to_string())
    }
}

impl From<AdjudicationError> for Failure {
    fn from(error: AdjudicationError) -> Self {
        let reason = match error {
            AdjudicationError::Unknown(_) => Reason::CaseNotFound,
            AdjudicationError::Settled(_) => Reason::CaseSettled,
            AdjudicationError::Conflict(_) => Reason::CaseInConflict,
            AdjudicationError::NoConflict(_) => Reason::CaseNotInConflict,
            AdjudicationError::Partial(_) => Reason::NotImpartial,
            AdjudicationError::NotAssigned(_) => Reason::NotAssigned,
            AdjudicationError::Findings(_) | AdjudicationError::Several => Reason::InvalidArgument,
            AdjudicationError::Elsewhere(_) => Reason::NotInCase,
            AdjudicationError::NoFile { .. } => Reason::FileNotFound,
            AdjudicationError::Gone(_) => Reason::FileNotKept,
            AdjudicationError::Purpose => return Self::field("purpose", error.to_string()),
            AdjudicationError::Reason => return Self::field("reason", error.to_string()),
            AdjudicationError::Registration(error) => return error.into(),
            AdjudicationError::Desk(_) | AdjudicationError::Vault(_) => Reason::StorageFailed,
        };
        Self::new(reason, error.to_string())
    }
}

impl From<LifecycleError> for Failure {
    fn from(error: LifecycleError) -> Self {
        let reason = match error {
            LifecycleError::Unknown => Reason::IdentityNotFound,
            LifecycleError::Status(_) => Reason::IdentityStatus,
            LifecycleError::Busy(_) => Reason::RegistrationInProgress,
            LifecycleError::Same => Reason::InvalidArgument,
            LifecycleError::Reason => return Self::field("reason", error.to_string()),
            LifecycleError::NoCredential => Reason::CredentialNotFound,
            LifecycleError::ManyCredentials => Reason::TooManyCredentials,
            LifecycleError::Registration(error) => return error.into(),
            LifecycleError::Desk(_) | LifecycleError::Vault(_) => Reason::StorageFailed,
        };
        Self::new(reason, error.to_string())
    }
}

impl From<IssuanceError> for Failure {
    fn from(error: IssuanceError) -> Self {
        let reason = match error {
            IssuanceError::Unknown => Reason::IdentityNotFound,
            IssuanceError::OutOfForce(_) => Reason::IdentityStatus,
            IssuanceError::Kind(_) => return Self::field("kind", error.to_string()),
            IssuanceError::Life(_) => Reason::VidPolicy,
            IssuanceError::Draw(_) => Reason::NoNumberLeft,
            IssuanceError::Vault(_) => Reason::StorageFailed,
        };
        Self::new(reason, error.to_string())
    }
}

impl From<AuthenticationError> for Failure {
    fn from(error: AuthenticationError) -> Self {
        let reason = match error {
            AuthenticationError::Unknown => Reason::IdentityNotFound,
            AuthenticationError::Token(_) => Reason::Internal,
            AuthenticationError::Desk(_) | AuthenticationError::Vault(_) => Reason::StorageFailed,
        };
        Self::new(reason, error.to_string())
    }
}

impl From<PartnerError> for Failure {
    fn from(error: PartnerError) -> Self {
        let reason = match error {
            PartnerError::Taken(_) => Reason::PartnerExists,
            PartnerError::Unknown(_) => Reason::PartnerNotFound,
            PartnerError::Id => return Self::field("id", error.to_string()),
            PartnerError::Name(_)
            | PartnerError::Policy(_)
            | PartnerError::Percent(_)
            | PartnerError::NoSalts
            | PartnerError::Mosip(_)
            | PartnerError::Keys(_) => return Self::field("terms", error.to_string()),
            PartnerError::Vault(_) => Reason::StorageFailed,
        };
        Self::new(reason, error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(Reason::StorageFailed, error.to_string())
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self::new(Reason::CredentialRefused, error.to_string())
    }
}

impl From<SelectiveError> for Failure {
    fn from(error: SelectiveError) -> Self {
        Self::new(Reason::CredentialRefused, error.to_string())
    }
}

impl From<QrError> for Failure {
    fn from(error: QrError) -> Self {
        Self::new(Reason::CredentialTooLarge, error.to_string())
    }
}

impl From<CardError> for Failure {
    fn from(error: CardError) -> Self {
        Self::field("card", error.to_string())
    }
}
