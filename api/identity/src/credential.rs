//! Credentials: what an issuer says of a person, signed, so that anybody who has the issuer's public key can check it without asking.
//!
//! There are three forms of the same [`Statement`]: a verifiable credential ([`Statement::sign_vc`]), one whose holder chooses what
//! to show ([`Statement::sign_selective`], [`present`]), and one short enough for a QR code on a card ([`Statement::sign_compact`]).
//! All are signed with ES256 (ECDSA over P-256 with SHA-256) and nothing else is ever accepted.

mod card;
mod compact;
mod instant;
mod key;
mod qr;
mod selective;
mod signature;
mod statement;
mod vc;

#[cfg(test)]
mod tests;

pub use card::{Card, CardError, Field};
pub use compact::verify_compact;
pub use key::{IssuerKey, KeyError, PublicKeys};
pub use qr::{QrCode, QrError};
pub use selective::{SelectiveError, Shown, present, verify_selective};
pub use signature::TokenError;
pub use statement::{Statement, StatementError};
pub use vc::verify_vc;
