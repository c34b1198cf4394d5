//! `[audit]`

use std::path::PathBuf;

use super::section::Section;

/// The record of who did what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// The folder of the record.
    pub folder: PathBuf,
    /// Whether calls are refused while the record cannot be written.
    pub required: bool,
    /// At which size the next file is begun, in MiB, 1 to 4,096.
    pub file_mib: u64,
}

impl Default for Audit {
    fn default() -> Self {
        Self { folder: "whorl-audit".into(), required: true, file_mib: 64 }
    }
}

impl Audit {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            folder: section.path("folder"),
            required: section.flag("required"),
            file_mib: section.whole("file_mib", 1..=4096),
        }
    }

    /// At which size the next file is begun, in bytes.
    #[must_use]
    pub fn file_bytes(&self) -> u64 {
        self.file_mib << 20
    }
}
