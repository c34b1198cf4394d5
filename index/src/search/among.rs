//! A few by name, such as those whom another search, a name or a birth date brought up: all of them compared in full.

use whorl_types::{Coverage, Guarantee, ReferenceId};

use super::best::merge;
use super::pass::{Cut, Pass};
use super::share::share;
use super::worth::Worth;
use super::{Findings, Limits, Mode, SearchError, Weigh};
use crate::reference::Instances;
use crate::segment::Columns;
use crate::snapshot::{Place, Snapshot};

/// How many references a thread takes at a time.
const TAKEN: usize = 16;

impl Snapshot {
    /// Looks for every probe of a batch among the references of these ids only, with everything compared in full, whatever the mode
    /// of `limits`. An id that is not enrolled is passed over; how many are is in the coverage.
    ///
    /// # Errors
    /// As [`Snapshot::identify_batch`].
    pub fn identify_among(
        &self,
        probes: &[Instances],
        among: &[ReferenceId],
        limits: &Limits,
        weigh: &Weigh<'_>,
    ) -> Result<Vec<Findings>, SearchError> {
        if among.len() > Limits::MAX_AMONG {
            return Err(SearchError::TooManyNamed(among.len()));
        }
        let asked = probes.iter().map(|probe| (probe, None)).collect::<Vec<_>>();
        self.check_probes(&asked, limits)?;
        let mut places = among.iter().filter_map(|id| self.find(id)).collect::<Vec<_>>();
        places.sort_unstable();
        places.dedup();
        let (limits, worth) = (Limits { mode: Mode::Exact, ..limits.clone() }, Worth::new(weigh, 0, 1));
        Pass::new(self, &asked, &limits, (weigh, &worth), Cut::default()).compare_places(&places)
    }
}

impl Pass<'_> {
    fn compare_places(&self, places: &[Place]) -> Result<Vec<Findings>, SearchError> {
        let taken = places.chunks(TAKEN).collect::<Vec<_>>();
        let nobody = || (self.strongest_of_all(), Vec::new());
        let found = share(&taken, nobody, |(strongest, pairs), places| {
            self.in_time()?;
            for &place in *places {
                let others = self.others(place)?;
                for (probe, strongest) in strongest.iter_mut().enumerate() {
                    pairs.clear();
                    self.compare(probe, &others, pairs);
                    self.offer(strongest, place, pairs);
                }
            }
            Ok::<_, SearchError>(())
        })?;
        let found = merge(found.into_iter().map(|(strongest, _)| strongest).collect());
        let findings = found.into_iter().enumerate().map(|(probe, strongest)| {
            let met = |columns: &&Columns| self.sought_of(probe).iter().any(|sought| self.meets(sought, columns));
            let rows = places.iter().map(|place| {
                let columns = self.snapshot.segments()[place.segment as usize].columns().iter().filter(met);
                columns.map(|columns| columns.of(place.reference).len() as u64).sum::<u64>()
            });
            let (rows_compared, references) = (rows.sum(), places.len() as u64);
            let (sequence, guarantee) = (self.snapshot.sequence(), Guarantee::Exhaustive);
            self.findings(
                strongest.into_sorted(),
                Coverage { references, sequence, rows_scanned: 0, rows_compared, guarantee },
            )
        });
        findings.collect()
    }
}
