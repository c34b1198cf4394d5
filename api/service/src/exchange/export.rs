//! Writing the archive.

use std::io::{self, Write};

use thiserror::Error;
use whorl_formats::minutiae::{self, Finger, MinutiaeRecord};
use whorl_formats::template;
use whorl_index::{Flawed, Reference, Snapshot};
use whorl_types::{Position, ReferenceId, Template};

use super::{COLUMNS, MANIFEST, PART};
use crate::population::subject_of;
use crate::watch::Watch;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// References.
    pub references: u64,
    /// Their templates.
    pub templates: u64,
}

/// Why an archive is not whole.
#[derive(Debug, Error)]
pub enum ExportError {
    /// A template is damaged.
    #[error(transparent)]
    Flawed(#[from] Flawed),
    /// The archive cannot be written.
    #[error("the archive cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// Writes everybody of `gallery` to `out`; with `minutiae`, fingers also as ISO/IEC 19794-2:2005 records.
///
/// # Errors
/// [`ExportError`]; what was written then is no whole archive.
pub fn export(gallery: &Snapshot, out: impl Write, minutiae: bool, watch: &dyn Watch) -> Result<Exported, ExportError> {
    watch.begin("exporting", gallery.len() as usize);
    let (mut archive, mut exported) = (tar::Builder::new(out), Exported::default());
    let mut references = gallery.references();
    for number in 1.. {
        let part = references.by_ref().take(PART).collect::<Result<Vec<_>, _>>()?;
        if part.is_empty() {
            break;
        }
        let folder = format!("part-{number:06}");
        write_part(&mut archive, &folder, &part, &Kind::WHORL)?;
        if minutiae {
            write_part(&mut archive, &folder, &part, &Kind::MINUTIAE)?;
        }
        exported.references += part.len() as u64;
        exported.templates += part.iter().map(|reference| reference.templates.len() as u64).sum::<u64>();
        watch.advance(part.len());
    }
    archive.into_inner()?.flush()?;
    Ok(exported)
}

/// How templates are written.
struct Kind {
    manifest: &'static str,
    folder: &'static str,
    ending: &'static str,
    encode: fn(Position, &Template) -> Option<Vec<u8>>,
}

impl Kind {
    const WHORL: Self = Self {
        manifest: MANIFEST,
        folder: "templates",
        ending: "whorl",
        encode: |_, template| Some(template::encode(template)),
    };

    const MINUTIAE: Self = Self {
        manifest: "minutiae.csv",
        folder: "minutiae",
        ending: "fmr",
        encode: |position, template| {
            let finger = Finger::of_template(position, template.as_finger()?);
            Some(MinutiaeRecord::of_fingers(minutiae::Format::Iso2005, &[finger]).ok()?.encode())
        },
    };
}

fn write_part(
    archive: &mut tar::Builder<impl Write>,
    folder: &str,
    part: &[Reference],
    kind: &Kind,
) -> Result<(), ExportError> {
    let (mut rows, mut files) = (csv::Writer::from_writer(Vec::new()), Vec::new());
    rows.write_record(COLUMNS).map_err(io::Error::other)?;
    for (number, Reference { id, templates }) in part.iter().enumerate() {
        for (place, (position, template)) in templates.iter().enumerate() {
            let Some(bytes) = (kind.encode)(*position, template) else { continue };
            let path = format!("{}/{number:04}-{place:02}-{position}.{}", kind.folder, kind.ending);
            let (modality, position) = (template.modality().to_string(), position.to_string());
            let row = [&path, subject_of(id), &modality, &position, encounter_of(id), id.as_str()];
            rows.write_record(row).map_err(io::Error::other)?;
            files.push((path, bytes));
        }
        if templates.is_empty() && kind.folder == Kind::WHORL.folder {
            // Somebody without a template is somebody, too.
            rows.write_record(["", subject_of(id), "", "", encounter_of(id), id.as_str()]).map_err(io::Error::other)?;
        }
    }
    let rows = rows.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    write_file(archive, &format!("{folder}/{}", kind.manifest), &rows)?;
    for (path, bytes) in files {
        write_file(archive, &format!("{folder}/{path}"), &bytes)?;
    }
    Ok(())
}

fn encounter_of(id: &ReferenceId) -> &str {
    id.as_str().rsplit_once('/').map_or("", |(_, encounter)| encounter)
}

/// Writes a file without owner and time, so that the same gallery gives the same archive.
fn write_file(archive: &mut tar::Builder<impl Write>, path: &str, bytes: &[u8]) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    archive.append_data(&mut header, path, bytes)
}
