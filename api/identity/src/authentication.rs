//! Authentication: is this the person he claims to be.
//!
//! A partner says who somebody claims to be and what it saw of him, and is told yes or no, with a token that stands for the person towards
//! this partner alone. [`crate::layer::Layer::authenticate`] looks in this order at: the partner, its key and its signature; its policy; the
//! time of the request; whether it came before; the consent; how often it comes; whose the number is and whether it is in force; what the
//! person locked; and then at every factor, all of which must agree. Refusals have MOSIP's codes.
//!
//! As long as [`Disclosure::Guarded`] is set, nobody learns by asking whether a number is given: of a number that is nobody's the same work
//! is done and the same is answered as of a person with whom nothing agrees; and that a person is out of force, or that a VID has ended, is
//! told only where all factors agree. That a kind of authentication is locked is told, as MOSIP does, for its holder would not understand
//! what happens otherwise.

mod answer;
mod authenticate;
mod body;
mod code;
mod demographic;
mod error;
mod factor;
mod flood;
mod gate;
mod holder;
mod kyc;
mod otp;
mod password;
mod refusal;
mod request;
mod sender;
mod settings;
mod text;
mod transaction;

use std::sync::Arc;

use crate::layer::Layer;
use crate::tokens::MosipSalts;

pub use answer::{Answer, OtpAnswer};
pub use code::RefusalCode;
pub use error::AuthenticationError;
pub use factor::{AuthenticationLock, Factor};
pub use refusal::Refusal;
pub use request::{Agreement, Biometric, Call, Claim, IdKind, KycRequest, OtpRequest, Request, Signed};
pub use sender::{Channel, Message, Outbox, SendError, Sender};
pub use settings::{AuthenticationSettings, Disclosure, OtpSettings};
pub use transaction::{Operation, Transaction};

/// What authentication needs beside the store.
#[derive(Debug, Default)]
pub(crate) struct Means {
    pub(crate) floods: flood::Floods,
    pub(crate) sender: Option<Arc<dyn Sender>>,
    pub(crate) salts: Option<MosipSalts>,
}

impl Layer {
    /// The layer, with somebody who takes one-time passwords to their owners; without him nobody gets one.
    #[must_use]
    pub fn with_sender(mut self, sender: Arc<dyn Sender>) -> Self {
        self.means.sender = Some(sender);
        self
    }

    /// The layer, with the salts of a deployment of MOSIP, for partners that go on with its tokens.
    #[must_use]
    pub fn with_mosip_salts(mut self, salts: MosipSalts) -> Self {
        self.means.salts = Some(salts);
        self
    }
}
