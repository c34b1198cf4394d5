//! What a station sends of a person, and what becomes of it.

use tonic::transport::Channel;
use whorl_proto::identity::v1::registration_service_client::RegistrationServiceClient;

use super::super::MAX_ANSWER_BYTES;
use super::super::retry::Repeat;
use super::{Caller, Services, v1};

impl<'a, C: Caller> Services<'a, C> {
    /// Takes a registration, which is durable then. One that comes again under the same name is answered again.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::RegistrationExists`](super::super::Reason::RegistrationExists) where another
    /// has that name.
    #[must_use]
    pub fn register(&self, registration: v1::RegisterRequest) -> C::Answer<'a, v1::RegisterResponse> {
        let send = |channel, request| async move { service(channel).register(request).await };
        self.ask(registration, Repeat::Freely, send)
    }

    /// Says how far a registration is, and to who issues or is an officer the UIN that it ended with. That it was rejected is an answer.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); [`Reason::RegistrationNotFound`](super::super::Reason::RegistrationNotFound) where there
    /// is none; [`Reason::RegistrationErased`](super::super::Reason::RegistrationErased) where the person was erased.
    #[must_use]
    pub fn get_registration(&self, asked: v1::GetRegistrationRequest) -> C::Answer<'a, v1::GetRegistrationResponse> {
        let send = |channel, request| async move { service(channel).get_registration(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Lists what happened to registrations after a place, oldest first.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError).
    #[must_use]
    pub fn list_events(&self, asked: v1::ListEventsRequest) -> C::Answer<'a, v1::ListEventsResponse> {
        let send = |channel, request| async move { service(channel).list_events(request).await };
        self.ask(asked, Repeat::Freely, send)
    }

    /// Follows what happens to registrations after a place. The stream has no end; who drops it wants no more.
    ///
    /// # Errors
    /// [`ClientError`](super::super::ClientError); in the stream, where the connection breaks: begin again after the last place that was
    /// told.
    #[must_use]
    pub fn watch_events(&self, asked: v1::WatchEventsRequest) -> C::Answers<'a, v1::WatchEventsResponse> {
        let send = |channel, request| async move { service(channel).watch_events(request).await };
        self.follow(asked, Repeat::Freely, send)
    }
}

fn service(channel: Channel) -> RegistrationServiceClient<Channel> {
    RegistrationServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}
