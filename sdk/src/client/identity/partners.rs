//! Those who may ask whether somebody is who he claims to be.

use tonic::transport::Channel;
use whorl_proto::identity::v1::partner_service_client::PartnerServiceClient;

use super::super::MAX_ANSWER_BYTES;
use super::super::retry::Repeat;
use super::{Caller, Services, v1};

impl<'a, C: Caller> Services<'a, C> {
    /// Enters a partner, and tells its API key this once.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::PartnerExists`](super::super::Reason::PartnerExists) where there is one.
    #[must_use]
    pub fn create_partner(&self, partner: v1::CreatePartnerRequest) -> C::Answer<'a, v1::CreatePartnerResponse> {
        let send = |channel, request| async move { service(channel).create_partner(request).await };
        self.ask(partner, Repeat::WhenRefused, send)
    }

    /// Changes what is said of a partner.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::PartnerNotFound`](super::super::Reason::PartnerNotFound) where there is none.
    #[must_use]
    pub fn update_partner(&self, partner: v1::UpdatePartnerRequest) -> C::Answer<'a, v1::UpdatePartnerResponse> {
        let send = |channel, request| async move { service(channel).update_partner(request).await };
        self.ask(partner, Repeat::Freely, send)
    }

    /// Disables a partner, or lets it ask again.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::PartnerNotFound`](super::super::Reason::PartnerNotFound) where there is none.
    #[must_use]
    pub fn set_partner_status(
        &self,
        asked: v1::SetPartnerStatusRequest,
    ) -> C::Answer<'a, v1::SetPartnerStatusResponse> {
        let send = |channel, request| async move { service(channel).set_partner_status(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Gives a partner a new API key; the one that it had is worth nothing from then on.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::PartnerNotFound`](super::super::Reason::PartnerNotFound) where there is none.
    #[must_use]
    pub fn renew_api_key(&self, asked: v1::RenewApiKeyRequest) -> C::Answer<'a, v1::RenewApiKeyResponse> {
        let send = |channel, request| async move { service(channel).renew_api_key(request).await };
        self.ask(asked, Repeat::WhenRefused, send)
    }

    /// Looks at a partner.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::PartnerNotFound`](super::super::Reason::PartnerNotFound) where there is none.
    #[must_use]
    pub fn get_partner(&self, asked: v1::GetPartnerRequest) -> C::Answer<'a, v1::GetPartnerResponse> {
        let send = |channel, request| async move { service(channel).get_partner(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Lists the partners by their ids.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError).
    #[must_use]
    pub fn list_partners(&self, asked: v1::ListPartnersRequest) -> C::Answer<'a, v1::ListPartnersResponse> {
        let send = |channel, request| async move { service(channel).list_partners(request).await };
        self.ask(asked, Repeat::Freely, send)
    }
}

fn service(channel: Channel) -> PartnerServiceClient<Channel> {
    PartnerServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}
