//! Why a call failed, as words that programs act by.

/// Declares the reasons, each with its word.
macro_rules! reasons {
    ($($(#[$said:meta])* $reason:ident = $word:literal,)*) => {
        /// Why a call failed, as the server says it in `google.rpc.ErrorInfo`: the words of `whorl.v1` and of `whorl.identity.v1`. A
        /// token or a certificate that is not believed has other words, which are for people.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[$said])* $reason,)*
        }

        impl Reason {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$reason,)*];

            /// The word.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$reason => $word,)*
                }
            }
        }
    };
}

reasons! {
    /// A field is missing, out of its range, or contradicts another.
    InvalidArgument = "INVALID_ARGUMENT",
    /// A sample cannot be read at all.
    UnreadableSample = "UNREADABLE_SAMPLE",
    /// Templates are not taken, or not let out.
    TemplatesRefused = "TEMPLATES_REFUSED",
    /// None of the samples gave a template.
    NothingToCompare = "NOTHING_TO_COMPARE",
    /// A presentation attack was reported of a sample.
    AttackReported = "ATTACK_REPORTED",
    /// There is no such gallery.
    GalleryNotFound = "GALLERY_NOT_FOUND",
    /// There is such a gallery.
    GalleryExists = "GALLERY_EXISTS",
    /// The gallery is for the identity layer alone.
    GalleryReserved = "GALLERY_RESERVED",
    /// There is nobody of that id.
    NotEnrolled = "NOT_ENROLLED",
    /// There is somebody of that id.
    AlreadyEnrolled = "ALREADY_ENROLLED",
    /// There is no such job.
    JobNotFound = "JOB_NOT_FOUND",
    /// The job is in no state for that.
    JobState = "JOB_STATE",
    /// The templates were made by another version or model than those of the gallery.
    OtherVersion = "OTHER_VERSION",
    /// The idempotency key was used for another request.
    KeyReused = "KEY_REUSED",
    /// The request of that key is still being worked on.
    InProgress = "IN_PROGRESS",
    /// More work waits than may.
    Overloaded = "OVERLOADED",
    /// The client went away.
    GivenUp = "GIVEN_UP",
    /// The call was not done by its deadline.
    DeadlineExceeded = "DEADLINE_EXCEEDED",
    /// A file is damaged.
    Damaged = "DAMAGED",
    /// The client lacks a role that this request needs beyond its method.
    RoleMissing = "ROLE_MISSING",
    /// The storage failed.
    StorageFailed = "STORAGE_FAILED",
    /// The operation could not be written to the audit, so it was not done, or its result is not told.
    AuditFailed = "AUDIT_FAILED",
    /// A fault of the server.
    Internal = "INTERNAL",
    /// This server has no identity layer.
    IdentityOff = "IDENTITY_OFF",
    /// The server is ending.
    Closing = "CLOSING",
    /// Another registration has that name.
    RegistrationExists = "REGISTRATION_EXISTS",
    /// There is no such registration.
    RegistrationNotFound = "REGISTRATION_NOT_FOUND",
    /// The person of that registration was erased.
    RegistrationErased = "REGISTRATION_ERASED",
    /// A registration of that person is being worked on.
    RegistrationInProgress = "REGISTRATION_IN_PROGRESS",
    /// No number is left that the rules allow.
    NoNumberLeft = "NO_NUMBER_LEFT",
    /// There is no such case.
    CaseNotFound = "CASE_NOT_FOUND",
    /// The case is settled.
    CaseSettled = "CASE_SETTLED",
    /// Others disagree about the case, so that a supervisor settles it.
    CaseInConflict = "CASE_IN_CONFLICT",
    /// Nobody disagrees about the case.
    CaseNotInConflict = "CASE_NOT_IN_CONFLICT",
    /// The client registered the person, or has decided before.
    NotImpartial = "NOT_IMPARTIAL",
    /// The case is assigned to others.
    NotAssigned = "NOT_ASSIGNED",
    /// That registration is not shown of the case.
    NotInCase = "NOT_IN_CASE",
    /// The registration has no such sample or document.
    FileNotFound = "FILE_NOT_FOUND",
    /// The samples and documents of the registration are kept no longer.
    FileNotKept = "FILE_NOT_KEPT",
    /// The file shows no picture, or none that an answer has room for.
    NoPicture = "NO_PICTURE",
    /// Nobody has that number.
    IdentityNotFound = "IDENTITY_NOT_FOUND",
    /// The person's number is in no state for that.
    IdentityStatus = "IDENTITY_STATUS",
    /// The person has no such VID.
    VidNotFound = "VID_NOT_FOUND",
    /// The policy of the VID does not allow that.
    VidPolicy = "VID_POLICY",
    /// This server issues no credentials.
    NoIssuerKey = "NO_ISSUER_KEY",
    /// A credential of these fields cannot be signed.
    CredentialRefused = "CREDENTIAL_REFUSED",
    /// A QR code holds no credential of these fields.
    CredentialTooLarge = "CREDENTIAL_TOO_LARGE",
    /// The person has no such credential.
    CredentialNotFound = "CREDENTIAL_NOT_FOUND",
    /// The person has as many credentials that hold as may be.
    TooManyCredentials = "TOO_MANY_CREDENTIALS",
    /// There is no such list of statuses.
    StatusListNotFound = "STATUS_LIST_NOT_FOUND",
    /// There is no such partner.
    PartnerNotFound = "PARTNER_NOT_FOUND",
    /// There is such a partner.
    PartnerExists = "PARTNER_EXISTS",
    /// The client did not say who it is.
    CredentialsMissing = "CREDENTIALS_MISSING",
    /// The server takes no tokens.
    TokensNotTaken = "TOKENS_NOT_TAKEN",
    /// The client calls more often than it may.
    RateLimited = "RATE_LIMITED",
    /// The client has more calls in progress than it may.
    ConcurrencyLimited = "CONCURRENCY_LIMITED",
}

impl Reason {
    /// The reason of a word; none where this version knows no such word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.name() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_its_reason_in_capitals_and_leads_back_to_it() {
        for &reason in Reason::ALL {
            assert_eq!(format!("{reason:?}").to_uppercase(), reason.name().replace('_', ""));
            assert_eq!(Reason::of(reason.name()), Some(reason));
        }
        assert_eq!((Reason::of("TOKEN_EXPIRED"), Reason::of("")), (None, None));
    }
}
