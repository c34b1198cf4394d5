//! Making changes durable: those that arrive while others are being written become durable together with the next write.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::check::check_alone;
use super::{Gallery, GalleryError, Writer};
use crate::change::Change;
use crate::growth::segment_of;
use crate::journal::{self, Journal, MAX_ENTRY_BYTES};
use crate::keys::{Held, Keys, ReferenceKey};
use crate::segment::Segment;
use crate::snapshot::Snapshot;
use crate::storage::Storage;
use crate::workers::Workers;

/// From so many bytes on, changes go into a segment at once: writing them into a journal before would double the work.
const DIRECT_BYTES: usize = 32 << 20;

/// The most bytes that become durable together, but for a single caller's.
const TOGETHER_BYTES: usize = 8 << 20;

/// How long who writes for others waits for more of them: less than a disk takes, and long enough for those who were answered just now
/// to come again. Who writes alone does not wait.
const GATHERING: Duration = Duration::from_millis(1);

/// Changes that wait to become durable.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Vec<Request>,
    /// Whether a thread is writing, for itself and others.
    led: bool,
    /// Whether the last write was for several.
    shared: bool,
}

/// The changes of one caller, ready to be written and searched.
#[derive(Debug)]
struct Request {
    changes: Vec<Change>,
    payload: Vec<u8>,
    segment: Option<Segment>,
    answer: Answer,
}

/// Where a caller finds what became of its changes.
type Answer = Arc<Mutex<Option<Result<u64, GalleryError>>>>;

impl Gallery {
    /// Makes `changes`, all of different references, and gives the number of the last: once this returns they survive a crash,
    /// all of them, and every snapshot that is taken from then on holds them; when it fails, all or none do.
    ///
    /// Waits for the disk, and for others who write at the same time.
    ///
    /// # Errors
    /// [`GalleryError::Duplicate`] where an id to enrol is enrolled or there twice, [`GalleryError::NotEnrolled`] where one to
    /// remove or replace is not, other [`GalleryError`]s where a bound is exceeded or the storage fails. After a failure of the
    /// storage the gallery must be opened again, or [reopened](Gallery::reopen), before it takes more.
    pub fn apply(&self, changes: Vec<Change>) -> Result<u64, GalleryError> {
        Workers::expect_no_worker();
        check_alone(&changes)?;
        if changes.is_empty() {
            return Ok(self.writer()?.snapshot.sequence());
        }
        // Refused here, a mistake costs no work; what happened meanwhile is checked again when it is this caller's turn.
        self.snapshot().check(&changes)?;
        let keys = self.keys_for(&changes)?;
        let held = (0..changes.len()).map(|number| keys.get(number).cloned().flatten().map(Held::Key));
        let segment = self.workers.run(|| segment_of(changes.iter().zip(held)))?;
        let payload = journal::encode(&changes, &keys)?;
        if payload.len() >= DIRECT_BYTES.min(MAX_ENTRY_BYTES) {
            return self.seal_directly(&changes, segment);
        }
        let sequence = self.wait_for(Request { changes, payload, segment, answer: Arc::default() })?;
        self.call_keeper();
        Ok(sequence)
    }

    /// A key for every reference that changes bring; none at all in the clear.
    fn keys_for(&self, changes: &[Change]) -> Result<Vec<Option<ReferenceKey>>, GalleryError> {
        if self.keys.ring().is_none() {
            return Ok(Vec::new());
        }
        let brought = changes.iter().filter(|change| change.reference().is_some()).count();
        let mut keys = self.keys.assign(&*self.storage, brought)?.into_iter();
        Ok(changes.iter().map(|change| change.reference().and_then(|_| keys.next())).collect())
    }

    /// Queues a request and waits until it is answered; leads the next write where nobody does.
    fn wait_for(&self, request: Request) -> Result<u64, GalleryError> {
        let answer = Arc::clone(&request.answer);
        let mut queue = self.queue.lock().map_err(|_| GalleryError::Unsettled)?;
        queue.waiting.push(request);
        loop {
            if let Some(answered) = answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return answered;
            }
            if queue.led {
                queue = self.turned.wait(queue).map_err(|_| GalleryError::Unsettled)?;
                continue;
            }
            queue.led = true;
            if queue.shared {
                drop(queue);
                thread::sleep(GATHERING);
                queue = self.queue.lock().map_err(|_| GalleryError::Unsettled)?;
            }
            let together = queue.take();
            drop(queue);
            self.commit(together);
            queue = self.queue.lock().map_err(|_| GalleryError::Unsettled)?;
        }
    }

    /// Makes requests durable together and answers each.
    fn commit(&self, requests: Vec<Request>) {
        let answers = requests.iter().map(|request| Arc::clone(&request.answer)).collect();
        let leader = Leader { gallery: self, answers };
        let answered = self.writer().and_then(|mut writer| {
            let answered = writer.commit(&*self.storage, &self.keys, requests)?;
            self.publish(&writer.snapshot);
            Ok(answered)
        });
        match answered {
            Ok(answered) => leader.answers.iter().zip(answered).for_each(|(answer, said)| set(answer, said)),
            Err(error) => leader.refuse(error),
        }
    }
}

/// Who writes for all; whatever happens to it, the others hear of it and go on.
struct Leader<'a> {
    gallery: &'a Gallery,
    answers: Vec<Answer>,
}

impl Leader<'_> {
    /// Tells everybody that nothing was written.
    fn refuse(&self, error: GalleryError) {
        match &self.answers[..] {
            [alone] => set(alone, Err(error)),
            several => {
                let error = Arc::new(error);
                for answer in several {
                    set(answer, Err(GalleryError::Together(Arc::clone(&error))));
                }
            }
        }
    }
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        for answer in &self.answers {
            // Only a panic leaves somebody without an answer.
            answer.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(Err(GalleryError::Unsettled));
        }
        self.gallery.queue.lock().unwrap_or_else(PoisonError::into_inner).led = false;
        self.gallery.turned.notify_all();
    }
}

fn set(answer: &Answer, said: Result<u64, GalleryError>) {
    *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
}

impl Queue {
    /// The requests that are written next, at least one.
    fn take(&mut self) -> Vec<Request> {
        let mut bytes = 0;
        let fitting = self.waiting.iter().take_while(|request| {
            bytes += request.payload.len();
            bytes <= TOGETHER_BYTES
        });
        let count = fitting.count().max(1).min(self.waiting.len());
        self.shared = count > 1;
        self.waiting.drain(..count).collect()
    }
}

impl Writer {
    /// Writes those of `requests` that can be made, one after the other, as one entry of the journal. An error is everybody's.
    fn commit(
        &mut self,
        storage: &dyn Storage,
        keys: &Keys,
        requests: Vec<Request>,
    ) -> Result<Vec<Result<u64, GalleryError>>, GalleryError> {
        let (mut snapshot, mut payload, mut answers) = (self.snapshot.clone(), Vec::new(), Vec::new());
        let mut gone = Vec::new();
        for Request { changes, payload: bytes, segment, .. } in requests {
            if let Err(refused) = snapshot.check(&changes) {
                answers.push(Err(refused));
                continue;
            }
            gone.extend(snapshot.keys_taken(changes.iter()));
            snapshot = snapshot.changed(changes.iter(), segment, self.frozen)?;
            answers.push(Ok(snapshot.sequence()));
            payload.push(bytes);
        }
        if !payload.is_empty() {
            self.unsettled = true;
            self.write(storage, &snapshot, &payload)?;
            // That they are removed is durable: from here on a crash leaves keys that the next writer destroys before all else.
            keys.destroy(storage, &gone)?;
            self.snapshot = snapshot;
            self.unsettled = false;
        }
        Ok(answers)
    }

    /// Adds the changes that lead to `snapshot` to the journal, and begins one where there is none.
    fn write(&mut self, storage: &dyn Storage, snapshot: &Snapshot, payload: &[Vec<u8>]) -> Result<(), GalleryError> {
        let first = self.snapshot.sequence() + 1;
        let mut journal = if let Some(journal) = self.journal.take() {
            journal
        } else {
            self.raise_version(storage)?;
            Journal::create(storage, self.next_journal, first, self.manifest.encryption.is_some())?
        };
        self.next_journal = self.next_journal.max(journal.number() + 1);
        let (before, changes) = (journal.bytes(), (snapshot.sequence() + 1 - first) as u32);
        journal.append(storage, first, changes, &payload.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
        self.journalled += journal.bytes() - before;
        self.journal = Some(journal);
        Ok(())
    }

    /// Before there is a journal, the manifest says so to programs that know of none.
    fn raise_version(&mut self, storage: &dyn Storage) -> Result<(), GalleryError> {
        if !self.manifest.has_journals() {
            self.manifest = self.manifest.successor();
            self.manifest.commit(storage)?;
        }
        Ok(())
    }
}
