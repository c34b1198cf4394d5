//! Clients that break the rules: limits hold, memory stays what it was, and others are served.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod serving;

use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request as HttpRequest;
use axum::http::{StatusCode, header};
use h2::client::SendRequest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;
use tonic::Code;
use tonic::transport::Channel;
use whorl_proto::v1;
use whorl_proto::v1::gallery_service_client::GalleryServiceClient;
use whorl_proto::v1::identification_service_client::IdentificationServiceClient;

use serving::authority::Authority;
use serving::memory::resident_bytes;
use serving::raw::{framed, grpc, json, send, status};
use serving::{Serving, print, reason};

/// Memory is that of the process, so no two attacks are measured at once.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// Far longer than anything takes, also on a machine that does other things.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much more memory an attack may leave behind, that of the attackers included: what allocators keep of what was freed.
const MAY_STAY_BYTES: u64 = 64 << 20;

const IDENTIFY: &str = "/whorl.v1.IdentificationService/Identify";
const ENROL: &str = "/whorl.v1.EnrolmentService/Enrol";
const ENROL_MANY: &str = "/whorl.v1.EnrolmentService/EnrolMany";

/// Messages of at most a mebibyte, two seconds for a call, one for a handshake.
const STRICT: &str = "max_message_mib = 1\nrequest_timeout_s = 2\ntls_handshake_timeout_s = 1\n\
                      [security]\nconcurrent = 10000\nrate_per_s = 100000\nburst = 100000\n";

/// A server, and a client that was there before the attack.
struct Besieged {
    serving: Serving,
    good: Channel,
    before_bytes: Option<u64>,
    _alone: MutexGuard<'static, ()>,
}

impl Besieged {
    async fn with(changes: &str) -> Self {
        let alone = ONE_AT_A_TIME.lock().await;
        let serving = Serving::with(changes).await;
        let good = serving.channel().await;
        let mut galleries = GalleryServiceClient::new(good.clone());
        galleries.create_gallery(v1::CreateGalleryRequest { name: "nation".to_owned() }).await.unwrap();
        let mut besieged = Self { serving, good, before_bytes: None, _alone: alone };
        besieged.serves().await;
        besieged.before_bytes = resident_bytes();
        besieged
    }

    /// The client that was there before is still answered, with work behind the answer.
    async fn serves(&self) {
        let ask = v1::IdentifyRequest {
            gallery: "nation".to_owned(),
            samples: vec![print(1, 1)],
            ..v1::IdentifyRequest::default()
        };
        let mut identification = IdentificationServiceClient::new(self.good.clone());
        timeout(PATIENCE, identification.identify(ask)).await.expect("in time").expect("an answer");
    }

    /// It is answered, and memory is what it was.
    async fn stands(&self) {
        self.serves().await;
        if let (Some(before), Some(after)) = (self.before_bytes, resident_bytes()) {
            let more = after.saturating_sub(before);
            assert!(more < MAY_STAY_BYTES, "{} MiB more than before", more >> 20);
        }
    }

    async fn connect(&self) -> TcpStream {
        timeout(PATIENCE, TcpStream::connect(self.serving.address)).await.unwrap().unwrap()
    }

    /// A connection of HTTP/2 on which anything can be said.
    async fn http2(&self) -> SendRequest<Bytes> {
        let (requests, connection) = h2::client::handshake(self.connect().await).await.unwrap();
        // It ends with the test, or with whatever the server thinks of it.
        tokio::spawn(async move { drop(connection.await) });
        requests
    }
}

/// The head of a request of gRPC.
fn head(path: &str) -> HttpRequest<()> {
    let uri = format!("http://localhost{path}");
    HttpRequest::post(uri).header(header::CONTENT_TYPE, "application/grpc").body(()).unwrap()
}

/// Waits until the server hangs up, and gives what it said before.
async fn until_closed(mut stream: TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    // A reset is an end, too.
    let _ = timeout(PATIENCE * 2, stream.read_to_end(&mut said)).await.expect("the server hangs up");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_is_answered_by_hanging_up() {
    let besieged = Besieged::with(STRICT).await;
    let mut state = 7_u32;
    for length in (1..40).map(|number| number * 100) {
        let garbage = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let garbage = garbage.take(length).collect::<Vec<_>>();
        let mut stream = besieged.connect().await;
        // It may hang up in the middle.
        let _ = stream.write_all(&garbage).await;
        until_closed(stream).await;
    }
    // HTTP/2 that goes wrong after a good beginning.
    for frame in [&[0xff; 64][..], b"\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00", &[0; 9]] {
        let mut stream = besieged.connect().await;
        let _ = stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        let _ = stream.write_all(frame).await;
        until_closed(stream).await;
    }
    besieged.stands().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_are_none_are_refused_by_grpc_and_by_http() {
    let besieged = Besieged::with(STRICT).await;
    let bodies = [
        framed(b"\x0a\xff\xff\xff\xff\x0f"),
        framed(&[0xff; 1_000]),
        framed(b"\x0a\x02\xff\xfe"),
        // Flags that no message has, and a compression that nobody agreed on.
        vec![9, 0, 0, 0, 0],
        vec![1, 0, 0, 0, 1, 0],
        // Half a frame, and half a message.
        vec![0, 0],
        vec![0, 0, 0, 1, 0, 7],
    ];
    for body in bodies {
        let answer = send(&besieged.good, grpc(ENROL, &body, None)).await.unwrap();
        let status = status(answer).await.expect("a status");
        assert_ne!(status.code(), Code::Ok, "{body:02x?}");
    }
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in ["", "{", "[]", "{\"gallery\":7}", "{\"samples\":[{\"data\":\"not base64!\"}]}", &deep, "\u{0}"] {
        let answer = send(&besieged.good, json("/v1/enrolment/enrol", text, None)).await.unwrap();
        assert!(answer.status().is_client_error(), "{}: {}", answer.status(), &text[..text.len().min(40)]);
    }
    besieged.stands().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_are_too_long_are_refused_before_they_have_come() {
    let besieged = Besieged::with(STRICT).await;
    let boasts = [&[0, 0xff, 0xff, 0xff, 0xff][..], &[0, 0x00, 0x10, 0x00, 0x01]];
    for boast in boasts {
        let mut requests = besieged.http2().await.ready().await.unwrap();
        let (answer, mut body) = requests.send_request(head(ENROL), false).unwrap();
        body.send_data(Bytes::copy_from_slice(boast), false).unwrap();
        let answer = timeout(PATIENCE, answer).await.expect("it does not wait for the rest").unwrap();
        let code = answer.headers().get("grpc-status").map(|code| Code::from_bytes(code.as_bytes()));
        let refusals = [Code::OutOfRange, Code::ResourceExhausted].map(Some);
        assert!(refusals.contains(&code), "{boast:?}: {code:?}");
    }
    let long = vec![0; (1 << 20) + 1];
    let answer = send(&besieged.good, grpc(ENROL, &framed(&long), None)).await;
    // The answer may come while the message is still being sent, which then ends with a reset.
    if let Ok(answer) = answer {
        let status = status(answer).await.expect("a status");
        assert!([Code::OutOfRange, Code::ResourceExhausted].contains(&status.code()), "{status:?}");
    }
    let text = format!("{{\"gallery\":\"{}\"}}", "x".repeat(2 << 20));
    let answer = send(&besieged.good, json("/v1/enrolment/enrol", &text, None)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    besieged.stands().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_without_an_end_are_given_up_or_cost_no_more_than_a_message() {
    let besieged = Besieged::with(STRICT).await;
    let mut requests = besieged.http2().await;
    let (mut answers, mut bodies) = (Vec::new(), Vec::new());
    for path in [ENROL, ENROL_MANY].into_iter().cycle().take(40) {
        requests = requests.ready().await.unwrap();
        let (answer, mut body) = requests.send_request(head(path), false).unwrap();
        body.send_data(Bytes::from_static(&[0, 0, 0x0f, 0xff, 0xff]), false).unwrap();
        if path == ENROL {
            answers.push(answer);
        }
        bodies.push(body);
    }
    // Each a little at a time, and never all of it.
    let dripping = tokio::spawn(async move {
        loop {
            for body in &mut bodies {
                // Those that were given up take no more.
                let _ = body.send_data(Bytes::from_static(&[0; 64]), false);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    besieged.stands().await;
    for answer in answers {
        let code = match timeout(PATIENCE, answer).await.expect("it is given up") {
            Ok(answer) => answer.headers().get("grpc-status").map(|code| Code::from_bytes(code.as_bytes())),
            // Given up by a reset of the stream.
            Err(_) => continue,
        };
        assert_eq!(code, Some(Code::DeadlineExceeded));
    }
    besieged.stands().await;
    dripping.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_are_taken_back_at_once_are_not_worked_on() {
    let besieged = Besieged::with(STRICT).await;
    for _ in 0..4 {
        let mut requests = besieged.http2().await;
        for _ in 0..1_000 {
            // The server ends the connection when it has had enough.
            let Ok(ready) = requests.ready().await else { break };
            requests = ready;
            let Ok((_, mut body)) = requests.send_request(head(ENROL), false) else { break };
            body.send_reset(h2::Reason::CANCEL);
            requests = match requests.ready().await {
                Ok(ready) => ready,
                Err(_) => break,
            };
        }
    }
    besieged.stands().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_drips_the_beginning_of_a_connection_or_the_head_of_a_request_is_left() {
    let besieged = Besieged::with(STRICT).await;
    // What comes at once, and what comes a byte at a time. Heads of HTTP/1 are given half a minute.
    let clients = [
        (&b""[..], &b""[..]),
        (b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r"),
        (b"", b"GET / HTTP/1.1\r\n"),
        (b"GET /openapi.json HTTP/1.1\r\nHost: a\r\nX: ", b"x"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: "),
    ];
    let mut left = Vec::new();
    for (beginning, drip) in clients.into_iter().cycle().take(50) {
        let mut stream = besieged.connect().await;
        stream.write_all(beginning).await.unwrap();
        let (mut read, mut write) = stream.into_split();
        let dripping = tokio::spawn(async move {
            for byte in drip.iter().chain(std::iter::repeat_n(&b'x', if drip.is_empty() { 0 } else { usize::MAX })) {
                tokio::time::sleep(Duration::from_millis(300)).await;
                if write.write_all(&[*byte]).await.is_err() {
                    break;
                }
            }
            // It does not hang up.
            std::future::pending::<()>().await;
        });
        left.push(tokio::spawn(async move {
            let mut said = Vec::new();
            let _ = timeout(PATIENCE * 2, read.read_to_end(&mut said)).await.expect("the server hangs up");
            dripping.abort();
        }));
    }
    besieged.serves().await;
    for one in left {
        one.await.unwrap();
    }
    besieged.stands().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_without_an_end_are_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("the authority");
    authority.write(folder.path());
    let _alone = ONE_AT_A_TIME.lock().await;
    let changes = "tls_handshake_timeout_s = 1\nmax_connections = 100\n[security]\nauthentication = \"required\"\n\
                   clients = [{ certificate = \"CN=admin\", roles = [\"admin\"] }]\n[security.tls]\n\
                   certificate = \"server.pem\"\nkey = \"server.key\"\nclient_ca = \"authority.pem\"\n";
    let serving = Serving::within(folder, changes).await;
    let good = serving.endpoint(authority.client("admin")).connect().await.unwrap();
    let mut galleries = GalleryServiceClient::new(good);
    let mut list = async || {
        let listed = timeout(PATIENCE, galleries.list_galleries(v1::ListGalleriesRequest {})).await;
        listed.expect("in time").expect("an answer");
    };
    list().await;
    // No word, half a greeting, one that promises more than comes, clear text, and garbage.
    let greetings =
        [&b""[..], b"\x16\x03\x01", b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc", b"GET / HTTP/1.1\r\n\r\n", &[7; 500]];
    let mut streams = Vec::new();
    for greeting in greetings.into_iter().cycle().take(90) {
        let mut stream = TcpStream::connect(serving.address).await.unwrap();
        let _ = stream.write_all(greeting).await;
        streams.push(stream);
    }
    list().await;
    for stream in streams {
        until_closed(stream).await;
    }
    list().await;
    serving.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thousands_of_idle_connections_as_many_are_kept_as_may_be() {
    const MOST: usize = 200;
    let besieged = Besieged::with(&format!("max_connections = {MOST}\n{STRICT}")).await;
    let mut kept = Vec::new();
    for _ in 0..2_000 {
        let mut stream = besieged.connect().await;
        // A client of HTTP/2 that has nothing to ask. Who may stay hears the server's settings.
        let _ = stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
        let heard = timeout(PATIENCE, stream.read(&mut [0; 64])).await.expect("settings, or an end");
        if heard.unwrap_or(0) > 0 {
            kept.push(stream);
        }
    }
    assert_eq!(kept.len(), MOST - 1, "the good client has a place, too");
    besieged.stands().await;
    drop(kept);
    let next = async {
        loop {
            let channel = Channel::from_shared(format!("http://{}", besieged.serving.address)).unwrap();
            let answered = match channel.connect().await {
                Ok(channel) => {
                    let mut galleries = GalleryServiceClient::new(channel);
                    galleries.list_galleries(v1::ListGalleriesRequest {}).await.is_ok()
                }
                Err(_) => false,
            };
            if answered {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, next).await.expect("there is room again");
    besieged.stands().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_no_answers_costs_no_more_than_a_window() {
    let besieged = Besieged::with(STRICT).await;
    let mut held = Vec::new();
    for _ in 0..50 {
        let mut stream = besieged.connect().await;
        for _ in 0..200 {
            // The description of the API is the longest answer that anybody may have. Nobody reads it here.
            let asked = stream.write_all(b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n");
            if timeout(Duration::from_millis(100), asked).await.is_err() {
                break;
            }
        }
        held.push(stream);
    }
    besieged.stands().await;
    drop(held);
    besieged.stands().await;
}

/// A search that takes far longer than its deadline: sixty-four pictures are read before it.
fn long_search() -> v1::IdentifyRequest {
    v1::IdentifyRequest {
        gallery: "nation".to_owned(),
        samples: vec![print(1, 1); 64],
        ..v1::IdentifyRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_passes_is_told_as_one_by_grpc_and_by_http() {
    let besieged = Besieged::with("").await;
    let mut requests = besieged.http2().await.ready().await.unwrap();
    let message = framed(&prost::Message::encode_to_vec(&long_search()));
    let json = serde_json::to_vec(&long_search()).unwrap();
    let (by_grpc, by_http) = (IDENTIFY, "/v1/identification/identify");
    let asked = [
        (by_grpc, "application/grpc", ("grpc-timeout", "60m"), &message),
        (by_http, "application/json", ("grpc-timeout", "60m"), &json),
        (by_http, "application/json", ("request-timeout-ms", "60"), &json),
    ];
    for (path, kind, (name, value), body) in asked {
        let uri = format!("http://localhost{path}");
        let head = HttpRequest::post(uri).header(header::CONTENT_TYPE, kind).header(name, value).body(()).unwrap();
        let (answer, mut sending) = requests.send_request(head, false).unwrap();
        requests = requests.ready().await.unwrap();
        sending.send_data(Bytes::copy_from_slice(body), true).unwrap();
        let answer = timeout(PATIENCE, answer).await.expect("in time").unwrap();
        if path == by_grpc {
            let status = tonic::Status::from_header_map(answer.headers()).expect("the head says how it ended");
            assert_eq!((status.code(), reason(&status).as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
        } else {
            assert_eq!(answer.status(), StatusCode::GATEWAY_TIMEOUT, "{name}");
        }
    }
    besieged.stands().await;
}
