//! Searches in batches and alone, and what they gave.

use whorl_index::{Found, Limits, Mode, Pair, Snapshot};

use crate::clock::{timed, timed_both};
use crate::failure::RunError;
use crate::population::{Population, id};
use crate::progress::Watch;

/// How many probes a batch has.
const BATCH: usize = 32;

/// How many probes are also searched for alone, to tell the latency of one.
const ALONE: usize = 32;

/// Whom to search for.
#[derive(Clone, Copy)]
pub(crate) struct Searches<'a> {
    pub(crate) population: &'a Population,
    /// Persons in the gallery.
    pub(crate) persons: usize,
    /// Of whom so many are searched for.
    pub(crate) probes: usize,
    /// What is compared in full.
    pub(crate) mode: Mode,
}

/// What the searches of a run gave.
pub(crate) struct Searched {
    /// Probes whose mate came first.
    pub(crate) mates: usize,
    /// Rows that were compared in full, of all probes together.
    pub(crate) compared: u64,
    /// How long the batches took together.
    pub(crate) batched_s: f64,
    /// How much of the processor they had, where the system says it.
    pub(crate) batched_cpu_s: Option<f64>,
    /// How long probes took that were searched for alone.
    pub(crate) alone_ms: Vec<f64>,
}

impl Searches<'_> {
    /// Searches in batches, then for some alone. Runs in the rayon pool of the caller.
    pub(crate) fn run(&self, gallery: &Snapshot, watch: &mut Watch<'_>) -> Result<Searched, RunError> {
        let mut searched = self.batched(gallery, watch)?;
        for person in self.mates().step_by(self.probes.div_ceil(ALONE)) {
            searched.alone_ms.push(self.alone_ms(gallery, person)?);
        }
        Ok(searched)
    }

    /// Searches in batches only.
    pub(crate) fn batched(&self, gallery: &Snapshot, watch: &mut Watch<'_>) -> Result<Searched, RunError> {
        let weigh = |pairs: &[Pair]| self.population.weigh(pairs);
        let mut searched =
            Searched { mates: 0, compared: 0, batched_s: 0.0, batched_cpu_s: Some(0.0), alone_ms: Vec::new() };
        for (number, persons) in self.mates().collect::<Vec<_>>().chunks(BATCH).enumerate() {
            let probes = persons.iter().map(|&person| self.population.instances(person, 1)).collect::<Vec<_>>();
            let (findings, batched_s, spent) = timed_both(|| gallery.identify_batch(&probes, &self.limits(), &weigh));
            let findings = findings?;
            searched.batched_s += batched_s;
            searched.batched_cpu_s = searched.batched_cpu_s.and_then(|sum| Some(sum + spent?));
            searched.compared += findings.iter().map(|findings| findings.coverage.rows_compared).sum::<u64>();
            let first = |found: &[Found], person| found.first().is_some_and(|found| found.id == id(person));
            searched.mates += findings.iter().zip(persons).filter(|(one, person)| first(&one.found, **person)).count();
            watch("searching", number * BATCH + persons.len(), self.probes);
        }
        Ok(searched)
    }

    /// How long a person takes that is searched for alone.
    pub(crate) fn alone_ms(&self, gallery: &Snapshot, person: usize) -> Result<f64, RunError> {
        let (probe, weigh) = ([self.population.instances(person, 1)], |pairs: &[Pair]| self.population.weigh(pairs));
        let (findings, alone_s) = timed(|| gallery.identify_batch(&probe, &self.limits(), &weigh));
        findings?;
        Ok(alone_s * 1e3)
    }

    /// Persons who are searched for, spread over the whole gallery.
    fn mates(&self) -> impl Iterator<Item = usize> {
        let (persons, probes) = (self.persons, self.probes);
        (0..probes).map(move |probe| probe * persons / probes)
    }

    fn limits(&self) -> Limits {
        Limits { mode: self.mode, ..Limits::default() }
    }
}
