//! Why a call failed, as words that programs act by: those of `whorl.v1` and of `whorl.identity.v1`.

use tonic::Code;

/// Why a call failed, as a word that a program can act by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A field is missing, out of its range, or contradicts another.
    InvalidArgument,
    /// A sample cannot be read at all.
    UnreadableSample,
    /// Templates are not taken here.
    TemplatesRefused,
    /// None of the samples gave a template.
    NothingToCompare,
    /// A presentation attack was reported of a sample.
    AttackReported,
    /// There is no such gallery.
    GalleryNotFound,
    /// There is such a gallery.
    GalleryExists,
    /// The gallery is for the identity layer alone.
    GalleryReserved,
    /// There is nobody of that id.
    NotEnrolled,
    /// There is somebody of that id.
    AlreadyEnrolled,
    /// There is no such job.
    JobNotFound,
    /// The job is in no state for that.
    JobState,
    /// The templates were made by another version or model than those of the gallery.
    OtherVersion,
    /// The key was used for another request.
    KeyReused,
    /// The request of that key is still being worked on.
    InProgress,
    /// More work waits than may.
    Overloaded,
    /// The client went away.
    GivenUp,
    /// The call was not done by its deadline.
    DeadlineExceeded,
    /// A file is damaged.
    Damaged,
    /// The client lacks a role that this request needs beyond its method.
    RoleMissing,
    /// The storage failed.
    StorageFailed,
    /// The operation could not be written to the audit, so it was not done, or its result is not told.
    AuditFailed,
    /// A fault of the server.
    Internal,
    /// This server has no identity layer.
    IdentityOff,
    /// The server is ending.
    Closing,
    /// Another registration has that name.
    RegistrationExists,
    /// There is no such registration.
    RegistrationNotFound,
    /// The person of that registration was erased.
    RegistrationErased,
    /// A registration of that person is being worked on.
    RegistrationInProgress,
    /// No number is left that the rules allow.
    NoNumberLeft,
    /// There is no such case.
    CaseNotFound,
    /// The case is settled.
    CaseSettled,
    /// Others disagree about the case, so that a supervisor settles it.
    CaseInConflict,
    /// Nobody disagrees about the case.
    CaseNotInConflict,
    /// The client registered the person, or has decided before.
    NotImpartial,
    /// The case is assigned to others.
    NotAssigned,
    /// That registration is not shown of the case.
    NotInCase,
    /// The registration has no such sample or document.
    FileNotFound,
    /// The samples and documents of the registration are kept no longer.
    FileNotKept,
    /// The file shows no picture, or none that an answer has room for.
    NoPicture,
    /// Nobody has that number.
    IdentityNotFound,
    /// The person's number is in no state for that.
    IdentityStatus,
    /// The person has no such VID.
    VidNotFound,
    /// The policy of the VID does not allow that.
    VidPolicy,
    /// This server issues no credentials.
    NoIssuerKey,
    /// A credential of these fields cannot be signed.
    CredentialRefused,
    /// A QR code holds no credential of these fields.
    CredentialTooLarge,
    /// The person has no such credential.
    CredentialNotFound,
    /// The person has as many credentials that hold as may be.
    TooManyCredentials,
    /// There is no such list of statuses.
    StatusListNotFound,
    /// There is no such partner.
    PartnerNotFound,
    /// There is such a partner.
    PartnerExists,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 52] = [
        Self::InvalidArgument,
        Self::UnreadableSample,
        Self::TemplatesRefused,
        Self::NothingToCompare,
        Self::AttackReported,
        Self::GalleryNotFound,
        Self::GalleryExists,
        Self::GalleryReserved,
        Self::NotEnrolled,
        Self::AlreadyEnrolled,
        Self::JobNotFound,
        Self::JobState,
        Self::OtherVersion,
        Self::KeyReused,
        Self::InProgress,
        Self::Overloaded,
        Self::GivenUp,
        Self::DeadlineExceeded,
        Self::Damaged,
        Self::RoleMissing,
        Self::StorageFailed,
        Self::AuditFailed,
        Self::Internal,
        Self::IdentityOff,
        Self::Closing,
        Self::RegistrationExists,
        Self::RegistrationNotFound,
        Self::RegistrationErased,
        Self::RegistrationInProgress,
        Self::NoNumberLeft,
        Self::CaseNotFound,
        Self::CaseSettled,
        Self::CaseInConflict,
        Self::CaseNotInConflict,
        Self::NotImpartial,
        Self::NotAssigned,
        Self::NotInCase,
        Self::FileNotFound,
        Self::FileNotKept,
        Self::NoPicture,
        Self::IdentityNotFound,
        Self::IdentityStatus,
        Self::VidNotFound,
        Self::VidPolicy,
        Self::NoIssuerKey,
        Self::CredentialRefused,
        Self::CredentialTooLarge,
        Self::CredentialNotFound,
        Self::TooManyCredentials,
        Self::StatusListNotFound,
        Self::PartnerNotFound,
        Self::PartnerExists,
    ];

    /// The word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::UnreadableSample => "UNREADABLE_SAMPLE",
            Self::TemplatesRefused => "TEMPLATES_REFUSED",
            Self::NothingToCompare => "NOTHING_TO_COMPARE",
            Self::AttackReported => "ATTACK_REPORTED",
            Self::GalleryNotFound => "GALLERY_NOT_FOUND",
            Self::GalleryExists => "GALLERY_EXISTS",
            Self::GalleryReserved => "GALLERY_RESERVED",
            Self::NotEnrolled => "NOT_ENROLLED",
            Self::AlreadyEnrolled => "ALREADY_ENROLLED",
            Self::JobNotFound => "JOB_NOT_FOUND",
            Self::JobState => "JOB_STATE",
            Self::OtherVersion => "OTHER_VERSION",
            Self::KeyReused => "KEY_REUSED",
            Self::InProgress => "IN_PROGRESS",
            Self::Overloaded => "OVERLOADED",
            Self::GivenUp => "GIVEN_UP",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::Damaged => "DAMAGED",
            Self::RoleMissing => "ROLE_MISSING",
            Self::StorageFailed => "STORAGE_FAILED",
            Self::AuditFailed => "AUDIT_FAILED",
            Self::Internal => "INTERNAL",
            Self::IdentityOff => "IDENTITY_OFF",
            Self::Closing => "CLOSING",
            Self::RegistrationExists => "REGISTRATION_EXISTS",
            Self::RegistrationNotFound => "REGISTRATION_NOT_FOUND",
            Self::RegistrationErased => "REGISTRATION_ERASED",
            Self::RegistrationInProgress => "REGISTRATION_IN_PROGRESS",
            Self::NoNumberLeft => "NO_NUMBER_LEFT",
            Self::CaseNotFound => "CASE_NOT_FOUND",
            Self::CaseSettled => "CASE_SETTLED",
            Self::CaseInConflict => "CASE_IN_CONFLICT",
            Self::CaseNotInConflict => "CASE_NOT_IN_CONFLICT",
            Self::NotImpartial => "NOT_IMPARTIAL",
            Self::NotAssigned => "NOT_ASSIGNED",
            Self::NotInCase => "NOT_IN_CASE",
            Self::FileNotFound => "FILE_NOT_FOUND",
            Self::FileNotKept => "FILE_NOT_KEPT",
            Self::NoPicture => "NO_PICTURE",
            Self::IdentityNotFound => "IDENTITY_NOT_FOUND",
            Self::IdentityStatus => "IDENTITY_STATUS",
            Self::VidNotFound => "VID_NOT_FOUND",
            Self::VidPolicy => "VID_POLICY",
            Self::NoIssuerKey => "NO_ISSUER_KEY",
            Self::CredentialRefused => "CREDENTIAL_REFUSED",
            Self::CredentialTooLarge => "CREDENTIAL_TOO_LARGE",
            Self::CredentialNotFound => "CREDENTIAL_NOT_FOUND",
            Self::TooManyCredentials => "TOO_MANY_CREDENTIALS",
            Self::StatusListNotFound => "STATUS_LIST_NOT_FOUND",
            Self::PartnerNotFound => "PARTNER_NOT_FOUND",
            Self::PartnerExists => "PARTNER_EXISTS",
        }
    }

    /// The code of gRPC.
    pub(super) fn code(self) -> Code {
        match self {
            Self::InvalidArgument
            | Self::UnreadableSample
            | Self::TemplatesRefused
            | Self::CredentialRefused
            | Self::CredentialTooLarge => Code::InvalidArgument,
            Self::NothingToCompare
            | Self::AttackReported
            | Self::OtherVersion
            | Self::JobState
            | Self::KeyReused
            | Self::RegistrationInProgress
            | Self::CaseSettled
            | Self::CaseInConflict
            | Self::CaseNotInConflict
            | Self::IdentityStatus
            | Self::VidPolicy
            | Self::NoIssuerKey
            | Self::TooManyCredentials
            | Self::NoPicture => Code::FailedPrecondition,
            Self::GalleryNotFound
            | Self::NotEnrolled
            | Self::JobNotFound
            | Self::RegistrationNotFound
            | Self::RegistrationErased
            | Self::CaseNotFound
            | Self::IdentityNotFound
            | Self::VidNotFound
            | Self::NotInCase
            | Self::FileNotFound
            | Self::FileNotKept
            | Self::CredentialNotFound
            | Self::StatusListNotFound
            | Self::PartnerNotFound => Code::NotFound,
            Self::GalleryExists | Self::AlreadyEnrolled | Self::RegistrationExists | Self::PartnerExists => {
                Code::AlreadyExists
            }
            Self::InProgress => Code::Aborted,
            Self::Overloaded | Self::NoNumberLeft => Code::ResourceExhausted,
            Self::GivenUp => Code::Cancelled,
            Self::DeadlineExceeded => Code::DeadlineExceeded,
            Self::RoleMissing | Self::GalleryReserved | Self::NotImpartial | Self::NotAssigned => {
                Code::PermissionDenied
            }
            Self::Damaged => Code::DataLoss,
            Self::StorageFailed | Self::AuditFailed | Self::Closing => Code::Unavailable,
            Self::IdentityOff => Code::Unimplemented,
            Self::Internal => Code::Internal,
        }
    }
}
