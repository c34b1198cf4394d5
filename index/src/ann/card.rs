//! What an index is and what it covers: a small sealed text beside its file.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::RangeInclusive;

use super::covered::{self, Covered};
use super::{AnnError, AnnKind, NEAREST, Recall};
use crate::flaw::{Flaw, Flawed};
use crate::manifest::{MAX_SEGMENTS, offset_of};
use crate::sealed;
use crate::snapshot::Snapshot;
use crate::storage::{Files, Storage};

/// The name of the text in the directory of the index.
const FILE: &str = "INDEX";

/// Its successor's name, until it takes the place.
const NEW_FILE: &str = "INDEX.new";

/// The same, as people find it in the gallery.
const SHOWN: &str = "ann/INDEX";

const TITLE: &str = "whorl face index";

const FORMAT_VERSIONS: RangeInclusive<u32> = 1..=1;

/// The most faces that an index returns.
const MOST_NEAREST: usize = 10_000;

/// A segment that an index covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CoveredSegment {
    pub(super) number: u64,
    /// The checksum of its list of columns.
    pub(super) contents: u32,
    pub(super) faces: u64,
}

/// What is said of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    /// The number in the name of its file; no number is used twice.
    pub(super) number: u64,
    pub(super) kind: AnnKind,
    /// The model of the faces.
    pub(super) model: u32,
    /// Dimensions of an embedding.
    pub(super) dimension: usize,
    /// How many faces it returns.
    pub(super) nearest: usize,
    pub(super) recall: Recall,
    /// Bytes of its file, and their checksum.
    pub(super) bytes: u64,
    pub(super) checksum: u32,
    /// In the order of their labels.
    pub(super) segments: Vec<CoveredSegment>,
}

/// The file of an index in its directory.
pub(super) fn file(number: u64) -> String {
    format!("faces-{number:016x}.faiss")
}

/// The number in the name of such a file; none in other names.
pub(super) fn number(name: &str) -> Option<u64> {
    u64::from_str_radix(name.strip_prefix("faces-")?.strip_suffix(".faiss")?, 16).ok()
}

impl Card {
    /// The text in the directory of the index; none where there is no such file.
    pub(super) fn load(place: &Files) -> Result<Option<Self>, AnnError> {
        match place.read(FILE, sealed::MAX_BYTES) {
            Ok(bytes) => Ok(Some(Self::parse(&bytes)?)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts this text in the place of the one before, once the file that it names is durable.
    pub(super) fn commit(&self, place: &Files) -> Result<(), AnnError> {
        // A crash may have left one.
        if place.list("")?.iter().any(|name| name == NEW_FILE) {
            place.remove(NEW_FILE)?;
        }
        place.write(NEW_FILE, &[sealed::seal(&self.render()).as_bytes()])?;
        place.sync_dir("")?;
        place.rename(NEW_FILE, FILE)?;
        Ok(place.sync_dir("")?)
    }

    /// Whether a name in the directory of the index is of something that a later index has replaced, or that a crash left.
    pub(super) fn is_leftover(&self, name: &str) -> bool {
        name == NEW_FILE || (name.starts_with("faces-") && name != self.file())
    }

    /// Whether an index of these faces that is built for the one serves the other.
    pub(super) fn is_made_like(&self, other: &Self) -> bool {
        let faces = |card: &Self| (card.model, card.dimension, card.segments.clone());
        self.kind.is_made_like(other.kind) && faces(self) == faces(other)
    }

    pub(super) fn file(&self) -> String {
        file(self.number)
    }

    /// Whether these are the bytes of its file.
    pub(super) fn check(&self, bytes: &[u8]) -> Result<(), Flawed> {
        if crc32c::crc32c(bytes) == self.checksum { Ok(()) } else { Err(Flaw::Checksum.at(&self.shown(), 0)) }
    }

    /// The flaw of a file with other rows than it should have.
    pub(super) fn miscounted(&self) -> Flawed {
        Flaw::Value("number of rows").at(&self.shown(), 0)
    }

    fn shown(&self) -> String {
        format!("{}/{}", super::DIRECTORY, self.file())
    }

    /// What it covers of a snapshot.
    pub(super) fn covered(&self, snapshot: &Snapshot, gallery: &Files) -> Result<Covered, AnnError> {
        let there = snapshot.segments().iter().enumerate();
        let there = there.filter_map(|(place, segment)| Some((segment.listed()?.number, place)));
        let there = there.collect::<BTreeMap<_, _>>();
        let place = |covered: &CoveredSegment| {
            let same = |&&place: &&usize| {
                let segment = &snapshot.segments()[place];
                let contents = segment.listed().map(|listed| listed.checksum);
                contents == Some(covered.contents) && covered::faces(segment) == covered.faces
            };
            let stale = || AnnError::Stale { gallery: gallery.place(), segment: covered.number };
            there.get(&covered.number).filter(same).copied().ok_or_else(stale)
        };
        let places = self.segments.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        Ok(Covered::of(snapshot, &places))
    }

    fn render(&self) -> String {
        let Self { number, kind, model, dimension, nearest, recall, bytes, checksum, segments } = self;
        let Recall { copies, first, found } = recall;
        let mut body = format!("{TITLE} {}\nfile {number}\nkind {kind}\n", FORMAT_VERSIONS.end());
        // Writing to a string cannot fail.
        let _ = writeln!(body, "model {model:08x} dimension {dimension}\nnearest {nearest}");
        let _ = writeln!(body, "copies {copies} first {first} found {found}\nbytes {bytes} checksum {checksum:08x}");
        for CoveredSegment { number, contents, faces } in segments {
            let _ = writeln!(body, "segment {number} contents {contents:08x} faces {faces}");
        }
        body
    }

    fn parse(bytes: &[u8]) -> Result<Self, Flawed> {
        let (_, body) = sealed::unseal(SHOWN, bytes, TITLE, &FORMAT_VERSIONS)?;
        let mut card = Self::empty();
        for line in body.lines().skip(1) {
            card.take(line).ok_or_else(|| Flaw::Value("line").at(SHOWN, offset_of(line, body)))?;
        }
        if card.render() == body && card.is_possible() {
            Ok(card)
        } else {
            Err(Flaw::Value("order of lines").at(SHOWN, 0))
        }
    }

    /// A card of nothing, to be filled.
    fn empty() -> Self {
        let (number, model, dimension, bytes, checksum) = (0, 0, 0, 0, 0);
        let (kind, recall, segments) = (AnnKind::HNSW, Recall { copies: 0, first: 0, found: 0 }, Vec::new());
        Self { number, kind, model, dimension, nearest: NEAREST, recall, bytes, checksum, segments }
    }

    /// Whether such an index can be.
    fn is_possible(&self) -> bool {
        let faces = self.segments.iter().map(|segment| segment.faces).fold(0, u64::saturating_add);
        let counted = self.recall.found <= self.recall.first && self.recall.first <= self.recall.copies;
        let bounded = (1..=MOST_NEAREST).contains(&self.nearest) && self.segments.len() <= MAX_SEGMENTS;
        self.kind.check(faces).is_ok() && counted && bounded
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let hexadecimal = |text| u32::from_str_radix(text, 16).ok();
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["file", number] => self.number = number.parse().ok()?,
            ["kind", "hnsw", "links", links, "effort", effort] => {
                self.kind = AnnKind::Hnsw { links: links.parse().ok()?, effort: effort.parse().ok()? };
            }
            ["kind", "ivf", "lists", lists, "effort", effort] => {
                self.kind = AnnKind::Ivf { lists: lists.parse().ok()?, effort: effort.parse().ok()? };
            }
            ["model", model, "dimension", dimension] => {
                (self.model, self.dimension) = (hexadecimal(model)?, dimension.parse().ok()?);
            }
            ["nearest", nearest] => self.nearest = nearest.parse().ok()?,
            ["copies", copies, "first", first, "found", found] => {
                let [copies, first, found] = [copies, first, found].map(str::parse);
                self.recall = Recall { copies: copies.ok()?, first: first.ok()?, found: found.ok()? };
            }
            ["bytes", bytes, "checksum", checksum] => {
                (self.bytes, self.checksum) = (bytes.parse().ok()?, hexadecimal(checksum)?);
            }
            ["segment", number, "contents", contents, "faces", faces] => self.segments.push(CoveredSegment {
                number: number.parse().ok()?,
                contents: hexadecimal(contents)?,
                faces: faces.parse().ok()?,
            }),
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(kind: AnnKind) -> Card {
        let segments = vec![
            CoveredSegment { number: 0, contents: 0xdead_beef, faces: 65_536 },
            CoveredSegment { number: 7, contents: 9, faces: 12 },
        ];
        let recall = Recall { copies: 1_000, first: 941, found: 930 };
        let (model, dimension, nearest) = (0x1a2b_3c4d, 256, 128);
        Card { number: 3, kind, model, dimension, nearest, recall, bytes: 1 << 33, checksum: 5, segments }
    }

    #[test]
    fn a_card_reads_back_as_it_was_written() {
        for kind in [AnnKind::HNSW, AnnKind::Ivf { lists: 1_024, effort: 64 }] {
            let card = card(kind);
            assert_eq!(Card::parse(sealed::seal(&card.render()).as_bytes()), Ok(card));
        }
    }

    #[test]
    fn a_card_that_nobody_would_write_is_refused() {
        let sound = card(AnnKind::HNSW).render();
        for (said, instead) in [
            ("found 930", "found 942"),
            ("nearest 128", "nearest 0"),
            ("links 32", "links 3"),
            ("file 3", "file 03"),
            ("dimension 256\n", "dimension 256\nmotto none\n"),
        ] {
            let text = sealed::seal(&sound.replace(said, instead));
            assert_ne!(text, sealed::seal(&sound), "{said}");
            assert!(Card::parse(text.as_bytes()).is_err(), "{instead}");
        }
    }
}
