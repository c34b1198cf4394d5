//! `whorl gallery backup` and `restore`: a copy while others write, and back.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::bail;
use serde::Serialize;
use whorl_index::{Copied, Files, back_up};

use super::There;
use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// What was copied.
#[derive(Debug, Serialize)]
struct Copy {
    from: PathBuf,
    to: PathBuf,
    references: u64,
    sequence: u64,
    segments_copied: u64,
    segments_there_before: u64,
    bytes_written: u64,
    seconds: f64,
}

pub(super) fn backup(gallery: &Path, to: &Path, console: Console) -> anyhow::Result<Outcome> {
    copy(gallery, to, console)
}

pub(super) fn restore(backup: &Path, to: &Path, console: Console) -> anyhow::Result<Outcome> {
    if to.join("MANIFEST").exists() {
        bail!("{} is a gallery: restore into a folder that is empty or not there", to.display());
    }
    copy(backup, to, console)
}

fn copy(from: &Path, to: &Path, console: Console) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let copied = back_up(&Files::new(from), &Files::new(to))?;
    let Copied { segments, there_before, bytes, references, sequence } = copied;
    console.print(&Copy {
        from: from.to_owned(),
        to: to.to_owned(),
        references,
        sequence,
        segments_copied: segments,
        segments_there_before: there_before,
        bytes_written: bytes,
        seconds: began.elapsed().as_secs_f64(),
    })?;
    Ok(Outcome::Complete)
}

/// What a server copied.
#[derive(Debug, Serialize)]
struct CopyThere {
    gallery: String,
    /// The folder on the server.
    to: String,
    sequence: u64,
    bytes_written: u64,
    seconds: f64,
}

pub(super) fn backup_there(there: &There<'_>, console: Console) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let copied = there.client.galleries().back_up(there.name)?;
    let (gallery, seconds) = (there.name.to_owned(), began.elapsed().as_secs_f64());
    let (to, sequence, bytes_written) = (copied.folder, copied.sequence, copied.copied_bytes);
    console.print(&CopyThere { gallery, to, sequence, bytes_written, seconds })?;
    Ok(Outcome::Complete)
}

impl Show for CopyThere {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { gallery, to, sequence, bytes_written, seconds } = self;
        writeln!(out, "{to} of the server holds what {gallery} held at change {sequence}")?;
        writeln!(out, "written     {bytes_written} bytes in {seconds:.1} s")
    }
}

impl Show for Copy {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { from, to, references, sequence, segments_copied, segments_there_before, .. } = self;
        writeln!(out, "{} holds what {} held at change {sequence}", to.display(), from.display())?;
        writeln!(out, "references  {references}")?;
        writeln!(out, "segments    {segments_copied} copied, {segments_there_before} there before")?;
        writeln!(out, "written     {} bytes in {:.1} s", self.bytes_written, self.seconds)
    }
}
