//! Requests with an idempotency key: who asks again, because an answer was lost on its way, gets that answer and no second enrolment.
//!
//! Answers are kept in memory. After a restart a repeated request is a new one, whose id is then found enrolled.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use whorl_proto::v1::EnrolResponse;

use super::failure::{Failure, Reason};

/// The longest key, in bytes: a UUID in any notation, and more.
const MAX_KEY_BYTES: usize = 64;

/// Answers by client, gallery and key.
#[derive(Debug)]
pub(super) struct Repeated {
    /// The most that are kept.
    most: usize,
    kept_for: Duration,
    entries: Mutex<HashMap<Key, Entry>>,
}

/// Who asked, of which gallery, by which key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) client: String,
    pub(super) gallery: String,
    pub(super) word: String,
}

#[derive(Debug)]
struct Entry {
    /// Of what was asked.
    digest: [u8; 32],
    asked: Instant,
    /// None while it is worked on.
    answer: Option<EnrolResponse>,
}

/// What is to be done with a request.
pub(super) enum First<'a> {
    /// It is new: once it is answered, the answer goes here.
    Yes(Pending<'a>),
    /// It was answered before.
    No(Box<EnrolResponse>),
}

/// A request that is worked on; dropped without an answer, it may be asked again.
pub(super) struct Pending<'a> {
    repeated: &'a Repeated,
    key: Option<Key>,
}

impl Repeated {
    pub(super) fn new(most: usize, kept_for: Duration) -> Self {
        Self { most, kept_for, entries: Mutex::default() }
    }

    /// Whether this is the first time that `content` is asked by this key.
    pub(super) fn first(&self, key: Key, content: &[u8]) -> Result<First<'_>, Failure> {
        if key.word.len() > MAX_KEY_BYTES {
            let message = format!("idempotency_key: it has {} bytes, the most is {MAX_KEY_BYTES}", key.word.len());
            return Err(Failure::field("idempotency_key", message));
        }
        let (digest, mut entries) = (Sha256::digest(content).into(), self.entries());
        match entries.get(&key).filter(|entry| entry.answer.is_none() || entry.asked.elapsed() < self.kept_for) {
            Some(entry) if entry.digest != digest => {
                let message = "the idempotency key was used for another request: use a new key for each";
                Err(Failure::new(Reason::KeyReused, message))
            }
            Some(Entry { answer: Some(answer), .. }) => Ok(First::No(Box::new(answer.clone()))),
            Some(Entry { answer: None, .. }) => {
                let message = "the request of this idempotency key is still being worked on: ask again in a while";
                Err(Failure::new(Reason::InProgress, message))
            }
            None => {
                if entries.len() >= self.most {
                    self.make_room(&mut entries);
                }
                entries.insert(key.clone(), Entry { digest, asked: Instant::now(), answer: None });
                Ok(First::Yes(Pending { repeated: self, key: Some(key) }))
            }
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what is old, and where nothing is, the older half of what was answered.
    fn make_room(&self, entries: &mut HashMap<Key, Entry>) {
        entries.retain(|_, entry| entry.answer.is_none() || entry.asked.elapsed() < self.kept_for);
        let mut times = entries.values().map(|entry| entry.asked).collect::<Vec<_>>();
        if times.len() >= self.most && !times.is_empty() {
            let middle = times.len() / 2;
            let middle = *times.select_nth_unstable(middle).1;
            entries.retain(|_, entry| entry.answer.is_none() || entry.asked > middle);
        }
    }
}

impl Pending<'_> {
    /// Keeps the answer.
    pub(super) fn answered(mut self, answer: &EnrolResponse) {
        let Some(key) = self.key.take() else { return };
        if let Some(entry) = self.repeated.entries().get_mut(&key) {
            entry.answer = Some(answer.clone());
        }
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.repeated.entries().remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(client: &str, key: &str) -> Key {
        Key { client: client.to_owned(), gallery: "nation".to_owned(), word: key.to_owned() }
    }

    fn pending<'a>(repeated: &'a Repeated, who: &str, content: &[u8]) -> Pending<'a> {
        match repeated.first(key(who, "k1"), content).unwrap() {
            First::Yes(pending) => pending,
            First::No(_) => panic!("asked before"),
        }
    }

    #[test]
    fn a_repeated_request_gets_the_first_answer_and_only_of_its_own_client() {
        let repeated = Repeated::new(100, Duration::from_hours(1));
        let answer = EnrolResponse { sequence: 7, ..EnrolResponse::default() };
        pending(&repeated, "station-7", b"ada").answered(&answer);
        let First::No(again) = repeated.first(key("station-7", "k1"), b"ada").unwrap() else { panic!("asked before") };
        assert_eq!(again.sequence, 7);
        drop(pending(&repeated, "station-8", b"ada"));
        let reason = |asked: Result<First<'_>, Failure>| asked.err().map(|failure| failure.reason);
        assert_eq!(reason(repeated.first(key("station-7", "k1"), b"bea")), Some(Reason::KeyReused));
        assert_eq!(reason(repeated.first(key("a", &"k".repeat(65)), b"")), Some(Reason::InvalidArgument));
    }

    #[test]
    fn a_request_that_failed_may_be_asked_again_and_one_that_runs_may_not() {
        let repeated = Repeated::new(100, Duration::from_hours(1));
        let first = pending(&repeated, "station-7", b"ada");
        let again = repeated.first(key("station-7", "k1"), b"ada").err().map(|failure| failure.reason);
        assert_eq!(again, Some(Reason::InProgress));
        drop(first);
        drop(pending(&repeated, "station-7", b"ada"));
    }

    #[test]
    fn of_too_many_answers_the_older_half_is_forgotten() {
        let repeated = Repeated::new(8, Duration::from_hours(1));
        for number in 0..9 {
            match repeated.first(key("a", &number.to_string()), b"").unwrap() {
                First::Yes(pending) => pending.answered(&EnrolResponse::default()),
                First::No(_) => panic!("asked before"),
            }
        }
        let kept = |number: u32| repeated.entries().contains_key(&key("a", &number.to_string()));
        assert!(!kept(0) && kept(7) && kept(8), "{}", repeated.entries().len());
    }

    #[test]
    fn an_old_answer_is_not_given_any_more() {
        let repeated = Repeated::new(8, Duration::ZERO);
        pending(&repeated, "station-7", b"ada").answered(&EnrolResponse::default());
        drop(pending(&repeated, "station-7", b"ada"));
    }
}
