//! Why a request is not let through.

use std::time::Duration;

use axum::http::StatusCode;
use thiserror::Error;
use tonic::Code;
use whorl_proto::Reason;

use super::certificate::CertificateError;
use super::limits::OverLimit;
use super::role::Role;
use super::token::TokenError;

/// How long to wait before a token is tried again whose issuer could not be reached.
const KEYS_WAIT: Duration = Duration::from_secs(10);

/// Why a request is not let through.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The client did not say who it is.
    #[error("who you are is not known: connect with a certificate, or send a bearer token")]
    Unnamed,
    /// It sent a token where none is configured.
    #[error("no bearer tokens are taken here: connect with a certificate")]
    TokensNotTaken,
    /// Its certificate does not say who it is.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Its token is not believed.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// It is known, and may not.
    #[error("the method {method} needs {}, which the client does not have", roles(needed))]
    RoleMissing {
        /// The path of the method.
        method: String,
        /// The roles of which one suffices.
        needed: &'static [Role],
    },
    /// There is no such method.
    #[error("there is no method of this path")]
    UnknownMethod,
    /// It asks for more than it may have.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
}

fn roles(needed: &[Role]) -> String {
    let names: Vec<_> = needed.iter().map(|role| role.name()).collect();
    match &names[..] {
        [one] => format!("the role {one}"),
        several => format!("one of the roles {}", several.join(", ")),
    }
}

impl Refusal {
    /// The word for programs, as `google.rpc.ErrorInfo` and the JSON of the gateway carry it.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Unnamed => Reason::CredentialsMissing.name(),
            Self::TokensNotTaken => Reason::TokensNotTaken.name(),
            Self::Certificate(CertificateError::Malformed) => "CERTIFICATE_MALFORMED",
            Self::Certificate(CertificateError::NotValidNow) => "CERTIFICATE_NOT_VALID_NOW",
            Self::Certificate(CertificateError::Unknown) => "CERTIFICATE_UNKNOWN",
            Self::Token(error) => error.reason(),
            Self::RoleMissing { .. } => Reason::RoleMissing.name(),
            Self::UnknownMethod => "METHOD_UNKNOWN",
            Self::OverLimit(OverLimit::Rate { .. }) => Reason::RateLimited.name(),
            Self::OverLimit(OverLimit::Concurrency { .. }) => Reason::ConcurrencyLimited.name(),
            Self::OverLimit(OverLimit::Clients { .. }) => "CLIENTS_LIMITED",
        }
    }

    /// The code of gRPC.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Token(TokenError::NoKeys) => Code::Unavailable,
            Self::Unnamed | Self::TokensNotTaken | Self::Certificate(_) | Self::Token(_) => Code::Unauthenticated,
            Self::RoleMissing { .. } => Code::PermissionDenied,
            Self::UnknownMethod => Code::Unimplemented,
            Self::OverLimit(_) => Code::ResourceExhausted,
        }
    }

    /// The status of HTTP.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Token(TokenError::NoKeys) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unnamed | Self::TokensNotTaken | Self::Certificate(_) | Self::Token(_) => StatusCode::UNAUTHORIZED,
            Self::RoleMissing { .. } => StatusCode::FORBIDDEN,
            Self::UnknownMethod => StatusCode::NOT_FOUND,
            Self::OverLimit(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// How long to wait before the next try, where that helps.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::OverLimit(limit) => Some(limit.wait()),
            Self::Token(TokenError::NoKeys) => Some(KEYS_WAIT),
            Self::Unnamed
            | Self::TokensNotTaken
            | Self::Certificate(_)
            | Self::Token(_)
            | Self::RoleMissing { .. }
            | Self::UnknownMethod => None,
        }
    }
}

impl TokenError {
    /// The word for programs.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "TOKEN_TOO_LONG",
            Self::Malformed => "TOKEN_MALFORMED",
            Self::Algorithm => "TOKEN_ALGORITHM",
            Self::UnknownKey => "TOKEN_KEY_UNKNOWN",
            Self::Signature => "TOKEN_SIGNATURE",
            Self::Expired => "TOKEN_EXPIRED",
            Self::NotYetValid => "TOKEN_NOT_YET_VALID",
            Self::Issuer => "TOKEN_ISSUER",
            Self::Audience => "TOKEN_AUDIENCE",
            Self::Claim(_) => "TOKEN_CLAIM",
            Self::NoKeys => "TOKEN_KEYS_UNAVAILABLE",
        }
    }
}
