//! Looking at every byte of a segment.

use whorl_engine::finger::coarse::CoarseRow;

use crate::flaw::{Flaw, Flawed};
use crate::segment::{FingerColumns, Segment};

impl Segment {
    /// Everything wrong with this segment, in the order of its columns.
    pub(crate) fn flaws(&self) -> Vec<Flawed> {
        let blocks = self.columns().flat_map(|(column, _)| column.damaged_blocks());
        let ids = self.id_flaws();
        let fingers = self.fingers().iter().flat_map(|finger| finger.flaws(self.references()));
        blocks.chain(ids).chain(fingers).collect()
    }

    fn id_flaws(&self) -> impl Iterator<Item = Flawed> {
        (0..self.references()).filter_map(|reference| {
            let disordered = reference > 0 && self.id_bytes(reference - 1) >= self.id_bytes(reference);
            if disordered { Some(self.flawed_id("order of ids", reference)) } else { self.id(reference).err() }
        })
    }
}

impl FingerColumns {
    /// Rows that belong to nobody, are out of order, have no template that can be read, or a first stage that is
    /// not their template's.
    fn flaws(&self, references: u32) -> impl Iterator<Item = Flawed> {
        let mut fine_offset = 0;
        (0..self.len()).filter_map(move |row| {
            let due = (fine_offset, if row == 0 { 0 } else { self.owner(row - 1) });
            fine_offset = self.fine_range(row).end;
            if self.fine_range(row).start != due.0 || self.owner(row) < due.1 || self.owner(row) >= references {
                return Some(self.flawed_row(Flaw::Value("row"), row));
            }
            match self.template(row) {
                Err(flawed) => Some(flawed),
                Ok(template) if self.coarse()[row] != CoarseRow::new(&template) => Some(self.flawed_coarse(row)),
                Ok(_) => None,
            }
        })
    }
}
