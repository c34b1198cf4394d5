//! No first stage: everything is compared in full.

use std::ops::Range;

use whorl_types::{Coverage, Guarantee};

use super::best::merge;
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
        let nobody = || (self.strongest_of_all(), Vec::new());
        let found = share(&self.shares(), nobody, |(strongest, pairs), share| {
            for reference in share.references.clone() {
                let place = Place { segment: share.segment, reference };
                let others = self.others(place)?;
                for probe in (0..self.until.len()).filter(|&probe| self.reaches(probe, place)) {
                    pairs.clear();
                    self.compare(probe, &others, pairs);
                    self.offer(&mut strongest[probe], place, pairs);
                }
            }
            Ok::<_, SearchError>(())
        })?;
        let found = merge(found.into_iter().map(|(strongest, _)| strongest).collect());
        let findings = found.into_iter().enumerate().map(|(probe, strongest)| {
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
}
