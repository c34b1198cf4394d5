//! What is tried again, and for how long.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{ClientError, Code, Options, Reason, Retry};

use crate::people::{enrolment, id};
use crate::running::Running;

/// How long the answer of a call is held back before its connection breaks: several times what an enrolment takes.
const HELD: Duration = Duration::from_secs(2);

/// More than a server says when a connection begins, and less than that and an answer.
const BEGINNING_BYTES: usize = 120;

/// A line to a server whose first connection breaks once the server has answered, before the answer is through.
pub(crate) struct Line {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
}

impl Line {
    pub(crate) fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, connections) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&connections);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(("127.0.0.1", server))) else { break };
                let up = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || pass(up.0, up.1, usize::MAX));
                let most = if counted.fetch_add(1, Ordering::Relaxed) == 0 { BEGINNING_BYTES } else { usize::MAX };
                std::thread::spawn(move || pass(server, client, most));
            }
        });
        Self { port, connections }
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, most: usize) {
    let (mut buffer, mut passed) = ([0; 16 << 10], 0);
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        passed += count;
        if passed > most {
            std::thread::sleep(HELD);
            break;
        }
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_and_nobody_is_enrolled_twice() {
    let (running, direct) = Running::start();
    let line = Line::to(running.port);
    let client = Client::connect(Options::new(format!("http://127.0.0.1:{}", line.port))).unwrap();
    let enrolled = client.enrol(enrolment("ada", 1, 1)).unwrap();
    assert!(enrolled.is_enrolled(), "{enrolled:?}");
    assert_eq!(line.connections(), 2);
    assert_eq!(direct.galleries().get("nation").unwrap().references, 1);
}

#[test]
fn who_calls_too_often_waits_as_long_as_the_server_says() {
    let mut running = Running::configured(tempfile::tempdir().unwrap(), "[security]\nrate_per_s = 4\nburst = 2\n");
    let client = Client::connect(running.options()).unwrap();
    let began = Instant::now();
    for _ in 0..6 {
        client.galleries().list().unwrap();
    }
    assert!(began.elapsed() > Duration::from_millis(900), "{:?}", began.elapsed());
    let hasty = Client::connect(Options { retry: Retry::NEVER, ..running.options() }).unwrap();
    let refused = (0..20).find_map(|_| hasty.galleries().list().err()).unwrap();
    assert_eq!((refused.reason(), refused.may_pass()), (Some(Reason::RateLimited), true));
    running.stop();
}

#[test]
fn a_server_that_is_gone_is_asked_again_until_the_attempts_or_the_deadline_end() {
    let (mut running, client) = Running::start();
    running.stop();
    let began = Instant::now();
    let error = client.within(Duration::from_secs(1)).fetch("nation", &id("ada"), false).unwrap_err();
    assert_eq!((error.code(), error.may_pass()), (Some(Code::Unavailable), true));
    assert!(began.elapsed() > Duration::from_millis(100) && began.elapsed() < Duration::from_secs(5));
    let nobody = Client::connect(running.options()).unwrap_err();
    assert!(matches!(nobody, ClientError::Connect { .. }), "{nobody}");
}

#[test]
fn a_call_ends_at_its_deadline() {
    let (_running, client) = Running::start();
    let error = client.within(Duration::from_millis(1)).enrol(enrolment("ada", 1, 1)).unwrap_err();
    assert_eq!(error.code(), Some(Code::DeadlineExceeded), "{error}");
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_not_waited_for_beyond_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let options = Options { deadline: Duration::from_millis(300), ..Options::new(address) };
    let began = Instant::now();
    let ended = Client::connect(options).and_then(|client| client.galleries().list());
    assert!(ended.is_err() && began.elapsed() < Duration::from_secs(12), "{ended:?}");
}
