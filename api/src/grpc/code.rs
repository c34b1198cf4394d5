//! Which code of gRPC goes with a reason.

use tonic::Code;
use whorl_proto::Reason;

/// The code of gRPC.
pub(super) fn code(reason: Reason) -> Code {
    match reason {
        Reason::InvalidArgument
        | Reason::UnreadableSample
        | Reason::TemplatesRefused
        | Reason::CredentialRefused
        | Reason::CredentialTooLarge => Code::InvalidArgument,
        Reason::NothingToCompare
        | Reason::AttackReported
        | Reason::OtherVersion
        | Reason::JobState
        | Reason::KeyReused
        | Reason::RegistrationInProgress
        | Reason::CaseSettled
        | Reason::CaseInConflict
        | Reason::CaseNotInConflict
        | Reason::IdentityStatus
        | Reason::VidPolicy
        | Reason::NoIssuerKey
        | Reason::TooManyCredentials
        | Reason::NoPicture => Code::FailedPrecondition,
        Reason::GalleryNotFound
        | Reason::NotEnrolled
        | Reason::JobNotFound
        | Reason::RegistrationNotFound
        | Reason::RegistrationErased
        | Reason::CaseNotFound
        | Reason::IdentityNotFound
        | Reason::VidNotFound
        | Reason::NotInCase
        | Reason::FileNotFound
        | Reason::FileNotKept
        | Reason::CredentialNotFound
        | Reason::StatusListNotFound
        | Reason::PartnerNotFound => Code::NotFound,
        Reason::GalleryExists | Reason::AlreadyEnrolled | Reason::RegistrationExists | Reason::PartnerExists => {
            Code::AlreadyExists
        }
        Reason::InProgress => Code::Aborted,
        Reason::Overloaded | Reason::NoNumberLeft | Reason::RateLimited | Reason::ConcurrencyLimited => {
            Code::ResourceExhausted
        }
        Reason::GivenUp => Code::Cancelled,
        Reason::DeadlineExceeded => Code::DeadlineExceeded,
        Reason::RoleMissing | Reason::GalleryReserved | Reason::NotImpartial | Reason::NotAssigned => {
            Code::PermissionDenied
        }
        Reason::Damaged => Code::DataLoss,
        Reason::StorageFailed | Reason::AuditFailed | Reason::Closing => Code::Unavailable,
        Reason::IdentityOff => Code::Unimplemented,
        Reason::CredentialsMissing | Reason::TokensNotTaken => Code::Unauthenticated,
        Reason::Internal => Code::Internal,
    }
}
