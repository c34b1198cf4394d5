//! Those who are being enrolled just now: in no snapshot yet, and yet not to be overlooked.
//!
//! Who enrols enters here first and takes a snapshot then. Whoever else enrols at the same time has either entered before, and is
//! handed to him, or will be handed him. So of two who are alike exactly one looks at the other: the later, who waits
//! until it is known what became of the earlier. Nobody waits for somebody later, so all come to an end.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use whorl_types::ReferenceId;

use crate::sample::Instance;

/// Those who are being enrolled.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    here: Mutex<Vec<Arc<Arrival>>>,
}

/// Somebody who is being enrolled.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) id: ReferenceId,
    pub(super) instances: Vec<Instance>,
    /// Whether he was enrolled, once it is known.
    enrolled: Mutex<Option<bool>>,
    told: Condvar,
}

/// The place of somebody among the arrivals, until it is dropped: he was enrolled if he was said to be.
#[derive(Debug)]
pub(super) struct Entered<'a> {
    arrivals: &'a Arrivals,
    pub(super) arrival: Arc<Arrival>,
}

impl Arrivals {
    /// Enters, and gives those who entered before and are still here.
    pub(super) fn enter(&self, id: ReferenceId, instances: Vec<Instance>) -> (Entered<'_>, Vec<Arc<Arrival>>) {
        let arrival = Arc::new(Arrival { id, instances, enrolled: Mutex::new(None), told: Condvar::new() });
        let mut here = lock(&self.here);
        let earlier = here.clone();
        here.push(Arc::clone(&arrival));
        (Entered { arrivals: self, arrival }, earlier)
    }
}

impl Arrival {
    /// Waits until it is known whether he was enrolled.
    pub(super) fn was_enrolled(&self) -> bool {
        let known = self.told.wait_while(lock(&self.enrolled), |enrolled| enrolled.is_none());
        known.unwrap_or_else(PoisonError::into_inner).unwrap_or(false)
    }

    fn tell(&self, enrolled: bool) {
        lock(&self.enrolled).get_or_insert(enrolled);
        self.told.notify_all();
    }
}

impl Entered<'_> {
    /// He is enrolled, and every snapshot from now on has him.
    pub(super) fn enrolled(self) {
        self.arrival.tell(true);
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.arrival.tell(false);
        lock(&self.arrivals.here).retain(|arrival| !Arc::ptr_eq(arrival, &self.arrival));
    }
}

/// What is behind these locks is whole even if somebody panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn id(text: &str) -> ReferenceId {
        ReferenceId::new(text).unwrap()
    }

    #[test]
    fn the_later_is_handed_the_earlier_and_hears_what_became_of_him() {
        let arrivals = Arrivals::default();
        let (first, nobody) = arrivals.enter(id("first"), Vec::new());
        let (second, earlier) = arrivals.enter(id("second"), Vec::new());
        assert_eq!((nobody.len(), earlier.len(), earlier[0].id.as_str()), (0, 1, "first"));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| earlier[0].was_enrolled());
            first.enrolled();
            assert!(waiting.join().unwrap());
        });
        let (_third, earlier) = arrivals.enter(id("third"), Vec::new());
        assert_eq!(earlier.len(), 1, "only the second is still here");
        drop(second);
        assert!(!earlier[0].was_enrolled(), "he left without being enrolled");
    }
}
