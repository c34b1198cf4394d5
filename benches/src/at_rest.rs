//! Whether the gallery of a run is encrypted.

use std::path::Path;

use serde::Serialize;
use whorl_index::{Encryption, GalleryError, MasterKey};

use crate::failure::RunError;

/// What of a gallery is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AtRest {
    /// Nothing.
    #[default]
    Clear,
    /// Journals, and no segments.
    Journals,
    /// Journals and segments.
    Encrypted,
}

impl AtRest {
    /// How a new gallery is made so; its master key is the one in the file `key`, or a new one that is written there.
    pub(crate) fn encryption(self, key: &Path) -> Result<Option<Encryption>, RunError> {
        let segments = match self {
            Self::Clear => return Ok(None),
            Self::Journals => false,
            Self::Encrypted => true,
        };
        key.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        let made = || {
            let master = MasterKey::generate()?;
            master.write_file(key).map(|()| master)
        };
        let master = if key.exists() { MasterKey::from_file(key) } else { made() };
        Ok(Some(Encryption { master: master.map_err(GalleryError::from)?, segments }))
    }
}
