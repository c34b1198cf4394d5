//! A model on its way into the store.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use whorl_extractors::face::model::{Description, Model, read_description, read_network};
use whorl_extractors::face::network::Runtime;

use super::store::{DESCRIPTION, Store};

/// A folder beside the models, which becomes one of them by its renaming and is removed unless it does.
pub(super) struct Staging<'a> {
    store: &'a Store,
    folder: PathBuf,
}

/// What became of an installation.
pub(super) enum Placed {
    /// It is there now.
    New(PathBuf),
    /// The same model was there before.
    Before(PathBuf),
}

/// Where `description` is installed already, if it is the same one.
///
/// # Errors
/// Where another model has its name and version.
pub(super) fn before(store: &Store, description: &Description) -> anyhow::Result<Option<PathBuf>> {
    let place = store.place(description);
    if !place.exists() {
        return Ok(None);
    }
    match read_description(&place.join(DESCRIPTION)) {
        Ok(found) if found == *description => {
            for network in description.networks() {
                read_network(&place, network).with_context(|| format!("remove {} and try again", place.display()))?;
            }
            Ok(Some(place))
        }
        _ => bail!(
            "another {} {} is installed: remove {} first, or give this one a version of its own",
            description.name,
            description.version,
            place.display()
        ),
    }
}

impl<'a> Staging<'a> {
    /// An empty folder in `store`, which is made where it does not exist.
    pub(super) fn new(store: &'a Store) -> anyhow::Result<Self> {
        let folder = store.folder().join(format!(".new-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { store, folder })
    }

    /// Copies a file to the name `name`.
    pub(super) fn copy(&self, from: &Path, name: &str) -> anyhow::Result<()> {
        fs::copy(from, self.folder.join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
        Ok(())
    }

    /// Gives a file of the store the name `name` as well, or a copy where the disk cannot do that.
    pub(super) fn link(&self, from: &Path, name: &str) -> anyhow::Result<()> {
        fs::hard_link(from, self.folder.join(name)).or_else(|_| self.copy(from, name))
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        fs::write(self.folder.join(name), bytes).with_context(|| format!("cannot write {name}"))
    }

    /// Checks the model as it lies there, and puts it into the store.
    pub(super) fn place(self, description: &Description, runtime: Runtime) -> anyhow::Result<Placed> {
        Model::open(&self.folder.join(DESCRIPTION), runtime).context("nothing was installed")?;
        if let Some(place) = before(self.store, description)? {
            return Ok(Placed::Before(place));
        }
        let place = self.store.place(description);
        fs::rename(&self.folder, &place).with_context(|| format!("cannot make {}", place.display()))?;
        Ok(Placed::New(place))
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // It is gone where it became a model; what cannot be removed begins with a dot and is never taken for one.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
