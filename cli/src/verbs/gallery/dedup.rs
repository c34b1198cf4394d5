//! `whorl gallery dedup`: everybody of a gallery against everybody else, to be broken off and gone on with.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};
use whorl_index::Snapshot;
use whorl_service::Watch;
use whorl_service::deduplicate::Walked;
use whorl_types::Verdict;

use super::Folder;
use crate::arguments::{FaceModel, Meaning, Searched};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// The most candidates of one reference: more duplicates of one person than this are a fault of the data.
const MOST_CANDIDATES: usize = 100;

/// How often it is noted how far the work is: what is done again after a crash, and well over what noting it costs.
const NOTED: Duration = Duration::from_secs(5);

const COLUMNS: [&str; 6] = ["reference", "candidate", "verdict", "llr", "fmr", "instances"];

/// What is compared, and where the result goes.
#[derive(Debug, Args)]
pub(super) struct Dedup {
    #[command(flatten)]
    folder: Folder,

    /// The pairs that are found, as CSV; how far the work is stands beside it, in FILE.progress
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    #[command(flatten)]
    searched: Searched,

    #[command(flatten)]
    meaning: Meaning,

    #[command(flatten)]
    faces: FaceModel,
}

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

/// What was found.
#[derive(Debug, Serialize)]
struct Deduplicated {
    gallery: PathBuf,
    out: PathBuf,
    references: u64,
    /// Of these, references that an earlier run had looked for.
    before: u64,
    duplicates: u64,
    adjudicate: u64,
    seconds: f64,
}

impl Dedup {
    pub(super) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let began = Instant::now();
        let gallery = self.folder.snapshot()?;
        let engine = self.meaning.of(self.faces.engine(threads)?)?;
        let walk = engine.walk(&gallery, &self.searched.search(MOST_CANDIDATES)?)?;
        let mut record =
            Record::open(&self.out, &gallery, format!("{:?} {:?} {:?}", self.searched, self.meaning, self.faces))?;
        let (bars, before) = (console.bars(), record.progress.done);
        if before > 0 {
            console
                .note(format_args!("note: an earlier run had done {before} of {}; going on from there", gallery.len()));
        }
        bars.begin("comparing all with all", gallery.len() as usize);
        bars.advance(before as usize);
        walk.run(before, |walked| {
            bars.advance(1);
            record.add(&walked)
        })?;
        record.end()?;
        drop(bars);
        let Progress { duplicates, adjudicate, .. } = record.progress;
        console.print(&Deduplicated {
            gallery: self.folder.gallery.clone(),
            out: self.out.clone(),
            references: gallery.len(),
            before,
            duplicates,
            adjudicate,
            seconds: began.elapsed().as_secs_f64(),
        })?;
        Ok(Outcome::Complete)
    }
}

/// The pairs that were found, and how far the work is.
struct Record {
    file: File,
    place: PathBuf,
    progress: Progress,
    pending: csv::Writer<Vec<u8>>,
    noted: Instant,
}

impl Record {
    /// Goes on with the pairs in `out`, where they are of the same work, or begins.
    fn open(out: &Path, gallery: &Snapshot, settings: String) -> anyhow::Result<Self> {
        let (place, cannot) = (out.with_added_extension("progress"), || format!("cannot write {}", out.display()));
        let (epoch, sequence) = (gallery.epoch(), gallery.sequence());
        let fresh = Progress { epoch, sequence, settings, done: 0, duplicates: 0, adjudicate: 0, bytes: 0 };
        let noted = fs::read(&place).ok().and_then(|bytes| serde_json::from_slice::<Progress>(&bytes).ok());
        let of_this = |noted: &Progress| {
            let same = (noted.epoch, noted.sequence, &noted.settings) == (epoch, sequence, &fresh.settings);
            same && fs::metadata(out).is_ok_and(|found| found.len() >= noted.bytes)
        };
        let progress = noted.filter(of_this).unwrap_or(fresh);
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(out).with_context(cannot)?;
        // What was found after it was last noted how far the work is will be found again.
        file.set_len(progress.bytes).with_context(cannot)?;
        file.seek(SeekFrom::End(0)).with_context(cannot)?;
        let pending = csv::Writer::from_writer(Vec::new());
        let mut record = Self { file, place, progress, pending, noted: Instant::now() };
        if record.progress.bytes == 0 {
            record.pending.write_record(COLUMNS)?;
            record.note()?;
        }
        Ok(record)
    }

    fn add(&mut self, walked: &Walked) -> anyhow::Result<()> {
        for found in &walked.candidates {
            let evidence = &found.evidence;
            let count = match found.verdict {
                Verdict::Duplicate => &mut self.progress.duplicates,
                Verdict::Adjudicate | Verdict::Unique => &mut self.progress.adjudicate,
            };
            *count += 1;
            let (llr, fmr) = (format!("{:.3}", evidence.llr.nats()), format!("{:.3e}", evidence.fmr.fmr.get()));
            let instances = evidence.instances.len().to_string();
            let row = [walked.id.as_str(), found.id.as_str(), found.verdict.name(), &llr, &fmr, &instances];
            self.pending.write_record(row)?;
        }
        self.progress.done += 1;
        if self.noted.elapsed() >= NOTED { self.note() } else { Ok(()) }
    }

    /// Makes durable what was found, and then how far the work is.
    fn note(&mut self) -> anyhow::Result<()> {
        let pending = std::mem::replace(&mut self.pending, csv::Writer::from_writer(Vec::new()));
        let bytes = pending.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.progress.bytes += bytes.len() as u64;
        let new = self.place.with_added_extension("new");
        fs::write(&new, serde_json::to_vec(&self.progress)?)
            .with_context(|| format!("cannot write {}", new.display()))?;
        fs::rename(&new, &self.place)?;
        self.noted = Instant::now();
        Ok(())
    }

    /// All is done: the next run begins anew.
    fn end(&mut self) -> anyhow::Result<()> {
        self.note()?;
        Ok(fs::remove_file(&self.place)?)
    }
}

impl Show for Deduplicated {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { references, duplicates, adjudicate, seconds, .. } = self;
        writeln!(out, "{references} references, all against all, in {seconds:.1} s")?;
        writeln!(out, "duplicates  {duplicates}")?;
        writeln!(out, "adjudicate  {adjudicate}")?;
        writeln!(out, "pairs       {}", self.out.display())
    }
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
