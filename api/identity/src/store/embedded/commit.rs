//! Group commit: those who write at the same time share one transaction of the file and one sync.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use redb::WriteTransaction;

use crate::store::{Changes, StoreError, Tables, Work};

/// How long who is to commit waits for others that are about to write: less than a sync takes.
const GATHERING: Duration = Duration::from_millis(1);

/// How many outcomes are remembered for those who have yet to look: more than batches can end while a thread wakes.
const REMEMBERED: u64 = 1_024;

#[derive(Default)]
pub(super) struct Writers {
    state: Mutex<State>,
    ended: Condvar,
    /// How many are about to write.
    coming: AtomicUsize,
}

#[derive(Default)]
struct State {
    /// What is written and not yet committed.
    open: Option<WriteTransaction>,
    /// The number of the batch that `open` is.
    batch: u64,
    /// How many batches have ended.
    ended: u64,
    /// Whether anybody changed anything in `open`.
    is_written: bool,
    is_committing: bool,
    failed: Vec<(u64, StoreError)>,
}

impl State {
    fn outcome(&self, batch: u64) -> Result<(), StoreError> {
        let failed = self.failed.iter().find(|(failed, _)| *failed == batch);
        failed.map_or(Ok(()), |(_, error)| Err(error.clone()))
    }

    fn end(&mut self, outcome: Result<(), StoreError>) {
        let batch = self.ended;
        self.failed.retain(|(failed, _)| failed + REMEMBERED > batch);
        if let Err(error) = outcome {
            self.failed.push((batch, error));
        }
        self.ended += 1;
        self.batch = self.ended;
        self.is_committing = false;
        self.is_written = false;
    }
}

/// The transactions of a file, of which one at a time is open.
pub(super) trait Transactions {
    fn begin(&self) -> Result<WriteTransaction, StoreError>;
    fn look<'a>(&'a self, write: &'a WriteTransaction) -> Box<dyn Tables + 'a>;
    fn apply(&self, write: &WriteTransaction, changes: Changes) -> Result<(), StoreError>;
    fn commit(&self, write: WriteTransaction) -> Result<(), StoreError>;
}

impl Writers {
    /// Does `work` in the transaction of the current batch, and waits until the batch is durable. An error of `work` leaves the batch as it
    /// was; one of the file is that of all who share it.
    pub(super) fn change(&self, file: &impl Transactions, work: &mut Work<'_>) -> Result<(), StoreError> {
        let arrival = Arrival::new(&self.coming);
        let mut state = self.state();
        while state.is_committing {
            state = self.wait(state);
        }
        let open = match state.open.take() {
            Some(open) => open,
            None => file.begin()?,
        };
        let write = state.open.insert(open);
        let done = work(&*file.look(write));
        let written = match done {
            Ok(Some(changes)) => {
                let applied = file.apply(write, changes);
                state.is_written = true;
                applied
            }
            Ok(None) => Ok(()),
            Err(error) => {
                drop(arrival);
                // What it answers may rest on what is not durable yet.
                let batch = state.batch;
                self.end(state, batch, file)?;
                return Err(error);
            }
        };
        drop(arrival);
        let batch = state.batch;
        if let Err(error) = written {
            state.open = None;
            state.end(Err(error.clone()));
            drop(state);
            self.ended.notify_all();
            return Err(error);
        }
        self.end(state, batch, file)
    }

    /// Waits for the end of a batch, or ends it.
    fn end<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        batch: u64,
        file: &impl Transactions,
    ) -> Result<(), StoreError> {
        let since = Instant::now();
        loop {
            if state.ended > batch {
                return state.outcome(batch);
            }
            if state.is_committing {
                state = self.wait(state);
            } else if self.coming.load(Ordering::SeqCst) > 0 && since.elapsed() < GATHERING {
                drop(state);
                thread::yield_now();
                state = self.state();
            } else {
                break;
            }
        }
        state.is_committing = true;
        let open = state.open.take().filter(|_| state.is_written);
        drop(state);
        let outcome = open.map_or(Ok(()), |write| file.commit(write));
        let mut state = self.state();
        state.end(outcome.clone());
        drop(state);
        self.ended.notify_all();
        outcome
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A transaction that a panic left behind has whole changes only.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.ended.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who is about to write.
struct Arrival<'a>(&'a AtomicUsize);

impl<'a> Arrival<'a> {
    fn new(coming: &'a AtomicUsize) -> Self {
        coming.fetch_add(1, Ordering::SeqCst);
        Self(coming)
    }
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
