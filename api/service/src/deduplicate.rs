//! Deduplication: who of a population is there twice, under whatever name.

mod graph;
mod record;
mod truth;
mod walk;

use std::collections::BTreeSet;

use thiserror::Error;
use whorl_engine::decide::{Basis, Policy, PolicyError, Thresholds};
use whorl_index::{GalleryError, SearchError, Snapshot};
use whorl_types::{Modality, ReferenceId};

use crate::engine::Engine;
use crate::evidence::Evidence;
use crate::identify::Search;
use crate::population::Enrolee;
use crate::watch::Watch;

pub use record::{Record, RecordError};
pub use truth::{SubjectPair, Truth, TruthReport};
pub use walk::{Walk, Walked};

use graph::Graph;

/// The result of a deduplication: a graph of references and what holds them together.
#[derive(Debug)]
pub struct Deduplication {
    /// The population, in its order, then those of the gallery that take part in a pair.
    pub members: Vec<Member>,
    /// All findings, and all pairs of encounters of one subject: strongest first, ties by member.
    pub pairs: Vec<Pair>,
    /// Who belongs together, as numbers of members, in rising order.
    pub clusters: Vec<Vec<usize>>,
    /// References that every one was held against.
    pub gallery_size: u64,
    /// How much was looked at.
    pub effort: Effort,
    /// The thresholds, by what the evidence rests on.
    pub thresholds: Vec<(Basis, Thresholds)>,
}

/// One reference of the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its id.
    pub id: ReferenceId,
    /// Whose it is said to be.
    pub subject: String,
    /// Its number in the population; none where the gallery holds it.
    pub enrolee: Option<usize>,
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Rows that the first stage scanned, over all probes.
    pub scanned: u64,
    /// Of these, rows that were compared in full.
    pub compared: u64,
}

/// Two references and what is known of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The number of one member.
    pub a: usize,
    /// The number of the other, greater.
    pub b: usize,
    /// What the comparison says; the instances of `a` are its probe's.
    pub evidence: Evidence,
    /// What follows.
    pub finding: Finding,
}

/// What follows from the evidence of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// Two subjects, one person.
    Duplicate,
    /// Two subjects, near enough that a person must look.
    Adjudicate,
    /// Two subjects of whom one finger, eye or face agrees as duplicates do, and the others speak against it: a sample filed under
    /// the wrong name, or enrolments that mix people.
    Mixed,
    /// Two subjects that others hold together, and whose own comparison says otherwise.
    Contradiction,
    /// Two encounters of one subject, and the comparison agrees.
    Confirmed,
    /// Two encounters of one subject, and the comparison says too little.
    Unconfirmed,
    /// Two encounters of one subject, and the comparison says that they are two persons.
    Contradicted,
}

impl Finding {
    /// A word for tables and programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Adjudicate => "adjudicate",
            Self::Mixed => "mixed",
            Self::Contradiction => "contradiction",
            Self::Confirmed => "confirmed",
            Self::Unconfirmed => "unconfirmed",
            Self::Contradicted => "contradicted",
        }
    }

    /// Whether it says that both are one person.
    #[must_use]
    pub fn joins(self) -> bool {
        matches!(self, Self::Duplicate | Self::Confirmed)
    }
}

/// Why there is no result.
#[derive(Debug, Error)]
pub enum DeduplicateError {
    /// The gallery cannot be built.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// A search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// No threshold follows from the target.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

/// References of `gallery` that are not members of `population`.
fn others(gallery: &Snapshot, population: &[Enrolee]) -> u64 {
    gallery.len() - population.iter().filter(|enrolee| gallery.contains(&enrolee.id)).count() as u64
}

/// What evidence about this population may rest on.
fn bases(population: &[Enrolee]) -> Vec<Basis> {
    let instances = population.iter().flat_map(|enrolee| &enrolee.instances);
    let modalities: BTreeSet<Modality> = instances.map(|instance| instance.template.modality()).collect();
    modalities.into_iter().map(Basis::One).chain([Basis::Several]).collect()
}

impl Engine {
    /// Holds everybody of `population` against everybody else of it, and against `gallery` where one is given.
    ///
    /// Ids must be distinct; a reference that `gallery` holds under the same id is the same enrolment and no finding.
    ///
    /// # Errors
    /// [`DeduplicateError`] where a search fails or the target cannot be.
    pub fn deduplicate(
        &self,
        population: &[Enrolee],
        gallery: Option<&Snapshot>,
        search: &Search,
        watch: &dyn Watch,
    ) -> Result<Deduplication, DeduplicateError> {
        let gallery_size =
            (population.len() as u64).saturating_sub(1) + gallery.map_or(0, |held| others(held, population));
        let policy = Policy::new(gallery_size, search.target)?;
        let mut graph = Graph::new(self, population, policy, search);
        graph.search_among_themselves(watch)?;
        if let Some(gallery) = gallery {
            graph.search_in(gallery, watch)?;
        }
        graph.compare_encounters_of_each_subject();
        let clusters = graph.clusters();
        graph.compare_within(&clusters);
        let thresholds = bases(population).into_iter();
        let thresholds = thresholds.map(|basis| (basis, policy.thresholds(basis, &self.calibrations))).collect();
        Ok(graph.into_result(clusters, gallery_size, thresholds))
    }
}
