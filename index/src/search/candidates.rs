//! Who is kept, in which order, and what is said of them.

use std::cmp::Ordering;

use whorl_types::{Coverage, Guarantee, LogLikelihoodRatio};

use super::best::Best;
use super::order::Round;
use super::{Findings, Found, Pair, Pass, SearchError};
use crate::snapshot::Place;

/// A reference and what speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Weighed {
    pub(super) place: Place,
    pub(super) llr: LogLikelihoodRatio,
    pub(super) pairs: Vec<Pair>,
}

impl Pass<'_> {
    /// An empty list of the `most` references with the most evidence, ties by id.
    pub(super) fn strongest(&self, most: usize) -> Best<Weighed, impl Fn(&Weighed, &Weighed) -> Ordering> {
        Best::new(most, |one: &Weighed, other: &Weighed| {
            let ids = || self.snapshot.id_bytes(one.place).cmp(self.snapshot.id_bytes(other.place));
            other.llr.nats().total_cmp(&one.llr.nats()).then_with(ids)
        })
    }

    /// For each probe of the pass, an empty list of its candidates.
    pub(super) fn strongest_of_all(&self) -> Vec<Best<Weighed, impl Fn(&Weighed, &Weighed) -> Ordering>> {
        self.until.iter().map(|_| self.strongest(self.limits.candidates)).collect()
    }

    /// Weighs the pairs of a reference, where there are any, and keeps them if they are among the strongest.
    pub(super) fn offer(
        &self,
        strongest: &mut Best<Weighed, impl Fn(&Weighed, &Weighed) -> Ordering>,
        place: Place,
        pairs: &[Pair],
    ) {
        if pairs.is_empty() {
            return;
        }
        // Hardly anybody is among the strongest: the pairs of the others are never copied.
        let bare = Weighed { place, llr: (self.weigh)(pairs), pairs: Vec::new() };
        if strongest.takes(&bare) {
            strongest.push(Weighed { pairs: pairs.to_vec(), ..bare });
        }
    }

    /// The answer to a probe.
    pub(super) fn findings(&self, weighed: Vec<Weighed>, coverage: Coverage) -> Result<Findings, SearchError> {
        let strong = |weighed: &Weighed| self.limits.least.is_none_or(|least| weighed.llr >= least);
        let named = weighed.into_iter().filter(strong).map(|Weighed { place, llr, pairs }| {
            Ok(Found { id: self.snapshot.segments()[place.segment as usize].id(place.reference)?, llr, pairs })
        });
        Ok(Findings { found: named.collect::<Result<_, SearchError>>()?, coverage })
    }

    /// What a probe was compared with, given how many rows were compared in full.
    pub(super) fn coverage(&self, probe: usize, rows_compared: u64, guarantee: Guarantee) -> Coverage {
        let (left, mut references, mut rows_scanned) = (self.left(), 0, 0);
        for (number, layer) in self.snapshot.segments().iter().enumerate() {
            let end = match self.until[probe] {
                Some(end) if number > end.segment as usize => break,
                Some(end) if number == end.segment as usize => Some(end.reference),
                Some(_) | None => None,
            };
            references += layer.live_before(end);
            for (column, columns) in layer.columns().iter().enumerate() {
                if self.is_met_in(probe, Round::First, columns) && !self.is_indexed(number, columns) {
                    rows_scanned += layer.rows_before(column, end) as u64;
                } else if let Some(left) =
                    left.of(number, probe).filter(|_| self.is_met_in(probe, Round::Rest, columns))
                {
                    let rows =
                        left.range(..end.unwrap_or(u32::MAX)).map(|reference| columns.of(reference).len() as u64);
                    rows_scanned += rows.sum::<u64>();
                }
            }
        }
        Coverage { references, sequence: self.snapshot.sequence(), rows_scanned, rows_compared, guarantee }
    }
}
