//! What can be wrong with salts as they are written down.

use thiserror::Error;

use super::TokenError;

/// Why a text holds no salts. No message has a part of one in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SaltsError {
    /// A line is none of the two.
    #[error(
        "line {0} is neither of the two that there may be, `mosip.kernel.tokenid.uin.salt=...` and \
         `mosip.kernel.tokenid.partnercode.salt=...`: take it out"
    )]
    Line(usize),
    /// A value is not the salt itself.
    #[error(
        "line {0} has no salt but what another program makes one of, with {{cipher}}, ${{...}} or a backslash: write the salt itself there"
    )]
    Unresolved(usize),
    /// A salt is there twice.
    #[error("line {0} says again what an earlier one does: take one out")]
    Twice(usize),
    /// A salt is not there.
    #[error("there is no line `{0}=...`: both salts are needed")]
    Missing(&'static str),
    /// A salt is empty or too long.
    #[error(transparent)]
    Salt(#[from] TokenError),
}
