//! Things that one call at a time uses, kept between calls.

use std::sync::{Mutex, PoisonError};

/// As many of a thing as there were calls at one time, so that calls neither wait for one another nor make what lies idle.
pub(super) struct Idle<T>(Mutex<Vec<T>>);

impl<T> Idle<T> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// One that nobody uses.
    pub(super) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Hands one back for the next call. What failed is better dropped.
    pub(super) fn give_back(&self, thing: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(thing);
    }
}
