//! People decide whether two registrations are of one person.

use tonic::transport::Channel;
use whorl_proto::identity::v1::adjudication_service_client::AdjudicationServiceClient;

use super::super::MAX_ANSWER_BYTES;
use super::super::retry::Repeat;
use super::{Caller, Services, v1};

impl<'a, C: Caller> Services<'a, C> {
    /// Lists the cases that are not settled, oldest first.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError).
    #[must_use]
    pub fn list_cases(&self, asked: v1::ListCasesRequest) -> C::Answer<'a, v1::ListCasesResponse> {
        let send = |channel, request| async move { service(channel).list_cases(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Looks at a case.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::CaseNotFound`](super::super::Reason::CaseNotFound) where there is none.
    #[must_use]
    pub fn get_case(&self, asked: v1::GetCaseRequest) -> C::Answer<'a, v1::GetCaseResponse> {
        let send = |channel, request| async move { service(channel).get_case(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Shows the records of both sides of a case to who may decide about it now, and which pictures and documents there are.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::CaseNotFound`](super::super::Reason::CaseNotFound) where there is none;
    /// [`Reason::NotImpartial`](super::super::Reason::NotImpartial), [`Reason::NotAssigned`](super::super::Reason::NotAssigned),
    /// [`Reason::CaseSettled`](super::super::Reason::CaseSettled), [`Reason::CaseInConflict`](super::super::Reason::CaseInConflict) and
    /// [`Reason::CaseNotInConflict`](super::super::Reason::CaseNotInConflict) where the client may not decide.
    #[must_use]
    pub fn get_evidence(&self, asked: v1::GetEvidenceRequest) -> C::Answer<'a, v1::GetEvidenceResponse> {
        let send = |channel, request| async move { service(channel).get_evidence(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Shows one of these pictures or documents.
    ///
    /// # Errors
    /// As [`Services::get_evidence`]; [`Reason::NotInCase`](super::super::Reason::NotInCase) where the registration is not shown,
    /// [`Reason::FileNotFound`](super::super::Reason::FileNotFound) where it has no such file,
    /// [`Reason::FileNotKept`](super::super::Reason::FileNotKept) where it has it no longer, and
    /// [`Reason::NoPicture`](super::super::Reason::NoPicture) where it shows none.
    #[must_use]
    pub fn get_evidence_file(&self, asked: v1::GetEvidenceFileRequest) -> C::Answer<'a, v1::GetEvidenceFileResponse> {
        let send = |channel, request| async move { service(channel).get_evidence_file(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Says who is to decide about a case.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::CaseNotFound`](super::super::Reason::CaseNotFound) where there is none;
    /// [`Reason::CaseSettled`](super::super::Reason::CaseSettled) where it is settled;
    /// [`Reason::NotImpartial`](super::super::Reason::NotImpartial) where one of those registered the person.
    #[must_use]
    pub fn assign_case(&self, assignment: v1::AssignCaseRequest) -> C::Answer<'a, v1::AssignCaseResponse> {
        let send = |channel, request| async move { service(channel).assign_case(request).await };
        self.ask(assignment, Repeat::Freely, send)
    }

    /// Decides about a case, once.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::CaseNotFound`](super::super::Reason::CaseNotFound) where there is none;
    /// [`Reason::NotImpartial`](super::super::Reason::NotImpartial) and [`Reason::NotAssigned`](super::super::Reason::NotAssigned) where
    /// the client may not decide; [`Reason::CaseSettled`](super::super::Reason::CaseSettled) and
    /// [`Reason::CaseInConflict`](super::super::Reason::CaseInConflict) where it is too late.
    #[must_use]
    pub fn decide_case(&self, decision: v1::DecideCaseRequest) -> C::Answer<'a, v1::DecideCaseResponse> {
        let send = |channel, request| async move { service(channel).decide_case(request).await };
        self.ask(decision, Repeat::WhenRefused, send)
    }

    /// Settles a case about which others disagree.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::CaseNotFound`](super::super::Reason::CaseNotFound) where there is none;
    /// [`Reason::CaseNotInConflict`](super::super::Reason::CaseNotInConflict) where they do not.
    #[must_use]
    pub fn settle_case(&self, decision: v1::SettleCaseRequest) -> C::Answer<'a, v1::SettleCaseResponse> {
        let send = |channel, request| async move { service(channel).settle_case(request).await };
        self.ask(decision, Repeat::WhenRefused, send)
    }
}

fn service(channel: Channel) -> AdjudicationServiceClient<Channel> {
    AdjudicationServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}
