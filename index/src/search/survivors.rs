//! Stage 2: the rows that the scan found, compared in full; then every finger of the references that stand out.

use rayon::prelude::*;
use whorl_engine::finger::similarity;
use whorl_types::{Guarantee, Modality, Similarity};

use super::candidates::Weighed;
use super::scan::RowPlace;
use super::{Findings, Pair, Pass, SearchError};
use crate::flaw::Flawed;
use crate::snapshot::Place;

/// How many times the candidates that are wanted have all their fingers compared, once the fingers that the scan found
/// were: what one finger missed, another brings back.
const COMPLETED_PER_CANDIDATE: usize = 4;

/// The fewest references that have all their fingers compared.
const LEAST_COMPLETED: usize = 32;

/// A finger of the pass, and a row that was compared with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Compared {
    probe: usize,
    place: Place,
    finger: usize,
    row: RowPlace,
    similarity: Similarity,
}

impl Pass<'_> {
    /// Compares the rows that the scan found for each finger of the pass.
    pub(super) fn compare_survivors(&self, hits: Vec<Vec<RowPlace>>) -> Result<Vec<Findings>, SearchError> {
        let mut compared = self.compare_rows(hits)?;
        compared.par_sort_unstable();
        let probes = (0..self.until.len()).into_par_iter().map(|probe| {
            let start = compared.partition_point(|one| one.probe < probe);
            let end = compared.partition_point(|one| one.probe <= probe);
            let most = (self.limits.candidates * COMPLETED_PER_CANDIDATE).max(LEAST_COMPLETED);
            let mut standing_out = self.strongest(most);
            for reference in compared[start..end].chunk_by(|one, other| one.place == other.place) {
                if let Some(weighed) = self.weighed(reference[0].place, self.pairs_of(reference)) {
                    standing_out.push(weighed);
                }
            }
            let mut strongest = self.strongest(self.limits.candidates);
            for weighed in standing_out.into_sorted() {
                strongest.push(self.complete(probe, weighed)?);
            }
            let coverage = self.coverage(probe, distinct_rows(&compared[start..end]), Guarantee::Measured);
            self.findings(strongest.into_sorted(), coverage)
        });
        probes.collect()
    }

    /// Decodes each row that somebody wants once, and compares it with all who do.
    fn compare_rows(&self, hits: Vec<Vec<RowPlace>>) -> Result<Vec<Compared>, Flawed> {
        let hits = hits.into_iter().enumerate();
        let mut wanted =
            hits.flat_map(|(finger, rows)| rows.into_iter().map(move |row| (row, finger))).collect::<Vec<_>>();
        wanted.par_sort_unstable();
        let compare = |wanted: &[(RowPlace, usize)]| {
            let row = wanted[0].0;
            let template = row.columns(self.snapshot).template(row.row as usize)?;
            let place = row.place(self.snapshot);
            let one = |&(row, finger): &(RowPlace, usize)| {
                let sought = &self.sought[finger];
                Compared {
                    probe: sought.probe,
                    place,
                    finger,
                    row,
                    similarity: similarity(&sought.prepared, &template),
                }
            };
            Ok(wanted.iter().map(one).collect::<Vec<_>>())
        };
        let compared =
            wanted.par_chunk_by(|one, other| one.0 == other.0).map(compare).collect::<Result<Vec<_>, _>>()?;
        Ok(compared.concat())
    }

    fn pairs_of(&self, compared: &[Compared]) -> Vec<Pair> {
        let pair = |one: &Compared| {
            let sought = &self.sought[one.finger];
            let segment = &self.snapshot.segments()[one.row.segment as usize];
            Pair {
                modality: Modality::Fingerprint,
                probe: sought.place,
                reference: segment.finger_number(one.place.reference, one.row.column as usize, one.row.row as usize),
                probe_position: sought.position,
                reference_position: one.row.columns(self.snapshot).position,
                similarity: one.similarity,
                mirrored: false,
            }
        };
        compared.iter().map(pair).collect()
    }

    /// The same with every finger of the reference, where the scan found some only.
    fn complete(&self, probe: usize, weighed: Weighed) -> Result<Weighed, SearchError> {
        let place = weighed.place;
        let segment = &self.snapshot.segments()[place.segment as usize];
        let fingers = self.fingers_of(probe).iter().map(|sought| sought.position);
        let due = fingers.map(|position| {
            let allowed =
                segment.fingers().iter().filter(|columns| self.limits.positions.allow(position, columns.position));
            allowed.map(|columns| columns.of(place.reference).len()).sum::<usize>()
        });
        if due.sum::<usize>() == weighed.pairs.len() {
            return Ok(weighed);
        }
        let pairs = self.pairs(probe, &self.snapshot.reference(place)?.templates);
        Ok(Weighed { place, llr: (self.weigh)(&pairs), pairs })
    }
}

/// How many rows were compared with one finger or another of a probe.
fn distinct_rows(compared: &[Compared]) -> u64 {
    let mut rows = compared.iter().map(|one| one.row).collect::<Vec<_>>();
    rows.sort_unstable();
    rows.dedup();
    rows.len() as u64
}
