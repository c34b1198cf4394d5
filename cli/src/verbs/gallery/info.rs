//! `whorl gallery info`: what a gallery holds.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use whorl_index::Stats;

use super::{Folder, There};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

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
    /// Bytes that first stages scan: of eyes and faces in every search, of fingers as many as it looks at first.
    hot_bytes: u64,
    /// Bytes that are read for a few candidates only.
    cold_bytes: u64,
}

pub(super) fn info(folder: &Folder, console: Console) -> anyhow::Result<Outcome> {
    let stats = folder.snapshot()?.stats();
    console.print(&Info::new(&folder.gallery, stats))?;
    Ok(Outcome::Complete)
}

pub(super) fn info_there(there: &There<'_>, console: Console) -> anyhow::Result<Outcome> {
    let whorl_sdk::client::Gallery {
        name,
        references,
        sequence,
        fingers,
        irises,
        faces,
        segments,
        unsealed,
        removed,
        hot_bytes,
        cold_bytes,
    } = there.client.galleries().get(there.name)?;
    console.print(&Info {
        gallery: name.into(),
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
    })?;
    Ok(Outcome::Complete)
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
        writeln!(out, "hot bytes   {hot_bytes}  (what first stages scan; of ten fingers two)")?;
        writeln!(out, "cold bytes  {cold_bytes}  (read for candidates)")
    }
}
