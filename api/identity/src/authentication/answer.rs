//! What a partner is told.

use std::fmt;

use super::Refusal;
use crate::subject::Demographics;

/// Whether somebody is who he claims to be.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The transaction of the request.
    pub transaction: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whether he is.
    pub is_authentic: bool,
    /// What stands for him towards this partner, where its policy has that.
    pub token: Option<String>,
    /// Why not; empty where he is.
    pub refusals: Vec<Refusal>,
    /// What the partner gets to know of him, where it asked and he is.
    pub identity: Option<Demographics>,
}

/// Whether a one-time password is on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct OtpAnswer {
    /// The transaction of the request, which the authentication must have too.
    pub transaction: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Until when it can be used; none where it was refused.
    pub expires_ms: Option<u64>,
    /// Where it was sent, with most letters covered; told under [`super::Disclosure::Mosip`] only.
    pub masked: Vec<(super::Channel, String)>,
    /// Why none was sent.
    pub refusals: Vec<Refusal>,
}

/// Yes or no and the codes of why, and nothing of a person.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = self.refusals.iter().map(|refusal| refusal.code().name()).collect::<Vec<_>>();
        write!(f, "Answer({}, {codes:?})", self.is_authentic)
    }
}

impl fmt::Debug for OtpAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = self.refusals.iter().map(|refusal| refusal.code().name()).collect::<Vec<_>>();
        write!(f, "OtpAnswer({}, {codes:?})", self.expires_ms.is_some())
    }
}
