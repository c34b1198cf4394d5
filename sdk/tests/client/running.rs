//! A server of the test's own.

use std::path::Path;
use std::thread::JoinHandle;

use tempfile::TempDir;
use tokio::sync::oneshot;
use whorl_api::config::{Config, Environment};
use whorl_api::server::{Opened, Server};
use whorl_sdk::Engine;
use whorl_sdk::client::Options;
use whorl_sdk::client::blocking::Client;

/// A server that stops when it is dropped.
pub(crate) struct Running {
    pub(crate) port: u16,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// One that takes everybody for an administrator, with a gallery called `nation`.
    pub(crate) fn start() -> (Self, Client) {
        let running = Self::configured(tempfile::tempdir().unwrap(), "");
        let client = Client::connect(running.options()).unwrap();
        client.galleries().create("nation").unwrap();
        (running, client)
    }

    /// One with more in its configuration, whose files are in `folder`.
    pub(crate) fn configured(folder: TempDir, more: &str) -> Self {
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\noperations_listen = \"127.0.0.1:0\"\ndrain_s = 2\n[data]\nmin_free_mib = 16\n{more}"
        );
        let path = folder.path().join("whorl.toml");
        let config = Config::parse(Some((&path, &text)), &Environment::default()).unwrap().config;
        let (tell, told) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let opened = Opened::open(&config, Engine::new(1).unwrap()).unwrap();
                let server = Server::bind(&config, opened).await.unwrap();
                tell.send(server.addresses().unwrap().0.port()).unwrap();
                // A sender that is gone stops it too.
                server.run(async { drop(stopped.await) }).await.unwrap();
            });
        });
        Self { port: told.recv().unwrap(), folder, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn options(&self) -> Options {
        Options::new(format!("http://127.0.0.1:{}", self.port))
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops it, and gives what it keeps.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Keys are readable by their owner only, or the server refuses them.
pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt;

    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // What went wrong in it was printed, and the test has ended.
            let _ = thread.join();
        }
    }
}
