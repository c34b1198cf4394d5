//! No first stage: everything is compared in full.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;
use whorl_types::Guarantee;

use super::{Findings, Pass, SearchError};
use crate::snapshot::Place;

/// How many references a worker takes at a time: enough that taking them costs nothing, few enough that all end together.
const SHARE: u32 = 16;

impl Pass<'_> {
    pub(super) fn compare_everything(&self) -> Result<Vec<Findings>, SearchError> {
        let probes = 0..self.until.len();
        let mut strongest = probes.clone().map(|_| self.strongest(self.limits.candidates)).collect::<Vec<_>>();
        for segment in 0..self.segments() {
            let next = AtomicU32::new(0);
            let work = |_| {
                let mut strongest = probes.clone().map(|_| self.strongest(self.limits.candidates)).collect::<Vec<_>>();
                let references = self.snapshot.segments()[segment].references();
                loop {
                    let start = next.fetch_add(SHARE, Ordering::Relaxed);
                    if start >= references {
                        return Ok::<_, SearchError>(strongest);
                    }
                    for reference in start..references.min(start + SHARE) {
                        self.compare_reference(Place { segment: segment as u32, reference }, |probe, weighed| {
                            strongest[probe].push(weighed);
                        })?;
                    }
                }
            };
            let workers = (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).map(work);
            for found in workers.collect::<Result<Vec<_>, _>>()? {
                strongest = strongest.into_iter().zip(found).map(|(one, other)| one.merge(other)).collect();
            }
        }
        let findings = strongest.into_iter().enumerate().map(|(probe, strongest)| {
            let all = self.coverage(probe, 0, Guarantee::Exhaustive);
            let coverage = whorl_types::Coverage { rows_compared: all.rows_scanned, rows_scanned: 0, ..all };
            self.findings(strongest.into_sorted(), coverage)
        });
        findings.collect()
    }

    fn compare_reference(
        &self,
        place: Place,
        mut found: impl FnMut(usize, super::candidates::Weighed),
    ) -> Result<(), SearchError> {
        let fingers = self.snapshot.reference(place)?.fingers;
        for probe in (0..self.until.len()).filter(|&probe| self.reaches(probe, place)) {
            if let Some(weighed) = self.weighed(place, self.pairs(probe, &fingers)) {
                found(probe, weighed);
            }
        }
        Ok(())
    }
}
