//! The log as it is written.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use whorl_index::{Append, Files, MasterKey, Storage, StorageError, WriterLock};

use super::anchor::Anchor;
use super::commit::Queue;
use super::entry::{Entry, SET_ASIDE};
use super::error::AuditError;
use super::head::{self, Head};
use super::keys::Keys;
use super::line::{self, Next};
use super::walk::{SetAside, Walk};

/// From so many bytes on another file is begun: an editor opens it, and a check has it in memory.
const ROTATE_BYTES: u64 = 32 << 20;

/// The most bytes of a file: one more write of entries that are all escapes, which take six times the room in JSON.
const MAX_FILE_BYTES: usize = 128 << 20;

/// How far `HEAD` may lag behind: writing it takes as long as writing a line.
const HEAD_PAUSE: Duration = Duration::from_secs(1);

/// How long after a write that failed the end of the log is looked for again, at the earliest: that reads a file.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// The last number of a file: eight digits.
const MAX_FILE: u64 = 99_999_999;

/// The name of the file of this number.
pub(super) fn file_name(number: u64) -> String {
    format!("{number:08}.jsonl")
}

/// The numbers of the files that are there, in order.
pub(super) fn file_numbers(storage: &dyn Storage) -> Result<Vec<u64>, AuditError> {
    let number = |name: &String| {
        let number = name.strip_suffix(".jsonl")?.parse().ok()?;
        (file_name(number) == *name).then_some(number)
    };
    let mut numbers: Vec<u64> = storage.list("")?.iter().filter_map(number).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// All of the file of this number.
pub(super) fn read_file(storage: &dyn Storage, number: u64) -> Result<Vec<u8>, AuditError> {
    let name = file_name(number);
    if storage.len(&name)? > MAX_FILE_BYTES as u64 {
        return Err(AuditError::FileTooLong(name));
    }
    Ok(storage.read(&name, MAX_FILE_BYTES)?)
}

/// An audit log that is open for writing; there is one at a time. Many threads record at once: what comes while others wait for the
/// disk is written with the next write.
#[derive(Debug)]
pub struct Audit {
    pub(super) queue: Mutex<Queue>,
    pub(super) turned: Condvar,
    writer: Mutex<Writer>,
    pub(super) storage: Arc<dyn Storage>,
    /// What wraps the keys of entries, where they are sealed.
    pub(super) master: Option<MasterKey>,
    set_aside: Option<SetAside>,
    _lock: WriterLock,
}

/// What goes on at the end of the log.
#[derive(Debug)]
struct Writer {
    storage: Arc<dyn Storage>,
    last: Anchor,
    file: Option<Box<dyn Append>>,
    /// Of the file, so far.
    bytes: u64,
    next_file: u64,
    /// What `HEAD` says, and since when.
    head: Anchor,
    headed: Instant,
    /// What seals entries, where they are sealed.
    keys: Option<Keys>,
    /// Since when nobody knows what is on the disk, for a write failed, or finding it out did.
    unsettled: Option<Instant>,
}

impl Audit {
    /// Opens the log in `folder`, or begins one there.
    ///
    /// # Errors
    /// [`AuditError::Locked`] while another process has it open, [`AuditError::Broken`] and [`AuditError::NoHead`] where its end is
    /// not as it was written, other [`AuditError`]s where the disk fails.
    pub fn open(folder: &Path) -> Result<Self, AuditError> {
        Self::open_with(folder, None)
    }

    /// As [`Audit::open`], with what is written from now on sealed under `master`, where there is one. Lines before it stay as they are.
    ///
    /// # Errors
    /// As [`Audit::open`]; [`AuditError::WrongKey`] where another master key wrapped the keys of the log.
    pub fn open_with(folder: &Path, master: Option<&MasterKey>) -> Result<Self, AuditError> {
        sync_last(folder)?;
        Self::on(Arc::new(Files::new(folder)), master)
    }

    /// As [`Audit::open_with`], on any storage.
    ///
    /// # Errors
    /// As [`Audit::open_with`].
    pub fn on(storage: Arc<dyn Storage>, master: Option<&MasterKey>) -> Result<Self, AuditError> {
        storage.create_dir("")?;
        let lock = storage.lock()?;
        let (mut writer, set_aside) = Writer::resume(Arc::clone(&storage))?;
        writer.keys = master.map(|master| Keys::read(&*writer.storage, master)).transpose()?;
        let audit = Self {
            queue: Mutex::default(),
            turned: Condvar::new(),
            writer: Mutex::new(writer),
            storage,
            master: master.cloned(),
            set_aside,
            _lock: lock,
        };
        if let Some(left) = set_aside {
            audit.record(&told(&left, "a crash"))?;
        }
        Ok(audit)
    }

    /// What a crash had left unfinished when the log was opened; the log tells of it, and whoever opened it should.
    #[must_use]
    pub fn set_aside(&self) -> Option<SetAside> {
        self.set_aside
    }

    /// The last line: what to keep elsewhere, so that the end cannot be cut off unnoticed.
    #[must_use]
    pub fn last(&self) -> Anchor {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).last
    }

    /// Whether more can be recorded. After a write that failed, the end of the log is looked for again, about once a second.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.writer.lock().is_ok_and(|mut writer| writer.unsettled.is_none() || writer.write(Vec::new()).is_ok())
    }

    /// Writes lines of `entries`, all or none of which are known to be safe afterwards.
    pub(super) fn write(&self, entries: Vec<Entry>) -> Result<Vec<Anchor>, AuditError> {
        self.writer.lock().map_err(|_| AuditError::Unsettled)?.write(entries)
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner);
        if writer.unsettled.is_none() && writer.head != writer.last {
            // It may lag: what it says is true all the same.
            let _ = head::write(&*writer.storage, writer.last);
        }
    }
}

impl Writer {
    /// Finds the end of the log, with what a crash left there.
    fn resume(storage: Arc<dyn Storage>) -> Result<(Self, Option<SetAside>), AuditError> {
        let numbers = file_numbers(&*storage)?;
        let head = match head::read(&*storage)? {
            Head::At(head) => head,
            // `HEAD` is there before the first file.
            Head::Missing if numbers.is_empty() => {
                head::write(&*storage, Anchor::START)?;
                Anchor::START
            }
            Head::Missing | Head::Unreadable => return Err(AuditError::NoHead),
        };
        let (last, left) = end_of(&*storage, &numbers, head)?;
        let next_file = numbers.last().map_or(1, |number| number + 1);
        let headed = Instant::now();
        Ok((Self { storage, last, file: None, bytes: 0, next_file, head, headed, keys: None, unsettled: None }, left))
    }

    /// Finds the end of the log again after a write failed, as at a start. What is there and was never said to be safe is written once
    /// more, the same bytes: a disk that failed to sync may still show what it forgot.
    fn settle(&mut self, master: Option<&MasterKey>) -> Result<(), AuditError> {
        self.unsettled = Some(Instant::now());
        if let Some(&last) = file_numbers(&*self.storage)?.last() {
            let safe = if last < self.next_file { self.bytes } else { 0 };
            let bytes = read_file(&*self.storage, last)?;
            let unsafe_bytes = bytes.get(safe as usize..).unwrap_or_default();
            self.storage.write_at(&file_name(last), &[(safe, unsafe_bytes)])?;
        }
        self.storage.sync_dir("")?;
        let keys = master.map(|master| Keys::read(&*self.storage, master)).transpose()?;
        let (found, left) = Self::resume(Arc::clone(&self.storage))?;
        *self = Self { keys, ..found };
        if let Some(left) = left {
            self.write(vec![told(&left, "a write that failed")])?;
        }
        Ok(())
    }

    fn write(&mut self, entries: Vec<Entry>) -> Result<Vec<Anchor>, AuditError> {
        if let Some(since) = self.unsettled {
            if since.elapsed() < RETRY_PAUSE {
                return Err(AuditError::Unsettled);
            }
            let master = self.keys.as_ref().map(|keys| keys.master().clone());
            self.settle(master.as_ref())?;
        }
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let (mut lines, mut anchors, mut last) = (Vec::new(), Vec::with_capacity(entries.len()), self.last);
        self.unsettled = Some(Instant::now());
        for entry in entries {
            let key = self.keys.as_mut().map(|keys| keys.for_writing(&*self.storage, last.sequence + 1)).transpose()?;
            last = line::add(&mut lines, Next { last, time_unix_ms: now_unix_ms() }, entry, key)?;
            anchors.push(last);
        }
        self.append(&lines)?;
        self.last = last;
        if self.headed.elapsed() >= HEAD_PAUSE {
            head::write(&*self.storage, last)?;
            (self.head, self.headed) = (last, Instant::now());
        }
        self.unsettled = None;
        Ok(anchors)
    }

    fn append(&mut self, lines: &[u8]) -> Result<(), AuditError> {
        let mut file = match self.file.take().filter(|_| self.bytes < ROTATE_BYTES) {
            Some(file) => file,
            None => self.begin_file()?,
        };
        file.append(&[lines])?;
        self.bytes += lines.len() as u64;
        self.file = Some(file);
        Ok(())
    }

    fn begin_file(&mut self) -> Result<Box<dyn Append>, AuditError> {
        if self.next_file > MAX_FILE {
            return Err(AuditError::Full(self.last));
        }
        let file = self.storage.append(&file_name(self.next_file))?;
        self.storage.sync_dir("")?;
        self.next_file += 1;
        self.bytes = 0;
        Ok(file)
    }
}

/// The last whole line, and what a crash left after it. Only the files from the last whole line on are read.
fn end_of(storage: &dyn Storage, numbers: &[u64], head: Anchor) -> Result<(Anchor, Option<SetAside>), AuditError> {
    let mut files = Vec::new();
    for number in numbers.iter().rev() {
        let bytes = read_file(storage, *number)?;
        let has_whole_line = bytes.split_inclusive(|byte| *byte == b'\n').any(|line| line::check(line).is_some());
        files.push((*number, bytes));
        if has_whole_line {
            break;
        }
    }
    let from_the_start = files.len() == numbers.len();
    let known = [head];
    let mut walk = Walk::new(from_the_start.then_some(Anchor::START), &known);
    for (number, bytes) in files.iter().rev() {
        walk.file(*number, bytes);
    }
    let left = walk.end();
    match walk.flaws.into_iter().next() {
        Some(flaw) => Err(AuditError::Broken(Box::new(flaw))),
        None => Ok((walk.last.unwrap_or(Anchor::START), left)),
    }
}

/// The line that tells what was left unfinished, and by what.
fn told(left: &SetAside, by: &str) -> Entry {
    Entry {
        client: "whorl".to_owned(),
        method: SET_ASIDE.to_owned(),
        purpose: Some(format!("{} bytes from {} on that {by} left unfinished", left.bytes, left.at)),
        outcome: "OK".to_owned(),
        detail: Some(left.sha256),
        ..Entry::default()
    }
}

/// Makes durable what a process that was killed had written and not synced, before anything is chained to it.
fn sync_last(folder: &Path) -> Result<(), AuditError> {
    let Ok(numbers) = file_numbers(&Files::new(folder)) else { return Ok(()) };
    let Some(last) = numbers.last() else { return Ok(()) };
    let path = folder.join(file_name(*last));
    let synced = File::open(&path).and_then(|file| file.sync_all());
    synced.map_err(|source| StorageError::Io { operation: "sync", path: path.display().to_string(), source }.into())
}

/// By the clock of the machine; one that is set before 1970 says 0.
fn now_unix_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
