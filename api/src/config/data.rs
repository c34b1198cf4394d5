//! `[data]`

use std::path::PathBuf;

use super::section::Section;

/// Where things lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// The galleries.
    pub folder: PathBuf,
    /// The backups of galleries.
    pub backups: PathBuf,
    /// With less free space, in MiB, the server is not ready; 16 to 1,048,576.
    pub min_free_mib: u64,
}

impl Default for Data {
    fn default() -> Self {
        Self { folder: "whorl-data".into(), backups: "whorl-backups".into(), min_free_mib: 1024 }
    }
}

impl Data {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            folder: section.path("folder"),
            backups: section.path("backups"),
            min_free_mib: section.whole("min_free_mib", 16..=1 << 20),
        }
    }

    /// The free space below which the server is not ready, in bytes.
    #[must_use]
    pub fn min_free_bytes(&self) -> u64 {
        self.min_free_mib << 20
    }
}
