//! The galleries of a server, by name, each open.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use thiserror::Error;
use whorl_index::{Encryption, Files, Gallery, GalleryError};

use crate::desk::{Desk, DeskError, Gathering};
use crate::engine::Engine;

/// The longest name of a gallery, in bytes: it is a folder's name, too.
const MAX_NAME_BYTES: usize = 64;

/// The most galleries of a server: each has files, a thread and memory of its own.
const MAX_GALLERIES: usize = 256;

/// The galleries in a folder, each in one of its name.
#[derive(Debug)]
pub struct Galleries {
    folder: PathBuf,
    engine: Arc<Engine>,
    gathering: Gathering,
    /// How new galleries are encrypted, and by which key those that are.
    encryption: Option<Encryption>,
    open: RwLock<BTreeMap<String, Arc<Desk>>>,
}

/// Why a gallery is not there.
#[derive(Debug, Error)]
pub enum GalleriesError {
    /// No name of a gallery.
    #[error(
        "\"{0}\" is no name of a gallery: it has 1 to {MAX_NAME_BYTES} of a-z, 0-9 and hyphens, and begins with no hyphen"
    )]
    Name(String),
    /// None of that name.
    #[error("there is no gallery \"{0}\": create it first")]
    Absent(String),
    /// One of that name.
    #[error("there is a gallery \"{0}\" already")]
    Exists(String),
    /// As many as there may be.
    #[error("there are {MAX_GALLERIES} galleries, the most that a server has: use another server")]
    TooMany,
    /// The folder cannot be read or written.
    #[error("the folder of the galleries, {}: {source}", folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// One of them cannot be opened.
    #[error("gallery \"{name}\": {source}")]
    Gallery {
        /// Which.
        name: String,
        /// Why not.
        source: GalleryError,
    },
    /// One of them cannot be looked after.
    #[error("gallery \"{name}\": the system gives no thread for it: {source}")]
    Thread {
        /// Which.
        name: String,
        /// Why not.
        source: io::Error,
    },
}

impl Galleries {
    /// Opens every gallery in `folder`, which is made where it is not there; those that are encrypted by the key of `encryption`, as
    /// which new ones are made.
    ///
    /// # Errors
    /// [`GalleriesError`] where one cannot be opened: a server that left it out would say of its people that they are unknown.
    pub fn open(
        folder: &Path,
        engine: Arc<Engine>,
        gathering: Gathering,
        encryption: Option<Encryption>,
    ) -> Result<Self, GalleriesError> {
        let failed = |source| GalleriesError::Folder { folder: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let galleries = Self { folder: folder.to_owned(), engine, gathering, encryption, open: RwLock::default() };
        let master = galleries.encryption.as_ref().map(|encryption| &encryption.master);
        let mut open = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
            if check(&name).is_ok() && folder.join(&name).join("MANIFEST").exists() {
                open.insert(name.clone(), galleries.desk_of(&name, |storage| Gallery::open_with(storage, master))?);
            }
        }
        if open.len() > MAX_GALLERIES {
            return Err(GalleriesError::TooMany);
        }
        *galleries.open.write().unwrap_or_else(PoisonError::into_inner) = open;
        Ok(galleries)
    }

    /// Makes an empty gallery.
    ///
    /// # Errors
    /// [`GalleriesError`].
    pub fn create(&self, name: &str) -> Result<Arc<Desk>, GalleriesError> {
        check(name)?;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if open.contains_key(name) {
            return Err(GalleriesError::Exists(name.to_owned()));
        }
        if open.len() >= MAX_GALLERIES {
            return Err(GalleriesError::TooMany);
        }
        let desk = self.desk_of(name, |storage| Gallery::create_with(storage, self.encryption.as_ref()))?;
        open.insert(name.to_owned(), Arc::clone(&desk));
        Ok(desk)
    }

    /// The gallery of a name.
    ///
    /// # Errors
    /// [`GalleriesError::Absent`] where there is none.
    pub fn find(&self, name: &str) -> Result<Arc<Desk>, GalleriesError> {
        check(name)?;
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(name).cloned().ok_or_else(|| GalleriesError::Absent(name.to_owned()))
    }

    /// All galleries, by name.
    #[must_use]
    pub fn list(&self) -> Vec<(String, Arc<Desk>)> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.iter().map(|(name, desk)| (name.clone(), Arc::clone(desk))).collect()
    }

    /// Where the files of a gallery are.
    #[must_use]
    pub fn place(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Closes all that nobody uses any more, and says what could not be sealed: nothing is lost by it, the next start takes longer.
    pub fn close(&self) -> Vec<(String, DeskError)> {
        let open = std::mem::take(&mut *self.open.write().unwrap_or_else(PoisonError::into_inner));
        let close = |(name, desk): (String, Arc<Desk>)| Some((name, Arc::into_inner(desk)?.close().err()?));
        open.into_iter().filter_map(close).collect()
    }

    fn desk_of(
        &self,
        name: &str,
        gallery: impl FnOnce(Arc<Files>) -> Result<Gallery, GalleryError> + Send,
    ) -> Result<Arc<Desk>, GalleriesError> {
        let storage = Arc::new(Files::new(self.place(name)));
        let gallery = self.engine.install(|| gallery(storage));
        let gallery = gallery.map_err(|source| GalleriesError::Gallery { name: name.to_owned(), source })?;
        let gallery = Arc::new(gallery.on(self.engine.pool()));
        let desk = Desk::new(Arc::clone(&self.engine), gallery, self.gathering);
        let desk = desk.map_err(|source| GalleriesError::Thread { name: name.to_owned(), source })?;
        Ok(Arc::new(desk))
    }
}

/// Whether a text names a gallery, and nothing else on a disk.
fn check(name: &str) -> Result<(), GalleriesError> {
    let is_fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_fit) && !name.starts_with('-');
    // What is repeated of a bad name is short.
    if fits { Ok(()) } else { Err(GalleriesError::Name(name.chars().take(MAX_NAME_BYTES).collect())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn galleries(folder: &Path) -> Galleries {
        Galleries::open(folder, Arc::new(Engine::new(1).unwrap()), Gathering::default(), None).unwrap()
    }

    #[test]
    fn galleries_are_there_again_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let first = galleries(folder.path());
        first.create("nation").unwrap();
        first.create("watch-list").unwrap();
        assert!(matches!(first.create("nation"), Err(GalleriesError::Exists(_))));
        assert!(first.close().is_empty());
        let again = galleries(folder.path());
        assert_eq!(again.list().into_iter().map(|(name, _)| name).collect::<Vec<_>>(), ["nation", "watch-list"]);
        assert!(again.find("nation").is_ok());
        assert!(matches!(again.find("none"), Err(GalleriesError::Absent(_))));
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let galleries = galleries(folder.path());
        for name in ["", "-a", "..", ".", "a/b", "A", "a b", "/etc", "a\0", &"x".repeat(65)] {
            assert!(matches!(galleries.create(name), Err(GalleriesError::Name(_))), "{name:?}");
            assert!(matches!(galleries.find(name), Err(GalleriesError::Name(_))), "{name:?}");
        }
        assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    }
}
