//! Which rows an index covers. It knows a face by its label: faces are numbered from 0 through all columns of faces of the
//! segments, in their order.

use std::collections::BTreeSet;

use whorl_engine::face::EmbeddingRow;
use whorl_types::FaceTemplate;

use crate::flaw::{Flaw, Flawed};
use crate::segment::{Columns, Segment, Typed};
use crate::snapshot::Snapshot;

/// A row of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowAt {
    /// The place of its segment in the snapshot.
    pub(crate) segment: usize,
    /// The place of its columns in the segment.
    pub(crate) column: usize,
    pub(crate) row: usize,
}

/// Columns of faces, and the label of their first.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: u64,
    segment: usize,
    column: usize,
}

/// The faces of some segments of a snapshot.
#[derive(Debug, Clone)]
pub(super) struct Covered {
    segments: BTreeSet<usize>,
    /// In the order of their labels.
    parts: Vec<Part>,
    rows: u64,
}

impl Covered {
    /// The faces of the segments at these places of a snapshot.
    pub(super) fn of(snapshot: &Snapshot, segments: &[usize]) -> Self {
        let (mut parts, mut rows) = (Vec::new(), 0);
        for &segment in segments {
            for (column, columns) in snapshot.segments()[segment].columns().iter().enumerate() {
                if let Typed::Face(_) = columns.typed() {
                    parts.push(Part { start: rows, segment, column });
                    rows += columns.len() as u64;
                }
            }
        }
        Self { segments: segments.iter().copied().collect(), parts, rows }
    }

    /// Whether the faces of the segment at a place are among them.
    pub(super) fn has(&self, segment: usize) -> bool {
        self.segments.contains(&segment)
    }

    /// How many faces there are.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// So many labels, at most all, spread evenly.
    pub(super) fn spread(&self, count: u64) -> impl Iterator<Item = u64> {
        let rows = u128::from(self.rows);
        (0..count).map(move |number| (u128::from(number) * rows / u128::from(count)) as u64)
    }

    /// The row of a label; none where there is no such label.
    pub(super) fn row(&self, label: u64) -> Option<RowAt> {
        let part = self.parts[..self.parts.partition_point(|part| part.start <= label)].last()?;
        let row = (label - part.start) as usize;
        (label < self.rows).then_some(RowAt { segment: part.segment, column: part.column, row })
    }

    /// The label of the first face of each of the columns, and their embeddings.
    pub(super) fn embeddings<'a>(
        &'a self,
        snapshot: &'a Snapshot,
    ) -> impl Iterator<Item = (u64, &'a [EmbeddingRow])> + 'a {
        self.parts.iter().map(|part| {
            let columns = &snapshot.segments()[part.segment].columns()[part.column];
            (part.start, embeddings(columns))
        })
    }

    /// The template of a label below [`Covered::rows`].
    pub(super) fn template(&self, snapshot: &Snapshot, label: u64) -> Result<FaceTemplate, Flawed> {
        let nothing = || Flaw::Value("label").at(super::DIRECTORY, label);
        let at = self.row(label).ok_or_else(nothing)?;
        let template = snapshot.segments()[at.segment].columns()[at.column].template(at.row)?;
        template.as_face().cloned().ok_or_else(nothing)
    }

    /// The embedding of a label below [`Covered::rows`].
    pub(super) fn embedding<'a>(&self, snapshot: &'a Snapshot, label: u64) -> Option<&'a EmbeddingRow> {
        let at = self.row(label)?;
        embeddings(&snapshot.segments()[at.segment].columns()[at.column]).get(at.row)
    }
}

/// How many faces a segment has.
pub(super) fn faces(segment: &Segment) -> u64 {
    segment.columns().iter().map(|columns| embeddings(columns).len() as u64).sum()
}

/// The embeddings of columns; none where they are of another kind.
fn embeddings(columns: &Columns) -> &[EmbeddingRow] {
    match columns.typed() {
        Typed::Face(faces) => faces.embeddings(),
        Typed::Finger(_) | Typed::Iris(_) => &[],
    }
}

/// The direction of an embedding of so many dimensions, as a vector of length 1: the nearer two of them, the larger the cosine.
/// An embedding of zeros, which only a damaged gallery has, stays one.
pub(super) fn direction(values: &[i8], dimension: usize) -> Vec<f32> {
    let values = &values[..dimension.min(values.len())];
    let square = values.iter().map(|&value| i32::from(value) * i32::from(value)).sum::<i32>();
    let length = (square.max(1) as f32).sqrt();
    values.iter().map(|&value| f32::from(value) / length).collect()
}
