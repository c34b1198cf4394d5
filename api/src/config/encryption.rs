//! `[encryption]`

use std::fmt::{Debug, Formatter, Result as Written};
use std::path::PathBuf;

use super::section::Section;

/// Encryption at rest. The key itself is not here, but where it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Encryption {
    /// What is encrypted; with anything, the record of who did what is sealed too.
    pub mode: EncryptionMode,
    /// The file of the master key.
    pub master_key_file: Option<PathBuf>,
    /// The environment variable of the master key.
    pub master_key_env: Option<String>,
}

/// What is encrypted at rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EncryptionMode {
    /// Nothing.
    #[default]
    None,
    /// What was enrolled last.
    Journal,
    /// Everything.
    All,
}

const MODES: [(&str, EncryptionMode); 3] =
    [("none", EncryptionMode::None), ("journal", EncryptionMode::Journal), ("all", EncryptionMode::All)];

impl Encryption {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            mode: section.word("mode", &MODES),
            master_key_file: section.secret_path("master_key_file"),
            master_key_env: section.variable_name("master_key_env"),
        }
    }
}

/// Says which are set and not what they are: somebody may have put the key where its path belongs.
impl Debug for Encryption {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        f.debug_struct("Encryption")
            .field("mode", &self.mode)
            .field("master_key_file", &self.master_key_file.is_some())
            .field("master_key_env", &self.master_key_env.is_some())
            .finish()
    }
}
