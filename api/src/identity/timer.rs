//! A pause that ends early where the server does.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Whether the server ends, for threads that wait.
#[derive(Debug, Default)]
pub(super) struct Timer {
    is_over: Mutex<bool>,
    told: Condvar,
}

impl Timer {
    /// Waits; gives whether the server goes on.
    pub(super) fn pause(&self, pause: Duration) -> bool {
        let is_over = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.told.wait_timeout_while(is_over, pause, |is_over| !*is_over);
        let (is_over, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !*is_over
    }

    /// Whether the server goes on.
    pub(super) fn goes_on(&self) -> bool {
        !*self.is_over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all pauses, those to come too.
    pub(super) fn end(&self) {
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.told.notify_all();
    }
}

/// Pauses that double, from a first to a longest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pauses {
    next: Duration,
    longest: Duration,
}

impl Pauses {
    pub(super) const fn new(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest }
    }

    /// The next one.
    pub(super) fn take(&mut self) -> Duration {
        let pause = self.next.min(self.longest);
        self.next = pause.saturating_mul(2);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_with_the_server() {
        let timer = std::sync::Arc::new(Timer::default());
        assert!(timer.pause(Duration::from_millis(1)));
        let other = std::sync::Arc::clone(&timer);
        let waiting = std::thread::spawn(move || other.pause(Duration::from_hours(1)));
        timer.end();
        assert!(!waiting.join().unwrap() && !timer.goes_on() && !timer.pause(Duration::from_hours(1)));
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut pauses = Pauses::new(Duration::from_secs(1), Duration::from_secs(5));
        let taken: Vec<u64> = (0..5).map(|_| pauses.take().as_secs()).collect();
        assert_eq!(taken, [1, 2, 4, 5, 5]);
    }
}
