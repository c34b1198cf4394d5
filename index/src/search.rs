//! Who in a gallery is near a probe: a scan of every row, then an exact comparison of what the scan found.

mod among;
mod best;
mod candidates;
mod exact;
mod limits;
mod meetings;
mod nearest;
mod order;
mod pairs;
mod pass;
mod scan;
mod share;
mod sought;
mod stretch;
mod survivors;
#[cfg(test)]
mod tests;
mod together;
mod worth;

use thiserror::Error;
use whorl_types::{Coverage, FaceModelId, LogLikelihoodRatio, Modality, Position, ReferenceId, Similarity};

use crate::ann::FaissError;
use crate::flaw::Flawed;
use crate::kind::{Kind, Version, version};
use crate::reference::{Instances, Reference};
use crate::segment::Columns;
use crate::snapshot::{Place, Snapshot};
pub use limits::{Limits, Mode, Positions, Shortlist, Waiting, Wanted};
pub use pairs::compare;
use pass::{Cut, Pass};
use worth::Worth;

/// Two templates that were compared in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// What both are of.
    pub modality: Modality,
    /// Which template of the probe, by its place there.
    pub probe: usize,
    /// Which template of the reference, by its place in [`Snapshot::fetch`].
    pub reference: usize,
    /// The probe's label.
    pub probe_position: Position,
    /// The reference's label.
    pub reference_position: Position,
    /// How alike they are.
    pub similarity: Similarity,
    /// Whether the probe is like the reference as a mirror shows it, more than as it is.
    pub mirrored: bool,
}

/// A reference that a search found, with every comparison of its templates with the probe's.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Who.
    pub id: ReferenceId,
    /// What the pairs are worth together, by the caller's weighing.
    pub llr: LogLikelihoodRatio,
    /// All pairs, by the probe's template and then the reference's.
    pub pairs: Vec<Pair>,
}

/// The answer to one probe.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Strongest evidence first, ties by id.
    pub found: Vec<Found>,
    /// What was looked at.
    pub coverage: Coverage,
}

/// What compared pairs of one probe and one reference are worth together: at least once per candidate, from many threads.
///
/// Pairs come in the order of the probe's templates; in the course of a search some may still be missing. The same pairs must
/// always be worth the same, for a search weighs pairs that nobody has, too: where a single one of every similarity is weighed
/// first, hardly any has to be weighed later.
pub type Weigh<'a> = dyn Fn(&[Pair]) -> LogLikelihoodRatio + Sync + 'a;

/// Why a search gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SearchError {
    /// The gallery is damaged.
    #[error(transparent)]
    Flawed(#[from] Flawed),
    /// More templates than a reference has.
    #[error("probe {probe} has {found} templates, the most is {max}", max = Reference::MAX_TEMPLATES)]
    TooManyTemplates {
        /// Which probe of the batch, from 0.
        probe: usize,
        /// How many.
        found: usize,
    },
    /// Minutiae without a description, which are like nothing.
    #[error(
        "the minutiae of template {template} of probe {probe} are not described; extract or describe the template first"
    )]
    Undescribed {
        /// Which probe of the batch, from 0.
        probe: usize,
        /// Which of its templates, from 0.
        template: usize,
    },
    /// A face that another model made than those in the gallery, so that comparing them means nothing.
    #[error(
        "the face in template {template} of probe {probe} was extracted with model {found}, those in the gallery with {known}: \
         extract it again with the gallery's model"
    )]
    OtherModel {
        /// Which probe of the batch, from 0.
        probe: usize,
        /// Which of its templates, from 0.
        template: usize,
        /// The model of the template.
        found: FaceModelId,
        /// That of the gallery.
        known: FaceModelId,
    },
    /// A face of a model that has other dimensions elsewhere: one of the two templates is not what it says.
    #[error(
        "the embedding in template {template} of probe {probe} has {found} dimensions, those in the gallery by the same model \
         {known}: extract it again"
    )]
    OtherDimension {
        /// Which probe of the batch, from 0.
        probe: usize,
        /// Which of its templates, from 0.
        template: usize,
        /// Its dimensions.
        found: u16,
        /// Those of the gallery.
        known: u16,
    },
    /// More candidates than anybody reads.
    #[error("{0} candidates are more than a search returns, {max}", max = Limits::MAX_CANDIDATES)]
    TooManyCandidates(usize),
    /// A search by an index that nobody opened.
    #[error("no index over the faces of the gallery is open: open the one beside it, or search without one")]
    NoIndex,
    /// More ids than anybody names.
    #[error("{0} references are more than a search names, {max}: search the whole gallery", max = Limits::MAX_AMONG)]
    TooManyNamed(usize),
    /// Not everything was looked at in time, so that nothing can be said of anybody.
    #[error(
        "the deadline passed before everything was compared, so there is no answer: give it more time, or ask for less"
    )]
    DeadlinePassed,
    /// Who asked is gone.
    #[error("nobody waits for the answer any more, so it was given up")]
    Unwanted,
    /// The index did not answer.
    #[error(transparent)]
    Index(#[from] FaissError),
}

/// A probe, and the place of the first reference that it is not compared with; none where it is with all.
type Asked<'a> = (&'a Instances, Option<Place>);

impl Snapshot {
    /// Looks for every probe of a batch. The answers are in the order of the probes, and the same on every machine, for any
    /// number of threads. Runs in the rayon pool of the caller.
    ///
    /// # Errors
    /// [`SearchError`] where a bound is exceeded, or a template that was to be compared is damaged.
    pub fn identify_batch(
        &self,
        probes: &[Instances],
        limits: &Limits,
        weigh: &Weigh<'_>,
    ) -> Result<Vec<Findings>, SearchError> {
        let probes = probes.iter().map(|probe| (probe, None)).collect::<Vec<_>>();
        self.search(&probes, limits, weigh)
    }

    /// Looks for every probe among the references before a place.
    pub(crate) fn search(
        &self,
        probes: &[Asked<'_>],
        limits: &Limits,
        weigh: &Weigh<'_>,
    ) -> Result<Vec<Findings>, SearchError> {
        self.search_cut(Cut::default(), probes, limits, weigh)
    }

    fn search_cut(
        &self,
        cut: Cut,
        probes: &[Asked<'_>],
        limits: &Limits,
        weigh: &Weigh<'_>,
    ) -> Result<Vec<Findings>, SearchError> {
        if matches!(limits.mode, Mode::Ann(_)) && self.index().is_none() {
            return Err(SearchError::NoIndex);
        }
        self.check_probes(probes, limits)?;
        let mut findings = Vec::with_capacity(probes.len());
        let rows = self.columns().map(Columns::len).sum();
        let templates = probes.iter().map(|(instances, _)| instances.len()).sum::<usize>();
        let worth = Worth::new(weigh, rows as u64 * templates as u64, cut.pairs_a_table);
        let mut rest = probes;
        while !rest.is_empty() {
            let (asked, after) = pass::split(rest, limits, rows);
            findings.extend(Pass::new(self, asked, limits, (weigh, &worth), cut).run()?);
            rest = after;
        }
        Ok(findings)
    }

    /// Whether probes can be looked for.
    fn check_probes(&self, probes: &[Asked<'_>], limits: &Limits) -> Result<(), SearchError> {
        if limits.candidates > Limits::MAX_CANDIDATES {
            return Err(SearchError::TooManyCandidates(limits.candidates));
        }
        for (probe, (instances, _)) in probes.iter().enumerate() {
            self.check_probe(probe, instances)?;
        }
        Ok(())
    }

    /// Whether the templates of a probe can be compared with those in the gallery.
    fn check_probe(&self, probe: usize, instances: &Instances) -> Result<(), SearchError> {
        if instances.len() > Reference::MAX_TEMPLATES {
            return Err(SearchError::TooManyTemplates { probe, found: instances.len() });
        }
        for (number, (_, template)) in instances.iter().enumerate() {
            let version = version(template).ok_or(SearchError::Undescribed { probe, template: number })?;
            let mut met = self.columns().filter(|columns| columns.kind == Kind::of(template));
            if let Some(other) = met.find(|columns| columns.version() != version) {
                return Err(other_version(other, (probe, number), version));
            }
        }
        Ok(())
    }
}

/// The refusal of a template of another version than those in some columns.
fn other_version(columns: &Columns, (probe, template): (usize, usize), found: Version) -> SearchError {
    let known = columns.version();
    match columns.kind {
        Kind::Finger | Kind::Iris => columns.flawed_version(found.number).into(),
        Kind::Face if found.number == known.number => {
            SearchError::OtherDimension { probe, template, found: found.dimension, known: known.dimension }
        }
        Kind::Face => {
            let (found, known) = (FaceModelId(found.number), FaceModelId(known.number));
            SearchError::OtherModel { probe, template, found, known }
        }
    }
}
