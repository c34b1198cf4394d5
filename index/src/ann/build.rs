//! Building an index.

use super::card::{self, Card, CoveredSegment};
use super::covered::{self, Covered, direction};
use super::{AnnError, AnnIndex, AnnKind, DIRECTORY, Graph, NEAREST, Recall, trial};
use crate::kind::Kind;
use crate::segment::Columns;
use crate::snapshot::Snapshot;
use crate::storage::{Access, Files, Storage};

/// How many faces are handed over at a time: 128 MiB of floating-point numbers in 512 dimensions.
const ADDED: usize = 65_536;

impl AnnIndex {
    /// Builds an index over all faces of `snapshot`, measures what it finds, and puts it in the place of the one beside the gallery in
    /// `gallery`, if there is any. Where that one is of the same faces and differs in its effort only, it is kept, and measured anew.
    /// Searches and enrolments go on meanwhile. Runs on the threads of the caller's rayon pool.
    ///
    /// # Errors
    /// [`AnnError::Unavailable`] in a Whorl without the feature `faiss`, [`AnnError::Encrypted`], [`AnnError::NoFaces`], [`AnnError::Bound`] where a
    /// parameter does not fit, others where another process builds, a file cannot be written or faiss fails.
    pub fn build(snapshot: &Snapshot, gallery: &Files, kind: AnnKind) -> Result<Self, AnnError> {
        if !Graph::AVAILABLE {
            return Err(AnnError::Unavailable);
        }
        if snapshot.columns().any(Columns::is_encrypted) {
            return Err(AnnError::Encrypted(gallery.place()));
        }
        let columns = snapshot.columns().find(|columns| columns.kind == Kind::Face);
        let version = columns.ok_or_else(|| AnnError::NoFaces(gallery.place()))?.version();
        let places = with_faces(snapshot);
        let covered = Covered::of(snapshot, &places);
        kind.check(covered.rows())?;
        let place = Files::new(gallery.at(DIRECTORY));
        place.create_dir("")?;
        let _lock = place.lock()?;
        let segments = places.iter().filter_map(|&place| said(snapshot, place)).collect();
        let (model, dimension) = (version.number, usize::from(version.dimension));
        let (number, recall) = (0, Recall { copies: 0, first: 0, found: 0 });
        let mut card =
            Card { number, kind, model, dimension, nearest: NEAREST, recall, bytes: 0, checksum: 0, segments };
        card.number = match kept(&place, &card) {
            Some(number) => number,
            None => write(snapshot, &covered, &card, &place)?,
        };
        let file = card.file();
        // What is measured is what will be searched.
        let graph = Graph::open(&place.at(&file), kind, dimension)?;
        card.recall = trial::measure(snapshot, &covered, |face| {
            graph.nearest(&direction(face.embedding(), dimension), card.nearest)
        })?;
        card.bytes = place.len(&file)?;
        card.checksum = crc32c::crc32c(&place.map(&file, card.bytes, Access::Scan)?);
        card.commit(&place)?;
        for name in place.list("")?.iter().filter(|name| card.is_leftover(name)) {
            place.remove(name)?;
        }
        Self { card, covered, graph }.whole()
    }
}

/// The number of a file that is there already and sound, of an index that differs in its effort only.
fn kept(place: &Files, wanted: &Card) -> Option<u64> {
    let card = Card::load(place).ok()??;
    if !card.is_made_like(wanted) {
        return None;
    }
    let bytes = place.map(&card.file(), card.bytes, Access::Scan).ok()?;
    card.check(&bytes).ok().map(|()| card.number)
}

/// Builds an index and writes its file; says the file's number.
fn write(snapshot: &Snapshot, covered: &Covered, card: &Card, place: &Files) -> Result<u64, AnnError> {
    let number = next_number(place)?;
    let file = card::file(number);
    grow(snapshot, covered, card.kind, card.dimension)?.write(&place.at(&file))?;
    place.sync_file(&file)?;
    Ok(number)
}

/// The places of the sealed segments that have faces: what only journals hold is scanned, and soon somewhere else.
fn with_faces(snapshot: &Snapshot) -> Vec<usize> {
    let there = snapshot.segments()[..snapshot.sealed()].iter().enumerate();
    there.filter(|(_, segment)| covered::faces(segment) > 0).map(|(place, _)| place).collect()
}

/// What the card says of a sealed segment.
fn said(snapshot: &Snapshot, place: usize) -> Option<CoveredSegment> {
    let segment = &snapshot.segments()[place];
    let listed = segment.listed()?;
    Some(CoveredSegment { number: listed.number, contents: listed.checksum, faces: covered::faces(segment) })
}

/// A number for a file that no file has had.
fn next_number(place: &Files) -> Result<u64, AnnError> {
    let after_card = Card::load(place).ok().flatten().map_or(0, |card| card.number + 1);
    let names = place.list("")?;
    Ok(names.iter().filter_map(|name| card::number(name)).map(|number| number + 1).fold(after_card, u64::max))
}

/// The index, in memory.
fn grow(snapshot: &Snapshot, covered: &Covered, kind: AnnKind, dimension: usize) -> Result<Graph, AnnError> {
    let mut graph = Graph::new(kind, dimension)?;
    let labels = covered.spread(kind.most_trained().min(covered.rows()));
    let rows = labels.filter_map(|label| covered.embedding(snapshot, label));
    graph.train(&rows.flat_map(|row| direction(row.values(), dimension)).collect::<Vec<_>>())?;
    for (_, rows) in covered.embeddings(snapshot) {
        for rows in rows.chunks(ADDED) {
            graph.add(&rows.iter().flat_map(|row| direction(row.values(), dimension)).collect::<Vec<_>>())?;
        }
    }
    Ok(graph)
}
