//! Whether somebody is who he claims to be.

use tonic::transport::Channel;
use whorl_proto::identity::v1::authentication_service_client::AuthenticationServiceClient;

use super::super::MAX_ANSWER_BYTES;
use super::super::retry::Repeat;
use super::{Caller, Services, v1};

impl<'a, C: Caller> Services<'a, C> {
    /// Says whether somebody is who he claims to be: see [`Partner::authenticate`](super::Partner::authenticate). A no is an answer, with
    /// the codes of why ([`RefusalCode`](super::RefusalCode)). A transaction counts once, so that it is not asked again where the answer
    /// may be lost.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError).
    #[must_use]
    pub fn authenticate(&self, asked: v1::AuthenticateRequest) -> C::Answer<'a, v1::AuthenticateResponse> {
        let send = |channel, request| async move { service(channel).authenticate(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Sends a one-time password for the authentication that follows in the same transaction: see
    /// [`Partner::send_otp`](super::Partner::send_otp). That none is sent is an answer.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError).
    #[must_use]
    pub fn send_otp(&self, asked: v1::SendOtpRequest) -> C::Answer<'a, v1::SendOtpResponse> {
        let send = |channel, request| async move { service(channel).send_otp(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Lists the authentications of a person, oldest first, for him.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN.
    #[must_use]
    pub fn list_transactions(&self, asked: v1::ListTransactionsRequest) -> C::Answer<'a, v1::ListTransactionsResponse> {
        let send = |channel, request| async move { service(channel).list_transactions(request).await };
        self.ask(asked, Repeat::Freely, send)
    }
}

fn service(channel: Channel) -> AuthenticationServiceClient<Channel> {
    AuthenticationServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}
