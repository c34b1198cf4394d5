//! The answer of a search.

use crate::{LogLikelihoodRatio, Position, ReferenceId, Similarity};

/// The evidence of one instance (one finger, one eye, one face) for or against a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InstanceScore {
    /// The instance of the probe.
    pub probe: Position,
    /// The instance of the reference that it was compared with.
    pub reference: Position,
    /// The comparator's raw score.
    pub similarity: Similarity,
    /// What that score is worth.
    pub llr: LogLikelihoodRatio,
}

/// One reference that a search found, with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Who.
    pub id: ReferenceId,
    /// The fused evidence of all instances that both sides have.
    pub llr: LogLikelihoodRatio,
    /// The evidence instance by instance.
    pub instances: Vec<InstanceScore>,
}

/// What a search promises about the candidates it does not return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Guarantee {
    /// Every live row was compared in full: nothing was lost.
    Exhaustive,
    /// Every live row passed the first stage; the loss of the cascade was measured, on the corpus its accuracy card names.
    Measured,
}

/// What a search covered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// References in the gallery when the search began.
    pub references: u64,
    /// Rows (templates) that the first stage scanned.
    pub rows_scanned: u64,
    /// Rows that were compared in full.
    pub rows_compared: u64,
    /// What the search promises about the rest.
    pub guarantee: Guarantee,
}

/// The candidates of one search, strongest evidence first, ties by id, with what the search covered.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateList {
    candidates: Vec<Candidate>,
    coverage: Coverage,
}

impl CandidateList {
    /// The `most` strongest of `candidates`, in the order every machine gives them.
    #[must_use]
    pub fn new(mut candidates: Vec<Candidate>, most: usize, coverage: Coverage) -> Self {
        candidates.sort_by(|a, b| b.llr.nats().total_cmp(&a.llr.nats()).then_with(|| a.id.cmp(&b.id)));
        candidates.truncate(most);
        Self { candidates, coverage }
    }

    /// The candidates, strongest first.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// What the search covered.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: &str, nats: f32) -> Candidate {
        Candidate {
            id: ReferenceId::new(id).unwrap(),
            llr: LogLikelihoodRatio::new(nats).unwrap(),
            instances: Vec::new(),
        }
    }

    #[test]
    fn the_strongest_come_first_and_ties_are_broken_by_id() {
        let coverage = Coverage { references: 4, rows_scanned: 4, rows_compared: 4, guarantee: Guarantee::Exhaustive };
        let found = vec![candidate("b", 1.0), candidate("d", -3.0), candidate("c", 9.0), candidate("a", 1.0)];
        let list = CandidateList::new(found, 3, coverage);
        let ids: Vec<&str> = list.candidates().iter().map(|candidate| candidate.id.as_str()).collect();
        assert_eq!(ids, ["c", "a", "b"]);
    }
}
