//! A server with the identity layer, its clients by tokens, and somebody who listens to its webhook.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
#![allow(unreachable_pub, reason = "a module of a test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tonic::metadata::MetadataValue;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};
use whorl_api::config::{Level, Log, LogFormat};
use whorl_api::operations::log::subscriber;
use whorl_identity::credential::IssuerKey;
use whorl_index::MasterKey;
use whorl_proto::identity::v1::adjudication_service_client::AdjudicationServiceClient;
use whorl_proto::identity::v1::registration_service_client::RegistrationServiceClient;
use whorl_proto::identity::v1::{self as person};
use whorl_proto::v1;

use crate::serving::Serving;
use crate::serving::authority::{AUDIENCE, ISSUER, Issuer};
use crate::serving::raw::{json as by_json, send};

/// The secret of the webhook.
const SECRET: &[u8] = b"drawn by chance, so to speak";

/// Where its status lists are, as its credentials say.
pub const STATUS_URL: &str = "https://id.example/credentials/status";

/// How long a test waits for what must happen: a machine that is busy with much else needs some of it.
const PATIENCE: Duration = Duration::from_mins(2);

/// Calls without a client's name.
pub type People = RegistrationServiceClient<Channel>;

/// A server and its people.
pub struct Country {
    pub serving: Serving,
    pub issuer: Issuer,
    heard: Arc<Mutex<Vec<Value>>>,
    text: String,
}

impl Country {
    pub async fn start() -> Self {
        Self::with("", &[]).await
    }

    /// One whose section `[identity]` has `lines` more, with these files beside the configuration.
    pub async fn with(lines: &str, files: &[(&str, &str)]) -> Self {
        let (folder, issuer) = (tempfile::tempdir().unwrap(), Issuer::new());
        let path = |name: &str| folder.path().join(name);
        for (name, content) in files {
            std::fs::write(path(name), content).unwrap();
        }
        std::fs::write(path("keys.json"), issuer.keys()).unwrap();
        MasterKey::generate().unwrap().write_file(&path("master")).unwrap();
        std::fs::write(path("issuer.pem"), IssuerKey::generate_pem().unwrap().as_bytes()).unwrap();
        std::fs::write(path("hook"), SECRET).unwrap();
        let (port, heard) = listen();
        let text = format!(
            "[security]\nauthentication = \"required\"\n[security.tokens]\nissuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\n\
             jwks_file = \"keys.json\"\n[identity]\nenabled = true\nmaster_key_file = \"master\"\ngallery = \"people\"\n\
             issuer_key_file = \"issuer.pem\"\nissuer = \"https://id.example\"\nstatus_url = \"{STATUS_URL}\"\n\
             webhooks = [{{ url = \"http://127.0.0.1:{port}/events\", secret_file = \"hook\" }}]\n{lines}"
        );
        Self { serving: Serving::within(folder, &text).await, issuer, heard, text }
    }

    /// The same after the server ended and began again.
    pub async fn restart(self) -> Self {
        self.restart_after(|_| ()).await
    }

    /// The same after the server ended, something was done in its folder, and it began again.
    pub async fn restart_after(self, work: impl FnOnce(&Path)) -> Self {
        let Self { serving, issuer, heard, text } = self;
        let folder = serving.end().await;
        work(folder.path());
        Self { serving: Serving::within(folder, &text).await, issuer, heard, text }
    }

    pub async fn end(self) -> TempDir {
        self.serving.end().await
    }

    pub async fn registration(&self, client: &str, roles: &[&str]) -> Registering {
        let channel = self.serving.channel().await;
        RegistrationServiceClient::with_interceptor(channel, as_client(&self.issuer, client, roles))
    }

    pub async fn adjudication(&self, client: &str, roles: &[&str]) -> Adjudicating {
        let channel = self.serving.channel().await;
        AdjudicationServiceClient::with_interceptor(channel, as_client(&self.issuer, client, roles))
    }

    /// The status and the answer of a call by HTTP; without a client's name, one without a token.
    pub async fn by_http(&self, path: &str, body: &Value, client: &str, roles: &[&str]) -> (StatusCode, Value) {
        let token = (!client.is_empty()).then(|| self.issuer.token(client, &json!({ "roles": roles })));
        let channel = self.serving.channel().await;
        let answer = send(&channel, by_json(path, &body.to_string(), token.as_deref())).await.unwrap();
        let status = answer.status();
        let bytes = axum::body::to_bytes(axum::body::Body::new(answer.into_body()), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// What the audit calls the holder of a UIN.
    pub async fn subject(&self, uin: &str) -> String {
        let asked = json!({ "uin": uin, "purpose": "a question" });
        let (_, record) = self.by_http("/identity/v1/identity/get-identity", &asked, "oskar", &["officer"]).await;
        record["subject"].as_str().unwrap().to_owned()
    }

    /// All events that were heard until this one.
    pub async fn heard(&self, registration: &str, stage: &str) -> Vec<Value> {
        until(|| async {
            let heard = self.heard.lock().unwrap().clone();
            let is_last = |event: &Value| event["registration"] == registration && event["stage"] == stage;
            heard.iter().any(is_last).then_some(heard)
        })
        .await
    }
}

/// A client of registrations, by its token.
pub type Registering = RegistrationServiceClient<InterceptedService<Channel, Bearer>>;

/// A client of cases, by its token.
pub type Adjudicating = AdjudicationServiceClient<InterceptedService<Channel, Bearer>>;

/// Adds a token to each call.
#[derive(Clone)]
pub struct Bearer(MetadataValue<tonic::metadata::Ascii>);

impl tonic::service::Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// Who calls.
pub fn as_client(issuer: &Issuer, client: &str, roles: &[&str]) -> Bearer {
    Bearer(format!("Bearer {}", issuer.token(client, &json!({ "roles": roles }))).parse().unwrap())
}

/// A registration of somebody new, captured by `olga`.
pub fn packet(id: &str, name: &str, samples: Vec<v1::Sample>) -> person::RegisterRequest {
    let fields =
        json!({ "firstName": name, "lastName": format!("{name}son"), "dateOfBirth": "1980-02-29", "gender": "Female" });
    person::RegisterRequest {
        id: id.to_owned(),
        kind: person::PacketKind::New.into(),
        demographics: Some(serde_json::from_value(fields).unwrap()),
        samples,
        consent: Some(person::ConsentGiven {
            purpose: "foundational-id".to_owned(),
            is_given: true,
            at_unix_ms: now_ms(),
            ..Default::default()
        }),
        captured_by: Some(person::CapturedBy {
            operator: "token olga".to_owned(),
            station: "station-7".to_owned(),
            ..Default::default()
        }),
        captured_unix_ms: now_ms(),
        ..Default::default()
    }
}

/// A registration once nothing more is done about it, as an officer sees it.
pub async fn wait_for(country: &Country, id: &str) -> person::GetRegistrationResponse {
    until(|| async {
        let asked = person::GetRegistrationRequest { id: id.to_owned() };
        let state =
            country.registration("oskar", &["officer"]).await.get_registration(asked).await.unwrap().into_inner();
        let is_done = matches!(
            state.stage(),
            person::RegistrationStage::Issued
                | person::RegistrationStage::Rejected
                | person::RegistrationStage::InAdjudication
        );
        is_done.then_some(state)
    })
    .await
}

/// Looks again and again until there is something.
pub async fn until<T, F: Future<Output = Option<T>>>(look: impl Fn() -> F) -> T {
    let looked = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looked).await.unwrap()
}

pub fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

pub fn sha(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// Listens to a webhook: the first request of all is answered by a failure, so that it must come again.
fn listen() -> (u16, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, heard) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<Value>>>::default());
    let noted = Arc::clone(&heard);
    // It ends with the test's process.
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (events, stream) = hear(stream.unwrap());
            let answer = if number == 0 {
                "503 Service Unavailable"
            } else {
                noted.lock().unwrap().extend(events);
                "204 No Content"
            };
            let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            (&stream).write_all(answer.as_bytes()).unwrap();
        }
    });
    (port, heard)
}

/// What a request delivers, once its signature was checked.
fn hear(stream: TcpStream) -> (Vec<Value>, TcpStream) {
    let mut reader = BufReader::new(stream);
    let (mut signature, mut delivery, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "whorl-signature" => value.clone_into(&mut signature),
            "whorl-delivery" => value.clone_into(&mut delivery),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (seconds, digits) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(seconds.as_bytes());
    mac.update(b".");
    mac.update(&body);
    let pairs = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
    mac.verify_slice(&pairs.collect::<Vec<_>>()).expect("the signature is ours");
    assert!(seconds.parse::<u64>().unwrap().abs_diff(now_ms() / 1_000) < 600);
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["cursor"], delivery.as_str());
    (body["events"].as_array().unwrap().clone(), reader.into_inner())
}

/// Everything that is logged in this process.
pub fn log() -> Arc<Mutex<Vec<u8>>> {
    static WRITTEN: OnceLock<Written> = OnceLock::new();
    let written = WRITTEN.get_or_init(|| {
        let written = Written::default();
        let out = written.clone();
        let log = Log { format: LogFormat::Json, level: Level::Trace };
        tracing::subscriber::set_global_default(subscriber(log, move || out.clone())).unwrap();
        written
    });
    Arc::clone(&written.0)
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
