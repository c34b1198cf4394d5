//! The identity services of a server: registration, adjudication, issuance, lifecycle, authentication and partners.
//!
//! [`Services`] has a method for each of them, of the asynchronous client and of the one that waits alike. They take and give the
//! messages of `whorl.identity.v1` ([`v1`]), whose fields are explained there; samples are the client's own
//! ([`Sample`](super::Sample), by `into`), and a record is any object of JSON ([`Record`]). None of them prints what it holds.
//!
//! A partner's no is an answer and no error: its refusals have MOSIP's codes ([`RefusalCode`]). What a partner with a key asks is signed by
//! its [`Signer`].
//!
//! ```no_run
//! use serde_json::json;
//! use whorl_sdk::client::blocking::Client;
//! use whorl_sdk::client::identity::{Partner, RefusalCode, Signer, claim, v1};
//!
//! # fn register(client: Client, api_key: String, now_ms: u64) -> Result<(), Box<dyn std::error::Error>> {
//! let identity = client.identity();
//! identity.register(v1::RegisterRequest {
//!     id: "R-2051".to_owned(),
//!     kind: v1::PacketKind::New.into(),
//!     demographics: Some(serde_json::from_value(json!({ "firstName": "Ada", "dateOfBirth": "1990-12-10" }))?),
//!     consent: Some(v1::ConsentGiven { purpose: "foundational-id".to_owned(), is_given: true, ..Default::default() }),
//!     captured_by: Some(v1::CapturedBy { station: "station-7".to_owned(), ..Default::default() }),
//!     captured_unix_ms: now_ms,
//!     ..Default::default()
//! })?;
//! let found = identity.get_registration(v1::GetRegistrationRequest { id: "R-2051".to_owned() })?;
//!
//! let signer = Some(Signer::from_pem(&std::fs::read_to_string("bank.pem")?)?);
//! let bank = Partner { id: "bank".to_owned(), api_key, signer };
//! let asked = v1::AuthenticationClaim {
//!     consent: Some(v1::AuthenticationConsent { is_given: true, ..Default::default() }),
//!     demographics: vec![v1::DemographicClaim {
//!         attribute: "birth_date".to_owned(),
//!         value: "1990-12-10".to_owned(),
//!         ..Default::default()
//!     }],
//!     ..claim(found.uin, "opening an account")?
//! };
//! let answer = identity.authenticate(bank.authenticate(asked)?)?;
//! for refusal in answer.refusals {
//!     if RefusalCode::of(&refusal.code) == Some(RefusalCode::Demographic) {
//!         println!("{}: {}", refusal.message, refusal.action);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod adjudication;
mod authentication;
mod issuance;
mod lifecycle;
mod partner;
mod partners;
mod registration;
mod signer;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use tonic::transport::Channel;
use tonic::{Request, Response, Status, Streaming};
pub use whorl_api::identity::RefusalCode;
pub use whorl_proto::identity::v1;
pub use whorl_proto::record::Struct as Record;

use super::error::ClientError;
use super::retry::Repeat;
use super::{Answers, Client, answers};

pub use partner::{Partner, claim};
pub use signer::{Signer, SignerError, SigningAlgorithm};

/// The identity services of a server, asked by an asynchronous client or by one that waits.
///
/// Each method gives what [`Caller::Answer`], or [`Caller::Answers`] of a stream, is for the client: of [`Client`] a future of a result,
/// of [`blocking::Client`](super::blocking::Client) the result. A server without the identity layer says
/// [`Reason::IdentityOff`](super::Reason::IdentityOff) to all of them, and
/// [`Reason::RoleMissing`](super::Reason::RoleMissing) whoever lacks the role. Tried again is only what does the same when it is done twice.
pub struct Services<'a, C>(&'a C);

/// A client that the identity services are asked by.
pub trait Caller {
    /// What an answer comes as.
    type Answer<'a, T: Send + 'a>
    where
        Self: 'a;

    /// What a stream of answers comes as.
    type Answers<'a, T: Send + 'static>
    where
        Self: 'a;

    /// The client that makes the calls.
    fn client(&self) -> &Client;

    /// Gives what is asked for in the way of this client.
    fn answer<'a, T: Send + 'a>(
        &'a self,
        asked: impl Future<Output = Result<T, ClientError>> + Send + 'a,
    ) -> Self::Answer<'a, T>;

    /// Gives a stream in the way of this client.
    fn answers<'a, T: Send + 'static>(
        &'a self,
        opened: impl Future<Output = Result<Answers<T>, ClientError>> + Send + 'a,
    ) -> Self::Answers<'a, T>;
}

/// Something to wait for.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, ClientError>> + Send + 'a>>;

impl Caller for Client {
    type Answer<'a, T: Send + 'a> = Pending<'a, T>;
    type Answers<'a, T: Send + 'static> = Pending<'a, Answers<T>>;

    fn client(&self) -> &Client {
        self
    }

    fn answer<'a, T: Send + 'a>(
        &'a self,
        asked: impl Future<Output = Result<T, ClientError>> + Send + 'a,
    ) -> Pending<'a, T> {
        Box::pin(asked)
    }

    fn answers<'a, T: Send + 'static>(
        &'a self,
        opened: impl Future<Output = Result<Answers<T>, ClientError>> + Send + 'a,
    ) -> Pending<'a, Answers<T>> {
        Box::pin(opened)
    }
}

impl Client {
    /// The identity services of the server.
    #[must_use]
    pub fn identity(&self) -> Services<'_, Self> {
        Services::of(self)
    }
}

impl<'a, C: Caller> Services<'a, C> {
    pub(super) fn of(caller: &'a C) -> Self {
        Self(caller)
    }

    /// Asks for one answer.
    fn ask<Asked, Answer, Sent>(
        self,
        asked: Asked,
        repeat: Repeat,
        send: impl Fn(Channel, Request<Asked>) -> Sent + Send + Sync + 'a,
    ) -> C::Answer<'a, Answer>
    where
        Asked: Clone + Send + Sync + 'a,
        Answer: Send + 'a,
        Sent: Future<Output = Result<Response<Answer>, Status>> + Send + 'a,
    {
        self.0.answer(self.0.client().call(asked, repeat, send))
    }

    /// Asks for a stream of answers.
    fn follow<Asked, Answer, Sent>(
        self,
        asked: Asked,
        repeat: Repeat,
        send: impl Fn(Channel, Request<Asked>) -> Sent + Send + Sync + 'a,
    ) -> C::Answers<'a, Answer>
    where
        Asked: Clone + Send + Sync + 'a,
        Answer: Send + 'static,
        Sent: Future<Output = Result<Response<Streaming<Answer>>, Status>> + Send + 'a,
    {
        let opened = self.0.client().open(asked, repeat, send);
        self.0.answers(async move { Ok(answers(opened.await?, Ok)) })
    }
}

impl<C> Clone for Services<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Services<'_, C> {}

impl<C> fmt::Debug for Services<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Services")
    }
}
