//! Who makes a request.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use rustls::pki_types::CertificateDer;
use thiserror::Error;

use super::certificate::{CertificateError, identify};
use super::client::Client;
use super::jwks::JwksError;
use super::refusal::Refusal;
use super::settings::{CertificateClient, Settings, SettingsError};
use super::token::{TokenError, Verifier};

/// Recognises clients.
#[derive(Debug)]
pub struct Authenticator {
    lets_everybody_in: bool,
    clients: Vec<CertificateClient>,
    tokens: Option<Verifier>,
}

/// Why no clients can be recognised.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The settings make no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The issuer's keys cannot be read.
    #[error("security.tokens.keys: {0}")]
    Keys(#[from] JwksError),
}

impl Authenticator {
    /// Reads what is needed to recognise the clients of `settings`. May wait a few seconds for an issuer's keys.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        settings.check()?;
        Ok(Self {
            lets_everybody_in: settings.lets_everybody_in(),
            clients: settings.clients.clone(),
            tokens: settings.tokens.as_ref().map(Verifier::open).transpose()?,
        })
    }

    /// Whether tokens are to be believed and there is no key to verify them by: the issuer could not be reached.
    #[must_use]
    pub fn lacks_keys(&self) -> bool {
        self.tokens.as_ref().is_some_and(Verifier::lacks_keys)
    }

    /// Recognises a client by its verified `certificates`, the first of which is its own, else by the token in `headers`.
    ///
    /// # Errors
    /// [`Refusal`] where it is nobody who is known.
    pub async fn authenticate(
        &self,
        certificates: Option<&[CertificateDer<'static>]>,
        headers: &HeaderMap,
    ) -> Result<Client, Refusal> {
        if self.lets_everybody_in {
            return Ok(Client::anonymous());
        }
        let shown = certificates.and_then(<[_]>::first);
        let by_certificate = shown.map(|certificate| identify(&self.clients, certificate));
        match (by_certificate, &self.tokens, bearer(headers)?) {
            (Some(Ok(client)), _, _) => Ok(client),
            // A certificate that ran out is not made up for by a token: whoever holds it must hear of it.
            (Some(Err(CertificateError::NotValidNow)), _, _) => Err(CertificateError::NotValidNow.into()),
            (_, Some(tokens), Some(token)) => Ok(tokens.verify(token).await?),
            (_, None, Some(_)) => Err(Refusal::TokensNotTaken),
            (Some(Err(error)), _, None) => Err(error.into()),
            (None, _, None) => Err(Refusal::Unnamed),
        }
    }
}

/// The token of the header `authorization`.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, more) = (values.next(), values.next());
    let Some(value) = value else { return Ok(None) };
    if more.is_some() {
        return Err(TokenError::Malformed.into());
    }
    let text = value.to_str().map_err(|_| TokenError::Malformed)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(Some(token)),
        Some(_) | None => Err(TokenError::Malformed.into()),
    }
}
