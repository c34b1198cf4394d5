//! Why a request is refused, with MOSIP's codes.

use thiserror::Error;

use super::{Factor, RefusalCode};
use crate::partner::Attribute;

/// Why a request is refused. No message has anything of a person in it. Where MOSIP has no code for a reason, it is the
/// nearest.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There is no such partner, or its API key is another.
    #[error("there is no partner with this id and API key")]
    Partner,
    /// The partner is disabled.
    #[error("the partner is disabled")]
    PartnerDisabled,
    /// The request is not signed by the partner.
    #[error("the request is not signed by this partner")]
    Signature,
    /// The policy of the partner is over.
    #[error("the policy of the partner is over")]
    PolicyOver,
    /// The partner gets to know nothing of persons.
    #[error("the partner may not ask for fields of a record")]
    KycNotAllowed,
    /// The partner may have no passwords sent.
    #[error("the policy of the partner has no one-time passwords")]
    OtpNotAllowed,
    /// The partner may not use a factor.
    #[error("the policy of the partner has no authentication by {}", .0.name())]
    FactorNotAllowed(Factor),
    /// The partner may not use an attribute, or not compare it so.
    #[error("the policy of the partner does not let `{}` be compared in this way", .0.name())]
    AttributeNotAllowed(Attribute),
    /// The partner must use a factor.
    #[error("the policy of the partner asks for authentication by {}", .0.name())]
    FactorRequired(Factor),
    /// The factors are not enough.
    #[error("these factors are not one of the combinations that the policy of the partner asks for")]
    Combination,
    /// There is nothing to authenticate by.
    #[error("the request has nothing to authenticate by")]
    NoFactor,
    /// A part of the request is not as it should be.
    #[error("`{0}` is missing, too long or not what it should be")]
    Invalid(&'static str),
    /// The request is too old or from the future.
    #[error("the time of the request is more than {0} seconds from now")]
    Stale(u64),
    /// The transaction was there before.
    #[error("this transaction was there before")]
    Replayed,
    /// The person did not agree.
    #[error("the person's consent is missing")]
    Consent,
    /// Too many requests.
    #[error("there are too many requests for this number or of this partner")]
    Flooded,
    /// It cannot be a UIN.
    #[error("this is not a UIN")]
    Uin,
    /// It cannot be a VID.
    #[error("this is not a VID")]
    Vid,
    /// Nobody has this number.
    #[error("nobody has this number")]
    Unknown,
    /// The person's UIN is out of force.
    #[error("the UIN is blocked or deactivated")]
    OutOfForce,
    /// The VID is over.
    #[error("the VID has expired")]
    VidExpired,
    /// The VID was used or taken back.
    #[error("the VID is used up, revoked or deactivated")]
    VidEnded,
    /// The person locked a factor.
    #[error("authentication by {} is locked by its holder", .0.name())]
    Locked(Factor),
    /// The deployment does not know a factor.
    #[error("this deployment has no authentication by {}", .0.name())]
    Unsupported(Factor),
    /// A claim does not agree.
    #[error("`{}`{} does not agree", attribute.name(), in_language(language.as_ref()))]
    Demographic {
        /// Which.
        attribute: Attribute,
        /// In which language.
        language: Option<String>,
    },
    /// There is nothing to compare a claim with.
    #[error("`{}`{} is not kept of this person", attribute.name(), in_language(language.as_ref()))]
    DemographicMissing {
        /// Which.
        attribute: Attribute,
        /// In which language.
        language: Option<String>,
    },
    /// The password is wrong.
    #[error("the one-time password is wrong")]
    OtpWrong,
    /// The password is too old.
    #[error("the one-time password has expired")]
    OtpExpired,
    /// The password is for another transaction.
    #[error("the one-time password was sent for another transaction")]
    OtpTransaction,
    /// The password is for another partner.
    #[error("the one-time password was sent for another partner")]
    OtpPartner,
    /// Too many were wrong.
    #[error("one-time passwords are not taken for a while, for too many were wrong")]
    OtpFrozen,
    /// Too many were asked for.
    #[error("too many one-time passwords were asked for")]
    OtpFlooded,
    /// Too many were wrong, so that none is sent.
    #[error("one-time passwords are not sent for a while, for too many were wrong")]
    OtpNotSentFrozen,
    /// Nobody takes it to its owner.
    #[error("the one-time password could not be sent")]
    OtpNotSent,
    /// It is not said how it may be sent.
    #[error("it is not said how the one-time password may be sent")]
    OtpChannel,
    /// The person has neither telephone nor e-mail.
    #[error("the person has not registered where to send it")]
    OtpNowhere,
    /// Samples are not of the person.
    #[error("{} does not agree", .0.name())]
    Biometric(Factor),
    /// There is nothing to compare samples with.
    #[error("{} is not kept of this person", .0.name())]
    BiometricMissing(Factor),
    /// Two samples of one finger or eye.
    #[error("two samples are of the same position ({})", .0.name())]
    Twice(Factor),
    /// Too many samples.
    #[error("there are too many samples of one kind ({})", .0.name())]
    TooMany(Factor),
    /// A sample cannot be read, or gives no template.
    #[error("a sample cannot be used")]
    Unreadable,
    /// A sample was reported to be a presentation attack.
    #[error("a sample was reported to be a presentation attack")]
    Attack,
    /// Nobody whom the policy trusts says that a person was there.
    #[error("nobody whom the policy of the partner trusts says that the samples are of a living person")]
    NotLive,
}

fn in_language(language: Option<&String>) -> String {
    language.map_or_else(String::new, |language| format!(" in {language}"))
}

impl Refusal {
    /// The code of MOSIP.
    #[must_use]
    pub fn code(&self) -> RefusalCode {
        match self {
            Self::Signature => RefusalCode::Signature,
            Self::OtpNotAllowed => RefusalCode::OtpNotAllowed,
            Self::FactorNotAllowed(_) | Self::AttributeNotAllowed(_) => RefusalCode::NotAllowed,
            Self::Partner => RefusalCode::Partner,
            Self::PartnerDisabled => RefusalCode::PartnerDisabled,
            Self::KycNotAllowed => RefusalCode::KycNotAllowed,
            Self::FactorRequired(_) | Self::Combination => RefusalCode::Required,
            Self::PolicyOver => RefusalCode::PolicyOver,
            Self::Stale(_) => RefusalCode::Stale,
            Self::Uin => RefusalCode::Uin,
            Self::Vid => RefusalCode::Vid,
            Self::VidExpired => RefusalCode::VidExpired,
            Self::Flooded => RefusalCode::Flooded,
            Self::NoFactor => RefusalCode::NoFactor,
            Self::Invalid(_) | Self::Replayed => RefusalCode::Invalid,
            Self::Unsupported(_) => RefusalCode::Unsupported,
            Self::Consent => RefusalCode::Consent,
            Self::OtpNowhere => RefusalCode::OtpNowhere,
            Self::Unknown => RefusalCode::Unknown,
            Self::Locked(_) => RefusalCode::Locked,
            Self::OutOfForce => RefusalCode::OutOfForce,
            Self::VidEnded => RefusalCode::VidEnded,
            Self::Demographic { .. } => RefusalCode::Demographic,
            Self::DemographicMissing { .. } => RefusalCode::DemographicMissing,
            Self::OtpFlooded => RefusalCode::OtpFlooded,
            Self::OtpNotSent => RefusalCode::OtpNotSent,
            Self::OtpExpired => RefusalCode::OtpExpired,
            Self::OtpWrong => RefusalCode::OtpWrong,
            Self::OtpTransaction => RefusalCode::OtpTransaction,
            Self::OtpNotSentFrozen => RefusalCode::OtpNotSentFrozen,
            Self::OtpFrozen => RefusalCode::OtpFrozen,
            Self::OtpChannel => RefusalCode::OtpChannel,
            Self::OtpPartner => RefusalCode::OtpPartner,
            Self::Biometric(_) => RefusalCode::Biometric,
            Self::Twice(Factor::Iris) => RefusalCode::IrisTwice,
            Self::Twice(_) => RefusalCode::FingerTwice,
            Self::TooMany(Factor::Iris) => RefusalCode::TooManyIrises,
            Self::TooMany(Factor::Face) => RefusalCode::TooManyFaces,
            Self::TooMany(_) => RefusalCode::TooManyFingers,
            Self::BiometricMissing(_) => RefusalCode::BiometricMissing,
            Self::Unreadable | Self::Attack | Self::NotLive => RefusalCode::Unusable,
        }
    }

    /// What happened, as people are told.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// What to do next; nothing where only the deployment can do something.
    #[must_use]
    pub fn action(&self) -> Option<&'static str> {
        Some(match self {
            Self::Partner => "check the id and the API key",
            Self::Signature => "sign the bytes of the request with a key that is registered for the partner",
            Self::FactorNotAllowed(_) | Self::AttributeNotAllowed(_) | Self::Unsupported(_) => {
                "use what the policy has"
            }
            Self::FactorRequired(_) | Self::Combination => "add what the policy asks for",
            Self::NoFactor => "send demographic claims, a one-time password or samples",
            Self::Invalid(_) => "correct the request",
            Self::Stale(_) => "set the clock and send the request at once",
            Self::Replayed => "send a request with a transaction of its own",
            Self::Consent => "ask the person",
            Self::Flooded | Self::OtpFlooded | Self::OtpFrozen | Self::OtpNotSentFrozen => "try again later",
            Self::Uin | Self::Vid | Self::Unknown => "enter the number again",
            Self::VidExpired | Self::VidEnded => "use another VID",
            Self::Locked(_) => "unlock it first, or use another factor",
            Self::Demographic { .. } => "enter it again",
            Self::OtpWrong => "enter the password again",
            Self::OtpExpired | Self::OtpTransaction | Self::OtpPartner | Self::OtpNotSent => "ask for another password",
            Self::OtpChannel => "name phone or email",
            Self::Biometric(_) | Self::Unreadable | Self::Attack | Self::NotLive => "capture again",
            Self::Twice(_) | Self::TooMany(_) => "send each finger, eye and face once",
            Self::PartnerDisabled
            | Self::PolicyOver
            | Self::KycNotAllowed
            | Self::OtpNotAllowed
            | Self::OutOfForce
            | Self::DemographicMissing { .. }
            | Self::OtpNowhere
            | Self::BiometricMissing(_) => return None,
        })
    }
}
