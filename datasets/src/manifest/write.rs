//! Writing manifests.

use std::path::Path;

use super::Entry;
use super::fault::ManifestError;
use super::row::COLUMNS;

/// Writes `entries` as the manifest at `path`, with their paths as listed.
///
/// # Errors
/// [`ManifestError::Unwritable`] where the file cannot be made or the disk is full.
pub fn write<'a>(path: &Path, entries: impl IntoIterator<Item = &'a Entry>) -> Result<(), ManifestError> {
    let unwritable = |error: csv::Error| ManifestError::Unwritable { path: path.to_owned(), source: error.into() };
    let mut writer = csv::Writer::from_path(path).map_err(unwritable)?;
    writer.write_record(COLUMNS).map_err(unwritable)?;
    for entry in entries {
        let Entry { listed, subject, modality, position, encounter, .. } = entry;
        let ppi = entry.ppi.map_or_else(String::new, |ppi| ppi.get().to_string());
        writer
            .write_record([listed, subject, modality.name(), position.name(), encounter, &ppi])
            .map_err(unwritable)?;
    }
    writer.flush().map_err(|error| unwritable(error.into()))
}
