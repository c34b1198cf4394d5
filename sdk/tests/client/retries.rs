//! What is tried again, and for how long.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use whorl_sdk::client::blocking::Client;
use whorl_sdk::client::{ClientError, Code, Options, Reason, Retry};

use crate::people::{enrolment, id};
use crate::running::Running;

/// Passes on bytes to a server, but breaks off the first connections when the server's answer to a call is there.
fn broken_line(port: u16, broken: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for (number, client) in listener.incoming().enumerate() {
            let Ok(client) = client else { break };
            let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let up = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || pass(up.0, up.1, usize::MAX));
            // What the server says when a connection begins has fewer bytes than this, and then an answer comes.
            let most = if number < broken { 120 } else { usize::MAX };
            std::thread::spawn(move || pass(server, client, most));
        }
    });
    own
}

fn pass(mut from: TcpStream, mut to: TcpStream, most: usize) {
    let (mut buffer, mut passed) = ([0; 16 << 10], 0);
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        passed += count;
        if passed > most || to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(std::net::Shutdown::Both);
    let _ = to.shutdown(std::net::Shutdown::Both);
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_and_nobody_is_enrolled_twice() {
    let (running, direct) = Running::start();
    let port = broken_line(running.port, 1);
    let client = Client::connect(Options::new(format!("http://127.0.0.1:{port}"))).unwrap();
    let enrolled = client.enrol(enrolment("ada", 1, 1)).unwrap();
    assert!(enrolled.is_enrolled(), "{enrolled:?}");
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
    assert_eq!((refused.reason(), refused.may_pass()), (Some(&Reason::RateLimited), true));
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
