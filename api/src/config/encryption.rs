//! `[encryption]`

use std::fmt::{Debug, Formatter, Result as Written};
use std::path::PathBuf;

use super::environment::Environment;
use super::secret::{Secret, SecretError};
use super::section::Section;

/// Encryption at rest. The key itself is not here: [`Encryption::master_key`] fetches it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Encryption {
    /// What is encrypted.
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

    /// The master key as it stands in its file or in `environment`, without white space around it; none where nothing is encrypted.
    ///
    /// # Errors
    /// [`SecretError`] where there is none, which never names what was read.
    pub fn master_key(&self, environment: &Environment) -> Result<Option<Secret>, SecretError> {
        match (&self.master_key_file, &self.master_key_env) {
            (Some(file), _) => Secret::of_file(file, "encryption.master_key_file").map(Some),
            (None, Some(name)) => Secret::of_environment(environment, name, "encryption.master_key_env").map(Some),
            (None, None) => Ok(None),
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
