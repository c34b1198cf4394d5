//! Why a call failed, for programs.

use std::fmt;

/// Why a call failed, as the server says it in `google.rpc.ErrorInfo`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A field is missing, out of its range, or contradicts another.
    InvalidArgument,
    /// A sample cannot be read at all.
    UnreadableSample,
    /// Templates are not taken, or not let out.
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
    /// The idempotency key was used for another request.
    KeyReused,
    /// The request of that key is still being worked on.
    InProgress,
    /// More work waits than may.
    Overloaded,
    /// The client went away.
    GivenUp,
    /// The call was not done by its deadline.
    DeadlineExceeded,
    /// A file of the server is damaged.
    Damaged,
    /// The client lacks a role.
    RoleMissing,
    /// The server's storage failed.
    StorageFailed,
    /// The operation could not be recorded, so it was not done, or its result is not told.
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
    /// The client did not say who it is.
    CredentialsMissing,
    /// The server takes no tokens.
    TokensNotTaken,
    /// The client calls more often than it may.
    RateLimited,
    /// The client has more calls in progress than it may.
    ConcurrencyLimited,
    /// What this version does not know, among it why a token or a certificate is not believed: the server's word.
    Other(String),
}

const WORDS: [(&str, Reason); 56] = [
    ("INVALID_ARGUMENT", Reason::InvalidArgument),
    ("UNREADABLE_SAMPLE", Reason::UnreadableSample),
    ("TEMPLATES_REFUSED", Reason::TemplatesRefused),
    ("NOTHING_TO_COMPARE", Reason::NothingToCompare),
    ("ATTACK_REPORTED", Reason::AttackReported),
    ("GALLERY_NOT_FOUND", Reason::GalleryNotFound),
    ("GALLERY_EXISTS", Reason::GalleryExists),
    ("GALLERY_RESERVED", Reason::GalleryReserved),
    ("NOT_ENROLLED", Reason::NotEnrolled),
    ("ALREADY_ENROLLED", Reason::AlreadyEnrolled),
    ("JOB_NOT_FOUND", Reason::JobNotFound),
    ("JOB_STATE", Reason::JobState),
    ("OTHER_VERSION", Reason::OtherVersion),
    ("KEY_REUSED", Reason::KeyReused),
    ("IN_PROGRESS", Reason::InProgress),
    ("OVERLOADED", Reason::Overloaded),
    ("GIVEN_UP", Reason::GivenUp),
    ("DEADLINE_EXCEEDED", Reason::DeadlineExceeded),
    ("DAMAGED", Reason::Damaged),
    ("ROLE_MISSING", Reason::RoleMissing),
    ("STORAGE_FAILED", Reason::StorageFailed),
    ("AUDIT_FAILED", Reason::AuditFailed),
    ("INTERNAL", Reason::Internal),
    ("IDENTITY_OFF", Reason::IdentityOff),
    ("CLOSING", Reason::Closing),
    ("REGISTRATION_EXISTS", Reason::RegistrationExists),
    ("REGISTRATION_NOT_FOUND", Reason::RegistrationNotFound),
    ("REGISTRATION_ERASED", Reason::RegistrationErased),
    ("REGISTRATION_IN_PROGRESS", Reason::RegistrationInProgress),
    ("NO_NUMBER_LEFT", Reason::NoNumberLeft),
    ("CASE_NOT_FOUND", Reason::CaseNotFound),
    ("CASE_SETTLED", Reason::CaseSettled),
    ("CASE_IN_CONFLICT", Reason::CaseInConflict),
    ("CASE_NOT_IN_CONFLICT", Reason::CaseNotInConflict),
    ("NOT_IMPARTIAL", Reason::NotImpartial),
    ("NOT_ASSIGNED", Reason::NotAssigned),
    ("NOT_IN_CASE", Reason::NotInCase),
    ("FILE_NOT_FOUND", Reason::FileNotFound),
    ("FILE_NOT_KEPT", Reason::FileNotKept),
    ("NO_PICTURE", Reason::NoPicture),
    ("IDENTITY_NOT_FOUND", Reason::IdentityNotFound),
    ("IDENTITY_STATUS", Reason::IdentityStatus),
    ("VID_NOT_FOUND", Reason::VidNotFound),
    ("VID_POLICY", Reason::VidPolicy),
    ("NO_ISSUER_KEY", Reason::NoIssuerKey),
    ("CREDENTIAL_REFUSED", Reason::CredentialRefused),
    ("CREDENTIAL_TOO_LARGE", Reason::CredentialTooLarge),
    ("CREDENTIAL_NOT_FOUND", Reason::CredentialNotFound),
    ("TOO_MANY_CREDENTIALS", Reason::TooManyCredentials),
    ("STATUS_LIST_NOT_FOUND", Reason::StatusListNotFound),
    ("PARTNER_NOT_FOUND", Reason::PartnerNotFound),
    ("PARTNER_EXISTS", Reason::PartnerExists),
    ("CREDENTIALS_MISSING", Reason::CredentialsMissing),
    ("TOKENS_NOT_TAKEN", Reason::TokensNotTaken),
    ("RATE_LIMITED", Reason::RateLimited),
    ("CONCURRENCY_LIMITED", Reason::ConcurrencyLimited),
];

impl Reason {
    /// The reason of a word; none where the word is empty.
    pub(super) fn of(word: &str) -> Option<Self> {
        let known = WORDS.iter().find(|(known, _)| *known == word).map(|(_, reason)| reason.clone());
        known.or_else(|| (!word.is_empty()).then(|| Self::Other(word.to_owned())))
    }

    /// The word.
    #[must_use]
    pub fn name(&self) -> &str {
        if let Self::Other(word) = self {
            return word;
        }
        WORDS.iter().find(|(_, reason)| reason == self).map_or("", |(word, _)| word)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use whorl_api::grpc;

    use super::*;

    #[test]
    fn a_reason_comes_back_from_its_word_and_an_unknown_word_is_kept() {
        for (word, reason) in WORDS {
            assert_eq!(Reason::of(word), Some(reason.clone()));
            assert_eq!(reason.name(), word);
        }
        assert_eq!(Reason::of("TOKEN_EXPIRED"), Some(Reason::Other("TOKEN_EXPIRED".to_owned())));
        assert_eq!(Reason::of(""), None);
    }

    #[test]
    fn every_word_of_the_server_is_known_here_and_in_python_and_no_others_are() {
        // What the gate says before anything is asked for; why a token or a certificate is not believed is left to people.
        let of_the_gate = ["CREDENTIALS_MISSING", "TOKENS_NOT_TAKEN", "RATE_LIMITED", "CONCURRENCY_LIMITED"];
        let told = grpc::Reason::ALL.map(grpc::Reason::name).into_iter().chain(of_the_gate).collect::<Vec<_>>();
        assert_eq!(WORDS.map(|(word, _)| word).to_vec(), told);
        let same = |(word, reason): &(&str, Reason)| format!("{reason:?}").to_uppercase() == word.replace('_', "");
        assert!(WORDS.iter().all(same), "a word is paired with another reason");
        let python = include_str!("../../python/whorl/errors.py");
        let (_, python) = python.split_once("class Reason(str, Enum):").expect("the class of reasons");
        let lines = python.lines().skip(1).take_while(|line| !line.starts_with("class "));
        let words = lines.filter_map(|line| line.trim().split_once(" = ")).map(|(name, word)| {
            assert_eq!(format!("\"{name}\""), word);
            name
        });
        assert_eq!(words.collect::<Vec<_>>(), told);
    }
}
