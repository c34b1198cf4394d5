//! Where the files of a gallery live: written once, renamed into place, mapped for reading; a journal grows at its end, and keys are
//! written over where they lie.

mod files;
mod memory;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::ops::Deref;
use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use thiserror::Error;

pub use files::Files;
pub use memory::{Fault, Memory};

/// The file whose lock is the writer's. It stays empty.
pub(crate) const LOCK_FILE: &str = "LOCK";

/// A directory of files, as a gallery needs it.
///
/// Paths are relative to the gallery's directory, with `/` between their parts; `""` is that directory itself. A file is
/// durable once it is written *and* the directory that names it is synced; a crash in between may keep either, both or none.
pub trait Storage: fmt::Debug + Send + Sync {
    /// Where this is, as people say it.
    fn place(&self) -> String;

    /// Takes the place of the only writer, until the lock is dropped.
    ///
    /// # Errors
    /// [`StorageError::Locked`] while another holds it.
    fn lock(&self) -> Result<WriterLock, StorageError>;

    /// Makes a directory; one that is there already is well. The gallery's own is durable at once.
    ///
    /// # Errors
    /// [`StorageError::Io`].
    fn create_dir(&self, path: &str) -> Result<(), StorageError>;

    /// Writes a new file of `parts`, one after the other, and waits until its content is durable.
    ///
    /// # Errors
    /// [`StorageError::Io`], also where a file of this name exists: no file of a gallery is ever written twice.
    fn write(&self, path: &str, parts: &[&[u8]]) -> Result<(), StorageError>;

    /// Makes a new, empty file that grows at its end.
    ///
    /// # Errors
    /// [`StorageError::Io`], also where a file of this name exists.
    fn append(&self, path: &str) -> Result<Box<dyn Append>, StorageError>;

    /// Waits until the names in a directory are durable.
    ///
    /// # Errors
    /// [`StorageError::Io`].
    fn sync_dir(&self, path: &str) -> Result<(), StorageError>;

    /// Gives a file another name in one step, replacing the file that had it.
    ///
    /// # Errors
    /// [`StorageError::Io`].
    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError>;

    /// Removes a file, or a directory with the files in it.
    ///
    /// # Errors
    /// [`StorageError::Io`].
    fn remove(&self, path: &str) -> Result<(), StorageError>;

    /// The names in a directory, sorted.
    ///
    /// # Errors
    /// [`StorageError::Io`].
    fn list(&self, path: &str) -> Result<Vec<String>, StorageError>;

    /// The length of a file, in bytes.
    ///
    /// # Errors
    /// [`StorageError::Io`].
    fn len(&self, path: &str) -> Result<u64, StorageError>;

    /// The first bytes of a file, `most` of them or all there are.
    ///
    /// # Errors
    /// [`StorageError::Io`].
    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, StorageError>;

    /// Writes `parts` over what stands in a file from these places on, or behind it, and waits until they are durable: for a file that is
    /// never mapped. A crash before this returns may leave any of the old bytes there and any of the new.
    ///
    /// # Errors
    /// [`StorageError::Io`]; a part of them may then be there.
    fn write_at(&self, path: &str, parts: &[(u64, &[u8])]) -> Result<(), StorageError>;

    /// The bytes of a file from a place on, `most` of them or all there are.
    ///
    /// # Errors
    /// [`StorageError::Io`].
    fn read_at(&self, path: &str, at: u64, most: usize) -> Result<Vec<u8>, StorageError>;

    /// A whole file, to be read in place, once its length is known to be `length`: a map that reaches past the end of its
    /// file kills the process that reads there.
    ///
    /// # Errors
    /// [`StorageError::Length`] where the file has another length, [`StorageError::Io`] otherwise.
    fn map(&self, path: &str, length: u64, access: Access) -> Result<Bytes, StorageError>;
}

impl dyn Storage + '_ {
    /// That a file has `length` bytes.
    ///
    /// # Errors
    /// [`StorageError::Length`] where it has not, [`StorageError::Io`].
    pub(crate) fn check_length(&self, path: &str, length: u64) -> Result<(), StorageError> {
        match self.len(path)? {
            found if found == length => Ok(()),
            found => Err(StorageError::Length { path: path.to_owned(), stated: length, found }),
        }
    }
}

/// A file that grows at its end.
pub trait Append: fmt::Debug + Send {
    /// Adds `parts` to the end, one after the other, and waits until they are durable.
    ///
    /// # Errors
    /// [`StorageError::Io`]; a part of them may then be there.
    fn append(&mut self, parts: &[&[u8]]) -> Result<(), StorageError>;
}

/// How a file will be read, so that the system fetches what is needed next, and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// From one end to the other, again and again.
    Scan,
    /// A few kilobytes here and there.
    Lookup,
}

/// Why a storage did not do what it was asked.
#[derive(Debug, Error)]
pub enum StorageError {
    /// The system refused.
    #[error("cannot {operation} \"{path}\": {source}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// On what.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody else is writing.
    #[error("\"{path}\" is being written by another process: wait until it is done, or end it")]
    Locked {
        /// Where.
        path: String,
    },
    /// A file was cut short or grew.
    #[error("\"{path}\" is {found} bytes long where {stated} are stated: it is damaged, restore it from a copy")]
    Length {
        /// The file.
        path: String,
        /// The length its header states.
        stated: u64,
        /// The length it has.
        found: u64,
    },
}

impl StorageError {
    fn io(operation: &'static str, path: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { operation, path, source }
    }

    /// Whether the file or directory is simply not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// The place of the only writer; dropped, it is free again.
pub struct WriterLock {
    _held: Box<dyn Send + Sync>,
}

impl WriterLock {
    /// A lock that is held as long as `held` lives.
    #[must_use]
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self { _held: Box::new(held) }
    }
}

impl fmt::Debug for WriterLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriterLock")
    }
}

/// The content of a file, read in place; begins at a multiple of 64 bytes in memory.
pub struct Bytes(Held);

enum Held {
    Mapped(memmap2::Mmap),
    Anonymous(memmap2::MmapMut),
    Shared(Arc<Lines>),
}

impl Bytes {
    /// Bytes in memory: `parts`, one after the other. Many are kept as those that are decrypted.
    pub(crate) fn in_memory(parts: &[&[u8]]) -> Self {
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        if length < LARGE_BYTES {
            return Self(Held::Shared(Arc::new(Lines::of(parts))));
        }
        let Ok(bytes) = Self::filled::<Infallible>(length, |memory| {
            join(parts, memory);
            Ok(())
        });
        bytes
    }

    /// Bytes in memory, `length` of them, as `fill` makes them of zeros.
    pub(crate) fn filled<E>(length: usize, fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let Some(mut memory) = files::anonymous(length) else {
            let mut lines = Lines { lines: vec![Line([0; 64]); length.div_ceil(64)], length };
            fill(lines.bytes_mut())?;
            return Ok(Self(Held::Shared(Arc::new(lines))));
        };
        fill(&mut memory)?;
        Ok(Self(Held::Anonymous(memory)))
    }

    /// Says how they will be read from now on.
    pub(crate) fn expect(&self, access: Access) {
        match &self.0 {
            Held::Mapped(map) => files::expect(map, access),
            Held::Anonymous(_) | Held::Shared(_) => (),
        }
    }

    /// Has the system fetch all of it into memory, as far as it grants that.
    pub(crate) fn preload(&self) {
        match &self.0 {
            Held::Mapped(map) => files::preload(map),
            Held::Anonymous(_) | Held::Shared(_) => (),
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Held::Mapped(map) => map,
            Held::Anonymous(memory) => memory,
            Held::Shared(lines) => lines.bytes(),
        }
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.len())
    }
}

/// From so many bytes on, large pages of a system are of use: a few of them.
const LARGE_BYTES: usize = 8 << 20;

/// Copies `parts`, one after the other, into `whole`, which is as long as all of them.
fn join(parts: &[&[u8]], whole: &mut [u8]) {
    let mut rest = whole;
    for part in parts {
        let (here, after) = rest.split_at_mut(part.len());
        here.copy_from_slice(part);
        rest = after;
    }
}

/// One line of a processor's cache, the alignment that kernels read best.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// Bytes in memory that begin at a multiple of 64.
#[derive(Clone)]
struct Lines {
    lines: Vec<Line>,
    length: usize,
}

impl Lines {
    fn of(parts: &[&[u8]]) -> Self {
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        let mut whole = Self { lines: vec![Line([0; 64]); length.div_ceil(64)], length };
        join(parts, whole.bytes_mut());
        whole
    }

    fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.lines)[..self.length]
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.length]
    }
}
