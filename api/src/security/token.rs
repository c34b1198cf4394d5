//! Bearer tokens: JSON Web Tokens (RFC 7519) signed with RS256 or ES256.

use std::collections::BTreeMap;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation};
use serde_json::{Map, Value};
use thiserror::Error;

use super::client::{By, Client};
use super::jwks::{Jwks, JwksError};
use super::role::{Role, Roles};
use super::settings::TokenSettings;

/// The longest token: those of real issuers have one or two kilobytes, with many groups in them eight.
const MAX_TOKEN_BYTES: usize = 16 << 10;

/// Verifies tokens of one issuer.
#[derive(Debug)]
pub struct Verifier {
    keys: Jwks,
    validation: Validation,
    name_claim: String,
    roles_claim: String,
    role_names: BTreeMap<String, Vec<Role>>,
}

/// Why a token is not believed. It never holds the token or anything of it.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum TokenError {
    /// More bytes than a token may have.
    #[error("the token has {bytes} bytes, more than {MAX_TOKEN_BYTES}")]
    TooLong {
        /// How many it has.
        bytes: usize,
    },
    /// It cannot be read as a signed JWT.
    #[error("the token is no signed JWT that can be read")]
    Malformed,
    /// It is signed, or not signed, in another way.
    #[error("the token must be signed with RS256 or ES256")]
    Algorithm,
    /// The issuer has no key of the id that the token names.
    #[error("the token names a key that its issuer does not have: get a new token")]
    UnknownKey,
    /// The signature is not the issuer's.
    #[error("the token's signature is wrong")]
    Signature,
    /// Its time is over.
    #[error("the token has expired: get a new one")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet: compare the clocks of issuer and server")]
    NotYetValid,
    /// Another issuer made it.
    #[error("the token is of an issuer that is not believed here")]
    Issuer,
    /// It is for somebody else.
    #[error("the token is not meant for this server")]
    Audience,
    /// A claim is not there, or is not what it must be.
    #[error("the token lacks the claim \"{0}\", or it is not as it must be")]
    Claim(String),
    /// The issuer's keys were not fetched yet.
    #[error("tokens cannot be verified at this time: the issuer's keys could not be fetched; try again later")]
    NoKeys,
}

impl Verifier {
    /// Reads the issuer's keys.
    ///
    /// # Errors
    /// [`JwksError`], as [`Jwks::open`].
    pub fn open(settings: &TokenSettings) -> Result<Self, JwksError> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.leeway = settings.leeway_s;
        validation.validate_nbf = true;
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&[&settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        Ok(Self {
            keys: Jwks::open(settings)?,
            validation,
            name_claim: settings.name_claim.clone(),
            roles_claim: settings.roles_claim.clone(),
            role_names: settings.role_names.clone(),
        })
    }

    /// Whether there is no key to verify by.
    pub(super) fn lacks_keys(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whose token this is. A token without roles of ours is somebody's all the same; he may do nothing.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn verify(&self, token: &str) -> Result<Client, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong { bytes: token.len() });
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
            return Err(TokenError::Algorithm);
        }
        let key = self.keys.key(header.kid.as_deref(), header.alg).await?;
        // The algorithm is the key's own, not one that the token chooses among several.
        let validation = Validation { algorithms: vec![header.alg], ..self.validation.clone() };
        let verified = jsonwebtoken::decode::<Map<String, Value>>(token, &key.decoding, &validation)?;
        self.client(&verified.claims)
    }

    fn client(&self, claims: &Map<String, Value>) -> Result<Client, TokenError> {
        let name = find(claims, &self.name_claim).and_then(Value::as_str).filter(|name| can_be_a_name(name));
        let name = name.ok_or_else(|| TokenError::Claim(self.name_claim.clone()))?.to_owned();
        let roles = find(claims, &self.roles_claim).map_or(Roles::NONE, |claim| self.roles(claim));
        Ok(Client { name, roles, by: By::Token })
    }

    /// The roles that a claim lists; what is called otherwise is for other servers.
    fn roles(&self, claim: &Value) -> Roles {
        let in_text = claim.as_str().into_iter().flat_map(str::split_ascii_whitespace);
        let in_array = claim.as_array().into_iter().flatten().filter_map(Value::as_str);
        in_text.chain(in_array).flat_map(|name| self.named(name)).collect()
    }

    fn named(&self, name: &str) -> Vec<Role> {
        if self.role_names.is_empty() {
            name.parse().into_iter().collect()
        } else {
            self.role_names.get(name).cloned().unwrap_or_default()
        }
    }
}

fn can_be_a_name(name: &str) -> bool {
    (1..=Client::MAX_NAME_BYTES).contains(&name.len()) && !name.chars().any(char::is_control)
}

/// The claim of a name, or the one that a path of names with dots leads to. Names may have dots themselves.
fn find<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(whole) = claims.get(path) {
        return Some(whole);
    }
    let (first, rest) = path.split_once('.')?;
    find(claims.get(first)?.as_object()?, rest)
}

impl From<JwksError> for TokenError {
    fn from(error: JwksError) -> Self {
        match error {
            JwksError::Unknown => Self::UnknownKey,
            JwksError::NeverFetched
            | JwksError::Unreadable(_)
            | JwksError::NoAuthority(_)
            | JwksError::Unreachable { .. }
            | JwksError::Malformed { .. }
            | JwksError::NoKey { .. } => Self::NoKeys,
        }
    }
}

/// The errors of the package may hold parts of the token; ours do not.
impl From<jsonwebtoken::errors::Error> for TokenError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the package may add kinds of errors, and all others mean one thing here"
    )]
    fn from(error: jsonwebtoken::errors::Error) -> Self {
        match error.into_kind() {
            ErrorKind::ExpiredSignature => Self::Expired,
            ErrorKind::ImmatureSignature => Self::NotYetValid,
            ErrorKind::InvalidIssuer => Self::Issuer,
            ErrorKind::InvalidAudience => Self::Audience,
            ErrorKind::InvalidSignature => Self::Signature,
            ErrorKind::InvalidAlgorithm => Self::Algorithm,
            ErrorKind::MissingRequiredClaim(name) | ErrorKind::InvalidClaimFormat(name) => Self::Claim(name),
            _ => Self::Malformed,
        }
    }
}
