//! A gallery in a directory of the file system.
#![allow(unsafe_code, reason = "the one place that maps files")]

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use memmap2::{Mmap, MmapMut};

use super::{Access, Append, Bytes, Held, LOCK_FILE, Storage, StorageError, WriterLock};

/// A gallery's directory in the file system.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// The directory `root`, there or not yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where a file is, for a library that opens files by itself.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(path) }
    }

    /// Waits until the content of a file that something else wrote is durable.
    pub(crate) fn sync_file(&self, path: &str) -> Result<(), StorageError> {
        self.open(path)?.sync_all().map_err(StorageError::io("sync", self.shown(path)))
    }

    fn shown(&self, path: &str) -> String {
        self.at(path).display().to_string()
    }

    fn open(&self, path: &str) -> Result<File, StorageError> {
        File::open(self.at(path)).map_err(StorageError::io("open", self.shown(path)))
    }
}

/// Waits until the names in `directory` are durable; only Unix lets a program ask for it, elsewhere the system decides.
fn sync_names(directory: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// How much Linux reads ahead at one request, whatever was asked for: its default, `read_ahead_kb`.
const READ_AHEAD_BYTES: usize = 128 << 10;

/// Memory of zeros that is no file's, for what is decrypted: in large pages where the system has them, so that a scan from end to end asks for
/// few translations, and in no core dump. None where there is nothing to hold, or no memory to be had so.
pub(super) fn anonymous(length: usize) -> Option<MmapMut> {
    let memory = MmapMut::map_anon(length).ok()?;
    // Only hints: a system that does not take them has small pages, and dumps what it dumps.
    #[cfg(target_os = "linux")]
    for hint in [memmap2::Advice::HugePage, memmap2::Advice::DontDump] {
        let _ = memory.advise(hint);
    }
    Some(memory)
}

/// Tells the system how a map will be read. Only a hint: a system that does not take it reads ahead in vain, and that is all.
pub(super) fn expect(map: &Mmap, access: Access) {
    #[cfg(unix)]
    let _ = map.advise(match access {
        Access::Scan => memmap2::Advice::Normal,
        Access::Lookup => memmap2::Advice::Random,
    });
}

/// Reads a map ahead, then enters its pages into the page table. Only hints: a system that does not take them fetches pages
/// when they are read.
pub(super) fn preload(map: &Mmap) {
    #[cfg(unix)]
    for start in (0..map.len()).step_by(READ_AHEAD_BYTES) {
        let _ = map.advise_range(memmap2::Advice::WillNeed, start, READ_AHEAD_BYTES.min(map.len() - start));
    }
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::PopulateRead);
}

impl Storage for Files {
    fn place(&self) -> String {
        self.shown("")
    }

    fn lock(&self) -> Result<WriterLock, StorageError> {
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(self.at(LOCK_FILE));
        let file = open.map_err(StorageError::io("open", self.shown(LOCK_FILE)))?;
        match file.try_lock() {
            Ok(()) => Ok(WriterLock::new(file)),
            Err(TryLockError::WouldBlock) => Err(StorageError::Locked { path: self.place() }),
            Err(TryLockError::Error(source)) => Err(StorageError::io("lock", self.shown(LOCK_FILE))(source)),
        }
    }

    fn create_dir(&self, path: &str) -> Result<(), StorageError> {
        fs::create_dir_all(self.at(path)).map_err(StorageError::io("create", self.shown(path)))?;
        if !path.is_empty() {
            return Ok(());
        }
        let whole = std::path::absolute(&self.root).map_err(StorageError::io("locate", self.shown(path)))?;
        let parent = whole.parent().unwrap_or(&whole);
        sync_names(parent).map_err(StorageError::io("sync", parent.display().to_string()))
    }

    fn write(&self, path: &str, parts: &[&[u8]]) -> Result<(), StorageError> {
        let open = OpenOptions::new().create_new(true).write(true).open(self.at(path));
        let mut file = open.map_err(StorageError::io("create", self.shown(path)))?;
        for part in parts {
            file.write_all(part).map_err(StorageError::io("write", self.shown(path)))?;
        }
        file.sync_all().map_err(StorageError::io("sync", self.shown(path)))
    }

    fn append(&self, path: &str) -> Result<Box<dyn Append>, StorageError> {
        let open = OpenOptions::new().create_new(true).append(true).open(self.at(path));
        let file = open.map_err(StorageError::io("create", self.shown(path)))?;
        Ok(Box::new(Growing { file, shown: self.shown(path) }))
    }

    fn sync_dir(&self, path: &str) -> Result<(), StorageError> {
        sync_names(&self.at(path)).map_err(StorageError::io("sync", self.shown(path)))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        fs::rename(self.at(from), self.at(to)).map_err(StorageError::io("rename", self.shown(from)))
    }

    fn remove(&self, path: &str) -> Result<(), StorageError> {
        let whole = self.at(path);
        let gone = if whole.is_dir() { fs::remove_dir_all(whole) } else { fs::remove_file(whole) };
        gone.map_err(StorageError::io("remove", self.shown(path)))
    }

    fn list(&self, path: &str) -> Result<Vec<String>, StorageError> {
        let refused = || StorageError::io("list", self.shown(path));
        let mut names = Vec::new();
        for entry in fs::read_dir(self.at(path)).map_err(refused())? {
            names.push(entry.map_err(refused())?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn len(&self, path: &str) -> Result<u64, StorageError> {
        let metadata = fs::metadata(self.at(path)).map_err(StorageError::io("look at", self.shown(path)))?;
        Ok(metadata.len())
    }

    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, StorageError> {
        let mut bytes = Vec::new();
        let read = self.open(path)?.take(most as u64).read_to_end(&mut bytes);
        read.map_err(StorageError::io("read", self.shown(path)))?;
        Ok(bytes)
    }

    fn write_at(&self, path: &str, parts: &[(u64, &[u8])]) -> Result<(), StorageError> {
        let open = OpenOptions::new().write(true).open(self.at(path));
        let mut file = open.map_err(StorageError::io("open", self.shown(path)))?;
        for (at, part) in parts {
            let written = file.seek(SeekFrom::Start(*at)).and_then(|_| file.write_all(part));
            written.map_err(StorageError::io("write", self.shown(path)))?;
        }
        file.sync_data().map_err(StorageError::io("sync", self.shown(path)))
    }

    fn read_at(&self, path: &str, at: u64, most: usize) -> Result<Vec<u8>, StorageError> {
        let (mut file, mut bytes) = (self.open(path)?, Vec::new());
        let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.take(most as u64).read_to_end(&mut bytes));
        read.map_err(StorageError::io("read", self.shown(path)))?;
        Ok(bytes)
    }

    fn map(&self, path: &str, length: u64, access: Access) -> Result<Bytes, StorageError> {
        let file = self.open(path)?;
        let found = file.metadata().map_err(StorageError::io("look at", self.shown(path)))?.len();
        if found != length {
            return Err(StorageError::Length { path: self.shown(path), stated: length, found });
        }
        // SAFETY: a file of a gallery is never written again once it is whole, and a segment is only ever removed by
        // unlinking it, which leaves maps intact; its length was checked above. The gallery's directory belongs to Whorl:
        // whoever cuts a file there while it is mapped is outside what any reader of maps can bear.
        let map = unsafe { Mmap::map(&file) }.map_err(StorageError::io("map", self.shown(path)))?;
        expect(&map, access);
        Ok(Bytes(Held::Mapped(map)))
    }
}

/// A file that grows at its end.
#[derive(Debug)]
struct Growing {
    file: File,
    shown: String,
}

impl Append for Growing {
    fn append(&mut self, parts: &[&[u8]]) -> Result<(), StorageError> {
        for part in parts {
            self.file.write_all(part).map_err(StorageError::io("write", &self.shown))?;
        }
        self.file.sync_data().map_err(StorageError::io("sync", &self.shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_once_and_mapped_only_at_its_stated_length() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::new(directory.path().join("gallery"));
        files.create_dir("").unwrap();
        files.write("column", &[b"loop", b"whorl"]).unwrap();
        assert_eq!(&*files.map("column", 9, Access::Scan).unwrap(), b"loopwhorl");
        assert!(matches!(
            files.map("column", 10, Access::Lookup),
            Err(StorageError::Length { stated: 10, found: 9, .. })
        ));
        assert!(files.write("column", &[b"again"]).is_err());
    }

    #[test]
    fn only_one_holds_the_lock_at_a_time() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::new(directory.path());
        let held = files.lock().unwrap();
        assert!(matches!(files.lock(), Err(StorageError::Locked { .. })));
        drop(held);
        assert!(files.lock().is_ok());
    }
}
