//! A statement whose holder chooses what to show: SD-JWT (RFC 9901) in the form of SD-JWT VC (draft-ietf-oauth-sd-jwt-vc).
//!
//! Each claim, and the subject, is signed as the digest of a disclosure with a random salt. The holder keeps all disclosures and
//! hands over those that are to be seen; of the others only digests remain, which say nothing without the salt. Where it is bound to
//! a key of its holder (`cnf`, RFC 9901, section 4.1.2), he proves each time that he has the secret one; whoever has another can show it.

use std::collections::HashSet;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use sd_jwt_payload::{Hasher, JsonObject, JwsSigner, SdJwt, SdJwtBuilder};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::binding::{BindingError, Challenge, check};
use super::holder::{HolderKey, take_confirmation};
use super::key::{IssuerKey, PublicKeys};
use super::signature::{MOST_TOKEN_BYTES, TokenError, sign, verify};
use super::statement::{Statement, StatementError, take_seconds, take_text};
use super::status::{StatusEntry, take_claim};

const TYPE: &str = "dc+sd-jwt";

/// Of a salt: RFC 9901 asks for 128 bits.
const SALT_BYTES: usize = 16;

/// Of a token: a digest more than claims can be, for the subject.
const MOST_DISCLOSURES: usize = Statement::MOST_CLAIMS + 1;

/// What is always shown: what it takes to check a credential.
const SHOWN: [&str; 7] = ["iss", "vct", "nbf", "exp", "_sd_alg", "cnf", "status"];

/// Why a credential is not made, or not believed.
#[derive(Debug, thiserror::Error)]
pub enum SelectiveError {
    /// See [`TokenError`].
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Disclosures or digests are not as RFC 9901 asks.
    #[error("disclosures: {0}")]
    Disclosures(#[from] sd_jwt_payload::Error),
    /// There are too many disclosures.
    #[error("{disclosures} disclosures, more than {most}", most = MOST_DISCLOSURES)]
    TooMany {
        /// How many.
        disclosures: usize,
    },
    /// A disclosure is there twice, or has a name that no claim can have.
    #[error("a disclosure is there twice, or has a name that no claim can have")]
    Disclosure,
    /// Digests are of another function than SHA-256.
    #[error("the digests are not of SHA-256")]
    HashFunction,
    /// It is bound to a key of its holder, and nobody asked for a proof of it.
    #[error("the credential is bound to a key of its holder: ask for a proof of it, or refuse it")]
    KeyBound,
    /// A proof was asked for, and there is none, or nothing that it could be a proof of.
    #[error("the credential is shown without a proof of its holder's key, or is bound to none")]
    Unproven,
    /// There is a proof of a key where none belongs.
    #[error("a proof of a key follows a credential that is bound to none, or that is yet to be shown")]
    StrayProof,
    /// The proof of the holder's key is none.
    #[error(transparent)]
    Binding(#[from] BindingError),
    /// The credential does not have this claim, or its holder no longer does.
    #[error("there is no claim {0:?} to show")]
    NoClaim(String),
    /// The signature was not there when it was asked for.
    #[error("the credential was not signed")]
    Unsigned,
}

/// What somebody shows of a credential.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Who says it.
    pub issuer: String,
    /// Of whom, if that is shown.
    pub subject: Option<String>,
    /// What kind of credential it is.
    pub kind: String,
    /// From when on it holds, in seconds since 1970.
    pub from_unix_s: u64,
    /// Until when it holds, in seconds since 1970.
    pub until_unix_s: u64,
    /// What is shown of what is said.
    pub claims: Map<String, Value>,
    /// Where it can be asked whether it still counts.
    pub status: Option<StatusEntry>,
    /// The key that it is bound to, which whoever shows it has.
    pub holder: Option<HolderKey>,
}

impl Statement {
    /// Signs it as an SD-JWT of which every claim and the subject (named `sub`) can be shown or not. What comes is for the holder
    /// alone, and to be shown through [`present`].
    ///
    /// # Errors
    /// [`SelectiveError`].
    pub fn sign_selective(&self, key: &IssuerKey) -> Result<String, SelectiveError> {
        self.check().map_err(TokenError::from)?;
        let mut builder = SdJwtBuilder::new_with_hasher_and_salt_size(self.flat(), Sha256Hasher, SALT_BYTES)?;
        for name in self.claims.keys().map(String::as_str).chain(["sub"]) {
            builder = builder.make_concealable(&format!("/{name}"))?;
        }
        let signed = builder.header("typ", TYPE).header("kid", key.id());
        let token = ready(signed.finish(&Signer(key), "ES256")).ok_or(SelectiveError::Unsigned)??;
        Ok(token.presentation())
    }
}

/// What the holder of `token` hands over to show the claims of these names, and nothing else of what can be hidden.
///
/// # Errors
/// [`SelectiveError::NoClaim`] for a name that is not there; other [`SelectiveError`]s where it is no such token.
pub fn present(token: &str, names: &[&str]) -> Result<String, SelectiveError> {
    if !token.ends_with('~') {
        return Err(SelectiveError::StrayProof);
    }
    let parsed = parse(token)?;
    let mut shown = parsed.into_presentation(&Sha256Hasher)?.conceal_all();
    for name in names {
        if name.contains('/') {
            return Err(SelectiveError::NoClaim((*name).to_owned()));
        }
        let disclosed = shown.disclose(&format!("/{name}"));
        shown = disclosed.map_err(|_| SelectiveError::NoClaim((*name).to_owned()))?;
    }
    Ok(shown.finish().0.presentation())
}

/// What is shown by a token of [`present`] or [`Statement::sign_selective`], if one of `keys`, which are those of `issuer`, has
/// signed it and it holds at an instant in milliseconds since 1970. Whether it was revoked since is in the list that its `status`
/// names: see [`super::PublishedList`].
///
/// # Errors
/// [`SelectiveError`] where it is not to be believed; [`SelectiveError::KeyBound`] where it is for [`verify_bound`].
pub fn verify_selective(
    keys: &PublicKeys,
    issuer: &str,
    token: &str,
    now_unix_ms: u64,
) -> Result<Shown, SelectiveError> {
    let (presented, proof) = apart(token)?;
    let shown = believed(keys, issuer, presented, now_unix_ms)?;
    match shown.holder {
        Some(_) => Err(SelectiveError::KeyBound),
        None if !proof.is_empty() => Err(SelectiveError::StrayProof),
        None => Ok(shown),
    }
}

/// The same of a token that is bound to a key of its holder, and ends with the proof that who shows it has that key (RFC 9901, section
/// 7.3): made for this verifier, this occasion and what is shown. That a nonce is taken once is for the caller to see to.
///
/// # Errors
/// [`SelectiveError`] where it is not to be believed.
pub fn verify_bound(
    keys: &PublicKeys,
    issuer: &str,
    token: &str,
    challenge: &Challenge<'_>,
    now_unix_ms: u64,
) -> Result<Shown, SelectiveError> {
    let (presented, proof) = apart(token)?;
    let shown = believed(keys, issuer, presented, now_unix_ms)?;
    let Some(holder) = shown.holder.as_ref().filter(|_| !proof.is_empty()) else {
        return Err(SelectiveError::Unproven);
    };
    check(holder, (presented, proof), challenge, now_unix_ms)?;
    Ok(shown)
}

/// What a token shows and the proof behind its last `~`, which may be empty.
fn apart(token: &str) -> Result<(&str, &str), TokenError> {
    check_length(token)?;
    Ok(token.split_at(token.rfind('~').map_or(token.len(), |last| last + 1)))
}

/// What is shown by a token without its proof.
fn believed(keys: &PublicKeys, issuer: &str, token: &str, now_unix_ms: u64) -> Result<Shown, SelectiveError> {
    // Nothing but the signed part is looked at before its signature is known to be right.
    let signed = token.split('~').next().unwrap_or_default();
    let payload = verify(keys, TYPE, signed)?;
    if payload.get("_sd_alg").and_then(Value::as_str) != Some(Sha256Hasher.alg_name()) {
        return Err(SelectiveError::HashFunction);
    }
    let parsed = parse(token)?;
    let mut object = parsed.into_disclosed_object(&Sha256Hasher)?;
    let subject = object.remove("sub");
    let statement = read(object, subject.as_ref())?;
    statement.check_at(issuer, now_unix_ms).map_err(TokenError::from)?;
    let Statement { issuer, kind, from_unix_s, until_unix_s, claims, status, holder, .. } = statement;
    let subject = subject.as_ref().and_then(Value::as_str).map(str::to_owned);
    Ok(Shown { issuer, subject, kind, from_unix_s, until_unix_s, claims, status, holder })
}

fn check_length(token: &str) -> Result<(), TokenError> {
    if token.len() > MOST_TOKEN_BYTES { Err(TokenError::TooLong { bytes: token.len() }) } else { Ok(()) }
}

/// The parts of a token, whose disclosures are different ones and of names that claims can have.
fn parse(token: &str) -> Result<SdJwt, SelectiveError> {
    check_length(token)?;
    let parts = token.matches('~').count();
    if parts > MOST_DISCLOSURES + 1 {
        return Err(SelectiveError::TooMany { disclosures: parts - 1 });
    }
    let parsed = SdJwt::parse(token)?;
    let mut seen = HashSet::new();
    for disclosure in parsed.disclosures() {
        let name = disclosure.claim_name.as_deref().unwrap_or("...");
        let reserved = SHOWN.contains(&name) || matches!(name, "_sd" | "...");
        if reserved || !seen.insert(disclosure.as_str()) {
            return Err(SelectiveError::Disclosure);
        }
    }
    Ok(parsed)
}

/// The statement of what is shown; a subject that is not is filled in.
fn read(mut object: JsonObject, subject: Option<&Value>) -> Result<Statement, TokenError> {
    let subject = match subject {
        None => "urn:hidden".to_owned(),
        Some(Value::String(subject)) => subject.clone(),
        Some(_) => return Err(StatementError::Field("sub").into()),
    };
    Ok(Statement {
        issuer: take_text(&mut object, "iss")?,
        subject,
        kind: take_text(&mut object, "vct")?,
        from_unix_s: take_seconds(&mut object, "nbf")?,
        until_unix_s: take_seconds(&mut object, "exp")?,
        status: take_claim(&mut object)?,
        holder: take_confirmation(&mut object)?,
        claims: object,
    })
}

/// The digests of a credential, and of what its holder proves.
pub(super) struct Sha256Hasher;

impl Hasher for Sha256Hasher {
    fn digest(&self, input: &[u8]) -> Vec<u8> {
        Sha256::digest(input).to_vec()
    }

    fn alg_name(&self) -> &'static str {
        "sha-256"
    }
}

struct Signer<'a>(&'a IssuerKey);

impl JwsSigner for Signer<'_> {
    type Error = TokenError;

    fn sign<'own, 'header, 'payload, 'all>(
        &'own self,
        _header: &'header JsonObject,
        payload: &'payload JsonObject,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, TokenError>> + Send + 'all>>
    where
        'own: 'all,
        'header: 'all,
        'payload: 'all,
        Self: 'all,
    {
        // The header that is asked for says the same as that which is signed: type, algorithm and key.
        let signed = sign(self.0, TYPE, None, payload).map(String::into_bytes);
        Box::pin(std::future::ready(signed))
    }
}

/// What a future gives that waits for nothing: the library leaves room for signing elsewhere, and nothing here does.
fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Hasher, Sha256Hasher};

    /// Of RFC 9901, section 4.2.3.
    #[test]
    fn the_digest_of_a_disclosure_is_that_of_the_standard() {
        let disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        assert_eq!(Sha256Hasher.encoded_digest(disclosure), "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
    }
}
