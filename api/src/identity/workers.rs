//! The threads that work on registrations.
//!
//! What is to be done stands in the store, so that nothing is lost here: what does not fit into the queue is read there again, at the
//! start, now and then, and whenever something was left out.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use whorl_identity::layer::Layer;
use whorl_identity::registration::{RegistrationError, RegistrationId};

use super::timer::Pauses;

/// The most registrations that are held here, waiting or to be tried again: a name of 64 bytes each.
const MOST_HELD: usize = 10_000;

/// How many are read from the store at a time.
const PAGE: usize = 500;

/// The pauses before a registration that failed is tried again.
const PAUSES: Pauses = Pauses::new(Duration::from_secs(1), Duration::from_mins(5));

/// How often the store is asked what is to be done, beside all that is told.
const LOOKS: Duration = Duration::from_mins(5);

/// After how long it is asked again where it could not say.
const LOOKED_AGAIN: Duration = Duration::from_secs(10);

/// The threads.
#[derive(Debug)]
pub(super) struct Workers {
    board: Arc<Board>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the threads share.
#[derive(Debug)]
struct Board {
    state: Mutex<State>,
    told: Condvar,
}

#[derive(Debug)]
struct State {
    is_over: bool,
    waiting: VecDeque<RegistrationId>,
    /// Everything that waits, is worked on, or is to be tried again, and when.
    held: HashMap<RegistrationId, Held>,
    /// Whether the store is to be read, and from where on.
    look: Look,
    next_look: Instant,
}

#[derive(Debug)]
struct Held {
    pauses: Pauses,
    /// When it is to be tried again; none where it waits for nothing but a thread.
    again_at: Option<Instant>,
}

/// From where on the store is to be read.
#[derive(Debug, Default, Clone, PartialEq)]
enum Look {
    /// It need not be.
    #[default]
    Nowhere,
    /// All of it.
    Start,
    /// What follows a registration.
    After(RegistrationId),
}

/// What a thread is to do next.
enum Task {
    Process(RegistrationId),
    Look(Look),
    End,
}

impl Workers {
    /// Starts `count` threads, which first look what was left undone.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(super) fn start(layer: &Arc<Layer>, count: usize) -> std::io::Result<Self> {
        let state = State {
            is_over: false,
            waiting: VecDeque::new(),
            held: HashMap::new(),
            look: Look::Start,
            next_look: Instant::now() + LOOKS,
        };
        let board = Arc::new(Board { state: Mutex::new(state), told: Condvar::new() });
        let workers = Self { board: Arc::clone(&board), threads: Mutex::default() };
        for number in 0..count {
            let (board, layer) = (Arc::clone(&board), Arc::clone(layer));
            let thread = thread::Builder::new().name(format!("registration-{number}"));
            match thread.spawn(move || work(&board, &layer)) {
                Ok(thread) => workers.threads().push(thread),
                Err(error) => {
                    workers.end();
                    return Err(error);
                }
            }
        }
        Ok(workers)
    }

    /// That there is something to be done about a registration.
    pub(super) fn tell(&self, id: RegistrationId) {
        self.board.state().hold(id);
        self.board.told.notify_one();
    }

    /// Ends the threads, once they have done what they are at.
    pub(super) fn end(&self) {
        self.board.state().is_over = true;
        self.board.told.notify_all();
        for thread in std::mem::take(&mut *self.threads()) {
            // What one of them left undone is in the store.
            let _ = thread.join();
        }
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Board {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is something to do.
    fn next(&self) -> Task {
        let mut state = self.state();
        loop {
            if state.is_over {
                return Task::End;
            }
            let now = Instant::now();
            let until = state.wake(now);
            if let Some(id) = state.waiting.pop_front() {
                return Task::Process(id);
            }
            let look = std::mem::take(&mut state.look);
            if look != Look::Nowhere {
                return Task::Look(look);
            }
            let waited = self.told.wait_timeout(state, until.saturating_duration_since(now));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl State {
    fn hold(&mut self, id: RegistrationId) {
        let is_full = self.held.len() >= MOST_HELD;
        match self.held.get_mut(&id) {
            // Somebody who decided does not wait for a pause; what is worked on sees him, for it looks again at its end.
            Some(held) if held.again_at.is_some() => {
                held.again_at = None;
                self.waiting.push_back(id);
            }
            Some(_) => {}
            None if is_full => self.look = Look::Start,
            None => {
                self.held.insert(id.clone(), Held { pauses: PAUSES, again_at: None });
                self.waiting.push_back(id);
            }
        }
    }

    /// Lets those wait for a thread whose pause is over; gives when the next is, or the next look.
    fn wake(&mut self, now: Instant) -> Instant {
        if now >= self.next_look {
            self.next_look = now + LOOKS;
            self.look = Look::Start;
        }
        let mut until = self.next_look;
        for (id, held) in &mut self.held {
            match held.again_at {
                Some(at) if at <= now => {
                    held.again_at = None;
                    self.waiting.push_back(id.clone());
                }
                Some(at) => until = until.min(at),
                None => {}
            }
        }
        until
    }

    fn failed(&mut self, id: &RegistrationId) -> Duration {
        let Some(held) = self.held.get_mut(id) else { return Duration::ZERO };
        let pause = held.pauses.take();
        held.again_at = Some(Instant::now() + pause);
        pause
    }

    fn looked(&mut self, found: Vec<RegistrationId>) {
        let last = found.last().cloned().filter(|_| found.len() >= PAGE);
        for id in found {
            self.hold(id);
        }
        if let (Look::Nowhere, Some(last)) = (&self.look, last) {
            self.look = Look::After(last);
        }
    }
}

fn work(board: &Board, layer: &Layer) {
    loop {
        match board.next() {
            Task::End => return,
            Task::Look(from) => look(board, layer, &from),
            Task::Process(id) => process(board, layer, &id),
        }
    }
}

fn look(board: &Board, layer: &Layer, from: &Look) {
    let after = match from {
        Look::Nowhere | Look::Start => None,
        Look::After(after) => Some(after),
    };
    match layer.pending(after, PAGE) {
        Ok(found) => {
            board.state().looked(found);
            board.told.notify_all();
        }
        Err(error) => {
            board.state().next_look = Instant::now() + LOOKED_AGAIN;
            tracing::error!(%error, "what is to be done about registrations cannot be read; it is tried again");
        }
    }
}

fn process(board: &Board, layer: &Layer, id: &RegistrationId) {
    let done = catch_unwind(AssertUnwindSafe(|| layer.process(id)));
    let problem = match done {
        Ok(Ok(stage)) => {
            tracing::debug!(registration = %id, stage = stage.name(), "worked on");
            None
        }
        Ok(Err(RegistrationError::Unknown(_) | RegistrationError::Erased(_))) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some("the work broke off by a fault of the server".to_owned()),
    };
    let mut state = board.state();
    match problem {
        None => {
            state.held.remove(id);
            drop(state);
            again(board, layer, id);
        }
        Some(problem) => {
            let pause_s = state.failed(id).as_secs();
            drop(state);
            tracing::error!(registration = %id, problem, pause_s, "a registration cannot be worked on; it is tried again");
        }
    }
}

/// Holds a registration again that somebody moved on while it was held.
fn again(board: &Board, layer: &Layer, id: &RegistrationId) {
    if layer.registration(id).is_ok_and(|registration| registration.stage.is_pending()) {
        board.state().hold(id.clone());
        board.told.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State {
            is_over: false,
            waiting: VecDeque::new(),
            held: HashMap::new(),
            look: Look::Nowhere,
            next_look: Instant::now() + LOOKS,
        }
    }

    fn id(number: usize) -> RegistrationId {
        format!("R-{number}").parse().unwrap()
    }

    #[test]
    fn what_is_told_twice_waits_once_and_what_failed_waits_for_its_pause_or_for_news() {
        let mut state = state();
        state.hold(id(1));
        state.hold(id(1));
        assert_eq!(state.waiting.len(), 1);
        let taken = state.waiting.pop_front().unwrap();
        let pause = state.failed(&taken);
        assert_eq!(pause, Duration::from_secs(1));
        let until = state.wake(Instant::now());
        assert!(state.waiting.is_empty() && until <= Instant::now() + pause);
        state.wake(Instant::now() + pause);
        assert_eq!(state.waiting.pop_front(), Some(id(1)));
        assert_eq!(state.failed(&id(1)), Duration::from_secs(2));
        state.hold(id(1));
        assert_eq!(state.waiting.pop_front(), Some(id(1)));
    }

    #[test]
    fn what_does_not_fit_is_read_from_the_store_again() {
        let mut state = state();
        for number in 0..=MOST_HELD {
            state.hold(id(number));
        }
        assert_eq!((state.waiting.len(), state.look.clone()), (MOST_HELD, Look::Start));
    }

    #[test]
    fn a_full_page_is_followed_by_the_next_unless_all_is_to_be_read_again() {
        let mut state = state();
        state.looked((0..PAGE).map(id).collect());
        assert_eq!(state.look, Look::After(id(PAGE - 1)));
        state.look = Look::Start;
        state.looked((0..PAGE).map(id).collect());
        assert_eq!(state.look, Look::Start);
        state.look = Look::Nowhere;
        state.looked(vec![id(1)]);
        assert_eq!(state.look, Look::Nowhere);
    }
}
