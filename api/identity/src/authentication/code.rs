//! MOSIP's codes of why somebody is not authenticated.

use std::fmt;

/// Why somebody is not authenticated, as MOSIP's id-authentication 1.2 says it (`IdAuthenticationErrorConstants`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalCode {
    /// The request is not signed by the partner.
    Signature,
    /// The partner may have no passwords sent.
    OtpNotAllowed,
    /// The partner may not use a factor or an attribute, or not compare it so.
    NotAllowed,
    /// There is no such partner, or its API key is another.
    Partner,
    /// The partner is disabled.
    PartnerDisabled,
    /// The partner gets to know nothing of persons.
    KycNotAllowed,
    /// The partner must use a factor, or one of certain combinations.
    Required,
    /// The policy of the partner is over.
    PolicyOver,
    /// The request is too old or from the future.
    Stale,
    /// It cannot be a UIN.
    Uin,
    /// It cannot be a VID.
    Vid,
    /// The VID is over.
    VidExpired,
    /// Too many requests.
    Flooded,
    /// There is nothing to authenticate by.
    NoFactor,
    /// A part of the request is not as it should be, or the transaction was there before.
    Invalid,
    /// The deployment does not know a factor.
    Unsupported,
    /// The person did not agree.
    Consent,
    /// The person has neither telephone nor e-mail.
    OtpNowhere,
    /// Nobody has this number.
    Unknown,
    /// The person locked a factor.
    Locked,
    /// The person's UIN is out of force.
    OutOfForce,
    /// The VID was used or taken back.
    VidEnded,
    /// A claim does not agree.
    Demographic,
    /// There is nothing to compare a claim with.
    DemographicMissing,
    /// Too many passwords were asked for.
    OtpFlooded,
    /// Nobody takes the password to its owner.
    OtpNotSent,
    /// The password is too old.
    OtpExpired,
    /// The password is wrong.
    OtpWrong,
    /// The password is for another transaction.
    OtpTransaction,
    /// Too many were wrong, so that none is sent.
    OtpNotSentFrozen,
    /// Too many were wrong, so that none is taken.
    OtpFrozen,
    /// It is not said how the password may be sent.
    OtpChannel,
    /// The password is for another partner.
    OtpPartner,
    /// Samples are not of the person.
    Biometric,
    /// Two samples are of one finger, or of one face.
    FingerTwice,
    /// There are too many fingers.
    TooManyFingers,
    /// There is nothing to compare samples with.
    BiometricMissing,
    /// Two samples are of one eye.
    IrisTwice,
    /// There are too many eyes.
    TooManyIrises,
    /// There are too many faces.
    TooManyFaces,
    /// A sample cannot be used, was reported to be an attack, or is not known to be of a living person.
    Unusable,
}

impl RefusalCode {
    /// All codes.
    pub const ALL: [Self; 41] = [
        Self::Signature,
        Self::OtpNotAllowed,
        Self::NotAllowed,
        Self::Partner,
        Self::PartnerDisabled,
        Self::KycNotAllowed,
        Self::Required,
        Self::PolicyOver,
        Self::Stale,
        Self::Uin,
        Self::Vid,
        Self::VidExpired,
        Self::Flooded,
        Self::NoFactor,
        Self::Invalid,
        Self::Unsupported,
        Self::Consent,
        Self::OtpNowhere,
        Self::Unknown,
        Self::Locked,
        Self::OutOfForce,
        Self::VidEnded,
        Self::Demographic,
        Self::DemographicMissing,
        Self::OtpFlooded,
        Self::OtpNotSent,
        Self::OtpExpired,
        Self::OtpWrong,
        Self::OtpTransaction,
        Self::OtpNotSentFrozen,
        Self::OtpFrozen,
        Self::OtpChannel,
        Self::OtpPartner,
        Self::Biometric,
        Self::FingerTwice,
        Self::TooManyFingers,
        Self::BiometricMissing,
        Self::IrisTwice,
        Self::TooManyIrises,
        Self::TooManyFaces,
        Self::Unusable,
    ];

    /// The code of a word that MOSIP knows it by; none where it is another.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == word)
    }

    /// The word, such as `IDA-BIA-001`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Signature => "IDA-MPA-001",
            Self::OtpNotAllowed => "IDA-MPA-005",
            Self::NotAllowed => "IDA-MPA-006",
            Self::Partner => "IDA-MPA-009",
            Self::PartnerDisabled => "IDA-MPA-012",
            Self::KycNotAllowed => "IDA-MPA-013",
            Self::Required => "IDA-MPA-015",
            Self::PolicyOver => "IDA-MPA-019",
            Self::Stale => "IDA-MLC-001",
            Self::Uin => "IDA-MLC-002",
            Self::Vid => "IDA-MLC-004",
            Self::VidExpired => "IDA-MLC-005",
            Self::Flooded => "IDA-MLC-007",
            Self::NoFactor => "IDA-MLC-008",
            Self::Invalid => "IDA-MLC-009",
            Self::Unsupported => "IDA-MLC-011",
            Self::Consent => "IDA-MLC-012",
            Self::OtpNowhere => "IDA-MLC-014",
            Self::Unknown => "IDA-MLC-018",
            Self::Locked => "IDA-MLC-019",
            Self::OutOfForce => "IDA-MLC-022",
            Self::VidEnded => "IDA-MLC-023",
            Self::Demographic => "IDA-DEA-001",
            Self::DemographicMissing => "IDA-DEA-003",
            Self::OtpFlooded => "IDA-OTA-001",
            Self::OtpNotSent => "IDA-OTA-002",
            Self::OtpExpired => "IDA-OTA-003",
            Self::OtpWrong => "IDA-OTA-004",
            Self::OtpTransaction => "IDA-OTA-005",
            Self::OtpNotSentFrozen => "IDA-OTA-006",
            Self::OtpFrozen => "IDA-OTA-007",
            Self::OtpChannel => "IDA-OTA-008",
            Self::OtpPartner => "IDA-OTA-011",
            Self::Biometric => "IDA-BIA-001",
            Self::FingerTwice => "IDA-BIA-002",
            Self::TooManyFingers => "IDA-BIA-003",
            Self::BiometricMissing => "IDA-BIA-006",
            Self::IrisTwice => "IDA-BIA-007",
            Self::TooManyIrises => "IDA-BIA-008",
            Self::TooManyFaces => "IDA-BIA-009",
            Self::Unusable => "IDA-BIA-011",
        }
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_from_its_word() {
        for code in RefusalCode::ALL {
            assert_eq!(RefusalCode::of(code.name()), Some(code));
        }
        assert_eq!(RefusalCode::of("IDA-MLC-999"), None);
    }
}
