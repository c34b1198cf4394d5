//! Connections that wait to be used again.

use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Server;
use super::connection::Connection;
use super::fault::Fault;
use super::transport::secure;
use crate::store::StoreError;

/// How long one waits for a connection while all are in use: as long as a statement may take.
const WAIT: Duration = Duration::from_secs(30);

/// A bounded number of connections to one server.
pub(super) struct Pool {
    server: Server,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    /// How many there are, idle, lent or being made.
    open: usize,
}

impl Pool {
    /// A pool that has no connection yet.
    pub(super) fn new(server: Server) -> Result<Self, StoreError> {
        Ok(Self { server: secure(server)?, state: Mutex::default(), freed: Condvar::new() })
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// A connection: one that is idle, a new one, or the next that is given back.
    pub(super) fn lease(&self) -> Result<Lease<'_>, Fault> {
        let since = Instant::now();
        let mut state = self.state();
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(Lease { connection, place: Place { pool: self, is_filled: false } });
            }
            if state.open < self.server.connections() {
                state.open += 1;
                drop(state);
                return self.open(Place { pool: self, is_filled: false });
            }
            let Some(left) = WAIT.checked_sub(since.elapsed()) else {
                let reason = format!("all {} connections were in use for {WAIT:?}", self.server.connections());
                return Err(Fault::Server(reason));
            };
            state = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Drops the connections that are idle.
    pub(super) fn forget_idle(&self) {
        let mut state = self.state();
        let idle = mem::take(&mut state.idle);
        state.open -= idle.len();
        drop(state);
        self.freed.notify_all();
    }

    fn open<'pool>(&'pool self, place: Place<'pool>) -> Result<Lease<'pool>, Fault> {
        Ok(Lease { connection: Connection::open(&self.server)?, place })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let idle = mem::take(&mut self.state().idle);
        // Closing blocks, which a thread that drives asynchronous tasks may not, and the last owner may be such a one. A closing that
        // fails harms nobody: the server notices by itself.
        let _ = thread::Builder::new().spawn(move || drop(idle)).map(thread::JoinHandle::join);
    }
}

/// A connection that is lent. It is closed unless it is given back, so that whatever befalls its user leaves no open transaction.
pub(super) struct Lease<'pool> {
    connection: Connection,
    place: Place<'pool>,
}

impl Lease<'_> {
    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Gives it back for the next: it is in no transaction.
    pub(super) fn give_back(self) {
        self.place.fill(self.connection);
    }
}

/// The place that a connection takes of those there may be.
struct Place<'pool> {
    pool: &'pool Pool,
    is_filled: bool,
}

impl Place<'_> {
    fn fill(mut self, connection: Connection) {
        self.pool.state().idle.push(connection);
        self.is_filled = true;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_filled {
            self.pool.state().open -= 1;
        }
        self.pool.freed.notify_one();
    }
}
