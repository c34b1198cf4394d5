//! A small web server on this computer, for the tests of downloads. It ends with the test.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What is at an address.
#[derive(Clone)]
pub(crate) enum Served {
    /// A file, from any byte on.
    Whole(Vec<u8>),
    /// A file, always from its beginning.
    WithoutRange(Vec<u8>),
    /// A file of which only so many bytes come before the line breaks.
    BrokenOff(Vec<u8>, usize),
    /// The promise of so many bytes.
    Boasting(u64),
    /// Another address.
    Moved(String),
    /// Nothing.
    Absent,
}

/// What is served, by path, and what was asked for, in order.
#[derive(Default)]
struct State {
    files: Vec<(String, Served)>,
    requests: Vec<String>,
}

pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(files: Vec<(&str, Served)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("this computer has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let files = files.into_iter().map(|(path, served)| (path.to_owned(), served)).collect();
        let state = Arc::new(Mutex::new(State { files, requests: Vec::new() }));
        let over = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (state, over) = (Arc::clone(&state), Arc::clone(&over));
            move || {
                while let Ok((stream, _)) = listener.accept() {
                    if over.load(Ordering::SeqCst) {
                        break;
                    }
                    // A client that hangs up is its own business.
                    let _ = answer(&stream, &state);
                }
            }
        });
        Self { address, state, over, thread: Some(thread) }
    }

    /// The address without a path.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn serve(&self, path: &str, served: Served) {
        let mut state = self.state.lock().expect("nobody panics with it");
        state.files.retain(|(known, _)| known != path);
        state.files.push((path.to_owned(), served));
    }

    /// Everything that was asked, head by head.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.lock().expect("nobody panics with it").requests.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes it where it waits for a client.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server does not panic");
        }
    }
}

fn answer(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut head = String::new();
    let mut reader = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let served = {
        let mut state = state.lock().expect("nobody panics with it");
        state.requests.push(head.clone());
        state.files.iter().find(|(known, _)| *known == path).map_or(Served::Absent, |(_, served)| served.clone())
    };
    let range = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("range: bytes=")?.strip_suffix('-')?.parse().ok());
    write(stream, served, range)
}

fn write(mut stream: &TcpStream, served: Served, range: Option<usize>) -> std::io::Result<()> {
    let mut reply = |head: &str, length: u64, body: &[u8]| {
        write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
        stream.write_all(body)
    };
    match (served, range) {
        (Served::Whole(file), Some(from)) if from >= file.len() => reply("416 Range Not Satisfiable", 0, &[]),
        (Served::Whole(file), Some(from)) => {
            let range = format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{}", file.len() - 1, file.len());
            reply(&range, (file.len() - from) as u64, &file[from..])
        }
        (Served::Whole(file), None) | (Served::WithoutRange(file), _) => reply("200 OK", file.len() as u64, &file),
        (Served::BrokenOff(file, end), _) => reply("200 OK", file.len() as u64, &file[..end]),
        (Served::Boasting(length), _) => reply("200 OK", length, &[0; 1000]),
        (Served::Moved(location), _) => reply(&format!("302 Found\r\nLocation: {location}"), 0, &[]),
        (Served::Absent, _) => reply("404 Not Found", 0, &[]),
    }
}
