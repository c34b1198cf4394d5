//! A store in `PostgreSQL`, which several processes may share.
//!
//! Every table is a table of the server with a key and a value. Changes are serializable transactions: who meets another at the same
//! records is turned back by the server and tries again. The server is 12 or newer. Connections keep their statements and settings, so that between Whorl and the
//! server there may be a pooler of sessions, but none of transactions.
//!
//! Calls block, and must not come from a thread that drives asynchronous tasks.

mod batch;
mod connection;
mod fault;
mod layout;
mod pool;
mod server;
mod snapshot;
mod transport;

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use self::batch::batches;
use self::connection::Mode;
use self::fault::Fault;
use self::pool::{Lease, Pool};
use self::snapshot::Snapshot;
use super::{Store, StoreError, Tables, Work};

pub use self::server::Server;

/// How often a change is tried while others write to the same records: with the pauses between, some seconds.
const MAX_ATTEMPTS: u32 = 40;

/// How often it is tried while connections break: one that was idle too long, one to a server that is leaving, and one more.
const MAX_LOSSES: u32 = 3;

/// The longest pause before the second attempt: about one transaction.
const FIRST_PAUSE: Duration = Duration::from_millis(2);

/// The longest pause before any attempt.
const LONGEST_PAUSE: Duration = Duration::from_millis(128);

/// A store in a schema of a `PostgreSQL` database.
pub struct Postgres {
    pool: Pool,
    /// Whose turn it is of those who were turned back: one at a time, so that they do not meet again.
    turn: Mutex<()>,
}

impl Postgres {
    /// Connects to `server` and makes the schema and the tables that are not there yet.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where it cannot be reached, may not be used, would lose what it acknowledged (`fsync` is off), or has
    /// other tables under the same names.
    pub fn open(server: Server) -> Result<Self, StoreError> {
        let pool = Pool::new(server)?;
        let store = Self { pool, turn: Mutex::new(()) };
        store.make_tables().map_err(|fault| store.failed(fault))?;
        Ok(store)
    }

    fn make_tables(&self) -> Result<(), Fault> {
        let mut lease = self.pool.lease()?;
        layout::make(lease.connection(), self.pool.server().schema())?;
        lease.give_back();
        Ok(())
    }

    /// Does `work` once and commits what it gives.
    fn attempt(&self, work: &mut Work<'_>) -> Result<(), Fault> {
        let mut lease = self.begin(Mode::Change)?;
        let done = self.work(&mut lease, work);
        let is_usable = match &done {
            Ok(()) => true,
            Err(Fault::Lost(_) | Fault::Unsettled) => false,
            Err(Fault::Conflict | Fault::Server(_) | Fault::Store(_)) => lease.connection().roll_back().is_ok(),
        };
        if is_usable {
            lease.give_back();
        }
        done
    }

    fn work(&self, lease: &mut Lease<'_>, work: &mut Work<'_>) -> Result<(), Fault> {
        let schema = self.pool.server().schema();
        let snapshot = Snapshot::new(self.pool.server(), lease.connection());
        let done = work(&snapshot);
        // Also where `work` made something else of it: what it says then rests on nothing.
        if let Some(fault) = snapshot.fault() {
            return Err(fault);
        }
        let changes = done.as_ref().ok().and_then(Option::as_ref).filter(|changes| !changes.is_empty());
        for batch in changes.iter().flat_map(|changes| batches(changes)) {
            lease.connection().execute(&batch.statement(schema), &batch.parameters())?;
        }
        // A refusal too holds only if what it rests on was no illusion, which the server says at the commit.
        lease.connection().commit(changes.is_some())?;
        done.map(|_| ()).map_err(Fault::Store)
    }

    /// A connection in a new transaction.
    fn begin(&self, mode: Mode) -> Result<Lease<'_>, Fault> {
        let mut lease = self.pool.lease()?;
        lease.connection().begin(mode)?;
        Ok(lease)
    }

    fn failed(&self, fault: Fault) -> StoreError {
        fault.into_error(self.pool.server())
    }
}

impl Store for Postgres {
    fn place(&self) -> String {
        self.pool.server().place()
    }

    fn view(&self, look: &mut dyn FnMut(&dyn Tables) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut losses = 0;
        let mut lease = loop {
            match self.begin(Mode::View) {
                Ok(lease) => break lease,
                Err(Fault::Lost(_)) if losses + 1 < MAX_LOSSES => {
                    losses += 1;
                    self.pool.forget_idle();
                }
                Err(fault) => return Err(self.failed(fault)),
            }
        };
        let snapshot = Snapshot::new(self.pool.server(), lease.connection());
        let seen = look(&snapshot);
        if let Some(fault) = snapshot.fault() {
            return seen.and(Err(self.failed(fault)));
        }
        // It read what it read, whatever becomes of the connection.
        if lease.connection().commit(false).is_ok() {
            lease.give_back();
        }
        seen
    }

    fn change(&self, work: &mut Work<'_>) -> Result<(), StoreError> {
        let (mut attempts, mut losses, mut turn) = (0, 0, None);
        loop {
            let fault = match self.attempt(work) {
                Ok(()) => return Ok(()),
                Err(fault) => fault,
            };
            attempts += 1;
            match fault {
                Fault::Conflict if attempts < MAX_ATTEMPTS => {
                    // It guards nothing but the order.
                    turn.get_or_insert_with(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner));
                }
                Fault::Conflict => return Err(StoreError::Contended { place: self.place(), attempts }),
                Fault::Lost(_) if losses + 1 < MAX_LOSSES => {
                    losses += 1;
                    // What broke one has often broken all.
                    self.pool.forget_idle();
                }
                Fault::Lost(_) | Fault::Server(_) | Fault::Unsettled | Fault::Store(_) => {
                    return Err(self.failed(fault));
                }
            }
            thread::sleep(pause(attempts));
        }
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postgres({:?})", self.place())
    }
}

/// How long to wait after so many attempts: by chance, up to a bound that doubles.
fn pause(attempts: u32) -> Duration {
    let bound = FIRST_PAUSE.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(LONGEST_PAUSE);
    // The standard library's hasher begins with a number that is another one each time.
    let chance = RandomState::new().hash_one(attempts) as f64 / u64::MAX as f64;
    bound.mul_f64(chance)
}

#[cfg(test)]
impl Postgres {
    /// What the server says of a session of this store.
    pub(super) fn said(&self, question: &str) -> String {
        let mut lease = self.pool.lease().unwrap();
        let rows = lease.connection().query(question, &[]).unwrap();
        lease.give_back();
        rows[0].get(0)
    }
}
