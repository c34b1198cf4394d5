//! A thread that looks after a gallery while others use it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::{Gallery, GalleryError};
use crate::flaw::Flawed;

/// How long the keeper rests between two files whose checksums it looks at: a gallery of 10 M persons is then gone through in
/// an hour or two, at the pace of a slow disk.
const REST: Duration = Duration::from_millis(500);

/// Whether somebody looks after a gallery, and what for.
#[derive(Debug, Default)]
pub(super) struct Attention {
    state: Mutex<State>,
    called: Condvar,
}

#[derive(Debug, Default)]
struct State {
    kept: bool,
    due: bool,
    ended: bool,
}

impl Attention {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gallery {
    /// Has what is due sealed: by the keeper, or at once where there is none.
    pub(super) fn call_keeper(&self) {
        if !self.is_due() {
            return;
        }
        let mut state = self.attention.state();
        if state.kept {
            state.due = true;
            self.attention.called.notify_all();
        } else {
            drop(state);
            // What the caller wanted is durable, whatever happens here; a failure leaves the gallery unsettled, which the next hears.
            let _ = self.tend();
        }
    }
}

/// A thread that seals what is due as soon as it is, and reads the gallery's files again and again to find damage early.
/// Dropped, it finishes what it is at.
#[derive(Debug)]
pub struct Keeper {
    gallery: Arc<Gallery>,
    flaws: Arc<Mutex<Vec<Flawed>>>,
    thread: Option<JoinHandle<Result<(), GalleryError>>>,
}

impl Keeper {
    /// Looks after `gallery` from now on.
    ///
    /// # Errors
    /// [`std::io::Error`] where the system gives no thread.
    pub fn start(gallery: Arc<Gallery>) -> std::io::Result<Self> {
        let flaws = Arc::new(Mutex::new(Vec::new()));
        let (kept, found) = (Arc::clone(&gallery), Arc::clone(&flaws));
        let thread = thread::Builder::new().name("gallery-keeper".into()).spawn(move || kept.be_kept(&found))?;
        gallery.attention.state().kept = true;
        Ok(Self { gallery, flaws, thread: Some(thread) })
    }

    /// What it found damaged so far, each file at its first flaw.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flawed> {
        self.flaws.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until it has finished what it is at.
    ///
    /// # Errors
    /// [`GalleryError`] where it could not seal what was due.
    pub fn end(mut self) -> Result<(), GalleryError> {
        self.join()
    }

    fn join(&mut self) -> Result<(), GalleryError> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        {
            let mut state = self.gallery.attention.state();
            (state.ended, state.kept) = (true, false);
            self.gallery.attention.called.notify_all();
        }
        let ended = thread.join().unwrap_or(Err(GalleryError::Unsettled));
        self.gallery.attention.state().ended = false;
        ended
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // Whoever wants to know how it went calls `end`; what failed leaves the gallery unsettled, which the next writer hears.
        let _ = self.join();
    }
}

impl Gallery {
    fn be_kept(&self, found: &Mutex<Vec<Flawed>>) -> Result<(), GalleryError> {
        let (mut file, mut failed) = (0, None);
        loop {
            let state = self.attention.state();
            let rest = |state: &mut State| !state.due && !state.ended;
            let waited = self.attention.called.wait_timeout_while(state, REST, rest);
            let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            if state.ended {
                return failed.map_or(Ok(()), Err);
            }
            let due = std::mem::take(&mut state.due);
            drop(state);
            if due {
                // It goes on: the gallery may be reopened.
                failed = match self.tend() {
                    Ok(_) => None,
                    Err(error) => failed.or(Some(error)),
                };
            } else {
                file = self.read_again(file, found);
            }
        }
    }

    /// Looks at the checksums of a file, and says which is next.
    fn read_again(&self, file: usize, found: &Mutex<Vec<Flawed>>) -> usize {
        let snapshot = self.snapshot();
        let sealed = &snapshot.segments()[..snapshot.sealed()];
        let Some((column, _)) = sealed.iter().flat_map(|layer| layer.files()).nth(file) else { return 0 };
        if let Some(flawed) = column.damaged_blocks().next() {
            let mut flaws = found.lock().unwrap_or_else(PoisonError::into_inner);
            if !flaws.contains(&flawed) {
                flaws.push(flawed);
            }
        }
        file + 1
    }
}
