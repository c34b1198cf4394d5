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
}

impl Default for Audit {
    fn default() -> Self {
        Self { folder: "whorl-audit".into(), required: true }
    }
}

impl Audit {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self { folder: section.path("folder"), required: section.flag("required") }
    }
}
