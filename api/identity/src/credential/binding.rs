//! The proof by which the holder of a key shows a credential that is bound to it: the key binding JWT of RFC 9901, section 4.3.

use sd_jwt_payload::Hasher;
use serde_json::{Map, Value};

use super::holder::HolderKey;
use super::selective::Sha256Hasher;
use super::signature::{TokenError, verify_by};

const TYPE: &str = "kb+jwt";

/// What a verifier asks of whoever shows a credential that is bound to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// Who asks, as the holder is told: a proof for somebody else is none here.
    pub audience: &'a str,
    /// What the verifier drew by chance for this one occasion, and takes once: a proof that was seen before is none.
    pub nonce: &'a str,
}

impl Challenge<'_> {
    /// How old a proof may be, in seconds: what people need to look at a question and agree.
    pub const MOST_AGE_S: u64 = 300;

    /// By how many seconds the clocks of holder and verifier may differ.
    pub const CLOCKS_S: u64 = 60;
}

/// Why a proof is none.
#[derive(Debug, thiserror::Error)]
pub enum BindingError {
    /// The verifier asks without saying who he is, or without something drawn by chance.
    #[error("a challenge without an audience or without a nonce: who checks a proof must state both")]
    Challenge,
    /// It is not a token that the holder's key has signed.
    #[error("the proof of the holder's key: {0}")]
    Token(#[from] TokenError),
    /// A claim is missing or not of its form.
    #[error("the proof of the holder's key has no `{0}`, or one not of its form")]
    Field(&'static str),
    /// It is for another verifier.
    #[error("the proof of the holder's key is for another verifier")]
    Audience,
    /// It answers another question.
    #[error("the proof of the holder's key answers another question: it was shown before, or is somebody else's")]
    Nonce,
    /// It is for another credential, or other claims of it are shown.
    #[error("the proof of the holder's key is of another credential, or of other claims than those that are shown")]
    Hash,
    /// It is too old, or of the future.
    #[error(
        "the proof of the holder's key is of {at_unix_s}, in seconds since 1970, and not of the last {most} seconds",
        most = Challenge::MOST_AGE_S
    )]
    Time {
        /// When it was made, by its own account.
        at_unix_s: u64,
    },
}

/// That `proof` was made by the holder of `key` for this occasion and for `presented`, a token up to its last `~` (RFC 9901, section 7.3).
pub(super) fn check(
    key: &HolderKey,
    (presented, proof): (&str, &str),
    challenge: &Challenge<'_>,
    now_unix_ms: u64,
) -> Result<(), BindingError> {
    if challenge.audience.is_empty() || challenge.nonce.is_empty() {
        return Err(BindingError::Challenge);
    }
    let claims = verify_by(&key.decoding().map_err(TokenError::from)?, TYPE, proof)?;
    if text(&claims, "aud")? != challenge.audience {
        return Err(BindingError::Audience);
    }
    if text(&claims, "nonce")? != challenge.nonce {
        return Err(BindingError::Nonce);
    }
    // By the function of the disclosures' digests, which is SHA-256 (RFC 9901, section 4.3.1).
    if text(&claims, "sd_hash")? != Sha256Hasher.encoded_digest(presented) {
        return Err(BindingError::Hash);
    }
    check_time(&claims, now_unix_ms / 1000)
}

fn text<'a>(claims: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, BindingError> {
    claims.get(name).and_then(Value::as_str).ok_or(BindingError::Field(name))
}

/// Also an end that the holder set himself is kept to.
fn check_time(claims: &Map<String, Value>, now_unix_s: u64) -> Result<(), BindingError> {
    let seconds = |name: &'static str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or(BindingError::Field(name)),
    };
    let at_unix_s = seconds("iat")?.ok_or(BindingError::Field("iat"))?;
    let earliest = now_unix_s.saturating_sub(Challenge::MOST_AGE_S + Challenge::CLOCKS_S);
    let latest = now_unix_s + Challenge::CLOCKS_S;
    let is_over = seconds("exp")?.is_some_and(|end| end.saturating_add(Challenge::CLOCKS_S) <= now_unix_s);
    let is_early = seconds("nbf")?.is_some_and(|begin| begin > latest);
    let fits = (earliest..=latest).contains(&at_unix_s) && !is_over && !is_early;
    if fits { Ok(()) } else { Err(BindingError::Time { at_unix_s }) }
}
