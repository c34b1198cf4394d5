//! A segment, less what was removed from it since it was made.

use std::ops::Deref;
use std::sync::Arc;

use roaring::RoaringBitmap;
use whorl_types::ReferenceId;

use crate::segment::Segment;

/// A segment as a snapshot sees it: the segment never changes, the set of those that were removed from it is another one in the
/// next snapshot.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) segment: Arc<Segment>,
    removed: Arc<Removed>,
}

#[derive(Debug, Clone, Default)]
struct Removed {
    references: RoaringBitmap,
    /// How many rows of each column belong to them.
    rows: Vec<usize>,
}

impl Layer {
    /// All of a segment.
    pub(crate) fn whole(segment: Segment) -> Self {
        Self::sharing(&Arc::new(segment))
    }

    /// All of a segment that others hold too.
    pub(crate) fn sharing(segment: &Arc<Segment>) -> Self {
        let rows = vec![0; segment.columns().len()];
        Self { segment: Arc::clone(segment), removed: Arc::new(Removed { rows, ..Removed::default() }) }
    }

    /// This layer without these references of its segment.
    pub(crate) fn without(&self, references: impl IntoIterator<Item = u32>) -> Self {
        let mut removed = Removed::clone(&self.removed);
        for reference in references {
            if removed.references.insert(reference) {
                for (rows, columns) in removed.rows.iter_mut().zip(self.segment.columns()) {
                    *rows += columns.of(reference).len();
                }
            }
        }
        Self { segment: Arc::clone(&self.segment), removed: Arc::new(removed) }
    }

    /// The references that were removed.
    pub(crate) fn removed(&self) -> &RoaringBitmap {
        &self.removed.references
    }

    pub(crate) fn is_removed(&self, reference: u32) -> bool {
        self.removed.references.contains(reference)
    }

    /// The references that were not removed, in rising order.
    pub(crate) fn live(&self) -> impl Iterator<Item = u32> {
        (0..self.segment.references()).filter(|&reference| !self.is_removed(reference))
    }

    /// How many there are of these before one; of all where none is named.
    pub(crate) fn live_before(&self, end: Option<u32>) -> u64 {
        let end = end.unwrap_or(self.segment.references());
        u64::from(end) - end.checked_sub(1).map_or(0, |last| self.removed.references.rank(last))
    }

    /// About how many bytes they take.
    pub(crate) fn live_bytes(&self) -> u64 {
        let bytes = self.segment.files().map(|(column, _)| column.file_bytes()).sum::<u64>();
        bytes * self.live_before(None) / u64::from(self.segment.references()).max(1)
    }

    /// How many rows of a column belong to them.
    pub(crate) fn rows_before(&self, column: usize, end: Option<u32>) -> usize {
        let columns = &self.segment.columns()[column];
        let removed = match end {
            None => self.removed.rows[column],
            Some(end) => self.removed.references.range(..end).map(|reference| columns.of(reference).len()).sum(),
        };
        columns.len_before(end) - removed
    }

    /// Those of `ids`, which are in rising order, whose references are here and were not removed.
    pub(crate) fn find_all<'a>(
        &self,
        ids: impl Iterator<Item = &'a ReferenceId>,
    ) -> impl Iterator<Item = &'a ReferenceId> {
        self.segment.find_all(ids).filter_map(|(id, reference)| (!self.is_removed(reference)).then_some(id))
    }

    /// The number of the reference of this id, if it was not removed.
    pub(crate) fn find(&self, id: &ReferenceId) -> Option<u32> {
        self.segment.find(id).filter(|&reference| !self.is_removed(reference))
    }
}

impl Deref for Layer {
    type Target = Segment;

    fn deref(&self) -> &Segment {
        &self.segment
    }
}
