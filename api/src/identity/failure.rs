//! Why a method of the identity layer failed: a status with a `google.rpc.ErrorInfo`, as of the other services. No message has a UIN or a
//! demographic value in it.

use std::collections::HashMap;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use whorl_identity::adjudication::AdjudicationError;
use whorl_identity::authentication::AuthenticationError;
use whorl_identity::credential::{CardError, QrError, SelectiveError, TokenError};
use whorl_identity::issuance::IssuanceError;
use whorl_identity::lifecycle::LifecycleError;
use whorl_identity::partner::PartnerError;
use whorl_identity::registration::RegistrationError;
use whorl_identity::store::StoreError;

use crate::grpc::{CommonFailure, DOMAIN};

/// Why a method failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// As any method may.
    Common(CommonFailure),
    /// As those of this layer do.
    Own(Own),
}

/// A failure of this layer.
#[derive(Debug)]
pub(super) struct Own {
    code: Code,
    reason: &'static str,
    message: String,
    field: Option<String>,
}

impl Failure {
    pub(super) fn new(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        Self::Own(Own { code, reason, message: message.into(), field: None })
    }

    /// A field that is missing, out of its range, or contradicts another.
    pub(super) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (Some(field.into()), message.into());
        Self::Own(Own { code: Code::InvalidArgument, reason: "INVALID_ARGUMENT", message, field })
    }

    /// This server has no identity layer.
    pub(super) fn off() -> Self {
        Self::new(Code::Unimplemented, "IDENTITY_OFF", "this server has no identity layer (identity.enabled)")
    }

    /// A fault of the server.
    pub(super) fn internal(message: &str) -> Self {
        Self::new(Code::Internal, "INTERNAL", format!("{message}; this is a fault of the server"))
    }

    /// The server ends.
    pub(super) fn closing() -> Self {
        Self::new(Code::Unavailable, "CLOSING", "the server is ending: ask again when it is back")
    }

    /// The word for programs.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Common(failure) => failure.reason.name(),
            Self::Own(own) => own.reason,
        }
    }
}

impl From<CommonFailure> for Failure {
    fn from(failure: CommonFailure) -> Self {
        Self::Common(failure)
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Common(failure) => failure.into(),
            Failure::Own(Own { code, reason, message, field }) => {
                let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
                if let Some(field) = field {
                    details.add_bad_request_violation(field, message.clone());
                }
                Self::with_error_details(code, message, details)
            }
        }
    }
}

impl From<RegistrationError> for Failure {
    fn from(error: RegistrationError) -> Self {
        let (code, reason) = match &error {
            RegistrationError::Packet(_) => (Code::InvalidArgument, "INVALID_ARGUMENT"),
            RegistrationError::Taken(_) => (Code::AlreadyExists, "REGISTRATION_EXISTS"),
            RegistrationError::Erased(_) => (Code::NotFound, "REGISTRATION_ERASED"),
            RegistrationError::Unknown(_) => (Code::NotFound, "REGISTRATION_NOT_FOUND"),
            RegistrationError::Torn(_) | RegistrationError::Foreign(_) => (Code::DataLoss, "DAMAGED"),
            RegistrationError::Draw(_) => (Code::ResourceExhausted, "NO_NUMBER_LEFT"),
            RegistrationError::Chance(_) => (Code::Internal, "INTERNAL"),
            RegistrationError::Desk(_) | RegistrationError::Vault(_) => (Code::Unavailable, "STORAGE_FAILED"),
        };
        Self::new(code, reason, error.to_string())
    }
}

impl From<AdjudicationError> for Failure {
    fn from(error: AdjudicationError) -> Self {
        let (code, reason) = match error {
            AdjudicationError::Unknown(_) => (Code::NotFound, "CASE_NOT_FOUND"),
            AdjudicationError::Settled(_) => (Code::FailedPrecondition, "CASE_SETTLED"),
            AdjudicationError::Conflict(_) => (Code::FailedPrecondition, "CASE_IN_CONFLICT"),
            AdjudicationError::NoConflict(_) => (Code::FailedPrecondition, "CASE_NOT_IN_CONFLICT"),
            AdjudicationError::Partial(_) => (Code::PermissionDenied, "NOT_IMPARTIAL"),
            AdjudicationError::NotAssigned(_) => (Code::PermissionDenied, "NOT_ASSIGNED"),
            AdjudicationError::Findings(_) | AdjudicationError::Several => (Code::InvalidArgument, "INVALID_ARGUMENT"),
            AdjudicationError::Reason => return Self::field("reason", error.to_string()),
            AdjudicationError::Registration(error) => return error.into(),
            AdjudicationError::Desk(_) | AdjudicationError::Vault(_) => (Code::Unavailable, "STORAGE_FAILED"),
        };
        Self::new(code, reason, error.to_string())
    }
}

impl From<LifecycleError> for Failure {
    fn from(error: LifecycleError) -> Self {
        let (code, reason) = match error {
            LifecycleError::Unknown => (Code::NotFound, "IDENTITY_NOT_FOUND"),
            LifecycleError::Status(_) => (Code::FailedPrecondition, "IDENTITY_STATUS"),
            LifecycleError::Busy(_) => (Code::FailedPrecondition, "REGISTRATION_IN_PROGRESS"),
            LifecycleError::Same => (Code::InvalidArgument, "INVALID_ARGUMENT"),
            LifecycleError::Reason => return Self::field("reason", error.to_string()),
            LifecycleError::NoCredential => (Code::NotFound, "CREDENTIAL_NOT_FOUND"),
            LifecycleError::ManyCredentials => (Code::FailedPrecondition, "TOO_MANY_CREDENTIALS"),
            LifecycleError::Registration(error) => return error.into(),
            LifecycleError::Desk(_) | LifecycleError::Vault(_) => (Code::Unavailable, "STORAGE_FAILED"),
        };
        Self::new(code, reason, error.to_string())
    }
}

impl From<IssuanceError> for Failure {
    fn from(error: IssuanceError) -> Self {
        let (code, reason) = match error {
            IssuanceError::Unknown => (Code::NotFound, "IDENTITY_NOT_FOUND"),
            IssuanceError::OutOfForce(_) => (Code::FailedPrecondition, "IDENTITY_STATUS"),
            IssuanceError::Kind(_) => return Self::field("kind", error.to_string()),
            IssuanceError::Life(_) => (Code::FailedPrecondition, "VID_POLICY"),
            IssuanceError::Draw(_) => (Code::ResourceExhausted, "NO_NUMBER_LEFT"),
            IssuanceError::Vault(_) => (Code::Unavailable, "STORAGE_FAILED"),
        };
        Self::new(code, reason, error.to_string())
    }
}

impl From<AuthenticationError> for Failure {
    fn from(error: AuthenticationError) -> Self {
        let (code, reason) = match error {
            AuthenticationError::Unknown => (Code::NotFound, "IDENTITY_NOT_FOUND"),
            AuthenticationError::Token(_) => (Code::Internal, "INTERNAL"),
            AuthenticationError::Desk(_) | AuthenticationError::Vault(_) => (Code::Unavailable, "STORAGE_FAILED"),
        };
        Self::new(code, reason, error.to_string())
    }
}

impl From<PartnerError> for Failure {
    fn from(error: PartnerError) -> Self {
        let (code, reason) = match error {
            PartnerError::Taken(_) => (Code::AlreadyExists, "PARTNER_EXISTS"),
            PartnerError::Unknown(_) => (Code::NotFound, "PARTNER_NOT_FOUND"),
            PartnerError::Id => return Self::field("id", error.to_string()),
            PartnerError::Name(_)
            | PartnerError::Policy(_)
            | PartnerError::Percent(_)
            | PartnerError::NoSalts
            | PartnerError::Mosip(_)
            | PartnerError::Keys(_) => return Self::field("terms", error.to_string()),
            PartnerError::Vault(_) => (Code::Unavailable, "STORAGE_FAILED"),
        };
        Self::new(code, reason, error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(Code::Unavailable, "STORAGE_FAILED", error.to_string())
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self::new(Code::InvalidArgument, "CREDENTIAL_REFUSED", error.to_string())
    }
}

impl From<SelectiveError> for Failure {
    fn from(error: SelectiveError) -> Self {
        Self::new(Code::InvalidArgument, "CREDENTIAL_REFUSED", error.to_string())
    }
}

impl From<QrError> for Failure {
    fn from(error: QrError) -> Self {
        Self::new(Code::InvalidArgument, "CREDENTIAL_TOO_LARGE", error.to_string())
    }
}

impl From<CardError> for Failure {
    fn from(error: CardError) -> Self {
        Self::field("card", error.to_string())
    }
}
