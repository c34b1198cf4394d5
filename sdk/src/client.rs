//! A server of Whorl, asked over the network.
//!
//! [`Client`] is for programs that are asynchronous, [`blocking::Client`] for those that are not. Both have a method for each thing that
//! a server does, with values of Whorl's own; the [`identity`] services take and give messages as they are sent. Calls have deadlines,
//! which the server hears; calls that were refused for now are tried again, as [`Retry`] says, where asking twice does what asking once
//! does. An enrolment is made so by a key of its own.
//!
//! ```no_run
//! use whorl_sdk::client::blocking::Client;
//! use whorl_sdk::client::{Enrolment, Files, Options, Sample};
//! use whorl_sdk::types::{Position, ReferenceId};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let files = Files { authority: Some("ca.pem".into()), token: Some("token".into()), ..Files::default() };
//! let client = Client::connect(Options::read("https://abis.example.org:7443", &files)?)?;
//! let finger = Sample::at(Position::RightIndex, std::fs::read("right-index.png")?);
//! let enrolled = client.enrol(Enrolment::new("nation", ReferenceId::new("F-2051")?, vec![finger]))?;
//! println!("{}", enrolled.verdict.name());
//! # Ok(())
//! # }
//! ```

mod audit;
pub mod blocking;
mod calls;
mod chance;
mod enrolment;
mod error;
mod evidence;
mod extraction;
mod galleries;
mod identification;
pub mod identity;
mod jobs;
mod options;
mod retry;
mod sample;
mod search;
mod token;
mod verification;
mod vocabulary;

use std::pin::Pin;
use std::time::Duration;

pub use tokio_stream::{Stream, StreamExt};
pub use tonic::Code;
use tonic::Streaming;
use tonic::transport::Channel;

pub use audit::{AuditPage, AuditQuery, AuditRecord};
pub use enrolment::{Enrolled, EnrolledOne, EnrolledTemplate, Enrolment, Replaced};
pub use error::{ClientError, Failure};
pub use evidence::{Candidate, CandidateList, Evidence, InstanceEvidence};
pub use extraction::{Assessed, Assessment, Extracted, ExtractedTemplate};
pub use galleries::{BackedUp, Galleries, Gallery};
pub use identification::{Finding, Identified, Probe};
pub use jobs::{FoundPair, Job, Jobs};
pub use options::{Files, Identity, Options, OptionsError, Tls};
pub use retry::Retry;
pub use sample::{Exception, ExceptionReason, Sample, SampleRefusal};
pub use search::{SearchMode, SearchOptions};
pub use token::{TokenError, TokenSource};
pub use verification::{Compared, Threshold, Verified};
pub use whorl_proto::Reason;

/// The most bytes of an answer: ten thousand candidates with the evidence of ten fingers, two eyes and a face each, and room.
const MAX_ANSWER_BYTES: usize = 64 << 20;

/// Answers as they come; the first error is the last.
pub type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, ClientError>> + Send>>;

/// A server of Whorl. Clones share the connection, which is made again when it breaks.
#[derive(Debug, Clone)]
pub struct Client {
    channel: Channel,
    options: Options,
}

impl Client {
    /// Connects. Runs in a tokio runtime.
    ///
    /// # Errors
    /// [`ClientError::Options`] where the options contradict themselves, [`ClientError::Connect`] where nobody answers, or not as
    /// somebody whom the options believe.
    pub async fn connect(options: Options) -> Result<Self, ClientError> {
        let endpoint = options.endpoint()?;
        let connected = endpoint.connect().await;
        let channel = connected.map_err(|error| {
            let address = endpoint.uri().to_string();
            ClientError::Connect { address, why: error::whole(&error) }
        })?;
        Ok(Self { channel, options })
    }

    /// The same server with another deadline for each call.
    #[must_use]
    pub fn within(&self, deadline: Duration) -> Self {
        let options = Options { deadline, ..self.options.clone() };
        Self { channel: self.channel.clone(), options }
    }
}

/// The messages of a stream, each made a value.
fn answers<Message: Send + 'static, T: 'static>(
    messages: Streaming<Message>,
    value: impl Fn(Message) -> Result<T, ClientError> + Send + 'static,
) -> Answers<T> {
    Box::pin(messages.map(move |message| value(message.map_err(ClientError::from)?)))
}
