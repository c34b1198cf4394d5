//! A server as a process: the threads of the network, and the signals that end it.

use std::net::SocketAddr;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Opened, ServeError, Server};
use crate::config::Config;

/// Threads beside those of the work: checks of health, and the end.
const SPARE_THREADS: usize = 8;

/// Ends a server from within its process.
#[derive(Debug)]
pub struct Stop(watch::Sender<bool>);

/// What a server looks at to know whether it is to end.
#[derive(Debug)]
pub struct Stopped(watch::Receiver<bool>);

impl Stop {
    /// One that was not told yet.
    #[must_use]
    pub fn new() -> (Self, Stopped) {
        let (told, stopped) = watch::channel(false);
        (Self(told), Stopped(stopped))
    }

    /// Tells it.
    pub fn now(&self) {
        self.0.send_replace(true);
    }
}

impl Stopped {
    /// Waits until it is told; for ever, where nobody is left who could.
    async fn told(mut self) {
        if self.0.wait_for(|told| *told).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Serves what was opened until the process is told to end by `SIGTERM` or Ctrl-C. `serving` hears both addresses, of the services and of
/// the operator's, once they are served.
///
/// # Errors
/// [`ServeError`] where the server cannot begin, or its transport fails.
pub fn serve(config: &Config, opened: Opened, serving: impl FnOnce(SocketAddr, SocketAddr)) -> Result<(), ServeError> {
    let (_stop, stopped) = Stop::new();
    serve_until(config, opened, stopped, serving)
}

/// As [`serve`], and until it is told to stop.
///
/// # Errors
/// As [`serve`].
pub fn serve_until(
    config: &Config,
    opened: Opened,
    stopped: Stopped,
    serving: impl FnOnce(SocketAddr, SocketAddr),
) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // Each piece of work that is taken waits on a thread of its own for those of the engine.
        .max_blocking_threads(config.engine.queue + SPARE_THREADS)
        .enable_all()
        .build()
        .map_err(ServeError::System)?;
    runtime.block_on(async {
        let server = Server::bind(config, opened).await?;
        let (listen, operations_listen) = server.addresses()?;
        let mut terminated = signal(SignalKind::terminate()).map_err(ServeError::System)?;
        serving(listen, operations_listen);
        let stop = async move {
            tokio::select! {
                // Where one signal cannot be heard, the other still is.
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
                () = stopped.told() => {}
            }
        };
        server.run(stop).await
    })
}
