//! Which segments make up a gallery: one small text file, replaced in one step.

use std::fmt::Write;
use std::ops::RangeInclusive;

use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::sealed;
use crate::storage::Storage;

/// The manifest's name.
pub(crate) const FILE: &str = "MANIFEST";

/// Its successor's name, until it takes the place.
pub(crate) const NEW_FILE: &str = "MANIFEST.new";

const TITLE: &str = "whorl gallery";

/// The versions that this program reads. From the second on, segments may have irises, from the third on faces; from the fourth on
/// there are journals, and references may be removed; the fifth is encrypted, and no other is.
const FORMAT_VERSIONS: RangeInclusive<u32> = 1..=5;

/// The first version with journals, and the one that is written in the clear.
const WITH_JOURNALS: u32 = 4;

/// The version of encrypted galleries.
const ENCRYPTED: u32 = 5;

/// The most segments of a gallery: each is mapped in a few pieces per finger position, and Linux grants 65,530 maps.
pub(crate) const MAX_SEGMENTS: usize = 1_600;

/// How often a reader begins again when a writer seals segments faster than they are read.
const MOST_ATTEMPTS: usize = 100;

/// What is durable of a gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// That of the format it was written in.
    version: u32,
    /// How often the manifest was replaced.
    pub(crate) epoch: u64,
    /// The number of the next segment; no number is used twice.
    pub(crate) next_segment: u64,
    /// The number of the last change that the segments hold.
    pub(crate) sequence: u64,
    /// The journal that goes on from there; those before it are done with.
    pub(crate) journal: u64,
    /// How it is encrypted; nothing where it is in the clear.
    pub(crate) encryption: Option<EncryptionEntry>,
    /// The segments, in the order in which they were added.
    pub(crate) segments: Vec<SegmentEntry>,
}

/// What the manifest says of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EncryptionEntry {
    /// Whether segments are encrypted too, beside journals.
    pub(crate) segments: bool,
    /// The number in the table of its keys.
    pub(crate) gallery: u64,
}

impl EncryptionEntry {
    fn render(self) -> String {
        format!("encryption {} keys {:016x}\n", if self.segments { "segments" } else { "journals" }, self.gallery)
    }

    fn parse(what: &str, gallery: &str) -> Option<Self> {
        let gallery = u64::from_str_radix(gallery, 16).ok()?;
        match what {
            "segments" => Some(Self { segments: true, gallery }),
            "journals" => Some(Self { segments: false, gallery }),
            _ => None,
        }
    }
}

/// What the manifest says of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentEntry {
    pub(crate) number: u64,
    /// All that were sealed into it.
    pub(crate) references: u64,
    /// The checksum of its list of columns.
    pub(crate) checksum: u32,
    /// Which of them were removed since; none where nobody was.
    pub(crate) removed: Option<RemovedEntry>,
}

/// What the manifest says of those who were removed from a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RemovedEntry {
    pub(crate) count: u64,
    /// The epoch in which the set was written.
    pub(crate) epoch: u64,
    /// The checksum of its file.
    pub(crate) checksum: u32,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            version: WITH_JOURNALS,
            epoch: 0,
            next_segment: 0,
            sequence: 0,
            journal: 0,
            encryption: None,
            segments: Vec::new(),
        }
    }
}

impl SegmentEntry {
    /// The segment's directory.
    pub(crate) fn directory(&self) -> String {
        segment_directory(self.number)
    }

    /// The file of the set of those who were removed.
    pub(crate) fn removed_file(&self) -> Option<String> {
        self.removed.map(|removed| removed_file(self.number, removed.epoch))
    }

    fn render(&self) -> String {
        let Self { number, references, checksum, removed } = self;
        let line = format!("segment {number} references {references} contents {checksum:08x}");
        match removed {
            None => line,
            Some(RemovedEntry { count, epoch, checksum }) => {
                format!("{line} removed {count} epoch {epoch} set {checksum:08x}")
            }
        }
    }

    fn parse(words: &[&str]) -> Option<Self> {
        let checksum = |text| u32::from_str_radix(text, 16).ok();
        let (number, references, contents, removed) = match *words {
            [number, "references", references, "contents", contents] => (number, references, contents, None),
            [number, "references", references, "contents", contents, "removed", count, "epoch", epoch, "set", set] => {
                let (count, epoch) = (count.parse().ok()?, epoch.parse().ok()?);
                (number, references, contents, Some(RemovedEntry { count, epoch, checksum: checksum(set)? }))
            }
            _ => return None,
        };
        let (number, references) = (number.parse().ok()?, references.parse().ok()?);
        Some(Self { number, references, checksum: checksum(contents)?, removed })
    }
}

/// The file of a set of those who were removed from a segment.
pub(crate) fn removed_file(segment: u64, epoch: u64) -> String {
    format!("removed-{segment:016x}-{epoch:016x}")
}

/// The directory of a segment.
pub(crate) fn segment_directory(number: u64) -> String {
    format!("segment-{number:016x}")
}

impl Manifest {
    /// That of a new gallery.
    pub(crate) fn new(encryption: Option<EncryptionEntry>) -> Self {
        let version = if encryption.is_some() { ENCRYPTED } else { WITH_JOURNALS };
        Self { version, encryption, ..Self::default() }
    }

    /// The manifest of a gallery; none where there is no such file.
    pub(crate) fn load(storage: &dyn Storage) -> Result<Option<Self>, GalleryError> {
        match storage.read(FILE, sealed::MAX_BYTES) {
            Ok(bytes) => Ok(Some(Self::parse(&bytes)?)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Does `work` on what the manifest of a gallery lists. A writer may seal or compact meanwhile, and remove what the manifest named:
    /// then it is done again by the manifest that is there now.
    pub(crate) fn read_with<T>(
        storage: &dyn Storage,
        mut work: impl FnMut(&Self) -> Result<T, GalleryError>,
    ) -> Result<T, GalleryError> {
        let load = || Self::load(storage)?.ok_or_else(|| GalleryError::absent(storage));
        let mut manifest = load()?;
        for _ in 0..MOST_ATTEMPTS {
            let done = work(&manifest);
            let now = if done.is_err() { load()? } else { return done };
            if now == manifest {
                return done;
            }
            manifest = now;
        }
        work(&manifest)
    }

    /// Whether what was read of journals since this manifest was is all that they held. A writer that seals them removes them, and a reader
    /// who then finds none must not take that for nothing.
    ///
    /// # Errors
    /// [`GalleryError::Sealed`] where it may not be: a newer manifest lists it.
    pub(crate) fn check_journals(&self, storage: &dyn Storage) -> Result<(), GalleryError> {
        match Self::load(storage)? {
            Some(now) if now.journal == self.journal => Ok(()),
            _ => Err(GalleryError::Sealed(storage.place())),
        }
    }

    /// Puts this manifest in the place of the one before. Until this returns, a crash may leave either.
    pub(crate) fn commit(&self, storage: &dyn Storage) -> Result<(), GalleryError> {
        storage.write(NEW_FILE, &[sealed::seal(&self.render()).as_bytes()])?;
        // The rename takes the old manifest away: not before the new one is known to read back.
        if Self::parse(&storage.read(NEW_FILE, sealed::MAX_BYTES)?)? != *self {
            return Err(Flaw::Checksum.at(NEW_FILE, 0).into());
        }
        storage.rename(NEW_FILE, FILE)?;
        Ok(storage.sync_dir("")?)
    }

    /// The manifest that takes its place, so far the same, in the format that is written today.
    pub(crate) fn successor(&self) -> Self {
        Self { version: self.version.max(WITH_JOURNALS), epoch: self.epoch + 1, ..self.clone() }
    }

    /// Whether programs that read it look for journals.
    pub(crate) fn has_journals(&self) -> bool {
        self.version >= WITH_JOURNALS
    }

    fn render(&self) -> String {
        let mut body = format!("{TITLE} {}\nepoch {}\nnext-segment {}\n", self.version, self.epoch, self.next_segment);
        // Writing to a string cannot fail.
        if self.has_journals() {
            let _ = write!(body, "sequence {}\njournal {}\n", self.sequence, self.journal);
        }
        body.extend(self.encryption.map(EncryptionEntry::render));
        for segment in &self.segments {
            let _ = writeln!(body, "{}", segment.render());
        }
        body
    }

    fn parse(bytes: &[u8]) -> Result<Self, Flawed> {
        let (version, body) = sealed::unseal(FILE, bytes, TITLE, &FORMAT_VERSIONS)?;
        let mut manifest = Self { version, ..Self::default() };
        for line in body.lines().skip(1) {
            let understood = manifest.take(line);
            understood.ok_or_else(|| Flaw::Value("line").at(FILE, offset_of(line, body)))?;
        }
        // A text that no writer would have written is not one to guess about.
        let keyed = manifest.encryption.is_some() == (version == ENCRYPTED);
        let sound = keyed && manifest.render() == body && manifest.segments.len() <= MAX_SEGMENTS;
        if sound { Ok(manifest) } else { Err(Flaw::Value("order of lines").at(FILE, 0)) }
    }

    fn take(&mut self, line: &str) -> Option<()> {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["epoch", epoch] => self.epoch = epoch.parse().ok()?,
            ["next-segment", number] => self.next_segment = number.parse().ok()?,
            ["sequence", sequence] => self.sequence = sequence.parse().ok()?,
            ["journal", number] => self.journal = number.parse().ok()?,
            ["encryption", what, "keys", gallery] => self.encryption = Some(EncryptionEntry::parse(what, gallery)?),
            ["segment", ref words @ ..] => self.segments.push(SegmentEntry::parse(words)?),
            _ => return None,
        }
        Some(())
    }
}

/// Where a line of `body` begins.
pub(crate) fn offset_of(line: &str, body: &str) -> u64 {
    (line.as_ptr() as usize - body.as_ptr() as usize) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_as_it_was_written() {
        let entry = |number, removed| SegmentEntry { number, references: 40, checksum: 0xdead_beef, removed };
        let of = |version| Manifest {
            version,
            epoch: 7,
            next_segment: 3,
            segments: vec![entry(0, None)],
            ..Manifest::default()
        };
        for version in 1..=WITH_JOURNALS {
            let text = sealed::seal(&of(version).render());
            assert_eq!(Manifest::parse(text.as_bytes()), Ok(of(version)));
        }
        let removed = RemovedEntry { count: 2, epoch: 6, checksum: 5 };
        let segments = vec![entry(0, Some(removed)), entry(2, None)];
        let changed = Manifest { sequence: 81, journal: 4, segments, ..of(4) };
        let text = sealed::seal(&changed.render());
        assert_eq!(Manifest::parse(text.as_bytes()), Ok(changed));
        for segments in [false, true] {
            let encrypted = Manifest::new(Some(EncryptionEntry { segments, gallery: 0xabc }));
            let text = sealed::seal(&encrypted.render());
            assert_eq!(Manifest::parse(text.as_bytes()), Ok(encrypted));
        }
    }

    #[test]
    fn lines_nobody_wrote_are_refused_by_place() {
        let text = sealed::seal("whorl gallery 1\nepoch 1\nnext-segment 0\nsegments none\n");
        let refused = Manifest::parse(text.as_bytes()).unwrap_err();
        assert_eq!(refused, Flaw::Value("line").at(FILE, 39));
        let disordered = sealed::seal("whorl gallery 1\nnext-segment 0\nepoch 1\n");
        assert!(Manifest::parse(disordered.as_bytes()).is_err());
    }
}
