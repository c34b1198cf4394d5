//! A server on this machine, for as long as a test takes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
#![allow(dead_code, unreachable_pub, reason = "every test uses a part of it")]

pub mod authority;
pub mod memory;
pub mod raw;

use std::net::SocketAddr;

use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::Status;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic_types::StatusExt;
use whorl_api::config::{Config, Environment};
use whorl_api::server::{Opened, ServeError, Server};
use whorl_datasets::synthetic::fingerprint::{Conditions, Finger, Sensor};
use whorl_formats::image::encode_png;
use whorl_proto::v1;
use whorl_service::Engine;
use whorl_types::Position;

/// A server that serves.
pub struct Serving {
    pub address: SocketAddr,
    pub operations: SocketAddr,
    pub folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Serving {
    /// A server with the default configuration but for `changes`, in a folder of its own.
    pub async fn with(changes: &str) -> Self {
        Self::within(tempfile::tempdir().unwrap(), changes).await
    }

    /// The same in a folder where there may be galleries.
    pub async fn within(folder: TempDir, changes: &str) -> Self {
        let text = format!("{ADDRESSES}{changes}");
        let path = folder.path().join("whorl.toml");
        let loaded = Config::parse(Some((&path, &text)), &Environment::default());
        let config = loaded.unwrap_or_else(|error| panic!("{error}")).config;
        let open = config.clone();
        let opened = tokio::task::spawn_blocking(move || Opened::open(&open, Engine::new(2).unwrap()));
        let opened = opened.await.unwrap().unwrap_or_else(|error| panic!("{error}"));
        let server = Server::bind(&config, opened).await.unwrap();
        let (address, operations) = server.addresses().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(server.run(async {
            // A test that panics has dropped the other end.
            let _ = stopped.await;
        }));
        Self { address, operations, folder, stop: Some(stop), served: Some(served) }
    }

    /// A connection without TLS.
    pub async fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    /// Where a client with TLS connects.
    pub fn endpoint(&self, tls: ClientTlsConfig) -> Endpoint {
        Channel::from_shared(format!("https://{}", self.address)).unwrap().tls_config(tls).unwrap()
    }

    /// Ends the server as an operator does, and gives its folder.
    pub async fn end(mut self) -> TempDir {
        self.stop.take().unwrap().send(()).unwrap();
        self.served.take().unwrap().await.unwrap().unwrap();
        self.folder
    }
}

const ADDRESSES: &str = "\
[server]
listen = \"127.0.0.1:0\"
operations_listen = \"127.0.0.1:0\"
drain_s = 5
";

/// A picture of a finger of a person, the right index finger.
pub fn print(person: u64, capture: u64) -> v1::Sample {
    finger(person, Position::RightIndex, capture)
}

/// A picture of any finger of a person.
pub fn finger(person: u64, position: Position, capture: u64) -> v1::Sample {
    let picture = Finger::new(person, position).print(&Conditions::ideal(Sensor::Optical), capture);
    v1::Sample {
        data: encode_png(&picture, None).into(),
        modality: v1::Modality::Fingerprint.into(),
        position: position as i32,
        ..v1::Sample::default()
    }
}

pub fn enrol(gallery: &str, id: &str, samples: Vec<v1::Sample>) -> v1::EnrolRequest {
    v1::EnrolRequest { gallery: gallery.to_owned(), id: id.to_owned(), samples, ..v1::EnrolRequest::default() }
}

/// The reason that a status states for programs.
pub fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}
