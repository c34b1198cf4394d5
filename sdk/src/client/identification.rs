//! Who in a gallery is this.

use tonic::transport::Channel;
use whorl_proto::v1;
use whorl_proto::v1::identification_service_client::IdentificationServiceClient;
use whorl_proto::v1::identify_stream_response::Event;
use whorl_types::ReferenceId;

use super::error::ClientError;
use super::evidence::{Candidate, CandidateList, candidate};
use super::retry::Repeat;
use super::sample::{Sample, SampleRefusal, each};
use super::search::SearchOptions;
use super::{Answers, Client, MAX_ANSWER_BYTES, Stream, StreamExt, answers};

/// Somebody to look for.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The gallery.
    pub gallery: String,
    /// What was captured of him, 1 to 64 samples.
    pub samples: Vec<Sample>,
    /// How he is searched for.
    pub search: SearchOptions,
    /// Where not empty, only these are compared, all in full, and thresholds follow from their number; at most 1,000,000.
    pub among: Vec<ReferenceId>,
}

/// Who somebody may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Identified {
    /// Whom he resembles, and what was covered.
    pub found: CandidateList,
    /// Samples that gave no template.
    pub refusals: Vec<SampleRefusal>,
}

/// What a search brings, piece by piece.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// One whom the probe resembles; the strongest comes first.
    Candidate(Candidate),
    /// The last: what was covered and what follows, without the candidates that came before.
    Done(Identified),
}

impl Probe {
    /// Somebody to look for in all of `gallery`, as the server's configuration says.
    pub fn new(gallery: impl Into<String>, samples: Vec<Sample>) -> Self {
        Self { gallery: gallery.into(), samples, search: SearchOptions::default(), among: Vec::new() }
    }
}

impl Client {
    /// Looks for a person.
    ///
    /// # Errors
    /// [`ClientError`]; that nobody is found is none.
    pub async fn identify(&self, probe: Probe) -> Result<Identified, ClientError> {
        let send = |channel, request| async move { service(channel).identify(request).await };
        self.call(v1::IdentifyRequest::from(probe), Repeat::Freely, send).await?.try_into()
    }

    /// Looks for a person: candidate after candidate, then what was covered. For answers of thousands of candidates.
    ///
    /// # Errors
    /// [`ClientError`]; in the stream, where the connection breaks.
    pub async fn identify_stream(&self, probe: Probe) -> Result<Answers<Finding>, ClientError> {
        let message = v1::IdentifyStreamRequest { identify: Some(probe.into()) };
        let send = |channel, request| async move { service(channel).identify_stream(request).await };
        Ok(answers(self.open(message, Repeat::Freely, send).await?, finding))
    }

    /// Looks for many: an answer for each, in their order. A probe that cannot be looked for ends the stream.
    ///
    /// # Errors
    /// [`ClientError`] where the stream cannot begin; in the stream, where it ends early.
    pub async fn identify_many(
        &self,
        probes: impl Stream<Item = Probe> + Send + 'static,
    ) -> Result<Answers<Identified>, ClientError> {
        let messages = probes.map(|probe| v1::IdentifyManyRequest { identify: Some(probe.into()) });
        let send = |channel, request| async move { service(channel).identify_many(request).await };
        let one = |told: v1::IdentifyManyResponse| told.answer.ok_or(ClientError::Answer("answer"))?.try_into();
        Ok(answers(self.stream(messages, send).await?, one))
    }
}

fn service(channel: Channel) -> IdentificationServiceClient<Channel> {
    IdentificationServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}

fn finding(told: v1::IdentifyStreamResponse) -> Result<Finding, ClientError> {
    match told.event.ok_or(ClientError::Answer("event"))? {
        Event::Candidate(told) => candidate(told).map(Finding::Candidate),
        Event::Done(told) => told.try_into().map(Finding::Done),
    }
}

impl From<Probe> for v1::IdentifyRequest {
    fn from(probe: Probe) -> Self {
        let Probe { gallery, samples, search, among } = probe;
        let among = among.iter().map(ToString::to_string).collect();
        Self { gallery, samples: each(samples), search: search.message(), among }
    }
}

impl TryFrom<v1::IdentifyResponse> for Identified {
    type Error = ClientError;

    fn try_from(told: v1::IdentifyResponse) -> Result<Self, ClientError> {
        let found = told.found.ok_or(ClientError::Answer("candidates"))?.try_into()?;
        Ok(Self { found, refusals: each(told.refusals) })
    }
}
