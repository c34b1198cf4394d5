//! What a search or a comparison said, as messages.

use whorl_index::Stats;
use whorl_proto::v1;
use whorl_service::{Candidate, CandidateList, Compared, Evidence};
use whorl_types::{Coverage, Guarantee, Verdict};

use super::vocabulary::{modality, position};

pub(in crate::grpc) fn candidate_list(found: &CandidateList) -> v1::CandidateList {
    let ranked = (1..).zip(&found.candidates);
    v1::CandidateList {
        candidates: ranked.map(|(rank, found)| candidate(rank, found)).collect(),
        coverage: Some(coverage(&found.coverage)),
        verdict: verdict(found.verdict()).into(),
    }
}

fn candidate(rank: u32, candidate: &Candidate) -> v1::Candidate {
    v1::Candidate {
        id: candidate.id.to_string(),
        rank,
        evidence: Some(evidence(&candidate.evidence)),
        verdict: verdict(candidate.verdict).into(),
    }
}

pub(in crate::grpc) fn evidence(evidence: &Evidence) -> v1::Evidence {
    v1::Evidence {
        llr: evidence.llr.nats(),
        fmr: evidence.fmr.fmr.get(),
        fmr_extrapolated: evidence.fmr.extrapolated,
        instances: evidence.instances.iter().map(instance).collect(),
    }
}

fn instance(compared: &Compared) -> v1::InstanceEvidence {
    let score = compared.score;
    v1::InstanceEvidence {
        modality: modality(score.modality).into(),
        probe: position(score.probe).into(),
        reference: position(score.reference).into(),
        similarity: score.similarity.get(),
        llr: score.llr.nats(),
        mirrored: compared.mirrored,
    }
}

pub(in crate::grpc) fn verdict(verdict: Verdict) -> v1::Verdict {
    match verdict {
        Verdict::Unique => v1::Verdict::Unique,
        Verdict::Adjudicate => v1::Verdict::Adjudicate,
        Verdict::Duplicate => v1::Verdict::Duplicate,
    }
}

fn coverage(coverage: &Coverage) -> v1::Coverage {
    let &Coverage { references, sequence, rows_scanned, rows_compared, guarantee } = coverage;
    let (word, rows_indexed, recall_ppm, least_recall_ppm) = match guarantee {
        Guarantee::Exhaustive => (v1::Guarantee::Exhaustive, None, None, None),
        Guarantee::Measured => (v1::Guarantee::Measured, None, None, None),
        Guarantee::Approximate { rows_indexed, recall_ppm, least_recall_ppm } => {
            (v1::Guarantee::Approximate, Some(rows_indexed), Some(recall_ppm), Some(least_recall_ppm))
        }
    };
    let guarantee = word.into();
    v1::Coverage {
        references,
        sequence,
        rows_scanned,
        rows_compared,
        guarantee,
        rows_indexed,
        recall_ppm,
        least_recall_ppm,
    }
}

pub(in crate::grpc) fn gallery(name: &str, stats: &Stats) -> v1::Gallery {
    v1::Gallery {
        name: name.to_owned(),
        references: stats.references,
        sequence: stats.sequence,
        fingers: stats.fingers,
        irises: stats.irises,
        faces: stats.faces,
        segments: stats.segments,
        unsealed: stats.unsealed,
        removed: stats.removed,
        hot_bytes: stats.hot_bytes,
        cold_bytes: stats.cold_bytes,
    }
}
