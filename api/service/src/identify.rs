//! Identification: who in a gallery is this.

use std::time::{Duration, Instant};

use thiserror::Error;
use whorl_engine::decide::{Basis, Policy, PolicyError};
use whorl_index::{Findings, Instances, Limits, Mode, Positions, SearchError, Snapshot, Wanted, Weigh};
use whorl_types::{Coverage, Fpir, InstanceScore, Liveness, LogLikelihoodRatio, ReferenceId, Verdict};

use crate::engine::Engine;
use crate::evidence::{Evidence, weigh};
use crate::sample::{Instance, reported};

/// How a gallery is searched, and what may go wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// The most candidates of a probe.
    pub candidates: usize,
    /// Whether every row is compared in full, or only what the first stage of the cascade lets through.
    pub mode: Mode,
    /// Whether the labels of fingers, eyes and faces are trusted.
    pub positions: Positions,
    /// Whether eyes are also looked for as a mirror shows them.
    pub mirrored: bool,
    /// How often a search for a stranger may end with a duplicate.
    pub target: Fpir,
    /// How long it may take; a search that takes longer gives no answer.
    pub within: Option<Duration>,
}

/// The answer to one probe.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateList {
    /// Strongest evidence first, ties by id.
    pub candidates: Vec<Candidate>,
    /// What was looked at.
    pub coverage: Coverage,
    /// What was reported of the liveness of the probe's samples, each report once. No verdict rests on it.
    pub liveness: Vec<Liveness>,
}

impl CandidateList {
    /// What follows from the strongest candidate.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.candidates.iter().map(|candidate| candidate.verdict).max().unwrap_or(Verdict::Unique)
    }
}

/// One reference that a probe resembles.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Who.
    pub id: ReferenceId,
    /// What speaks for it.
    pub evidence: Evidence,
    /// What follows from it.
    pub verdict: Verdict,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum IdentifyError {
    /// The search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// No threshold follows from the target.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

impl Engine {
    /// Looks for every probe, a person with one or several fingers, eyes and faces, in `gallery`; answers in the order of the probes.
    ///
    /// # Errors
    /// [`IdentifyError`] where a bound is exceeded, the gallery is damaged or the target cannot be.
    pub fn identify(
        &self,
        gallery: &Snapshot,
        probes: &[Vec<Instance>],
        search: &Search,
    ) -> Result<Vec<CandidateList>, IdentifyError> {
        self.identify_for(None, gallery, probes, search)
    }

    /// As [`Engine::identify`], given up when nobody waits any more.
    ///
    /// # Errors
    /// As [`Engine::identify`], and [`SearchError::Unwanted`].
    pub fn identify_while(
        &self,
        wanted: &Wanted,
        gallery: &Snapshot,
        probes: &[Vec<Instance>],
        search: &Search,
    ) -> Result<Vec<CandidateList>, IdentifyError> {
        self.identify_for(Some(wanted.clone()), gallery, probes, search)
    }

    fn identify_for(
        &self,
        wanted: Option<Wanted>,
        gallery: &Snapshot,
        probes: &[Vec<Instance>],
        search: &Search,
    ) -> Result<Vec<CandidateList>, IdentifyError> {
        let policy = Policy::new(gallery.len(), search.target)?;
        let limits = Limits { least: None, wanted, ..self.limits(search, &policy) };
        let find = |probes: &[Instances], weigh: &Weigh<'_>| gallery.identify_batch(probes, &limits, weigh);
        self.answer(probes, &policy, find)
    }

    /// Looks for every probe among the references of these ids only, which are all compared in full; an id that is not enrolled is
    /// passed over. The thresholds follow from how many ids there are.
    ///
    /// # Errors
    /// As [`Engine::identify`].
    pub fn identify_among(
        &self,
        gallery: &Snapshot,
        probes: &[Vec<Instance>],
        among: &[ReferenceId],
        search: &Search,
    ) -> Result<Vec<CandidateList>, IdentifyError> {
        let policy = Policy::new(among.len() as u64, search.target)?;
        let limits = Limits { least: None, ..self.limits(search, &policy) };
        let find = |probes: &[Instances], weigh: &Weigh<'_>| gallery.identify_among(probes, among, &limits, weigh);
        self.answer(probes, &policy, find)
    }

    fn answer(
        &self,
        probes: &[Vec<Instance>],
        policy: &Policy,
        find: impl FnOnce(&[Instances], &Weigh<'_>) -> Result<Vec<Findings>, SearchError> + Send,
    ) -> Result<Vec<CandidateList>, IdentifyError> {
        let sought: Vec<Instances> = probes.iter().map(|instances| labelled(instances)).collect();
        let weigh = |pairs: &[whorl_index::Pair]| self.weight(pairs);
        let findings = self.install(|| find(&sought, &weigh))?;
        let answers = findings.into_iter().zip(probes);
        Ok(answers.map(|(findings, probe)| self.judge(findings, probe, policy)).collect())
    }

    /// How all is held against all: nothing below the weakest of the thresholds is asked for.
    pub(crate) fn limits(&self, search: &Search, policy: &Policy) -> Limits {
        let least = Basis::ALL.map(|basis| policy.thresholds(basis, &self.calibrations).adjudicate);
        let least = least.into_iter().min_by(|a, b| a.nats().total_cmp(&b.nats()));
        let &Search { candidates, mode, positions, mirrored, within, .. } = search;
        let deadline = within.map(|within| Instant::now() + within);
        Limits { candidates, least, mode, positions, mirrored, deadline, wanted: None }
    }

    pub(crate) fn judge(
        &self,
        Findings { found, coverage }: Findings,
        probe: &[Instance],
        policy: &Policy,
    ) -> CandidateList {
        let candidate = |found: whorl_index::Found| {
            let evidence = weigh(&found.pairs, &self.calibrations);
            let verdict = self.verdict(&evidence, policy);
            Candidate { id: found.id, evidence, verdict }
        };
        let liveness = reported(probe).into_iter().cloned().collect();
        CandidateList { candidates: found.into_iter().map(candidate).collect(), coverage, liveness }
    }

    pub(crate) fn weight(&self, pairs: &[whorl_index::Pair]) -> LogLikelihoodRatio {
        weigh(pairs, &self.calibrations).llr
    }

    /// As [`Engine::weight`], or that of the strongest finger, eye or face where it says more.
    pub(crate) fn strongest_weight(&self, pairs: &[whorl_index::Pair]) -> LogLikelihoodRatio {
        let evidence = weigh(pairs, &self.calibrations);
        let instances = evidence.instances.iter().map(|compared| compared.score.llr);
        instances.fold(evidence.llr, |most, llr| if llr.nats() > most.nats() { llr } else { most })
    }

    /// Whether one of several fingers, eyes and faces says duplicate by itself, less the price of having picked it (the union bound).
    pub(crate) fn has_duplicate_instance(&self, evidence: &Evidence, policy: &Policy) -> bool {
        let price = libm::log(evidence.instances.len().max(1) as f64) as f32;
        let alone = |modality| policy.thresholds(Basis::One(modality), &self.calibrations).duplicate.nats();
        let enough = |score: &InstanceScore| score.llr.nats() >= alone(score.modality) + price;
        evidence.instances.iter().any(|compared| enough(&compared.score))
    }

    pub(crate) fn verdict(&self, evidence: &Evidence, policy: &Policy) -> Verdict {
        if evidence.instances.is_empty() {
            return Verdict::Unique;
        }
        policy.thresholds(evidence.basis(), &self.calibrations).verdict(evidence.llr)
    }
}

/// Instances as a gallery takes them.
pub(crate) fn labelled(instances: &[Instance]) -> Instances {
    instances.iter().map(|instance| (instance.position, instance.template.clone())).collect()
}
