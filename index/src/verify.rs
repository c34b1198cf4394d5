//! Looking at every byte of a segment.

use crate::flaw::Flawed;
use crate::segment::Segment;

impl Segment {
    /// Everything wrong with this segment, in the order of its columns.
    pub(crate) fn flaws(&self) -> Vec<Flawed> {
        let blocks = self.files().flat_map(|(column, _)| column.damaged_blocks());
        let templates = self.columns().iter().flat_map(|columns| columns.flaws(self.references()));
        blocks.chain(self.id_flaws()).chain(templates).collect()
    }

    fn id_flaws(&self) -> impl Iterator<Item = Flawed> {
        (0..self.references()).filter_map(|reference| {
            let disordered = reference > 0 && self.id_bytes(reference - 1) >= self.id_bytes(reference);
            if disordered { Some(self.flawed_id("order of ids", reference)) } else { self.id(reference).err() }
        })
    }
}
