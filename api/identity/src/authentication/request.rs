//! What a partner asks.

use std::fmt;

use serde::{Deserialize, Serialize};
use whorl_types::{Liveness, LivenessOutcome, Modality, Position};
use zeroize::Zeroizing;

use super::{Channel, Factor, Refusal};
use crate::partner::{Attribute, Policy, Strategy};

/// Who asks.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The id of the partner.
    pub partner: &'a str,
    /// Its API key.
    pub api_key: &'a str,
    /// Its signature over the request as it came; needed where the partner has public keys.
    pub signed: Option<Signed<'a>>,
}

/// A signature and what it is over.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    /// The detached JWS.
    pub jws: &'a str,
    /// The bytes of the request.
    pub body: &'a [u8],
}

/// What kind of number somebody is named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdKind {
    /// The UIN.
    Uin,
    /// A VID.
    Vid,
    /// The token by which this partner knows him.
    Token,
}

/// What a person agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Whether he agreed to be authenticated.
    pub is_given: bool,
    /// Which fields of his record may be told; those of the partner's policy where he does not say.
    pub attributes: Option<Vec<String>>,
}

/// A demographic claim.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it is about.
    pub attribute: Attribute,
    /// What is claimed.
    pub value: String,
    /// In which language (ISO 639-2, as `eng`); in any where it does not say.
    pub language: Option<String>,
    /// How it is compared.
    pub strategy: Strategy,
    /// The least share of words that must be alike, in percent, where it is more than the policy asks.
    pub least_percent: Option<u8>,
}

/// A sample of a body.
#[derive(Clone, PartialEq)]
pub struct Biometric {
    /// Of which kind.
    pub modality: Modality,
    /// Of which finger or eye.
    pub position: Position,
    /// Pixels per inch, where the file does not say.
    pub ppi: Option<u16>,
    /// Whether a person was there when it was captured, and who says so.
    pub liveness: Option<Liveness>,
    /// A picture or template that `whorl_service::sample` reads.
    pub bytes: Vec<u8>,
}

/// What a partner wants to know of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KycRequest {
    /// Which fields; all that the policy lets it know where it names none.
    pub attributes: Vec<String>,
    /// In which languages; all where it names none.
    pub languages: Vec<String>,
}

/// Is this the person he claims to be?
#[derive(Clone)]
pub struct Request {
    /// Who he claims to be.
    pub id: String,
    /// What kind of number that is; told by its form where it is left out.
    pub kind: Option<IdKind>,
    /// What the partner calls this, once: 1 to 64 printable ASCII letters. After a one-time password was asked for, its transaction.
    pub transaction: String,
    /// When it was made, in milliseconds since 1970.
    pub at_ms: u64,
    /// What it is for; kept for the person to read.
    pub purpose: String,
    /// What he agreed to.
    pub consent: Option<Agreement>,
    /// Demographic claims.
    pub demographics: Vec<Claim>,
    /// The one-time password.
    pub otp: Option<Zeroizing<String>>,
    /// Samples of his body.
    pub biometrics: Vec<Biometric>,
    /// What the partner wants to know of him.
    pub kyc: Option<KycRequest>,
}

/// Send him a one-time password.
#[derive(Clone)]
pub struct OtpRequest {
    /// Whom.
    pub id: String,
    /// What kind of number that is; told by its form where it is left out.
    pub kind: Option<IdKind>,
    /// What the partner calls this, and the authentication to come.
    pub transaction: String,
    /// When it was made, in milliseconds since 1970.
    pub at_ms: u64,
    /// How it may be sent.
    pub channels: Vec<Channel>,
}

impl Request {
    /// The most demographic claims: every field of a large schema.
    pub const MOST_CLAIMS: usize = 64;

    /// The most bytes of a claim, a purpose or a name.
    pub const MOST_TEXT_BYTES: usize = 1_024;

    /// The most bytes of a transaction.
    pub const MOST_TRANSACTION_BYTES: usize = 64;

    /// The most bytes of an id: longer than any UIN, VID or token.
    pub const MOST_ID_BYTES: usize = 64;

    /// The most fingers.
    pub const MOST_FINGERS: usize = 10;

    /// The most bytes of a sample.
    pub const MOST_SAMPLE_BYTES: usize = 16 << 20;

    /// The factors that are to agree, in the order of [`Factor::ALL`].
    #[must_use]
    pub fn factors(&self) -> Vec<Factor> {
        let has = |factor: &Factor| match factor {
            Factor::Demographic => !self.demographics.is_empty(),
            Factor::Otp => self.otp.is_some(),
            Factor::Fingerprint | Factor::Iris | Factor::Face => {
                self.biometrics.iter().any(|sample| Factor::of(sample.modality) == *factor)
            }
        };
        Factor::ALL.into_iter().filter(has).collect()
    }

    /// Whether it has what a request has, and no more than is looked at.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.factors().is_empty() {
            return Err(Refusal::NoFactor);
        }
        let fits = |text: &str| (1..=Self::MOST_TEXT_BYTES).contains(&text.len());
        if !fits(&self.purpose) {
            return Err(Refusal::Invalid("purpose"));
        }
        let is_claim = |claim: &Claim| {
            let language = claim.language.as_deref().unwrap_or("eng");
            fits(&claim.value)
                && language.len() == 3
                && claim.least_percent.is_none_or(|percent| (1..=100).contains(&percent))
        };
        if self.demographics.len() > Self::MOST_CLAIMS || !self.demographics.iter().all(is_claim) {
            return Err(Refusal::Invalid("demographics"));
        }
        if self.otp.as_ref().is_some_and(|otp| !(1..=Self::MOST_ID_BYTES).contains(&otp.len())) {
            return Err(Refusal::Invalid("otp"));
        }
        let lists = [self.kyc.as_ref().map(|kyc| &kyc.attributes), self.kyc.as_ref().map(|kyc| &kyc.languages)];
        let agreed = self.consent.as_ref().and_then(|consent| consent.attributes.as_ref());
        if lists.into_iter().flatten().chain(agreed).any(|list| list.len() > Policy::MOST_ENTRIES) {
            return Err(Refusal::Invalid("kyc"));
        }
        self.check_biometrics()
    }

    fn check_biometrics(&self) -> Result<(), Refusal> {
        let sized = |sample: &Biometric| (1..=Self::MOST_SAMPLE_BYTES).contains(&sample.bytes.len());
        if !self.biometrics.iter().all(sized) {
            return Err(Refusal::Unreadable);
        }
        for (modality, most) in [(Modality::Fingerprint, Self::MOST_FINGERS), (Modality::Iris, 2), (Modality::Face, 1)]
        {
            let samples = self.biometrics.iter().filter(|sample| sample.modality == modality);
            let positions = samples.map(|sample| sample.position).collect::<Vec<_>>();
            if positions.len() > most {
                return Err(Refusal::TooMany(Factor::of(modality)));
            }
            let known = |position: &Position| *position != Position::Unknown;
            let is_twice = |at: usize| known(&positions[at]) && positions[..at].contains(&positions[at]);
            if (0..positions.len()).any(is_twice) {
                return Err(Refusal::Twice(Factor::of(modality)));
            }
            if positions.iter().filter(|position| known(position)).any(|at| at.modality() != Some(modality)) {
                return Err(Refusal::Invalid("biometrics"));
            }
        }
        Ok(())
    }

    /// Whether a partner may ask this.
    pub(super) fn check_policy(&self, policy: &Policy) -> Result<(), Refusal> {
        let factors = self.factors();
        if let Some(factor) = factors.iter().find(|factor| !policy.allows(**factor)) {
            return Err(Refusal::FactorNotAllowed(*factor));
        }
        let mut required = policy.factors.iter().filter(|rule| rule.is_required).map(|rule| rule.factor);
        if let Some(factor) = required.find(|factor| !factors.contains(factor)) {
            return Err(Refusal::FactorRequired(factor));
        }
        let is_whole = |set: &Vec<Factor>| set.iter().all(|factor| factors.contains(factor));
        if !policy.combinations.is_empty() && !policy.combinations.iter().any(is_whole) {
            return Err(Refusal::Combination);
        }
        let is_forbidden = |claim: &&Claim| policy.least_percent(&claim.attribute, claim.strategy).is_none();
        if let Some(claim) = self.demographics.iter().find(is_forbidden) {
            return Err(Refusal::AttributeNotAllowed(claim.attribute.clone()));
        }
        Ok(())
    }

    /// Whether what is reported of the samples' liveness lets them count.
    pub(super) fn check_liveness(&self, policy: &Policy) -> Result<(), Refusal> {
        let reports = self.biometrics.iter().map(|sample| sample.liveness.as_ref());
        if reports.clone().flatten().any(|liveness| liveness.outcome() == LivenessOutcome::Attack) {
            return Err(Refusal::Attack);
        }
        let vouches = |liveness: &Liveness| {
            let source = policy.liveness_sources.iter().any(|source| source == liveness.source());
            source && liveness.outcome() == LivenessOutcome::Live
        };
        let mut reports = reports;
        let is_fine = policy.liveness_sources.is_empty() || reports.all(|report| report.is_some_and(vouches));
        if is_fine { Ok(()) } else { Err(Refusal::NotLive) }
    }
}

/// Neither key nor body.
impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({:?}, signed: {})", self.partner.chars().take(64).collect::<String>(), self.signed.is_some())
    }
}

/// What it is about and how it is compared, never what is claimed.
impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Claim({}, {:?})", self.attribute.name(), self.strategy)
    }
}

impl fmt::Debug for Biometric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Biometric({}, {}, {} bytes)", self.modality, self.position, self.bytes.len())
    }
}

/// Which factors, and nothing of the person.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({:?}, {:?})", self.kind, self.factors())
    }
}

impl fmt::Debug for OtpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OtpRequest({:?}, {:?})", self.kind, self.channels)
    }
}
