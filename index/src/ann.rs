//! An approximate index over the faces of a gallery, beside the exact gallery: an option for very large watch-lists.
//!
//! Every search of a gallery looks at every row, and loses nothing by it. An index looks at a few thousand rows of a million, and
//! loses some mates: a partition of space, or a walk through a graph of neighbours, leads to *most* of the nearest. Of a
//! deduplication a lost mate is a double identity, so searching by index is asked for by name ([`Mode::Ann`](crate::Mode::Ann)),
//! the [`Recall`] of the index is measured when it is built, and every answer states it. What the index returns is compared again
//! by Whorl's own comparator: a score is the same whichever way a row was found.
//!
//! The index itself is faiss (Douze et al., "The Faiss library", 2024; HNSW: Malkov and Yashunin, 2018; IVF: Jégou et al., 2011),
//! behind the cargo feature `faiss`. Without it everything here exists, and what would need faiss says so by name.
//!
//! It lies in the directory `ann` of the gallery and covers segments as they were: `FORMAT.md` has the files. Faces of
//! segments that came later are compared in full by every search. An index that covers a segment which the gallery no longer has is
//! refused as stale; the gallery itself is searched without it as ever.

#[cfg(not(feature = "faiss"))]
mod absent;
mod build;
mod card;
mod covered;
mod error;
#[cfg(feature = "faiss")]
mod faiss;
mod kind;
mod recall;
mod trial;

use std::fmt;

use whorl_types::FaceTemplate;

#[cfg(not(feature = "faiss"))]
use absent::Graph;
use card::Card;
use covered::Covered;
pub(crate) use covered::RowAt;
pub use error::{AnnError, FaissError};
#[cfg(feature = "faiss")]
use faiss::Graph;
pub use kind::AnnKind;
pub use recall::Recall;

use crate::snapshot::Snapshot;
use crate::storage::{Access, Files, Storage};

/// The directory of a gallery in which its index lies.
const DIRECTORY: &str = "ann";

/// How many of the nearest faces an index returns, and the comparator compares: the place of the mate among them matters not, so
/// that more than a few catch what the index's eight bits a dimension put out of order, and a list of candidates is filled.
const NEAREST: usize = 128;

/// An approximate index over the faces of a gallery, open to be searched.
pub struct AnnIndex {
    card: Card,
    covered: Covered,
    graph: Graph,
}

impl AnnIndex {
    /// Opens the index beside the gallery in `gallery`, after reading it once from end to end for its checksum. It is mapped,
    /// not loaded.
    pub(crate) fn open(snapshot: &Snapshot, gallery: &Files) -> Result<Self, AnnError> {
        let place = Files::new(gallery.at(DIRECTORY));
        let Some(card) = Card::load(&place)? else {
            return Err(if Graph::AVAILABLE { AnnError::Absent(gallery.place()) } else { AnnError::Unavailable });
        };
        let covered = card.covered(snapshot, gallery)?;
        let file = card.file();
        let bytes = place.map(&file, card.bytes, Access::Scan)?;
        card.check(&bytes)?;
        let graph = Graph::open(&place.at(&file), card.kind, card.dimension)?;
        Self { card, covered, graph }.whole()
    }

    /// This index, if it has as many rows as it says.
    fn whole(self) -> Result<Self, AnnError> {
        if self.graph.rows() == self.covered.rows() { Ok(self) } else { Err(self.card.miscounted().into()) }
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> AnnKind {
        self.card.kind
    }

    /// How many faces it covers.
    #[must_use]
    pub fn faces(&self) -> u64 {
        self.covered.rows()
    }

    /// Bytes of its file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.card.bytes
    }

    /// How many of the mates it finds, as measured when it was built.
    #[must_use]
    pub fn recall(&self) -> Recall {
        self.card.recall
    }

    /// Whether it covers the faces of the segment at a place of its snapshot.
    pub(crate) fn covers(&self, segment: usize) -> bool {
        self.covered.has(segment)
    }

    /// The rows most like a face by what the index knows, in no order, fewer where it finds fewer.
    pub(crate) fn nearest(&self, face: &FaceTemplate) -> Result<Vec<RowAt>, FaissError> {
        let labels =
            self.graph.nearest(&covered::direction(face.embedding(), self.card.dimension), self.card.nearest)?;
        Ok(labels.into_iter().filter_map(|label| self.covered.row(label)).collect())
    }
}

impl fmt::Debug for AnnIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnnIndex({} of {} faces)", self.card.kind, self.faces())
    }
}
