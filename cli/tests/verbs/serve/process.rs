//! A server as a process, and clients that speak HTTP and JSON with it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::whorl::{Folder, command};

/// How long an answer is waited for: far longer than any takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that runs until it is killed, told to stop, or dropped.
pub(super) struct Served {
    child: Child,
    clients: Clients,
    operations: SocketAddr,
}

/// Clients of a server.
#[derive(Clone)]
pub(super) struct Clients {
    agent: ureq::Agent,
    listen: SocketAddr,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// The server said why, by this reason.
    Refused(String),
    /// The connection broke.
    Broken,
}

impl Served {
    /// Starts `whorl serve` in `folder`, and waits until it serves.
    pub(super) fn start(folder: &Folder) -> Self {
        let mut command = command(&folder.path("."), &["serve", "--config", "whorl.toml", "--json"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        for line in out.lines().map_while(Result::ok) {
            text += &line;
            if line == "}" {
                break;
            }
        }
        let told: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text:?}"));
        let address = |key: &str| told[key].as_str().unwrap().parse().unwrap();
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
        let clients = Clients { agent: config.build().into(), listen: address("listen") };
        Self { child, clients, operations: address("operations_listen") }
    }

    pub(super) fn clients(&self) -> Clients {
        self.clients.clone()
    }

    pub(super) fn ask(&self, path: &str, request: &Value) -> Result<Value, Unanswered> {
        self.clients.ask(path, request)
    }

    pub(super) fn metrics(&self) -> String {
        let url = format!("http://{}/metrics", self.operations);
        self.clients.agent.get(&url).call().unwrap().body_mut().read_to_string().unwrap()
    }

    /// Ends it as a power cut would, but for what the system has in its caches.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to read its certificates again.
    pub(super) fn hang_up(&self) {
        let told = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Tells it to stop, and gives its exit code.
    pub(super) fn terminate(&mut self) -> i32 {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap().code().expect("it ends by itself")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Clients {
    pub(super) fn ask(&self, path: &str, request: &Value) -> Result<Value, Unanswered> {
        let url = format!("http://{}{path}", self.listen);
        let request = self.agent.post(&url).header("content-type", "application/json").send(request.to_string());
        let mut answer = request.map_err(|_| Unanswered::Broken)?;
        let text = answer.body_mut().read_to_string().map_err(|_| Unanswered::Broken)?;
        let value: Value = serde_json::from_str(&text).map_err(|_| Unanswered::Broken)?;
        if answer.status().is_success() {
            return Ok(value);
        }
        Err(Unanswered::Refused(value["reason"].as_str().unwrap_or(&text).to_owned()))
    }
}

pub(super) fn base64_of(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
