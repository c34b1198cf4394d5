//! The gateway behind a socket, for what only shows there.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::gateway;

/// Longer than anything here takes; a test that would wait forever fails instead.
const PATIENCE: Duration = Duration::from_secs(20);

async fn serve() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, gateway()).await });
    address
}

/// Sends `line` as a chunk.
fn say(stream: &mut TcpStream, line: &str) {
    write!(stream, "{:x}\r\n{line}\n\r\n", line.len() + 1).unwrap();
}

/// Reads on to a line that holds `part`.
fn hear(answer: &mut BufReader<TcpStream>, part: &str) -> String {
    let mut line = String::new();
    while !line.contains(part) {
        line.clear();
        assert_ne!(answer.read_line(&mut line).unwrap(), 0, "the answer ended before {part}");
    }
    line
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_is_answered_before_the_next_is_sent() {
    let address = serve().await;
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut answer = BufReader::new(stream.try_clone().unwrap());
        let head = "POST /v1/enrolment/enrol-many HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\n\
                    transfer-encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        for id in ["a", "b", "c"] {
            say(&mut stream, &format!("{{\"enrol\":{{\"id\":\"{id}\"}}}}"));
            assert!(hear(&mut answer, "ENROLLED").contains(&format!("\"id\":\"{id}\"")));
        }
        stream.write_all(b"0\r\n\r\n").unwrap();
        assert_eq!(hear(&mut answer, "0\r\n"), "0\r\n");
    };
    tokio::task::spawn_blocking(talk).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_no_request() {
    let address = serve().await;
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = "POST /v1/enrolment/enrol-many HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\n\
                    transfer-encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        // A chunk of 100 bytes that ends early, at what would be a whole line.
        stream.write_all(b"64\r\n{\"enrol\":{\"id\":\"a\"}}").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let heard: Vec<String> = BufReader::new(stream).lines().map_while(Result::ok).collect();
        assert!(!heard.iter().any(|line| line.contains("ENROLLED")), "{heard:?}");
    };
    tokio::task::spawn_blocking(talk).await.unwrap();
}
