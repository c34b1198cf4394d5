//! A server: what its configuration says is opened, bound, served, and drained when it is told to stop.

mod error;
mod open;
mod process;
mod renewal;

use std::borrow::Cow;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::signal::unix::Signal;
use tonic::service::Routes;
use whorl_proto::identity::v1::adjudication_service_server::AdjudicationServiceServer;
use whorl_proto::identity::v1::authentication_service_server::AuthenticationServiceServer;
use whorl_proto::identity::v1::identity_service_server::IdentityServiceServer;
use whorl_proto::identity::v1::issuance_service_server::IssuanceServiceServer;
use whorl_proto::identity::v1::partner_service_server::PartnerServiceServer;
use whorl_proto::identity::v1::registration_service_server::RegistrationServiceServer;
use whorl_proto::v1;
use whorl_proto::v1::audit_service_server::AuditServiceServer;
use whorl_proto::v1::deduplication_service_server::DeduplicationServiceServer;
use whorl_proto::v1::enrolment_service_server::EnrolmentServiceServer;
use whorl_proto::v1::extraction_service_server::ExtractionServiceServer;
use whorl_proto::v1::gallery_service_server::GalleryServiceServer;
use whorl_proto::v1::identification_service_server::IdentificationServiceServer;
use whorl_proto::v1::verification_service_server::VerificationServiceServer;

use crate::config::{Config, Server as Settings};
use crate::deadline::keep_deadline;
use crate::grpc::Services;
use crate::http;
use crate::identity;
use crate::incoming::{Bounds, Incoming, Refused};
use crate::measured::measure;
use crate::operations::request::{RequestIds, name_requests};
use crate::operations::{Readiness, health};
use crate::refusals::{Refusals, record_refusals};
use crate::security::permission::access;
use crate::security::{MethodOf, Renewal, SecurityLayer};
use crate::workplace::Workplace;
pub use error::ServeError;
pub use open::Opened;
pub(crate) use open::{master_key, noted};
pub use process::{Stop, Stopped, serve, serve_until};

/// The method of gRPC that a request is for, whether it comes by gRPC or by HTTP. What describes the API is for everybody to read.
pub(crate) fn method_of(_: &Method, path: &str) -> Option<Cow<'static, str>> {
    if http::is_status_list(path) {
        return Some(Cow::Borrowed(http::STATUS_LISTS));
    }
    let by_grpc = || access(path, true).is_some().then(|| Cow::Owned(path.to_owned()));
    http::grpc_path(path).map(Cow::Owned).or_else(by_grpc)
}

/// How often what a gauge shows is looked at.
const GAUGED: Duration = Duration::from_secs(5);

/// By how much the silence that ends a connection is longer than the interval of pings.
const SILENCES: u32 = 2;

/// A server that has its addresses and serves nobody yet.
#[derive(Debug)]
pub struct Server {
    settings: Settings,
    workplace: Arc<Workplace>,
    readiness: Arc<Readiness>,
    gate: SecurityLayer,
    tls: Option<Arc<Renewal>>,
    hang_ups: Option<Signal>,
    listener: TcpListener,
    operations: TcpListener,
}

impl Server {
    /// Takes the addresses that `config` names. Runs in a tokio runtime.
    ///
    /// # Errors
    /// [`ServeError::Bind`] where an address cannot be had.
    pub async fn bind(config: &Config, opened: Opened) -> Result<Self, ServeError> {
        let Opened { workplace, readiness, gate, tls, .. } = opened;
        let bind = async |address: SocketAddr| {
            TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })
        };
        let (listener, operations) = (bind(config.server.listen).await?, bind(config.server.operations_listen).await?);
        let settings = config.server.clone();
        let (tls, hang_ups) = (tls.map(Arc::new), renewal::hang_ups());
        Ok(Self { settings, workplace, readiness, gate, tls, hang_ups, listener, operations })
    }

    /// Where it serves, and where its health and metrics are.
    ///
    /// # Errors
    /// [`ServeError::Bind`] where the system does not say.
    pub fn addresses(&self) -> Result<(SocketAddr, SocketAddr), ServeError> {
        let of = |listener: &TcpListener, address| {
            listener.local_addr().map_err(|source| ServeError::Bind { address, source })
        };
        Ok((of(&self.listener, self.settings.listen)?, of(&self.operations, self.settings.operations_listen)?))
    }

    /// Serves until `stop` is done, then answers what was begun for as long as it may take, and closes the galleries.
    ///
    /// # Errors
    /// [`ServeError`] where the transport fails.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let Self { settings, workplace, readiness, gate, tls, hang_ups, listener, operations } = self;
        let metrics = Arc::clone(workplace.metrics());
        let (told, stopping) = tokio::sync::watch::channel(false);
        let waiting = |mut stopping: tokio::sync::watch::Receiver<bool>| async move {
            // The sender is gone only where the server is.
            let _ = stopping.wait_for(|told| *told).await;
        };
        let drained = Arc::clone(&readiness);
        tokio::spawn(async move {
            stop.await;
            drained.drain();
            let _ = told.send(true);
        });
        let about = axum::serve(operations, health::router(Arc::clone(&metrics), readiness))
            .with_graceful_shutdown(waiting(stopping.clone()));
        let about = tokio::spawn(async move { about.await });
        let bounds = Bounds {
            connections: settings.max_connections,
            handshake: settings.tls_handshake_timeout,
            opening: settings.tls_handshake_timeout,
            silence: settings.keepalive * SILENCES,
        };
        let renewing = tokio::spawn(renewal::keep(tls.clone(), hang_ups));
        let (incoming, refused) = Incoming::new(listener, tls, bounds);
        let gauges = tokio::spawn(gauge(Arc::clone(&workplace), refused));
        let serving = transport(&settings)
            .add_routes(Routes::from(app(&settings, Arc::clone(&workplace), gate).await))
            .serve_with_incoming_shutdown(incoming, waiting(stopping.clone()));
        let mut serving = Box::pin(serving);
        tokio::select! {
            served = &mut serving => served?,
            () = waiting(stopping) => {
                if let Ok(served) = tokio::time::timeout(settings.drain, serving).await {
                    served?;
                } else {
                    let drain_s = settings.drain.as_secs();
                    tracing::warn!(drain_s, "not all that was begun was answered in time");
                }
            }
        }
        renewing.abort();
        gauges.abort();
        about.abort();
        close(workplace).await;
        Ok(())
    }
}

/// HTTP/2, and HTTP/1.1 for the gateway, within bounds.
fn transport(settings: &Settings) -> tonic::transport::Server {
    tonic::transport::Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(settings.max_streams_per_connection)
        .http2_keepalive_interval(Some(settings.keepalive))
        .http2_keepalive_timeout(Some(settings.keepalive_answer))
        .http2_max_header_list_size(MAX_HEADER_BYTES)
}

/// The most bytes of the head of a request: a token of 8 KiB, and room.
const MAX_HEADER_BYTES: u32 = 32 << 10;

/// All services behind one gate.
async fn app(settings: &Settings, workplace: Arc<Workplace>, gate: SecurityLayer) -> Router {
    let metrics = Arc::clone(workplace.metrics());
    let refusals = Arc::new(Refusals::new(Arc::clone(&workplace), method_of));
    let persons = Arc::new(identity::Services::new(Arc::clone(&workplace)));
    let services = Services::new(workplace);
    let most = settings.max_message_bytes();
    let (health, serving) = {
        let (reporter, service) = tonic_health::server::health_reporter();
        (service, reporter)
    };
    serving.set_service_status("", tonic_health::ServingStatus::Serving).await;
    let mut routes = Routes::new(EnrolmentServiceServer::new(services.clone()).max_decoding_message_size(most))
        .add_service(IdentificationServiceServer::new(services.clone()).max_decoding_message_size(most))
        .add_service(VerificationServiceServer::new(services.clone()).max_decoding_message_size(most))
        .add_service(ExtractionServiceServer::new(services.clone()).max_decoding_message_size(most))
        .add_service(GalleryServiceServer::new(services.clone()).max_decoding_message_size(most))
        .add_service(DeduplicationServiceServer::new(services.clone()).max_decoding_message_size(most))
        .add_service(AuditServiceServer::new(services.clone()).max_decoding_message_size(most))
        .add_service(RegistrationServiceServer::from_arc(Arc::clone(&persons)).max_decoding_message_size(most))
        .add_service(AdjudicationServiceServer::from_arc(Arc::clone(&persons)).max_decoding_message_size(most))
        .add_service(IdentityServiceServer::from_arc(Arc::clone(&persons)).max_decoding_message_size(most))
        .add_service(IssuanceServiceServer::from_arc(Arc::clone(&persons)).max_decoding_message_size(most))
        .add_service(AuthenticationServiceServer::from_arc(Arc::clone(&persons)).max_decoding_message_size(most))
        .add_service(PartnerServiceServer::from_arc(Arc::clone(&persons)).max_decoding_message_size(most))
        .add_service(health);
    if settings.reflection {
        let descriptors = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(v1::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET);
        if let Ok(reflection) = descriptors.build_v1() {
            routes = routes.add_service(reflection);
        }
    }
    let method_of: MethodOf = method_of;
    routes
        .into_axum_router()
        .merge(gateway(&services, &persons, settings))
        .layer(gate)
        .layer(from_fn_with_state(refusals, record_refusals))
        .layer(from_fn_with_state(settings.request_timeout, keep_deadline))
        .layer(from_fn_with_state((metrics, method_of), measure))
        .layer(from_fn_with_state(Arc::new(RequestIds::default()), name_requests))
}

/// The same services for those who speak HTTP and JSON.
fn gateway(services: &Services, persons: &Arc<identity::Services>, settings: &Settings) -> Router {
    let limits = http::Limits { max_message_bytes: settings.max_message_bytes(), timeout: settings.request_timeout };
    let services = Arc::new(services.clone());
    http::Gateway::new(limits)
        .enrolment(Arc::clone(&services))
        .identification(Arc::clone(&services))
        .verification(Arc::clone(&services))
        .extraction(Arc::clone(&services))
        .galleries(Arc::clone(&services))
        .deduplication(Arc::clone(&services))
        .audit(services)
        .identity(persons)
        .status_lists(persons)
        .into_router()
}

/// Keeps up to date what is not counted as it happens.
async fn gauge(workplace: Arc<Workplace>, refused: Refused) {
    let mut told = 0;
    loop {
        workplace.gauge();
        let count = refused.count();
        if count > told {
            tracing::warn!(
                more = count - told,
                "connections were closed, for there are as many as server.max_connections"
            );
            told = count;
        }
        tokio::time::sleep(GAUGED).await;
    }
}

/// Seals what is in journals, so that the next start is quick.
async fn close(workplace: Arc<Workplace>) {
    let closed = tokio::task::spawn_blocking(move || {
        if let Ok(jobs) = workplace.jobs() {
            jobs.close();
        }
        if let Some(office) = workplace.identity() {
            office.close();
        }
        workplace.galleries.close()
    });
    let closed = closed.await;
    for (gallery, error) in closed.unwrap_or_default() {
        tracing::warn!(gallery, %error, "not sealed; nothing is lost, and the next start takes longer");
    }
}
