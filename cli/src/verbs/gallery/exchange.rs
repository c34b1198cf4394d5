//! `whorl gallery export` and `import`: everything a gallery holds, in formats that others read.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::{Context, anyhow};
use serde::Serialize;
use whorl_formats::template;
use whorl_index::Reference;
use whorl_sdk::client::{EnrolledOne, Enrolment, Sample};
use whorl_sdk::desk::DuplicateCheck;
use whorl_service::{Watch, exchange};

use super::{Folder, There};
use crate::arguments::Founded;
use crate::console::{Console, LeftOut, LeftOutItem, Show};
use crate::outcome::Outcome;
use crate::verbs::enrol::create_where_missing;

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

/// Enrols everybody of an archive into a gallery of a server, by one stream, as it is here: nobody is searched for before.
pub(super) fn import_there(
    there: &There<'_>,
    from: &Path,
    left_out: &Path,
    console: Console,
) -> anyhow::Result<Outcome> {
    let file = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    create_where_missing(&there.client, there.name)?;
    let bars = console.bars();
    bars.begin("importing", 0);
    // The next part is read while one is on its way.
    let (send, parts) = sync_channel::<Vec<Reference>>(1);
    let reading = thread::spawn(move || {
        exchange::read(BufReader::with_capacity(1 << 20, file), |references| {
            send.send(references).map_err(|_| anyhow!("the server takes no more"))
        })
    });
    let gallery = there.name.to_owned();
    let enrolments = parts.into_iter().flatten().map(move |reference| enrolment(&gallery, reference));
    let (mut references, mut templates, mut refused) = (0, 0, Vec::new());
    for answer in there.client.enrol_many(enrolments)? {
        let EnrolledOne { id, result, .. } = answer.context("the import ended early; a second run goes on")?;
        bars.advance(1);
        match result {
            Ok(enrolled) => {
                references += 1;
                templates += u64::from(enrolled.templates);
            }
            Err(error) => refused.push(LeftOutItem::of_server(id, &error)),
        }
    }
    drop(bars);
    reading.join().map_err(|_| anyhow!("reading the archive broke off"))??;
    let left_out = LeftOut::tell_of(&refused, left_out)?;
    let outcome = Outcome::of(references as usize, left_out.count);
    let (archive, gallery, left_out) = (from.to_owned(), there.name.into(), Some(left_out));
    console.print(&Exchanged { archive, gallery, direction: "import", references, templates, left_out })?;
    Ok(outcome)
}

/// Somebody of an archive, with his templates as they are.
fn enrolment(gallery: &str, Reference { id, templates }: Reference) -> Enrolment {
    let samples = templates.iter().map(|(position, found)| Sample {
        modality: Some(found.modality()),
        ..Sample::at(*position, template::encode(found))
    });
    Enrolment { check: Some(DuplicateCheck::None), ..Enrolment::new(gallery, id, samples.collect()) }
}

impl Show for Exchanged {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let (archive, gallery) = (self.archive.display(), self.gallery.display());
        let (from, to) = if self.left_out.is_none() { (gallery, archive) } else { (archive, gallery) };
        writeln!(out, "{} references with {} templates from {from} to {to}", self.references, self.templates)
    }
}
