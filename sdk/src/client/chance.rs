//! Names that nobody else draws.

use super::error::ClientError;

/// A name of 32 hexadecimal digits, for an idempotency key or a transaction.
pub(super) fn draw_name() -> Result<String, ClientError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)?;
    Ok(format!("{:032x}", u128::from_le_bytes(bits)))
}
