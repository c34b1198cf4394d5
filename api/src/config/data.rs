//! `[data]`

use std::path::PathBuf;
use std::time::Duration;

use super::section::Section;

/// Where things lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// The galleries.
    pub folder: PathBuf,
    /// The backups of galleries.
    pub backups: PathBuf,
    /// The installed face models; may be missing.
    pub models: PathBuf,
    /// Every how many hours everything is read and checked, 0 to 8,760; 0 is never.
    pub scrub_hours: u32,
    /// With less free space, in MiB, the server is not ready and enrols nobody; 16 to 1,048,576.
    pub min_free_mib: u64,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            folder: "whorl-data".into(),
            backups: "whorl-backups".into(),
            models: "whorl-models".into(),
            scrub_hours: 168,
            min_free_mib: 1024,
        }
    }
}

impl Data {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            folder: section.path("folder"),
            backups: section.path("backups"),
            models: section.path("models"),
            scrub_hours: section.whole("scrub_hours", 0..=8760),
            min_free_mib: section.whole("min_free_mib", 16..=1 << 20),
        }
    }

    /// Between two checks of everything, or none.
    #[must_use]
    pub fn scrub_every(&self) -> Option<Duration> {
        (self.scrub_hours > 0).then(|| Duration::from_hours(self.scrub_hours.into()))
    }

    /// The free space below which the server is not ready, in bytes.
    #[must_use]
    pub fn min_free_bytes(&self) -> u64 {
        self.min_free_mib << 20
    }
}
