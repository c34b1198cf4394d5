//! What a comparison or a search said.

use whorl_proto::v1;
use whorl_types::{Coverage, Fmr, Guarantee, InstanceScore, LogLikelihoodRatio, ReferenceId, Similarity, Verdict};

use super::error::ClientError;
use super::vocabulary::{told_modality, told_position, told_verdict};

/// All that speaks for or against two sets of samples being of one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// All instances together.
    pub llr: LogLikelihoodRatio,
    /// The false match rate that a threshold at this evidence would have.
    pub fmr: Fmr,
    /// Whether that rate is extrapolated beyond what the calibration was fitted on.
    pub fmr_extrapolated: bool,
    /// The fingers, eyes and faces that were compared and count.
    pub instances: Vec<InstanceEvidence>,
}

/// The evidence of one finger, eye or face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InstanceEvidence {
    /// What was compared with what, and what it says.
    pub score: InstanceScore,
    /// Whether the eye was found as a mirror shows it.
    pub mirrored: bool,
}

/// A reference that a probe resembles.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Who.
    pub id: ReferenceId,
    /// From 1, strongest evidence first.
    pub rank: u32,
    /// What speaks for it.
    pub evidence: Evidence,
    /// What follows from it.
    pub verdict: Verdict,
}

/// What a gallery knows of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateList {
    /// Strongest evidence first, ties by id.
    pub candidates: Vec<Candidate>,
    /// What was looked at.
    pub coverage: Coverage,
    /// What follows from the strongest candidate.
    pub verdict: Verdict,
}

impl TryFrom<v1::Evidence> for Evidence {
    type Error = ClientError;

    fn try_from(told: v1::Evidence) -> Result<Self, ClientError> {
        Ok(Self {
            llr: weight(told.llr)?,
            fmr: Fmr::new(told.fmr).map_err(|_| ClientError::Answer("rate of false matches"))?,
            fmr_extrapolated: told.fmr_extrapolated,
            instances: told.instances.into_iter().map(instance).collect::<Result<_, _>>()?,
        })
    }
}

impl TryFrom<v1::CandidateList> for CandidateList {
    type Error = ClientError;

    fn try_from(told: v1::CandidateList) -> Result<Self, ClientError> {
        Ok(Self {
            candidates: told.candidates.into_iter().map(candidate).collect::<Result<_, _>>()?,
            coverage: coverage(told.coverage.ok_or(ClientError::Answer("coverage"))?)?,
            verdict: told_verdict(told.verdict)?,
        })
    }
}

pub(super) fn candidate(told: v1::Candidate) -> Result<Candidate, ClientError> {
    Ok(Candidate {
        id: told_id(told.id)?,
        rank: told.rank,
        evidence: evidence(told.evidence)?,
        verdict: told_verdict(told.verdict)?,
    })
}

fn instance(told: v1::InstanceEvidence) -> Result<InstanceEvidence, ClientError> {
    let score = InstanceScore {
        modality: told_modality(told.modality)?,
        probe: told_position(told.probe)?,
        reference: told_position(told.reference)?,
        similarity: Similarity::new(told.similarity),
        llr: weight(told.llr)?,
    };
    Ok(InstanceEvidence { score, mirrored: told.mirrored })
}

/// Evidence that an answer must have.
pub(super) fn evidence(told: Option<v1::Evidence>) -> Result<Evidence, ClientError> {
    told.ok_or(ClientError::Answer("evidence"))?.try_into()
}

pub(super) fn weight(nats: f32) -> Result<LogLikelihoodRatio, ClientError> {
    LogLikelihoodRatio::new(nats).map_err(|_| ClientError::Answer("weight of evidence"))
}

pub(super) fn told_id(id: String) -> Result<ReferenceId, ClientError> {
    ReferenceId::new(id).map_err(|_| ClientError::Answer("id of a reference"))
}

fn coverage(told: v1::Coverage) -> Result<Coverage, ClientError> {
    let v1::Coverage { references, sequence, rows_scanned, rows_compared, .. } = told;
    let guarantee = match told.guarantee() {
        v1::Guarantee::Exhaustive => Guarantee::Exhaustive,
        v1::Guarantee::Measured => Guarantee::Measured,
        v1::Guarantee::Approximate => Guarantee::Approximate {
            rows_indexed: told.rows_indexed.unwrap_or(0),
            recall_ppm: told.recall_ppm.unwrap_or(0),
            least_recall_ppm: told.least_recall_ppm.unwrap_or(0),
        },
        v1::Guarantee::Unspecified => return Err(ClientError::Answer("guarantee")),
    };
    Ok(Coverage { references, sequence, rows_scanned, rows_compared, guarantee })
}
