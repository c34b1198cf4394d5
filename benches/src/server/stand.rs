//! A server in this process, for as long as a run takes.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use whorl_api::config::Config;
use whorl_api::server::{Opened, ServeError, Server};
use whorl_proto::v1;
use whorl_proto::v1::gallery_service_client::GalleryServiceClient;
use whorl_service::Engine;

use super::authority::Authority;
use crate::failure::RunError;
use crate::site::{Site, temporary};

/// The gallery that is searched, as its folder is called.
pub(super) const GALLERY: &str = "gallery";

/// The gallery into which is enrolled: the other stays as it is.
pub(super) const ENROLLED: &str = "enrolled";

/// What a server leaves beside the gallery that is searched.
const LEFT: [&str; 2] = [ENROLLED, "_jobs"];

/// More than any run asks for.
const NO_LIMIT: u32 = 1_000_000;

/// A server that serves, and the threads of the network.
pub(super) struct Stand {
    runtime: Runtime,
    address: SocketAddr,
    probes_a_pass: usize,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), ServeError>>,
    place: PathBuf,
    authority: Option<Authority>,
    _beside: TempDir,
}

impl Stand {
    /// Serves the gallery of `site` to this machine, and audits beside it.
    pub(super) fn start(site: &Site, threads: usize, tls: bool) -> Result<Self, RunError> {
        let place = site.root.parent().unwrap_or(Path::new("")).to_owned();
        clear(&place)?;
        let beside = temporary(Some(place.clone()))?;
        let authority = tls.then(|| Authority::write(beside.path())).transpose()?;
        let mut config = Config::default();
        config.server.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        config.server.operations_listen = config.server.listen;
        config.data.folder.clone_from(&place);
        config.audit.folder = beside.path().join("audit");
        if let Some(authority) = &authority {
            config.security.tls.certificate = Some(authority.certificate.clone());
            config.security.tls.key = Some(authority.key.clone());
        }
        config.policy.accept_templates = true;
        (config.security.rate_per_s, config.security.burst, config.security.concurrent) = (NO_LIMIT, NO_LIMIT, 100_000);
        let runtime = Builder::new_multi_thread().max_blocking_threads(config.engine.queue).enable_all().build()?;
        let opened = Opened::open(&config, Engine::new(threads)?)?;
        let server = runtime.block_on(Server::bind(&config, opened))?;
        let (address, _) = server.addresses()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let served = runtime.spawn(server.run(async {
            // Told, or left alone.
            let _ = stopped.await;
        }));
        let probes_a_pass = config.engine.batch_probes;
        let stand = Self { runtime, address, probes_a_pass, stop, served, place, authority, _beside: beside };
        let channel = stand.channels(1)?.remove(0);
        let create = v1::CreateGalleryRequest { name: ENROLLED.to_owned() };
        stand.runtime.block_on(GalleryServiceClient::new(channel).create_gallery(create))?;
        Ok(stand)
    }

    /// So many connections.
    pub(super) fn channels(&self, count: usize) -> Result<Vec<Channel>, RunError> {
        let scheme = if self.authority.is_some() { "https" } else { "http" };
        let endpoint = Channel::from_shared(format!("{scheme}://{}", self.address)).map_err(std::io::Error::other)?;
        let endpoint = match &self.authority {
            Some(authority) => endpoint.tls_config(authority.trusting())?,
            None => endpoint,
        };
        (0..count).map(|_| Ok(self.runtime.block_on(endpoint.connect())?)).collect()
    }

    pub(super) fn block_on<T>(&self, task: impl Future<Output = T>) -> T {
        self.runtime.block_on(task)
    }

    /// The most searches that share a pass.
    pub(super) fn probes_a_pass(&self) -> usize {
        self.probes_a_pass
    }

    /// Ends the server, and removes what it left beside the gallery.
    pub(super) fn end(self) -> Result<(), RunError> {
        let Self { runtime, stop, served, place, .. } = self;
        // Where it has ended by itself, it says why.
        let _ = stop.send(());
        runtime.block_on(served).map_err(|_| RunError::Broken)??;
        clear(&place)
    }
}

fn clear(place: &Path) -> Result<(), RunError> {
    for name in LEFT {
        let folder = place.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
    }
    Ok(())
}
