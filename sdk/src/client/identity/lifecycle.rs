//! What becomes of an identity after it is issued.

use tonic::transport::Channel;
use whorl_proto::identity::v1::identity_service_client::IdentityServiceClient;

use super::super::MAX_ANSWER_BYTES;
use super::super::retry::Repeat;
use super::{Caller, Services, v1};

impl<'a, C: Caller> Services<'a, C> {
    /// Looks at a record.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN.
    #[must_use]
    pub fn get_identity(&self, asked: v1::GetIdentityRequest) -> C::Answer<'a, v1::GetIdentityResponse> {
        let send = |channel, request| async move { service(channel).get_identity(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Suspends a UIN.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::IdentityStatus`](super::super::Reason::IdentityStatus) where he is in no state for it.
    #[must_use]
    pub fn block(&self, asked: v1::BlockRequest) -> C::Answer<'a, v1::BlockResponse> {
        let send = |channel, request| async move { service(channel).block(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Ends a suspension.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::IdentityStatus`](super::super::Reason::IdentityStatus) where he is in no state for it.
    #[must_use]
    pub fn unblock(&self, asked: v1::UnblockRequest) -> C::Answer<'a, v1::UnblockResponse> {
        let send = |channel, request| async move { service(channel).unblock(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Locks a kind of authentication for its holder's own sake.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::IdentityStatus`](super::super::Reason::IdentityStatus) where he is in no state for it.
    #[must_use]
    pub fn lock_authentication(
        &self,
        asked: v1::LockAuthenticationRequest,
    ) -> C::Answer<'a, v1::LockAuthenticationResponse> {
        let send = |channel, request| async move { service(channel).lock_authentication(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Unlocks a kind of authentication, for a while or for good.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::IdentityStatus`](super::super::Reason::IdentityStatus) where he is in no state for it.
    #[must_use]
    pub fn unlock_authentication(
        &self,
        asked: v1::UnlockAuthenticationRequest,
    ) -> C::Answer<'a, v1::UnlockAuthenticationResponse> {
        let send = |channel, request| async move { service(channel).unlock_authentication(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Puts a UIN out of force whose holder turned out to be that of another.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::IdentityStatus`](super::super::Reason::IdentityStatus) where he is in no state for it;
    /// [`Reason::RegistrationInProgress`](super::super::Reason::RegistrationInProgress) where one of the two is being worked on.
    #[must_use]
    pub fn merge(&self, asked: v1::MergeRequest) -> C::Answer<'a, v1::MergeResponse> {
        let send = |channel, request| async move { service(channel).merge(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Puts a UIN in force again that was merged by mistake.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::IdentityStatus`](super::super::Reason::IdentityStatus) where he is in no state for it.
    #[must_use]
    pub fn unmerge(&self, asked: v1::UnmergeRequest) -> C::Answer<'a, v1::UnmergeResponse> {
        let send = |channel, request| async move { service(channel).unmerge(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Erases a person. It cannot be undone.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::RegistrationInProgress`](super::super::Reason::RegistrationInProgress) where a registration of his is being
    /// worked on.
    #[must_use]
    pub fn erase(&self, asked: v1::EraseRequest) -> C::Answer<'a, v1::EraseResponse> {
        let send = |channel, request| async move { service(channel).erase(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Sends everything that is kept of a person, for him: first the record, then each picture and document.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; in the stream, where the connection breaks.
    #[must_use]
    pub fn export(&self, asked: v1::ExportRequest) -> C::Answers<'a, v1::ExportResponse> {
        let send = |channel, request| async move { service(channel).export(request).await };
        self.follow(asked, Repeat::WhenRefused, send)
    }

    /// Lists what was done to a record, oldest first.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN.
    #[must_use]
    pub fn get_history(&self, asked: v1::GetHistoryRequest) -> C::Answer<'a, v1::GetHistoryResponse> {
        let send = |channel, request| async move { service(channel).get_history(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Deletes what the deployment keeps no longer.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError).
    #[must_use]
    pub fn run_retention(&self, asked: v1::RunRetentionRequest) -> C::Answer<'a, v1::RunRetentionResponse> {
        let send = |channel, request| async move { service(channel).run_retention(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }
}

fn service(channel: Channel) -> IdentityServiceClient<Channel> {
    IdentityServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}
