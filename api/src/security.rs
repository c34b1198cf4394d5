//! Who a client is, what it may do, and how much of it.
//!
//! - [`Settings`]: what the configuration says of it;
//! - [`Authenticator`]: a certificate or a token becomes a [`Client`] with [`Roles`];
//! - [`permission`]: which roles suffice for which method;
//! - [`Limits`]: how many requests a client may make, a second and at the same time;
//! - [`Tls`]: certificates and keys, looked at when the server starts, and [`Renewal`]: again when they change;
//! - [`SecurityLayer`]: all of that around every request, which is also given up when its sender stops sending.
//!
//! What is not here: bounds on messages, on streams of a connection and on connections that say nothing are the server's, for the
//! transport enforces them.

mod answer;
mod authenticator;
mod certificate;
mod client;
mod held;
mod jwks;
mod layer;
mod limits;
pub mod permission;
mod refusal;
mod renewal;
mod role;
mod secret;
mod settings;
mod stall;
#[cfg(test)]
mod tests;
mod tls;
mod token;

pub use authenticator::{Authenticator, OpenError};
pub use certificate::{CertificateError, CertificateName, PeerCertificates};
pub use client::{By, Client};
pub use jwks::{Jwks, JwksError};
pub use layer::{MethodOf, Refused, Secured, SecurityLayer};
pub use limits::{Admission, Limits, OverLimit};
pub use refusal::Refusal;
pub use renewal::Renewal;
pub use role::{Role, Roles, UnknownRole};
pub use secret::{Secret, SecretError};
pub use settings::{
    Authentication, CertificateClient, ClientCertificates, KeySource, LimitSettings, Settings, SettingsError,
    TlsSettings, TokenSettings,
};
pub use tls::{Tls, TlsError, TlsWarning};
pub use token::{TokenError, Verifier};
