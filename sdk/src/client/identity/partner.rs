//! A partner's own side: what it asks, and that it is signed.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::super::chance::draw_name;
use super::super::error::ClientError;
use super::v1;
use super::{Signer, SignerError};

/// A partner, as it makes itself known to the server. Neither its API key nor its signer's key is ever printed.
#[derive(Clone)]
pub struct Partner {
    /// Its id.
    pub id: String,
    /// Its API key.
    pub api_key: String,
    /// What signs for it; needed where it has public keys at the server.
    pub signer: Option<Signer>,
}

/// A claim that is new: its transaction is drawn by chance, it is made now, for `purpose`, of whoever has the number `id`. What shows it,
/// and that he agreed, is for the caller to add.
///
/// # Errors
/// [`ClientError::Random`] where the system gives no random numbers.
pub fn claim(id: impl Into<String>, purpose: impl Into<String>) -> Result<v1::AuthenticationClaim, ClientError> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(v1::AuthenticationClaim {
        id: id.into(),
        transaction: draw_name()?,
        at_unix_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
        purpose: purpose.into(),
        ..Default::default()
    })
}

impl Partner {
    /// The request by which this partner asks whether somebody is who he claims to be; signed where it has a signer.
    ///
    /// # Errors
    /// [`SignerError`].
    pub fn authenticate(&self, claim: v1::AuthenticationClaim) -> Result<v1::AuthenticateRequest, SignerError> {
        let (claim, signed) = self.signed(claim)?;
        Ok(v1::AuthenticateRequest { partner: self.id.clone(), api_key: self.api_key.clone(), claim, signed })
    }

    /// The request by which this partner has a one-time password sent; signed where it has a signer.
    ///
    /// # Errors
    /// [`SignerError`].
    pub fn send_otp(&self, claim: v1::OtpClaim) -> Result<v1::SendOtpRequest, SignerError> {
        let (claim, signed) = self.signed(claim)?;
        Ok(v1::SendOtpRequest { partner: self.id.clone(), api_key: self.api_key.clone(), claim, signed })
    }

    /// The claim itself, or its JSON and the signature over it.
    fn signed<Claim: Serialize>(&self, claim: Claim) -> Result<(Option<Claim>, Option<v1::SignedJson>), SignerError> {
        let Some(signer) = &self.signer else { return Ok((Some(claim), None)) };
        let json = serde_json::to_vec(&claim).map_err(SignerError::Claim)?;
        let jws = signer.sign(&json)?;
        Ok((None, Some(v1::SignedJson { json: json.into(), jws })))
    }
}

impl fmt::Debug for Partner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partner").field("id", &self.id).field("signer", &self.signer).finish_non_exhaustive()
    }
}
