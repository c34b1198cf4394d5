//! `whorl gallery export` and `import`: everything a gallery holds, in formats that others read.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use whorl_service::exchange;

use super::{Folder, There};
use crate::arguments::Founded;
use crate::console::{Console, LeftOut, Show};
use crate::outcome::Outcome;

/// What went through an archive.
#[derive(Debug, Serialize)]
struct Exchanged {
    archive: PathBuf,
    gallery: PathBuf,
    direction: &'static str,
    references: u64,
    templates: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<LeftOut>,
}

pub(super) fn export(folder: &Folder, to: &Path, minutiae: bool, console: Console) -> anyhow::Result<Outcome> {
    let snapshot = folder.snapshot()?;
    let write = |file: &File| {
        let out = BufWriter::with_capacity(1 << 20, file);
        Ok(exchange::export(&snapshot, out, minutiae, &console.bars())?)
    };
    let exported = finished(to, write)?;
    let (references, templates) = (exported.references, exported.templates);
    let (archive, gallery) = (to.to_owned(), folder.gallery.clone());
    console.print(&Exchanged { archive, gallery, direction: "export", references, templates, left_out: None })?;
    Ok(Outcome::Complete)
}

/// Writes the archive of a gallery of a server; what it holds is counted when it is whole, and others may have changed the gallery
/// meanwhile.
pub(super) fn export_from_there(there: &There<'_>, to: &Path, console: Console) -> anyhow::Result<Outcome> {
    let galleries = there.client.galleries();
    finished(to, |file| {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        Ok(galleries.export(there.name, &mut out)?)
    })?;
    let state = galleries.get(there.name)?;
    let (references, templates) = (state.references, state.fingers + state.irises + state.faces);
    let (archive, gallery) = (to.to_owned(), there.name.into());
    console.print(&Exchanged { archive, gallery, direction: "export", references, templates, left_out: None })?;
    Ok(Outcome::Complete)
}

/// Has a file written that gets its name when it is whole: one that is cut short never has the name that was asked for.
fn finished<T>(to: &Path, write: impl FnOnce(&File) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let unfinished = to.with_added_extension("part");
    let file = File::create(&unfinished).with_context(|| format!("cannot write {}", unfinished.display()))?;
    let written = write(&file)?;
    file.sync_all()
        .and_then(|()| std::fs::rename(&unfinished, to))
        .with_context(|| format!("cannot write {}", to.display()))?;
    Ok(written)
}

pub(super) fn import(
    (gallery, founded): (&Path, &Founded),
    from: &Path,
    left_out: &Path,
    console: Console,
) -> anyhow::Result<Outcome> {
    let file = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    let open = founded.gallery(gallery)?;
    let imported = exchange::import(&open, BufReader::with_capacity(1 << 20, file), &console.bars())?;
    open.settle()?;
    let left_out = LeftOut::tell(&imported.omissions, left_out)?;
    let outcome = Outcome::of(imported.references as usize, left_out.count);
    console.print(&Exchanged {
        archive: from.to_owned(),
        gallery: gallery.to_owned(),
        direction: "import",
        references: imported.references,
        templates: imported.templates,
        left_out: Some(left_out),
    })?;
    Ok(outcome)
}

impl Show for Exchanged {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let (archive, gallery) = (self.archive.display(), self.gallery.display());
        let (from, to) = if self.left_out.is_none() { (gallery, archive) } else { (archive, gallery) };
        writeln!(out, "{} references with {} templates from {from} to {to}", self.references, self.templates)
    }
}
