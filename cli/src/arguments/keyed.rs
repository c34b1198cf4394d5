//! Galleries, encrypted or not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, ValueEnum};
use whorl_benches::AtRest;
use whorl_index::{Encryption, Files, Gallery, GalleryError, MasterKey, Snapshot};

/// Names the file of the master key where no argument does.
const VARIABLE: &str = "WHORL_MASTER_KEY_FILE";

/// The master key of an encrypted gallery, of a sealed audit log, or of the keys of persons.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Keyed {
    // The names of variables are no words of a documentation.
    #[arg(long, value_name = "FILE", help = "Master key of what is encrypted [default: $WHORL_MASTER_KEY_FILE]")]
    master_key: Option<PathBuf>,
}

/// A gallery that is created where there is none.
#[derive(Debug, Args)]
pub(crate) struct Founded {
    #[command(flatten)]
    keyed: Keyed,

    #[command(flatten)]
    at_rest: Encrypt,
}

/// What of a new gallery is encrypted.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Encrypt {
    /// Encrypt the gallery if it is created: all of it, or its journals only, for segments on an encrypted disk
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, default_missing_value = "all")]
    encrypt: Option<What>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    All,
    Journals,
}

impl Encrypt {
    /// The same for a gallery of a run.
    pub(crate) fn at_rest(self) -> AtRest {
        match self.encrypt {
            None => AtRest::Clear,
            Some(What::Journals) => AtRest::Journals,
            Some(What::All) => AtRest::Encrypted,
        }
    }
}

impl Keyed {
    /// The key; none where none was named.
    ///
    /// # Errors
    /// Where a file was named that is none.
    pub(crate) fn master(&self) -> anyhow::Result<Option<MasterKey>> {
        let variable = || std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        let path = self.master_key.clone().or_else(variable);
        Ok(path.map(|path| MasterKey::from_file(&path)).transpose()?)
    }

    /// The gallery in `folder`, to read.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    pub(crate) fn snapshot(&self, folder: &Path) -> anyhow::Result<Snapshot> {
        Ok(Snapshot::open_with(&Files::new(folder), self.master()?.as_ref())?)
    }

    /// The gallery in `folder`, to write to.
    ///
    /// # Errors
    /// Where there is none, or it cannot be written to.
    pub(crate) fn gallery(&self, folder: &Path) -> anyhow::Result<Gallery> {
        Ok(Gallery::open_with(Arc::new(Files::new(folder)), self.master()?.as_ref())?)
    }
}

impl Founded {
    /// The gallery in `folder`, to write to; a new one where there is none.
    ///
    /// # Errors
    /// Where it can be neither opened nor created.
    pub(crate) fn gallery(&self, folder: &Path) -> anyhow::Result<Gallery> {
        let (storage, master) = (Arc::new(Files::new(folder)), self.keyed.master()?);
        let Some(what) = self.at_rest.encrypt else {
            return match Gallery::open_with(storage.clone(), master.as_ref()) {
                Err(GalleryError::Absent(_)) => Ok(Gallery::create(storage)?),
                opened_or_failed => Ok(opened_or_failed?),
            };
        };
        let master = master.with_context(|| {
            format!("--encrypt takes a master key: make one with `whorl keys new`, and name it with --master-key or {VARIABLE}")
        })?;
        let encryption = Encryption { master, segments: what == What::All };
        Ok(Gallery::open_or_create_with(storage, Some(&encryption))?)
    }
}
