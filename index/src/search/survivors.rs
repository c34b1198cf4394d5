//! Stage 2: the rows that the scan found, compared in full; then every template of the references that stand out.

use rayon::prelude::*;

use super::candidates::Weighed;
use super::pairs::pair;
use super::scan::RowPlace;
use super::sought::Likeness;
use super::{Findings, Pair, Pass, SearchError};
use crate::snapshot::Place;

/// How many times the candidates that are wanted have all their templates compared, once those that the scan found were:
/// what one finger, eye or face missed, another brings back.
const COMPLETED_PER_CANDIDATE: usize = 4;

/// The fewest references that have all their templates compared.
const LEAST_COMPLETED: usize = 32;

/// A template of the pass, and a row that was compared with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Compared {
    probe: u32,
    place: Place,
    sought: u32,
    row: RowPlace,
    likeness: Likeness,
}

/// Bytes of what is kept of a row that is compared, while all threads' lists are made one.
pub(super) const COMPARED_BYTES: usize = 2 * size_of::<Compared>() + size_of::<(RowPlace, usize)>();

impl Pass<'_> {
    /// Compares the rows that the scan found for each template of the pass.
    pub(super) fn compare_survivors(&self, hits: Vec<Vec<RowPlace>>) -> Result<Vec<Findings>, SearchError> {
        let mut compared = self.compare_rows(hits)?;
        compared.par_sort_unstable();
        let probes = (0..self.until.len()).into_par_iter().map(|probe| {
            let start = compared.partition_point(|one| (one.probe as usize) < probe);
            let end = compared.partition_point(|one| one.probe as usize <= probe);
            self.complete_strongest(probe, &compared[start..end])
        });
        probes.collect()
    }

    /// Compares each row that somebody wants with all who do; a finger's template is decoded once.
    fn compare_rows(&self, hits: Vec<Vec<RowPlace>>) -> Result<Vec<Compared>, SearchError> {
        let hits = hits.into_iter().enumerate();
        let mut wanted =
            hits.flat_map(|(sought, rows)| rows.into_iter().map(move |row| (row, sought))).collect::<Vec<_>>();
        wanted.par_sort_unstable();
        // An eye may be wanted as it is and as a mirror shows it, which one comparison looks at.
        wanted.dedup();
        let by_row = wanted.par_chunk_by(|one, other| one.0 == other.0);
        let compared = by_row.try_fold(Vec::new, |mut compared, wanted| {
            self.in_time()?;
            let row = wanted[0].0;
            let kept = row.columns(self.snapshot).kept(row.row as usize)?;
            let place = row.place(self.snapshot);
            compared.extend(wanted.iter().filter_map(|&(row, number)| {
                let sought = &self.sought[number];
                let likeness = sought.likeness(&kept)?;
                Some(Compared { probe: sought.probe as u32, place, sought: number as u32, row, likeness })
            }));
            Ok(compared)
        });
        let together = |mut one: Vec<_>, mut other: Vec<_>| {
            one.append(&mut other);
            Ok(one)
        };
        compared.try_reduce(Vec::new, together)
    }

    /// The answer to a probe, given what was compared with it.
    fn complete_strongest(&self, probe: usize, compared: &[Compared]) -> Result<Findings, SearchError> {
        let most = (self.limits.candidates * COMPLETED_PER_CANDIDATE).max(LEAST_COMPLETED);
        let mut standing_out = self.strongest(most);
        let mut pairs = Vec::new();
        for reference in compared.chunk_by(|one, other| one.place == other.place) {
            pairs.clear();
            pairs.extend(reference.iter().map(|one| self.pair_of(one)));
            self.offer(&mut standing_out, reference[0].place, &pairs);
        }
        let mut strongest = self.strongest(self.limits.candidates);
        for weighed in standing_out.into_sorted() {
            strongest.push(self.complete(probe, weighed)?);
        }
        let coverage = self.coverage(probe, distinct_rows(compared), self.guarantee(probe));
        self.findings(strongest.into_sorted(), coverage)
    }

    fn pair_of(&self, one: &Compared) -> Pair {
        let Compared { place, row, likeness, .. } = *one;
        let segment = &self.snapshot.segments()[row.segment as usize];
        let number = segment.template_number(place.reference, row.column as usize, row.row as usize);
        pair(&self.sought[one.sought as usize], number, row.columns(self.snapshot).position, likeness)
    }

    /// The same with every template of the reference, where the scan found some only.
    fn complete(&self, probe: usize, weighed: Weighed) -> Result<Weighed, SearchError> {
        let place = weighed.place;
        let segment = &self.snapshot.segments()[place.segment as usize];
        let due = self.sought_of(probe).iter().map(|sought| {
            let met = segment.columns().iter().filter(|columns| self.meets(sought, columns));
            met.map(|columns| columns.of(place.reference).len()).sum::<usize>()
        });
        if due.sum::<usize>() == weighed.pairs.len() {
            return Ok(weighed);
        }
        let mut pairs = Vec::new();
        self.compare(probe, &self.others(place)?, &mut pairs);
        Ok(Weighed { place, llr: (self.weigh)(&pairs), pairs })
    }
}

/// How many rows were compared with one template or another of a probe.
fn distinct_rows(compared: &[Compared]) -> u64 {
    let mut rows = compared.iter().map(|one| one.row).collect::<Vec<_>>();
    rows.sort_unstable();
    rows.dedup();
    rows.len() as u64
}
