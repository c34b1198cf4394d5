//! Credentials: what an issuer says of a person, signed, so that anybody who has the issuer's public key can check it without asking.
//!
//! There are three forms of the same [`Statement`]: a verifiable credential ([`Statement::sign_vc`]), one whose holder chooses what
//! to show ([`Statement::sign_selective`], [`present`]), and one short enough for a QR code on a card ([`Statement::sign_compact`]).
//! All are signed with ES256 (ECDSA over P-256 with SHA-256) and nothing else is ever accepted.
//!
//! - [`HolderKey`]: a credential may be bound to a key, so that only who has the secret one can show it ([`verify_bound`]);
//! - [`StatusEntry`], [`StatusList`], [`PublishedList`]: whether a credential still counts is one place in a signed list of very many, in
//!   the forms of the W3C and of the IETF; who checks a credential fetches the list, and nobody learns which credential it was for.

mod binding;
mod card;
mod compact;
mod holder;
mod instant;
mod key;
mod packed;
mod published;
mod qr;
mod selective;
mod signature;
mod statement;
mod status;
mod status_list;
mod vc;

#[cfg(test)]
mod tests;

pub use binding::{BindingError, Challenge};
pub use card::{Card, CardError, Field};
pub use compact::verify_compact;
pub use holder::{HolderKey, HolderKeyError};
pub use key::{IssuerKey, KeyError, PublicKeys};
pub use published::{PublishedList, StatusError};
pub use qr::{QrCode, QrError};
pub use selective::{SelectiveError, Shown, present, verify_bound, verify_selective};
pub use signature::TokenError;
pub use statement::{Statement, StatementError};
pub use status::{CredentialStatus, StatusEntry, StatusPurpose};
pub use status_list::StatusList;
pub use vc::verify_vc;
