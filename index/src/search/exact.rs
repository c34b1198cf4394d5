//! No first stage: everything is compared in full.

use std::ops::Range;

use whorl_types::{Coverage, Guarantee};

use super::best::merge;
use super::candidates::Weighed;
use super::share::share;
use super::{Findings, Pass, SearchError};
use crate::snapshot::Place;

/// How many references a thread takes at a time: enough that taking them costs nothing, few enough that all end together.
const SHARE: u32 = 16;

/// Some references of one segment.
struct Share {
    segment: u32,
    references: Range<u32>,
}

impl Pass<'_> {
    pub(super) fn compare_everything(&self) -> Result<Vec<Findings>, SearchError> {
        let nobody = || self.until.iter().map(|_| self.strongest(self.limits.candidates)).collect::<Vec<_>>();
        let found = share(&self.shares(), nobody, |strongest, share| {
            for reference in share.references.clone() {
                let place = Place { segment: share.segment, reference };
                self.compare_reference(place, |probe, weighed| strongest[probe].push(weighed))?;
            }
            Ok::<_, SearchError>(())
        })?;
        let findings = merge(found).into_iter().enumerate().map(|(probe, strongest)| {
            let all = self.coverage(probe, 0, Guarantee::Exhaustive);
            let coverage = Coverage { rows_compared: all.rows_scanned, rows_scanned: 0, ..all };
            self.findings(strongest.into_sorted(), coverage)
        });
        findings.collect()
    }

    fn shares(&self) -> Vec<Share> {
        let shares = self.segments().flat_map(|(segment, open, end)| {
            let end = end.unwrap_or(open.references());
            let starts = (0..end).step_by(SHARE as usize);
            starts.map(move |start| Share { segment: segment as u32, references: start..end.min(start + SHARE) })
        });
        shares.collect()
    }

    fn compare_reference(&self, place: Place, mut found: impl FnMut(usize, Weighed)) -> Result<(), SearchError> {
        let templates = self.snapshot.reference(place)?.templates;
        for probe in (0..self.until.len()).filter(|&probe| self.reaches(probe, place)) {
            if let Some(weighed) = self.weighed(place, self.pairs(probe, &templates)) {
                found(probe, weighed);
            }
        }
        Ok(())
    }
}
