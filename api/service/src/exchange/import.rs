//! Reading the archive.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read};

use thiserror::Error;
use whorl_formats::template::{self, TemplateError};
use whorl_index::{Gallery, GalleryError, Reference};
use whorl_types::{Position, ReferenceId, Template};

use super::{COLUMNS, MANIFEST};
use crate::omission::{Omission, Reason};
use crate::watch::Watch;

/// The most bytes of a file of an archive: a manifest of a part has a hundred for each of its templates.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// The most bytes of the files of a part, so that an archive which is none ends here and not where memory does.
const MAX_PART_BYTES: usize = 2 << 30;

/// What was read.
#[derive(Debug, Default)]
pub struct Imported {
    /// References that are in the gallery now and were not before.
    pub references: u64,
    /// Their templates.
    pub templates: u64,
    /// Those who were there before.
    pub omissions: Vec<Omission>,
}

/// Why an archive was not read to its end. The parts before are in the gallery.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The archive cannot be read.
    #[error("the archive cannot be read: {0}; is it one that `gallery export` wrote?")]
    Read(#[from] io::Error),
    /// A file larger than any that was exported.
    #[error("\"{path}\" in the archive has {bytes} bytes, the most is {max}", max = MAX_FILE_BYTES)]
    TooLarge {
        /// Where in the archive.
        path: String,
        /// How many.
        bytes: u64,
    },
    /// A part that is too large.
    #[error("\"{0}\" and the files before it are more than a part has, {MAX_PART_BYTES} bytes")]
    PartTooLarge(String),
    /// No archive of this kind.
    #[error("the archive has no part-000001/{MANIFEST}: export the gallery with `gallery export`")]
    Empty,
    /// A row that cannot be used.
    #[error("\"{path}\", line {line}: {why}")]
    Row {
        /// The manifest.
        path: String,
        /// Which line.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// A template that the manifest lists and the archive has not.
    #[error("\"{0}\" is listed and not in the archive: it was cut short, or put together by hand")]
    Missing(String),
    /// A template that cannot be read.
    #[error("\"{path}\" in the archive: {error}")]
    Template {
        /// Where in the archive.
        path: String,
        /// What is wrong.
        error: TemplateError,
    },
    /// The gallery takes it not.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
}

/// Enrols everybody of an archive into `gallery`, part by part; who is there already is left out and named.
///
/// # Errors
/// [`ImportError`]; the parts before the fault are in the gallery, and a second run goes on after them.
pub fn import(gallery: &Gallery, from: impl Read, watch: &dyn Watch) -> Result<Imported, ImportError> {
    watch.begin("importing", 0);
    let mut imported = Imported::default();
    read(from, |references| imported.enrol(references, gallery, watch))?;
    Ok(imported)
}

/// Gives `each` everybody of an archive, part by part, at most 1,024 at a time.
///
/// # Errors
/// [`ImportError`], or the error of `each`; the parts before it were given.
pub fn read<E: From<ImportError>>(
    from: impl Read,
    mut each: impl FnMut(Vec<Reference>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut archive, mut part) = (tar::Archive::new(from), Part::default());
    for entry in archive.entries().map_err(ImportError::from)? {
        let entry = entry.map_err(ImportError::from)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let (path, bytes) = file_of(entry)?;
        let Some(folder) = path.strip_suffix(MANIFEST) else {
            part.add(path, bytes)?;
            continue;
        };
        let before = std::mem::replace(&mut part, Part::new(folder));
        each(before.references()?)?;
        part.manifest = bytes;
    }
    if part.folder.is_empty() {
        return Err(ImportError::Empty.into());
    }
    each(part.references()?)
}

/// The path and the bytes of a file of an archive.
fn file_of(mut entry: tar::Entry<'_, impl Read>) -> Result<(String, Vec<u8>), ImportError> {
    let path = entry.path()?.to_string_lossy().into_owned();
    if entry.size() > MAX_FILE_BYTES {
        return Err(ImportError::TooLarge { path, bytes: entry.size() });
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    Ok((path, bytes))
}

impl Imported {
    fn enrol(&mut self, references: Vec<Reference>, gallery: &Gallery, watch: &dyn Watch) -> Result<(), ImportError> {
        let before = gallery.snapshot();
        let mut new = Vec::new();
        for reference in references {
            watch.advance(1);
            if before.contains(&reference.id) {
                let (what, reason) = (reference.id.to_string(), Reason::EnrolledAlready);
                self.omissions.push(Omission { what, line: None, reason });
            } else {
                self.templates += reference.templates.len() as u64;
                new.push(reference);
            }
        }
        self.references += new.len() as u64;
        gallery.enrol(new)?;
        Ok(())
    }
}

/// The files of one part.
#[derive(Default)]
struct Part {
    folder: String,
    manifest: Vec<u8>,
    files: HashMap<String, Vec<u8>>,
    bytes: usize,
}

impl Part {
    fn new(folder: &str) -> Self {
        Self { folder: folder.to_owned(), ..Self::default() }
    }

    fn add(&mut self, path: String, bytes: Vec<u8>) -> Result<(), ImportError> {
        self.bytes += bytes.len();
        if self.bytes > MAX_PART_BYTES {
            return Err(ImportError::PartTooLarge(path));
        }
        self.files.insert(path, bytes);
        Ok(())
    }

    fn references(&self) -> Result<Vec<Reference>, ImportError> {
        let path = format!("{}{MANIFEST}", self.folder);
        let mut references = BTreeMap::<ReferenceId, Reference>::new();
        let mut rows = csv::Reader::from_reader(&*self.manifest);
        let titled = rows.headers().is_ok_and(|titles| titles.is_empty() || titles.iter().eq(COLUMNS));
        let refused = |line, why: String| ImportError::Row { path: path.clone(), line, why };
        if !titled {
            return Err(refused(1, format!("the columns are not {}", COLUMNS.join(","))));
        }
        for row in rows.records() {
            let row = row.map_err(|error| refused(0, error.to_string()))?;
            let line = row.position().map_or(0, csv::Position::line);
            let id = ReferenceId::new(&row[5]).map_err(|error| refused(line, error.to_string()))?;
            let empty = Reference { id: id.clone(), templates: Vec::new() };
            let reference = references.entry(id).or_insert(empty);
            if !row[0].is_empty() {
                let position = row[3].parse().map_err(|_| refused(line, format!("\"{}\" is no position", &row[3])))?;
                reference.templates.push(self.instance(&row[0], position)?);
            }
        }
        Ok(references.into_values().collect())
    }

    fn instance(&self, listed: &str, position: Position) -> Result<(Position, Template), ImportError> {
        let path = format!("{}{listed}", self.folder);
        let bytes = self.files.get(&path).ok_or_else(|| ImportError::Missing(path.clone()))?;
        let template = template::decode(bytes).map_err(|error| ImportError::Template { path, error })?;
        Ok((position, template))
    }
}
