//! Whose a row is: every row of whatever kind begins with the number of the reference that owns it.

use std::ops::Range;

use roaring::RoaringBitmap;

use super::columns::Columns;
use crate::reference::Reference;

const OWNER_BYTES: usize = size_of::<u32>();

impl Columns {
    /// The reference that a row belongs to.
    pub(crate) fn owner(&self, row: usize) -> u32 {
        let start = row * self.row_bytes();
        bytemuck::pod_read_unaligned(&self.rows.data()[start..start + OWNER_BYTES])
    }

    /// All references to whom a row belongs. Worked out when it is first asked for: a reference takes a bit.
    pub(crate) fn owners(&self) -> &RoaringBitmap {
        self.owners.get_or_init(|| (0..self.len()).map(|row| self.owner(row)).collect())
    }

    /// The rows of a reference.
    pub(crate) fn of(&self, reference: u32) -> Range<usize> {
        self.first(|owner| owner >= reference)..self.first(|owner| owner > reference)
    }

    /// How many rows before one belong to the same reference.
    pub(crate) fn before_of_same(&self, row: usize) -> usize {
        let owner = self.owner(row);
        let before = (0..row).rev().take(Reference::MAX_TEMPLATES);
        before.take_while(|&row| self.owner(row) == owner).count()
    }

    /// How many rows there are of the references before one; of all where none is named.
    pub(crate) fn len_before(&self, reference: Option<u32>) -> usize {
        reference.map_or(self.len(), |reference| self.first(|owner| owner >= reference))
    }

    /// The first row whose owner `is` so, and with it all that follow.
    fn first(&self, is: impl Fn(u32) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if is(self.owner(middle)) { high = middle } else { low = middle + 1 }
        }
        low
    }
}
