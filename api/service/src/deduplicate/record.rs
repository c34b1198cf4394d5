//! The pairs of a walk on the disk, and how far it is: what was broken off goes on from there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use whorl_index::Snapshot;
use whorl_types::Verdict;

use super::Walked;

/// How often it is noted how far the work is: what is done again after a crash, and well over what noting it costs.
const NOTED: Duration = Duration::from_secs(5);

/// The columns of the file of pairs.
const COLUMNS: [&str; 6] = ["reference", "candidate", "verdict", "llr", "fmr", "instances"];

/// How far the work is. What it is the progress of must be the same for it to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Progress {
    epoch: u64,
    sequence: u64,
    settings: String,
    done: u64,
    duplicates: u64,
    adjudicate: u64,
    /// Bytes of the pairs that were found so far.
    bytes: u64,
}

/// Why the pairs cannot be kept.
#[derive(Debug, Error)]
#[error("cannot write {}: {source}", place.display())]
pub struct RecordError {
    /// The file.
    place: PathBuf,
    /// Why not.
    source: io::Error,
}

/// The pairs that were found, as CSV, and how far the work is, beside it in `FILE.progress`.
#[derive(Debug)]
pub struct Record {
    file: File,
    place: PathBuf,
    progress: Progress,
    pending: csv::Writer<Vec<u8>>,
    noted: Instant,
}

impl Record {
    /// Goes on with the pairs in `out`, where they are of the same gallery and `settings`, or begins.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn open(out: &Path, gallery: &Snapshot, settings: String) -> Result<Self, RecordError> {
        let place = out.with_added_extension("progress");
        let (epoch, sequence) = (gallery.epoch(), gallery.sequence());
        let fresh = Progress { epoch, sequence, settings, done: 0, duplicates: 0, adjudicate: 0, bytes: 0 };
        let noted = fs::read(&place).ok().and_then(|bytes| serde_json::from_slice::<Progress>(&bytes).ok());
        let of_this = |noted: &Progress| {
            let same = (noted.epoch, noted.sequence, &noted.settings) == (epoch, sequence, &fresh.settings);
            same && fs::metadata(out).is_ok_and(|found| found.len() >= noted.bytes)
        };
        let progress = noted.filter(of_this).unwrap_or(fresh);
        let file = open_at(out, progress.bytes).map_err(|source| RecordError { place: out.to_owned(), source })?;
        let pending = csv::Writer::from_writer(Vec::new());
        let mut record = Self { file, place, progress, pending, noted: Instant::now() };
        if record.progress.bytes == 0 {
            record.write_row(&COLUMNS)?;
            record.note()?;
        }
        Ok(record)
    }

    /// References that were looked for so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.progress.done
    }

    /// Pairs that are duplicates.
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        self.progress.duplicates
    }

    /// Pairs that a person must look at.
    #[must_use]
    pub fn adjudicate(&self) -> u64 {
        self.progress.adjudicate
    }

    /// Adds what was found for one reference; durable a few seconds later, or with the next [`Record::note`].
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn add(&mut self, walked: &Walked) -> Result<(), RecordError> {
        for found in &walked.candidates {
            let evidence = &found.evidence;
            let count = match found.verdict {
                Verdict::Duplicate => &mut self.progress.duplicates,
                Verdict::Adjudicate | Verdict::Unique => &mut self.progress.adjudicate,
            };
            *count += 1;
            let (llr, fmr) = (format!("{:.3}", evidence.llr.nats()), format!("{:.3e}", evidence.fmr.fmr.get()));
            let instances = evidence.instances.len().to_string();
            self.write_row(&[walked.id.as_str(), found.id.as_str(), found.verdict.name(), &llr, &fmr, &instances])?;
        }
        self.progress.done += 1;
        if self.noted.elapsed() >= NOTED { self.note() } else { Ok(()) }
    }

    /// Makes durable what was found, and then how far the work is.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn note(&mut self) -> Result<(), RecordError> {
        self.write().map_err(|source| RecordError { place: self.place.clone(), source })
    }

    /// All is done: the next run begins anew.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn end(&mut self) -> Result<(), RecordError> {
        self.note()?;
        fs::remove_file(&self.place).map_err(|source| RecordError { place: self.place.clone(), source })
    }

    fn write_row(&mut self, row: &[&str]) -> Result<(), RecordError> {
        let written = self.pending.write_record(row);
        written.map_err(|error| RecordError { place: self.place.clone(), source: error.into() })
    }

    fn write(&mut self) -> io::Result<()> {
        let pending = std::mem::replace(&mut self.pending, csv::Writer::from_writer(Vec::new()));
        let bytes = pending.into_inner().map_err(csv::IntoInnerError::into_error)?;
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.progress.bytes += bytes.len() as u64;
        let new = self.place.with_added_extension("new");
        fs::write(&new, serde_json::to_vec(&self.progress)?)?;
        fs::rename(&new, &self.place)?;
        self.noted = Instant::now();
        Ok(())
    }
}

/// The file of pairs, of which so many bytes count: what was found after it was last noted how far the work is will be found again.
fn open_at(out: &Path, bytes: u64) -> io::Result<File> {
    let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(out)?;
    file.set_len(bytes)?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use whorl_index::{Gallery, Memory, Reference};
    use whorl_types::ReferenceId;

    use super::*;

    fn id(text: &str) -> ReferenceId {
        ReferenceId::new(text).unwrap()
    }

    fn nobody_like(name: &str) -> Walked {
        Walked { id: id(name), candidates: Vec::new(), rows_scanned: 0 }
    }

    #[test]
    fn a_run_goes_on_from_what_was_noted_and_begins_anew_where_the_work_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("pairs.csv");
        let gallery = Gallery::create(Arc::new(Memory::new())).unwrap();
        let open = |settings: &str| Record::open(&out, &gallery.snapshot(), settings.to_owned()).unwrap();
        let mut record = open("exact");
        record.add(&nobody_like("ada")).unwrap();
        record.note().unwrap();
        record.add(&nobody_like("bea")).unwrap();
        drop(record);
        // Whoever was killed while writing leaves half a row.
        fs::write(&out, [fs::read(&out).unwrap(), b"bea,ad".to_vec()].concat()).unwrap();
        let record = open("exact");
        assert_eq!((record.progress.done, fs::read_to_string(&out).unwrap()), (1, COLUMNS.join(",") + "\n"));
        drop(record);
        assert_eq!(open("cascade").progress.done, 0, "other settings");
        let mut record = open("exact");
        record.add(&nobody_like("ada")).unwrap();
        record.note().unwrap();
        gallery.enrol(vec![Reference { id: id("cleo"), templates: Vec::new() }]).unwrap();
        assert_eq!(open("exact").progress.done, 0, "another gallery");
        open("exact").end().unwrap();
        assert!(!out.with_added_extension("progress").exists());
    }
}
