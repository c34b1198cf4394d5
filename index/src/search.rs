//! Who in a gallery is near a probe: a scan of every row, then an exact comparison of what the scan found.

mod best;
mod candidates;
mod exact;
mod pairs;
mod pass;
mod scan;
mod share;
mod survivors;
#[cfg(test)]
mod tests;

use thiserror::Error;
use whorl_types::{Coverage, LogLikelihoodRatio, Modality, Position, ReferenceId, Similarity};

use crate::flaw::Flawed;
use crate::reference::{Instances, Reference};
use crate::segment::FingerColumns;
use crate::snapshot::{Place, Snapshot};
use pass::{Pass, Sought};

/// How a gallery is searched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The most candidates of a probe.
    pub candidates: usize,
    /// The least evidence of a candidate; none where the best are wanted, however weak.
    pub least: Option<LogLikelihoodRatio>,
    /// What is compared in full.
    pub mode: Mode,
    /// Which fingers, and which eyes, are compared with which.
    pub positions: Positions,
    /// Whether an eye is also looked for as a mirror shows it: who turns a picture over is else not found under it.
    pub mirrored: bool,
}

impl Limits {
    /// The most candidates that may be asked for.
    pub const MAX_CANDIDATES: usize = 10_000;
}

impl Default for Limits {
    fn default() -> Self {
        let mode = Mode::Cascade(Shortlist::default());
        Self { candidates: 20, least: None, mode, positions: Positions::Labelled, mirrored: false }
    }
}

/// What is compared in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    Exact,
    /// What the first stage finds most alike.
    Cascade(Shortlist),
}

/// How many of the rows that a finger is compared with pass the first stage: the larger of two figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortlist {
    /// So many; a gallery of fewer rows is compared in full.
    pub rows: usize,
    /// One in so many.
    pub one_in: usize,
}

impl Default for Shortlist {
    /// Room for the 5 % of strangers that the first stage passes on real prints, where it misses 0.7 % of mates (mean over the
    /// FVC2002, FVC2004 and FCJ2020 captures of development; `retention`, an example of `whorl-eval`).
    fn default() -> Self {
        Self { rows: 2_000, one_in: 20 }
    }
}

/// Which fingers are compared with which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Positions {
    /// Those of one position, and those of unknown position with all: labels are trusted.
    Labelled,
    /// All with all, which finds swapped hands and mislabelled fingers at ten times the work.
    Blind,
}

impl Positions {
    /// Whether two fingers so labelled are compared.
    pub(crate) fn allow(self, probe: Position, reference: Position) -> bool {
        match self {
            Self::Labelled => probe.may_equal(reference),
            Self::Blind => true,
        }
    }
}

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

/// A reference that a search found, with every comparison of its fingers with the probe's.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Who.
    pub id: ReferenceId,
    /// What the pairs are worth together, by the caller's weighing.
    pub llr: LogLikelihoodRatio,
    /// All pairs, by the probe's finger and then the reference's.
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
/// Pairs come in the order of the probe's fingers; in the course of a search some may still be missing.
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
        "the minutiae of finger {finger} of probe {probe} are not described; extract or describe the template first"
    )]
    Undescribed {
        /// Which probe of the batch, from 0.
        probe: usize,
        /// Which of its fingers, from 0.
        finger: usize,
    },
    /// A modality that galleries do not keep.
    #[error("probe {probe} has a template of modality {modality}, and this version searches fingerprints only")]
    Unkept {
        /// Which probe of the batch, from 0.
        probe: usize,
        /// What its template is of.
        modality: Modality,
    },
    /// More candidates than anybody reads.
    #[error("{0} candidates are more than a search returns, {max}", max = Limits::MAX_CANDIDATES)]
    TooManyCandidates(usize),
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
        self.search_in_blocks(scan::BLOCK_ROWS, probes, limits, weigh)
    }

    fn search_in_blocks(
        &self,
        block_rows: usize,
        probes: &[Asked<'_>],
        limits: &Limits,
        weigh: &Weigh<'_>,
    ) -> Result<Vec<Findings>, SearchError> {
        if limits.candidates > Limits::MAX_CANDIDATES {
            return Err(SearchError::TooManyCandidates(limits.candidates));
        }
        for (probe, (instances, _)) in probes.iter().enumerate() {
            self.check_probe(probe, instances)?;
        }
        let mut findings = Vec::with_capacity(probes.len());
        let rows = self.columns().map(FingerColumns::len).sum();
        let mut rest = probes;
        while !rest.is_empty() {
            let (asked, after) = pass::split(rest, rows);
            findings.extend(Pass::new(self, asked, limits, weigh, block_rows).run()?);
            rest = after;
        }
        Ok(findings)
    }

    /// Whether the fingers of a probe can be compared with those in the gallery.
    fn check_probe(&self, probe: usize, instances: &Instances) -> Result<(), SearchError> {
        if instances.len() > Reference::MAX_TEMPLATES {
            return Err(SearchError::TooManyTemplates { probe, found: instances.len() });
        }
        for (finger, (_, template)) in instances.iter().enumerate() {
            let modality = template.modality();
            let template = template.as_finger().ok_or(SearchError::Unkept { probe, modality })?;
            let described = template.descriptors().ok_or(SearchError::Undescribed { probe, finger })?;
            let version = u32::from(described.version());
            if let Some(other) = self.columns().find(|columns| columns.description() != version) {
                return Err(other.flawed_description(version).into());
            }
        }
        Ok(())
    }
}
