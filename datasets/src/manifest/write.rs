//! Writing manifests.

use std::fs;
use std::io;
use std::path::Path;

use super::Entry;
use super::fault::ManifestError;
use super::row::COLUMNS;

/// Writes `entries` as the manifest at `path`, with their paths as listed: the whole file or none.
///
/// # Errors
/// [`ManifestError::Unwritable`] where the file cannot be made or the disk is full.
pub fn write<'a>(path: &Path, entries: impl IntoIterator<Item = &'a Entry>) -> Result<(), ManifestError> {
    let part = path.with_extension("csv.part");
    let unwritable = |source: io::Error| ManifestError::Unwritable { path: path.to_owned(), source };
    fill(&part, entries).and_then(|()| fs::rename(&part, path)).map_err(unwritable)
}

fn fill<'a>(path: &Path, entries: impl IntoIterator<Item = &'a Entry>) -> io::Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(COLUMNS)?;
    for entry in entries {
        let Entry { listed, subject, modality, position, encounter, .. } = entry;
        let ppi = entry.ppi.map_or_else(String::new, |ppi| ppi.get().to_string());
        writer.write_record([listed, subject, modality.name(), position.name(), encounter, &ppi])?;
    }
    writer.flush()
}
