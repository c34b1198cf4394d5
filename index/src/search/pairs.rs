//! Comparing a probe with all that is kept of a reference.

use super::sought::{Likeness, Sought};
use super::{Pair, Pass};
use crate::flaw::Flawed;
use crate::segment::{Columns, Kept};
use crate::snapshot::Place;

/// A template of a reference, with its label.
pub(super) struct Other<'a> {
    columns: &'a Columns,
    kept: Kept<'a>,
}

impl Pass<'_> {
    /// The templates of a probe.
    pub(super) fn sought_of(&self, probe: usize) -> &[Sought<'_>] {
        let start = self.sought.partition_point(|sought| sought.probe < probe);
        let end = self.sought.partition_point(|sought| sought.probe <= probe);
        &self.sought[start..end]
    }

    /// Whether a template of the pass is compared with those in some columns.
    pub(super) fn meets(&self, sought: &Sought<'_>, columns: &Columns) -> bool {
        sought.kind == columns.kind && self.limits.positions.allow(sought.position, columns.position)
    }

    /// All templates of a reference, in the order in which it is fetched.
    pub(super) fn others(&self, place: Place) -> Result<Vec<Other<'_>>, Flawed> {
        let segment = &self.snapshot.segments()[place.segment as usize];
        let rows = segment
            .columns()
            .iter()
            .flat_map(|columns| columns.of(place.reference).map(|row| Ok(Other { columns, kept: columns.kept(row)? })));
        rows.collect()
    }

    /// Adds all comparisons of a probe with a reference to `pairs`.
    pub(super) fn compare(&self, probe: usize, reference: &[Other<'_>], pairs: &mut Vec<Pair>) {
        for sought in self.sought_of(probe) {
            for (number, other) in reference.iter().enumerate().filter(|(_, other)| self.meets(sought, other.columns)) {
                let likeness = sought.likeness(&other.kept);
                pairs.extend(likeness.map(|likeness| pair(sought, number, other.columns, likeness)));
            }
        }
    }
}

/// What is said of a comparison with the template of this number of a reference.
pub(super) fn pair(sought: &Sought<'_>, reference: usize, columns: &Columns, likeness: Likeness) -> Pair {
    Pair {
        modality: columns.kind.modality(),
        probe: sought.place,
        reference,
        probe_position: sought.position,
        reference_position: columns.position,
        similarity: likeness.similarity,
        mirrored: likeness.mirrored,
    }
}
