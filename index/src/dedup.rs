//! All against all: every reference of a gallery as a probe against those before it.

use std::collections::VecDeque;

use whorl_types::ReferenceId;

use crate::search::{Findings, Limits, SearchError, Weigh};
use crate::snapshot::{Place, Snapshot};

/// How many references are looked for at once: a few passes, so that the pool never waits long for the slowest worker.
const BATCH: usize = 64;

/// A walk over all references of a gallery, each with those before it that are like it.
///
/// Every pair of references is looked at once. It knows how many references are left ([`ExactSizeIterator`]), and may be
/// stopped at any of them. After an error it ends.
pub struct Deduplication<'a> {
    snapshot: &'a Snapshot,
    limits: Limits,
    weigh: &'a Weigh<'a>,
    /// The next reference that is not looked for yet; none at the end.
    next: Option<Place>,
    ready: VecDeque<(ReferenceId, Findings)>,
    left: usize,
}

impl Snapshot {
    /// Looks for every reference among those before it, in the order in which they were added.
    #[must_use]
    pub fn deduplicate<'a>(&'a self, limits: Limits, weigh: &'a Weigh<'a>) -> Deduplication<'a> {
        let next = Some(Place { segment: 0, reference: 0 });
        Deduplication { snapshot: self, limits, weigh, next, ready: VecDeque::new(), left: self.len() as usize }
    }
}

impl Deduplication<'_> {
    /// Passes over the next `count` references, which another walk over the same snapshot has looked for.
    #[must_use]
    pub fn after(mut self, count: u64) -> Self {
        let mut passed = 0;
        while passed < count {
            let left = (count - passed).min(BATCH as u64) as usize;
            let batch = self.take_batch(left);
            if batch.is_empty() {
                break;
            }
            passed += batch.len() as u64;
        }
        self.left = self.left.saturating_sub(passed as usize);
        self
    }

    fn take_batch(&mut self, most: usize) -> Vec<Place> {
        let mut batch = Vec::with_capacity(most);
        while let Some(place) = self.next.filter(|_| batch.len() < most) {
            self.next = match self.snapshot.segments().get(place.segment as usize) {
                None => None,
                Some(layer) if place.reference < layer.references() => {
                    batch.extend(Some(place).filter(|place| !layer.is_removed(place.reference)));
                    Some(Place { reference: place.reference + 1, ..place })
                }
                Some(_) => Some(Place { segment: place.segment + 1, reference: 0 }),
            };
        }
        batch
    }

    fn search(&mut self) -> Result<(), SearchError> {
        let places = self.take_batch(BATCH);
        let references = places.iter().map(|&place| self.snapshot.reference(place)).collect::<Result<Vec<_>, _>>()?;
        let probes = references.iter().zip(&places).map(|(reference, &place)| (&reference.templates, Some(place)));
        let findings = self.snapshot.search(&probes.collect::<Vec<_>>(), &self.limits, self.weigh)?;
        self.ready.extend(references.into_iter().map(|reference| reference.id).zip(findings));
        Ok(())
    }
}

impl Iterator for Deduplication<'_> {
    type Item = Result<(ReferenceId, Findings), SearchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && self.left > 0
            && let Err(error) = self.search()
        {
            (self.left, self.next) = (0, None);
            return Some(Err(error));
        }
        let one = self.ready.pop_front()?;
        self.left -= 1;
        Some(Ok(one))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Deduplication<'_> {}
