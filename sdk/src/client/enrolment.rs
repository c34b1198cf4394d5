//! Putting people into a gallery, and taking them out.

use tonic::transport::Channel;
use whorl_proto::v1;
use whorl_proto::v1::enrol_many_response::Result as OneOfMany;
use whorl_proto::v1::enrolment_service_client::EnrolmentServiceClient;
use whorl_types::{Modality, Position, ReferenceId, Verdict};

use super::chance::draw_name;
use super::error::ClientError;
use super::evidence::CandidateList;
use super::retry::Repeat;
use super::sample::{Exception, Sample, SampleRefusal, each};
use super::search::SearchOptions;
use super::vocabulary::{told_modality, told_position, told_verdict};
use super::{Answers, Client, MAX_ANSWER_BYTES, Stream, StreamExt, answers};
use crate::desk::DuplicateCheck;

/// Somebody to enrol.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolment {
    /// The gallery.
    pub gallery: String,
    /// What he is called there.
    pub id: ReferenceId,
    /// What was captured of him, 1 to 64 samples.
    pub samples: Vec<Sample>,
    /// What was not captured, and why.
    pub exceptions: Vec<Exception>,
    /// Whether he is searched for before; none, as the server's configuration says.
    pub check: Option<DuplicateCheck>,
    /// How he is searched for.
    pub search: SearchOptions,
    /// The idempotency key, at most 64 bytes: the same enrolment with the same key is done once and answered alike. [`Client::enrol`]
    /// makes one where there is none; a program that sends an enrolment again after it was started again keeps its own.
    pub key: Option<String>,
}

/// What became of somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolled {
    /// The number of the change that enrolled him; none where he is not, and the candidates say why.
    pub sequence: Option<u64>,
    /// What the search said; unique where none was asked for.
    pub verdict: Verdict,
    /// Whom he resembles, and what the search covered; none where there was no search.
    pub found: Option<CandidateList>,
    /// Samples that gave no template.
    pub refusals: Vec<SampleRefusal>,
    /// How many templates were taken.
    pub templates: u32,
}

/// What became of one of many.
#[derive(Debug)]
pub struct EnrolledOne {
    /// The number of the enrolment in the stream, from 0.
    pub number: u64,
    /// What he was to be called; as it was sent.
    pub id: String,
    /// What became of him, or why not. The stream goes on after an error.
    pub result: Result<Enrolled, ClientError>,
}

/// What was kept of somebody whose samples were replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The number of the change.
    pub sequence: u64,
    /// Samples that gave no template.
    pub refusals: Vec<SampleRefusal>,
    /// How many templates were taken.
    pub templates: u32,
}

/// A template in a gallery.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolledTemplate {
    /// What it shows.
    pub modality: Modality,
    /// Which finger, eye or face.
    pub position: Position,
    /// The template in Whorl's format; empty unless it was asked for.
    pub template: Vec<u8>,
}

impl Enrolment {
    /// `samples` of somebody who is to be `id` in `gallery`, all else as the server's configuration says.
    pub fn new(gallery: impl Into<String>, id: ReferenceId, samples: Vec<Sample>) -> Self {
        let (gallery, search) = (gallery.into(), SearchOptions::default());
        Self { gallery, id, samples, exceptions: Vec::new(), check: None, search, key: None }
    }

    /// The same with a key of its own, where it has none.
    ///
    /// # Errors
    /// [`ClientError::Random`] where the system gives no random numbers.
    pub fn with_key(mut self) -> Result<Self, ClientError> {
        if self.key.is_none() {
            self.key = Some(draw_name()?);
        }
        Ok(self)
    }
}

impl Enrolled {
    /// Whether he is enrolled.
    #[must_use]
    pub fn is_enrolled(&self) -> bool {
        self.sequence.is_some()
    }
}

impl Client {
    /// Enrols a person, after a search for him unless the enrolment forgoes it.
    ///
    /// # Errors
    /// [`ClientError`]; that he resembles somebody is none, but an answer.
    pub async fn enrol(&self, enrolment: Enrolment) -> Result<Enrolled, ClientError> {
        let message = v1::EnrolRequest::from(enrolment.with_key()?);
        let send = |channel, request| async move { service(channel).enrol(request).await };
        self.call(message, Repeat::Freely, send).await?.try_into()
    }

    /// Enrols many: an answer for each, in their order. The server reads a few ahead of its answers, and `enrolments` is asked for
    /// the next when it has room. Nothing is tried again: where an answer or the stream itself [may pass](ClientError::may_pass),
    /// send what was not answered once more. Keys are sent as they are given.
    ///
    /// # Errors
    /// [`ClientError`] where the stream cannot begin; in the stream, where it breaks.
    pub async fn enrol_many(
        &self,
        enrolments: impl Stream<Item = Enrolment> + Send + 'static,
    ) -> Result<Answers<EnrolledOne>, ClientError> {
        let messages = enrolments.map(|enrolment| v1::EnrolManyRequest { enrol: Some(enrolment.into()) });
        let send = |channel, request| async move { service(channel).enrol_many(request).await };
        Ok(answers(self.stream(messages, send).await?, one_of_many))
    }

    /// Puts other samples in the place of somebody's, in one step.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::NotEnrolled`](super::Reason::NotEnrolled) where he is not there.
    pub async fn replace(
        &self,
        gallery: &str,
        id: &ReferenceId,
        samples: Vec<Sample>,
        exceptions: Vec<Exception>,
    ) -> Result<Replaced, ClientError> {
        let (gallery, id) = (gallery.to_owned(), id.to_string());
        let message = v1::ReplaceRequest { gallery, id, samples: each(samples), exceptions: each(exceptions) };
        let send = |channel, request| async move { service(channel).replace(request).await };
        let v1::ReplaceResponse { sequence, refusals, templates } = self.call(message, Repeat::Freely, send).await?;
        Ok(Replaced { sequence, refusals: each(refusals), templates })
    }

    /// Takes somebody out, and says the number of the change.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::NotEnrolled`](super::Reason::NotEnrolled) where he is not there.
    pub async fn remove(&self, gallery: &str, id: &ReferenceId) -> Result<u64, ClientError> {
        let message = v1::RemoveRequest { gallery: gallery.to_owned(), id: id.to_string() };
        let send = |channel, request| async move { service(channel).remove(request).await };
        Ok(self.call(message, Repeat::WhenRefused, send).await?.sequence)
    }

    /// What is enrolled of somebody. His templates come along where `with_templates` says so, the client is an administrator, and the
    /// server's policy lets them out.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::NotEnrolled`](super::Reason::NotEnrolled) where he is not there.
    pub async fn fetch(
        &self,
        gallery: &str,
        id: &ReferenceId,
        with_templates: bool,
    ) -> Result<Vec<EnrolledTemplate>, ClientError> {
        let message = v1::FetchRequest { gallery: gallery.to_owned(), id: id.to_string(), with_templates };
        let send = |channel, request| async move { service(channel).fetch(request).await };
        let answer = self.call(message, Repeat::Freely, send).await?;
        answer.templates.into_iter().map(TryInto::try_into).collect()
    }
}

fn service(channel: Channel) -> EnrolmentServiceClient<Channel> {
    EnrolmentServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}

impl From<Enrolment> for v1::EnrolRequest {
    fn from(enrolment: Enrolment) -> Self {
        let Enrolment { gallery, id, samples, exceptions, check, search, key } = enrolment;
        let check = match check {
            None => v1::DuplicateCheck::Unspecified,
            Some(DuplicateCheck::Unique) => v1::DuplicateCheck::Unique,
            Some(DuplicateCheck::UnlessDuplicate) => v1::DuplicateCheck::UnlessDuplicate,
            Some(DuplicateCheck::None) => v1::DuplicateCheck::None,
        };
        Self {
            gallery,
            id: id.to_string(),
            samples: each(samples),
            exceptions: each(exceptions),
            check: check.into(),
            search: search.message(),
            idempotency_key: key.unwrap_or_default(),
        }
    }
}

impl TryFrom<v1::EnrolResponse> for Enrolled {
    type Error = ClientError;

    fn try_from(told: v1::EnrolResponse) -> Result<Self, ClientError> {
        let sequence = match told.outcome() {
            v1::EnrolOutcome::Enrolled => Some(told.sequence),
            v1::EnrolOutcome::NotEnrolled => None,
            v1::EnrolOutcome::Unspecified => return Err(ClientError::Answer("outcome")),
        };
        Ok(Self {
            sequence,
            verdict: told_verdict(told.verdict)?,
            found: told.found.map(TryInto::try_into).transpose()?,
            refusals: each(told.refusals),
            templates: told.templates,
        })
    }
}

fn one_of_many(told: v1::EnrolManyResponse) -> Result<EnrolledOne, ClientError> {
    let v1::EnrolManyResponse { number, id, result } = told;
    let result = match result.ok_or(ClientError::Answer("result"))? {
        OneOfMany::Answer(answer) => answer.try_into(),
        OneOfMany::Problem(problem) => Err(problem.into()),
    };
    Ok(EnrolledOne { number, id, result })
}

impl TryFrom<v1::EnrolledTemplate> for EnrolledTemplate {
    type Error = ClientError;

    fn try_from(told: v1::EnrolledTemplate) -> Result<Self, ClientError> {
        Ok(Self {
            modality: told_modality(told.modality)?,
            position: told_position(told.position)?,
            template: told.template.into(),
        })
    }
}

impl std::fmt::Debug for EnrolledTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolledTemplate")
            .field("position", &self.position)
            .field("bytes", &self.template.len())
            .finish_non_exhaustive()
    }
}
