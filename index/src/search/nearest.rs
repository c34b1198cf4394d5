//! Faces that an index finds: they join what the scan found of all else, and are compared in full like it.

use rayon::prelude::*;
use whorl_types::{Guarantee, Template};

use super::Pass;
use super::scan::RowPlace;
use crate::ann::FaissError;
use crate::kind::Kind;
use crate::segment::Columns;

impl Pass<'_> {
    /// Whether the index is asked for the rows of some columns, which are then not scanned.
    pub(super) fn is_indexed(&self, segment: usize, columns: &Columns) -> bool {
        columns.kind == Kind::Face && self.index.is_some_and(|index| index.covers(segment))
    }

    /// Adds to what was found for each template of the pass the rows that the index finds nearest to it, of those it is
    /// compared with.
    pub(super) fn add_nearest(&self, hits: &mut [Vec<RowPlace>]) -> Result<(), FaissError> {
        let Some(index) = self.index else { return Ok(()) };
        self.sought.par_iter().zip(hits).try_for_each(|(sought, hits)| {
            let Template::Face(face) = sought.template else { return Ok(()) };
            let rows = index.nearest(face)?.into_iter().map(|at| RowPlace {
                segment: at.segment as u32,
                column: at.column as u32,
                row: at.row as u32,
            });
            hits.extend(rows.filter(|row| {
                let met = self.meets(sought, row.columns(self.snapshot));
                met && self.reaches(sought.probe, row.place(self.snapshot))
            }));
            Ok(())
        })
    }

    /// What the search for a probe promises.
    pub(super) fn guarantee(&self, probe: usize) -> Guarantee {
        let rows_indexed = self.rows_indexed(probe);
        match self.index {
            Some(index) if rows_indexed > 0 => {
                let recall = index.recall();
                Guarantee::Approximate { rows_indexed, recall_ppm: recall.ppm(), least_recall_ppm: recall.least_ppm() }
            }
            Some(_) | None => Guarantee::Measured,
        }
    }

    /// How many rows a probe is compared with by the index alone.
    fn rows_indexed(&self, probe: usize) -> u64 {
        let reached = |columns: &Columns| self.sought_of(probe).iter().any(|sought| self.meets(sought, columns));
        let indexed = self.columns().filter(|(at, columns, _)| self.is_indexed(at.0, columns) && reached(columns));
        let until = self.until[probe];
        let rows = indexed.map(|((segment, column), ..)| match until {
            Some(end) if segment > end.segment as usize => 0,
            Some(end) if segment == end.segment as usize => self.rows_of(segment, column, Some(end.reference)),
            Some(_) | None => self.rows_of(segment, column, None),
        });
        rows.sum::<usize>() as u64
    }

    fn rows_of(&self, segment: usize, column: usize, end: Option<u32>) -> usize {
        self.snapshot.segments()[segment].rows_before(column, end)
    }
}
