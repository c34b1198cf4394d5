//! `whorl gallery`: what a gallery holds, and whether it is whole.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;
use whorl_index::{Files, Snapshot, Stats};

use crate::console::{Console, Show};
use crate::outcome::Outcome;

const INFO_EXAMPLE: &str = "Example:\n  whorl gallery info national --json";
const VERIFY_EXAMPLE: &str = "\
Example:
  whorl gallery verify national && echo whole

Ends with exit code 3 where anything is damaged. What is damaged is named; restore that segment from a backup.";

/// Look after a gallery
#[derive(Debug, Args)]
pub(crate) struct GalleryVerb {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Say how many references, fingers and bytes a gallery holds
    #[command(after_help = INFO_EXAMPLE)]
    Info(Folder),
    /// Read every byte of a gallery, and name what is damaged
    #[command(after_help = VERIFY_EXAMPLE)]
    Verify(Folder),
}

#[derive(Debug, Args)]
struct Folder {
    /// Folder of the gallery
    #[arg(value_name = "DIR")]
    gallery: PathBuf,
}

/// The size of a gallery.
#[derive(Debug, Serialize)]
struct Info {
    gallery: PathBuf,
    references: u64,
    fingers: u64,
    irises: u64,
    faces: u64,
    /// References that were removed and take up room until the gallery is compacted.
    removed: u64,
    segments: u64,
    /// References that journals hold and no segment yet.
    unsealed: u64,
    /// The number of the last change.
    sequence: u64,
    /// Bytes that every search reads.
    hot_bytes: u64,
    /// Bytes that are read for a few candidates only.
    cold_bytes: u64,
}

/// What is wrong with a gallery.
#[derive(Debug, Serialize)]
struct Verified {
    gallery: PathBuf,
    whole: bool,
    references: u64,
    flaws: Vec<String>,
}

impl GalleryVerb {
    pub(crate) fn run(&self, console: Console) -> anyhow::Result<Outcome> {
        match &self.task {
            Task::Info(Folder { gallery }) => info(gallery, console),
            Task::Verify(Folder { gallery }) => verify(gallery, console),
        }
    }
}

fn info(gallery: &Path, console: Console) -> anyhow::Result<Outcome> {
    let stats = Snapshot::open(&Files::new(gallery))?.stats();
    console.print(&Info::new(gallery, stats))?;
    Ok(Outcome::Complete)
}

fn verify(gallery: &Path, console: Console) -> anyhow::Result<Outcome> {
    let snapshot = Snapshot::open(&Files::new(gallery))?;
    let flaws: Vec<String> = snapshot.verify().iter().map(ToString::to_string).collect();
    let whole = flaws.is_empty();
    console.print(&Verified { gallery: gallery.to_owned(), whole, references: snapshot.len(), flaws })?;
    Ok(if whole { Outcome::Complete } else { Outcome::Failed })
}

impl Info {
    fn new(gallery: &Path, stats: Stats) -> Self {
        let Stats { references, fingers, irises, faces, removed, segments, unsealed, sequence, hot_bytes, cold_bytes } =
            stats;
        let gallery = gallery.to_owned();
        Self {
            gallery,
            references,
            fingers,
            irises,
            faces,
            removed,
            segments,
            unsealed,
            sequence,
            hot_bytes,
            cold_bytes,
        }
    }
}

impl Show for Info {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { gallery, references, fingers, irises, faces, segments, hot_bytes, cold_bytes, .. } = self;
        writeln!(out, "{}", gallery.display())?;
        writeln!(out, "references  {references}")?;
        writeln!(out, "fingers     {fingers}")?;
        writeln!(out, "irises      {irises}")?;
        writeln!(out, "faces       {faces}")?;
        writeln!(out, "removed     {}  (gone from the files after the next compaction)", self.removed)?;
        writeln!(out, "segments    {segments}")?;
        writeln!(out, "unsealed    {}  (in journals only, replayed at every start)", self.unsealed)?;
        writeln!(out, "changes     {}", self.sequence)?;
        writeln!(out, "hot bytes   {hot_bytes}  (read by every search)")?;
        writeln!(out, "cold bytes  {cold_bytes}  (read for candidates)")
    }
}

impl Show for Verified {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        for flaw in &self.flaws {
            writeln!(out, "damaged: {flaw}")?;
        }
        let answer = if self.whole { "whole" } else { "damaged" };
        writeln!(out, "{} is {answer}: {} references", self.gallery.display(), self.references)
    }
}
