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

/// The versions that this program reads; it writes the last. From the second on, segments may have irises, from the
/// third on faces.
const FORMAT_VERSIONS: RangeInclusive<u32> = 1..=3;

/// The most segments of a gallery: each is mapped in a few pieces per finger position, and Linux grants 65,530 maps.
pub(crate) const MAX_SEGMENTS: usize = 1_600;

/// What is durable of a gallery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// How often the manifest was replaced.
    pub(crate) epoch: u64,
    /// The number of the next segment; no number is used twice.
    pub(crate) next_segment: u64,
    /// The segments, in the order in which they were added.
    pub(crate) segments: Vec<SegmentEntry>,
}

/// What the manifest says of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentEntry {
    pub(crate) number: u64,
    pub(crate) references: u64,
    /// The checksum of its list of columns.
    pub(crate) checksum: u32,
}

impl SegmentEntry {
    /// The segment's directory.
    pub(crate) fn directory(&self) -> String {
        segment_directory(self.number)
    }
}

/// The directory of a segment.
pub(crate) fn segment_directory(number: u64) -> String {
    format!("segment-{number:016x}")
}

impl Manifest {
    /// The manifest of a gallery; none where there is no such file.
    pub(crate) fn load(storage: &dyn Storage) -> Result<Option<Self>, GalleryError> {
        match storage.read(FILE, sealed::MAX_BYTES) {
            Ok(bytes) => Ok(Some(Self::parse(&bytes)?)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts this manifest in the place of the one before. Until this returns, a crash may leave either.
    pub(crate) fn commit(&self, storage: &dyn Storage) -> Result<(), GalleryError> {
        storage.write(NEW_FILE, &[sealed::seal(&self.render(*FORMAT_VERSIONS.end())).as_bytes()])?;
        // The rename takes the old manifest away: not before the new one is known to read back.
        if Self::parse(&storage.read(NEW_FILE, sealed::MAX_BYTES)?)? != *self {
            return Err(Flaw::Checksum.at(NEW_FILE, 0).into());
        }
        storage.rename(NEW_FILE, FILE)?;
        Ok(storage.sync_dir("")?)
    }

    /// This manifest with one more segment.
    pub(crate) fn with_segment(&self, references: u64, checksum: u32) -> Self {
        let number = self.next_segment;
        let mut segments = self.segments.clone();
        segments.push(SegmentEntry { number, references, checksum });
        Self { epoch: self.epoch + 1, next_segment: number + 1, segments }
    }

    fn render(&self, version: u32) -> String {
        let mut body = format!("{TITLE} {version}\nepoch {}\nnext-segment {}\n", self.epoch, self.next_segment);
        for SegmentEntry { number, references, checksum } in &self.segments {
            // Writing to a string cannot fail.
            let _ = writeln!(body, "segment {number} references {references} contents {checksum:08x}");
        }
        body
    }

    fn parse(bytes: &[u8]) -> Result<Self, Flawed> {
        let (version, body) = sealed::unseal(FILE, bytes, TITLE, &FORMAT_VERSIONS)?;
        let mut manifest = Self::default();
        for line in body.lines().skip(1) {
            let understood = manifest.take(line);
            understood.ok_or_else(|| Flaw::Value("line").at(FILE, offset_of(line, body)))?;
        }
        // A text that no writer would have written is not one to guess about.
        let sound = manifest.render(version) == body && manifest.segments.len() <= MAX_SEGMENTS;
        if sound { Ok(manifest) } else { Err(Flaw::Value("order of lines").at(FILE, 0)) }
    }

    fn take(&mut self, line: &str) -> Option<()> {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["epoch", epoch] => self.epoch = epoch.parse().ok()?,
            ["next-segment", number] => self.next_segment = number.parse().ok()?,
            ["segment", number, "references", references, "contents", checksum] => self.segments.push(SegmentEntry {
                number: number.parse().ok()?,
                references: references.parse().ok()?,
                checksum: u32::from_str_radix(checksum, 16).ok()?,
            }),
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
        let manifest = Manifest::default().with_segment(40, 0xdead_beef).with_segment(2, 7);
        for version in FORMAT_VERSIONS {
            let text = sealed::seal(&manifest.render(version));
            assert_eq!(Manifest::parse(text.as_bytes()), Ok(manifest.clone()));
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
