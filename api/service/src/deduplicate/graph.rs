//! The graph while it grows: members are nodes, judged pairs are edges.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use whorl_engine::decide::{Basis, Policy, Thresholds};
use whorl_index::{Findings, Gallery, GalleryError, Limits, Memory, Snapshot};
use whorl_types::{Decision, Fmr, ReferenceId, Verdict};

use super::{DeduplicateError, Deduplication, Effort, Finding, Member, Pair};
use crate::cluster;
use crate::engine::Engine;
use crate::evidence::{Compared, Evidence, weigh};
use crate::identify::{Search, labelled};
use crate::population::{Enrolee, subject_of};
use crate::watch::Watch;

/// References that go into one segment of the gallery that is searched.
const SEGMENT: usize = 4096;

/// Probes that are looked for together in a gallery.
const BATCH: usize = 64;

/// Every encounter of a subject is compared with so many before it.
const ENCOUNTERS_BEFORE: usize = 16;

/// Clusters up to this size have all their pairs compared, so that contradictions show; larger ones are a fault of the data.
const MOST_COMPLETED: usize = 32;

/// At most this often may an encounter of somebody else pass for a subject's own.
const CONFIRMED_FMR: f64 = 1e-4;

pub(super) struct Graph<'a> {
    engine: &'a Engine,
    population: &'a [Enrolee],
    policy: Policy,
    search: &'a Search,
    members: Vec<Member>,
    numbers: HashMap<ReferenceId, usize>,
    pairs: BTreeMap<(usize, usize), Pair>,
    effort: Effort,
}

impl<'a> Graph<'a> {
    pub(super) fn new(engine: &'a Engine, population: &'a [Enrolee], policy: Policy, search: &'a Search) -> Self {
        let member = |(number, enrolee): (usize, &Enrolee)| Member {
            id: enrolee.id.clone(),
            subject: enrolee.subject.clone(),
            enrolee: Some(number),
        };
        let members: Vec<Member> = population.iter().enumerate().map(member).collect();
        let numbers = members.iter().enumerate().map(|(number, member)| (member.id.clone(), number)).collect();
        let (pairs, effort) = (BTreeMap::new(), Effort::default());
        Self { engine, population, policy, search, members, numbers, pairs, effort }
    }

    /// All against all.
    pub(super) fn search_among_themselves(&mut self, watch: &dyn Watch) -> Result<(), DeduplicateError> {
        watch.begin("comparing all with all", self.population.len());
        let gallery = in_memory(self.population)?;
        let (engine, limits) = (self.engine, self.limits());
        let weigh = |pairs: &[whorl_index::Pair]| engine.strongest_weight(pairs);
        let mut walk = gallery.deduplicate(limits, &weigh);
        while let Some(answer) = engine.install(|| walk.next()) {
            let (id, findings) = answer?;
            self.add(self.numbers[&id], findings);
            watch.advance(1);
        }
        Ok(())
    }

    /// Everybody against `gallery`.
    pub(super) fn search_in(&mut self, gallery: &Snapshot, watch: &dyn Watch) -> Result<(), DeduplicateError> {
        watch.begin("searching the gallery", self.population.len());
        let (engine, limits) = (self.engine, self.limits());
        let weigh = |pairs: &[whorl_index::Pair]| engine.strongest_weight(pairs);
        for (part, batch) in self.population.chunks(BATCH).enumerate() {
            let probes: Vec<_> = batch.iter().map(|enrolee| labelled(&enrolee.instances)).collect();
            let findings = engine.install(|| gallery.identify_batch(&probes, &limits, &weigh))?;
            for (number, findings) in findings.into_iter().enumerate() {
                self.add(part * BATCH + number, findings);
            }
            watch.advance(batch.len());
        }
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.engine.limits(self.search, &self.policy)
    }

    /// Adds what was found for one member, less the member itself.
    fn add(&mut self, probe: usize, findings: Findings) {
        self.effort.scanned += findings.coverage.rows_scanned;
        self.effort.compared += findings.coverage.rows_compared;
        for found in findings.found {
            let reference = self.number(&found.id);
            if reference != probe {
                let evidence = weigh(&found.pairs, &self.engine.calibrations);
                self.judge(probe, reference, evidence, None);
            }
        }
    }

    /// The number of a member; one of the gallery that is new gets the next.
    fn number(&mut self, id: &ReferenceId) -> usize {
        if let Some(&number) = self.numbers.get(id) {
            return number;
        }
        let number = self.members.len();
        self.members.push(Member { id: id.clone(), subject: subject_of(id).to_owned(), enrolee: None });
        self.numbers.insert(id.clone(), number);
        number
    }

    /// Adds a pair with what follows from its evidence, or with `otherwise` where nothing does.
    fn judge(&mut self, probe: usize, reference: usize, evidence: Evidence, otherwise: Option<Finding>) {
        let finding = if self.members[probe].subject == self.members[reference].subject {
            Some(self.same_subject(&evidence))
        } else {
            match self.engine.verdict(&evidence, &self.policy) {
                Verdict::Duplicate => Some(Finding::Duplicate),
                Verdict::Adjudicate => Some(Finding::Adjudicate),
                Verdict::Unique if self.engine.has_duplicate_instance(&evidence, &self.policy) => Some(Finding::Mixed),
                Verdict::Unique => otherwise.filter(|_| evidence.speaks_against()),
            }
        };
        let Some(finding) = finding else { return };
        let (a, b) = (probe.min(reference), probe.max(reference));
        let evidence = if probe == a { evidence } else { turned(evidence) };
        self.pairs.insert((a, b), Pair { a, b, evidence, finding });
    }

    fn same_subject(&self, evidence: &Evidence) -> Finding {
        let target = Fmr::new(CONFIRMED_FMR).expect("the constant is a rate");
        match self.engine.decide(evidence, target) {
            Decision::Match => Finding::Confirmed,
            Decision::NonMatch if evidence.speaks_against() => Finding::Contradicted,
            Decision::NonMatch => Finding::Unconfirmed,
        }
    }

    /// The encounters of every subject with one another, found by the search or not.
    pub(super) fn compare_encounters_of_each_subject(&mut self) {
        let mut encounters: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, enrolee) in self.population.iter().enumerate() {
            encounters.entry(&enrolee.subject).or_default().push(number);
        }
        let before = |(at, &b): (usize, &usize), all: &[usize]| -> Vec<(usize, usize)> {
            all[at.saturating_sub(ENCOUNTERS_BEFORE)..at].iter().map(|&a| (a, b)).collect()
        };
        let wanted: Vec<(usize, usize)> =
            encounters.values().flat_map(|all| all.iter().enumerate().flat_map(|one| before(one, all))).collect();
        self.compare(wanted, None);
    }

    /// All pairs of every cluster that is not too large; those that are not alike are contradictions.
    pub(super) fn compare_within(&mut self, clusters: &[Vec<usize>]) {
        let small = clusters.iter().filter(|cluster| cluster.len() <= MOST_COMPLETED);
        let wanted = small.flat_map(|cluster| {
            cluster.iter().enumerate().flat_map(|(at, &b)| cluster[..at].iter().map(move |&a| (a, b)))
        });
        let own = |number: usize| self.members[number].enrolee.is_some();
        let wanted = wanted.filter(|&(a, b)| own(a) && own(b)).collect();
        self.compare(wanted, Some(Finding::Contradiction));
    }

    /// Compares the pairs of `wanted`, members of the population, that were not compared yet.
    fn compare(&mut self, mut wanted: Vec<(usize, usize)>, otherwise: Option<Finding>) {
        wanted.retain(|pair| !self.pairs.contains_key(pair));
        let (engine, population, mirrored) = (self.engine, self.population, self.search.mirrored);
        let evidence: Vec<Evidence> = engine.install(|| {
            let compare =
                |&(a, b): &(usize, usize)| engine.compare(&population[a].instances, &population[b].instances, mirrored);
            wanted.par_iter().map(compare).collect()
        });
        for ((a, b), evidence) in wanted.into_iter().zip(evidence) {
            self.judge(a, b, evidence, otherwise);
        }
    }

    /// Who belongs together by the pairs so far.
    pub(super) fn clusters(&self) -> Vec<Vec<usize>> {
        let joined = self.pairs.values().filter(|pair| pair.finding.joins()).map(|pair| (pair.a, pair.b));
        cluster::clusters(self.members.len(), joined)
    }

    pub(super) fn into_result(
        self,
        clusters: Vec<Vec<usize>>,
        gallery_size: u64,
        thresholds: Vec<(Basis, Thresholds)>,
    ) -> Deduplication {
        let mut pairs: Vec<Pair> = self.pairs.into_values().collect();
        // The sort is stable, and the pairs come in the order of their members.
        pairs.sort_by(|one, other| other.evidence.llr.nats().total_cmp(&one.evidence.llr.nats()));
        Deduplication { members: self.members, pairs, clusters, gallery_size, effort: self.effort, thresholds }
    }
}

fn in_memory(population: &[Enrolee]) -> Result<Snapshot, GalleryError> {
    let gallery = Gallery::create(Arc::new(Memory::new()))?;
    for part in population.chunks(SEGMENT) {
        gallery.enrol(part.iter().map(Enrolee::to_reference).collect())?;
    }
    Ok(gallery.snapshot())
}

/// The same evidence seen from the other side.
fn turned(mut evidence: Evidence) -> Evidence {
    for Compared { probe, reference, score, .. } in &mut evidence.instances {
        std::mem::swap(probe, reference);
        std::mem::swap(&mut score.probe, &mut score.reference);
    }
    evidence
}
