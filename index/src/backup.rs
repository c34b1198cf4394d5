//! A copy of a gallery, made while others go on writing to it.

use crate::gallery::{GalleryError, remove_leftovers};
use crate::journal::{self, Replay};
use crate::keys::Keys;
use crate::manifest::{self, Manifest, SegmentEntry};
use crate::segment::Segment;
use crate::snapshot::Snapshot;
use crate::storage::{Access, Storage};

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    /// Segments that were copied.
    pub segments: u64,
    /// Segments that an earlier copy to the same place left there.
    pub there_before: u64,
    /// Bytes that were written.
    pub bytes: u64,
    /// References that the copy holds.
    pub references: u64,
    /// The number of the last change that the copy holds.
    pub sequence: u64,
}

/// Copies the gallery in `source` to `target`, which is nothing yet or an earlier copy of the same gallery: of that, segments are
/// kept, for they never change. Every checksum is looked at on the way. `source` may be written to meanwhile; the copy holds every
/// change that was acknowledged before it began. Whenever it is broken off, `target` holds what it held before or a later state of the
/// gallery, whole.
///
/// Of an encrypted gallery nothing is decrypted, no master key is needed, and its keys are not copied: a copy is read with the keys that
/// the gallery has then, so that nobody who was removed comes back with it. The folder `keys` is to be kept apart, as one copy that the
/// next replaces.
///
/// # Errors
/// [`GalleryError::Flawed`] where `source` is damaged, [`GalleryError::Foreign`] where `target` is something else, or the storage
/// fails.
pub fn back_up(source: &dyn Storage, target: &dyn Storage) -> Result<Copied, GalleryError> {
    target.create_dir("")?;
    let _lock = target.lock()?;
    let earlier = Manifest::load(target)?;
    if earlier.is_none() {
        GalleryError::refuse_foreign(target)?;
    }
    if target.len(manifest::NEW_FILE).is_ok() {
        target.remove(manifest::NEW_FILE)?;
    }
    Manifest::read_with(source, |manifest| Copy { source, target, manifest, copied: Copied::default() }.run())
}

struct Copy<'a> {
    source: &'a dyn Storage,
    target: &'a dyn Storage,
    manifest: &'a Manifest,
    copied: Copied,
}

impl Copy<'_> {
    fn run(mut self) -> Result<Copied, GalleryError> {
        // Read first, for a writer removes journals that it sealed: from here on there is nothing to miss.
        let journals = self.journals()?;
        for entry in &self.manifest.segments {
            self.copy_segment(entry)?;
            if let Some(file) = entry.removed_file() {
                self.replace(&file, &self.source.read(&file, usize::MAX)?)?;
            }
        }
        self.target.sync_dir("")?;
        // Opened before it is committed, so that a copy that cannot be read never takes the place of one that can.
        Snapshot::of(self.target, self.manifest, &Keys::Blind)?;
        self.manifest.commit(self.target)?;
        // Written last, and in their order: to the manifest of an earlier copy they would follow on journals that it has not.
        for (path, bytes) in journals {
            self.replace(&path, &bytes)?;
            self.target.sync_dir("")?;
        }
        let snapshot = Snapshot::of(self.target, self.manifest, &Keys::Blind)?;
        remove_leftovers(self.target, self.manifest)?;
        Ok(Copied { references: snapshot.len(), sequence: snapshot.sequence(), ..self.copied })
    }

    /// Copies a segment, its list of columns last: a directory that has one is whole.
    fn copy_segment(&mut self, entry: &SegmentEntry) -> Result<(), GalleryError> {
        let directory = entry.directory();
        if Segment::open(self.target, entry, &Keys::Blind).is_ok() {
            self.copied.there_before += 1;
            return Ok(());
        }
        if self.target.list(&directory).is_ok() {
            self.target.remove(&directory)?;
        }
        let whole = Segment::open(self.source, entry, &Keys::Blind)?;
        if let Some(flawed) = whole.files().flat_map(|(column, _)| column.damaged_blocks()).next() {
            return Err(flawed.into());
        }
        self.target.create_dir(&directory)?;
        let mut names = self.source.list(&directory)?;
        names.sort_by_key(|name| name == crate::contents::FILE);
        for name in names {
            self.copy_file(&format!("{directory}/{name}"))?;
        }
        self.target.sync_dir(&directory)?;
        self.copied.segments += 1;
        Ok(())
    }

    fn copy_file(&mut self, path: &str) -> Result<(), GalleryError> {
        let length = self.source.len(path)?;
        self.target.write(path, &[&self.source.map(path, length, Access::Scan)?])?;
        self.copied.bytes += length;
        Ok(())
    }

    /// What is whole of the journals, the last of which may be growing, by their paths.
    fn journals(&self) -> Result<Vec<(String, Vec<u8>)>, GalleryError> {
        let numbers = journal::numbers(self.source)?.into_iter().filter(|number| *number >= self.manifest.journal);
        let mut sequence = self.manifest.sequence;
        let whole = |number: u64| {
            let path = journal::file(number);
            let mut bytes = self.source.read(&path, usize::MAX)?;
            let whole = Replay::of((&path, number), &bytes, sequence)?;
            bytes.truncate(whole.bytes as usize);
            sequence = whole.sequence;
            Ok((path, bytes))
        };
        let journals = numbers.map(whole).collect::<Result<_, GalleryError>>()?;
        self.manifest.check_journals(self.source)?;
        Ok(journals)
    }

    /// Writes a file in the place of one that an earlier copy may have left, whole or not.
    fn replace(&mut self, path: &str, bytes: &[u8]) -> Result<(), GalleryError> {
        let new = format!("{path}.new");
        if self.target.len(&new).is_ok() {
            self.target.remove(&new)?;
        }
        self.target.write(&new, &[bytes])?;
        self.target.rename(&new, path)?;
        self.copied.bytes += bytes.len() as u64;
        Ok(())
    }
}
