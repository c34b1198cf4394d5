//! Recording: what comes while others wait for the disk becomes durable together with the next write.

use std::sync::{Arc, Mutex, PoisonError};

use super::anchor::Anchor;
use super::entry::Entry;
use super::error::AuditError;
use super::log::Audit;

/// The most bytes of texts that are written together, but for a single caller's.
const TOGETHER_BYTES: usize = 4 << 20;

/// Entries that wait to be written.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Vec<(Entry, Answer)>,
    /// Whether a thread is writing, for itself and others.
    led: bool,
}

impl Queue {
    /// The entries that are written next, at least one.
    fn take(&mut self) -> Vec<(Entry, Answer)> {
        let mut bytes = 0;
        let fitting = self.waiting.iter().take_while(|(entry, _)| {
            bytes += entry.bytes();
            bytes <= TOGETHER_BYTES
        });
        let count = fitting.count().max(1).min(self.waiting.len());
        self.waiting.drain(..count).collect()
    }
}

/// Where a caller finds what became of its entry.
type Answer = Arc<Mutex<Option<Result<Anchor, AuditError>>>>;

impl Audit {
    /// Records an operation, and gives what recognises its line: once this returns, the line survives a crash. Where it fails, the
    /// operation must be refused, for nobody would know of it; after a failure of the disk the log takes nothing more until its end is found
    /// again, which is tried at most once a second.
    ///
    /// # Errors
    /// [`AuditError`].
    pub fn record(&self, entry: &Entry) -> Result<Anchor, AuditError> {
        entry.check()?;
        let answer = Answer::default();
        let mut queue = self.queue.lock().map_err(|_| AuditError::Unsettled)?;
        queue.waiting.push((entry.clone(), Arc::clone(&answer)));
        loop {
            if let Some(answered) = answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return answered;
            }
            if queue.led {
                queue = self.turned.wait(queue).map_err(|_| AuditError::Unsettled)?;
                continue;
            }
            queue.led = true;
            let together = queue.take();
            drop(queue);
            self.commit(together);
            queue = self.queue.lock().map_err(|_| AuditError::Unsettled)?;
        }
    }

    /// Writes entries together and answers each.
    fn commit(&self, together: Vec<(Entry, Answer)>) {
        let (entries, answers) = together.into_iter().unzip();
        let leader = Leader { audit: self, answers };
        match self.write(entries) {
            Ok(anchors) => leader.answers.iter().zip(anchors).for_each(|(answer, anchor)| set(answer, Ok(anchor))),
            Err(error) => leader.answers.iter().for_each(|answer| set(answer, Err(error.clone()))),
        }
    }
}

fn set(answer: &Answer, said: Result<Anchor, AuditError>) {
    *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
}

/// Who writes for all; whatever happens to it, the others hear of it and go on.
struct Leader<'a> {
    audit: &'a Audit,
    answers: Vec<Answer>,
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        for answer in &self.answers {
            // Only a panic leaves somebody without an answer.
            answer.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(Err(AuditError::Unsettled));
        }
        self.audit.queue.lock().unwrap_or_else(PoisonError::into_inner).led = false;
        self.audit.turned.notify_all();
    }
}
