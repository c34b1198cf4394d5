//! `whorl gallery dedup`: everybody of a gallery against everybody else, to be broken off and gone on with.

mod remote;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;
use whorl_service::Watch;
use whorl_service::deduplicate::Record;

use super::{Place, There};
use crate::arguments::{FaceModel, Meaning, Searched};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// The most candidates of one reference: more duplicates of one person than this are a fault of the data.
const MOST_CANDIDATES: usize = 100;

/// What is compared, and where the result goes.
#[derive(Debug, Args)]
pub(super) struct Dedup {
    #[command(flatten)]
    place: Place,

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
        self.place.remote.allows(&self.faces, &self.meaning)?;
        if let Some(there) = self.place.there()? {
            return remote::deduplicate(self, &there, console);
        }
        let began = Instant::now();
        let gallery = self.place.folder.snapshot()?;
        let engine = self.meaning.of(self.faces.engine(threads)?)?;
        let walk = engine.walk(&gallery, &self.searched.search(MOST_CANDIDATES)?)?;
        let mut record =
            Record::open(&self.out, &gallery, format!("{:?} {:?} {:?}", self.searched, self.meaning, self.faces))?;
        let (bars, before) = (console.bars(), record.done());
        if before > 0 {
            console
                .note(format_args!("note: an earlier run had done {before} of {}; going on from there", gallery.len()));
        }
        bars.begin("comparing all with all", gallery.len() as usize);
        bars.advance(before as usize);
        walk.run(before, |walked| {
            bars.advance(1);
            Ok::<_, anyhow::Error>(record.add(&walked)?)
        })?;
        record.end()?;
        drop(bars);
        let (duplicates, adjudicate) = (record.duplicates(), record.adjudicate());
        console.print(&Deduplicated {
            gallery: self.place.folder.gallery.clone(),
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

impl Show for Deduplicated {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { references, duplicates, adjudicate, seconds, .. } = self;
        writeln!(out, "{references} references, all against all, in {seconds:.1} s")?;
        writeln!(out, "duplicates  {duplicates}")?;
        writeln!(out, "adjudicate  {adjudicate}")?;
        writeln!(out, "pairs       {}", self.out.display())
    }
}
