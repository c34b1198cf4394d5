//! What a person gets: numbers that stand for his UIN, and credentials.

use tonic::transport::Channel;
use whorl_proto::identity::v1::issuance_service_client::IssuanceServiceClient;

use super::super::MAX_ANSWER_BYTES;
use super::super::retry::Repeat;
use super::{Caller, Services, v1};

impl<'a, C: Caller> Services<'a, C> {
    /// Makes a VID.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::IdentityStatus`](super::super::Reason::IdentityStatus) where he is in no state for it;
    /// [`Reason::NoNumberLeft`](super::super::Reason::NoNumberLeft) where all are given.
    #[must_use]
    pub fn create_vid(&self, asked: v1::CreateVidRequest) -> C::Answer<'a, v1::CreateVidResponse> {
        let send = |channel, request| async move { service(channel).create_vid(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Makes a VID in the place of another.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::VidNotFound`](super::super::Reason::VidNotFound) where the VID is none of his;
    /// [`Reason::VidPolicy`](super::super::Reason::VidPolicy) where its policy does not let it.
    #[must_use]
    pub fn regenerate_vid(&self, asked: v1::RegenerateVidRequest) -> C::Answer<'a, v1::RegenerateVidResponse> {
        let send = |channel, request| async move { service(channel).regenerate_vid(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Ends a VID.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::VidNotFound`](super::super::Reason::VidNotFound) where the VID is none of his;
    /// [`Reason::VidPolicy`](super::super::Reason::VidPolicy) where its policy does not let it.
    #[must_use]
    pub fn end_vid(&self, asked: v1::EndVidRequest) -> C::Answer<'a, v1::EndVidResponse> {
        let send = |channel, request| async move { service(channel).end_vid(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Lists the VIDs of a person that can be used now.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN.
    #[must_use]
    pub fn list_vids(&self, asked: v1::ListVidsRequest) -> C::Answer<'a, v1::ListVidsResponse> {
        let send = |channel, request| async move { service(channel).list_vids(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Signs a credential of demographic fields.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::IdentityStatus`](super::super::Reason::IdentityStatus) where he is in no state for it;
    /// [`Reason::NoIssuerKey`](super::super::Reason::NoIssuerKey) where the server signs none;
    /// [`Reason::CredentialRefused`](super::super::Reason::CredentialRefused) and
    /// [`Reason::CredentialTooLarge`](super::super::Reason::CredentialTooLarge) where these fields make none;
    /// [`Reason::TooManyCredentials`](super::super::Reason::TooManyCredentials) where he has as many as may be.
    #[must_use]
    pub fn issue_credential(&self, asked: v1::IssueCredentialRequest) -> C::Answer<'a, v1::IssueCredentialResponse> {
        let send = |channel, request| async move { service(channel).issue_credential(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Lists the credentials of a person that can be revoked and are not over.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN.
    #[must_use]
    pub fn list_credentials(&self, asked: v1::ListCredentialsRequest) -> C::Answer<'a, v1::ListCredentialsResponse> {
        let send = |channel, request| async move { service(channel).list_credentials(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Revokes a credential, for ever.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::IdentityNotFound`](super::super::Reason::IdentityNotFound) where nobody has
    /// that UIN; [`Reason::CredentialNotFound`](super::super::Reason::CredentialNotFound) where the credential is none of his.
    #[must_use]
    pub fn revoke_credential(&self, asked: v1::RevokeCredentialRequest) -> C::Answer<'a, v1::RevokeCredentialResponse> {
        let send = |channel, request| async move { service(channel).revoke_credential(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Gives the public keys by which credentials are checked; anybody may ask.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::NoIssuerKey`](super::super::Reason::NoIssuerKey) where the server signs none.
    #[must_use]
    pub fn get_issuer_keys(&self, asked: v1::GetIssuerKeysRequest) -> C::Answer<'a, v1::GetIssuerKeysResponse> {
        let send = |channel, request| async move { service(channel).get_issuer_keys(request).await };
        self.ask(asked, Repeat::Freely, send)
    }
}

fn service(channel: Channel) -> IssuanceServiceClient<Channel> {
    IssuanceServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}
