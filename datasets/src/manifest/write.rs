//! Writing manifests.

use std::fs;
use std::io;
use std::path::Path;

use super::Entry;
use super::fault::ManifestError;
use super::row::{COLUMNS, LIVENESS};

/// Writes `entries` as the manifest at `path`, with their paths as listed: the whole file or none. The column of the liveness is
/// there where one of them says it.
///
/// # Errors
/// [`ManifestError::Unwritable`] where the file cannot be made or the disk is full.
pub fn write<'a>(path: &Path, entries: impl IntoIterator<Item = &'a Entry>) -> Result<(), ManifestError> {
    let entries: Vec<&Entry> = entries.into_iter().collect();
    let part = path.with_extension("csv.part");
    let unwritable = |source: io::Error| ManifestError::Unwritable { path: path.to_owned(), source };
    fill(&part, &entries).and_then(|()| fs::rename(&part, path)).map_err(unwritable)
}

fn fill(path: &Path, entries: &[&Entry]) -> io::Result<()> {
    let columns = if entries.iter().any(|entry| entry.liveness.is_some()) { COLUMNS.len() } else { LIVENESS };
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(&COLUMNS[..columns])?;
    for entry in entries {
        let Entry { listed, subject, modality, position, encounter, .. } = entry;
        let ppi = entry.ppi.map_or_else(String::new, |ppi| ppi.get().to_string());
        let liveness = entry.liveness.as_ref().map_or_else(String::new, ToString::to_string);
        let fields: [&str; COLUMNS.len()] =
            [listed, subject, modality.name(), position.name(), encounter, &ppi, &liveness];
        writer.write_record(&fields[..columns])?;
    }
    writer.flush()
}
