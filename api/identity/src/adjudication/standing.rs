//! Who may decide about a case now: and so who may see what it is decided by.

use super::{AdjudicationError, Case, CaseState};

/// As what somebody comes to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// One of those who decide independently.
    Adjudicator,
    /// Who settles what they disagree about.
    Supervisor,
}

impl Case {
    /// Whether `by`, who may come as each of `standings`, may decide about it now.
    pub(super) fn admit(&self, by: &str, standings: &[Standing]) -> Result<(), AdjudicationError> {
        let names_him = |names: &[String]| names.iter().any(|name| name == by);
        match self.state {
            CaseState::Settled { .. } => return Err(AdjudicationError::Settled(self.id)),
            CaseState::Conflict if !standings.contains(&Standing::Supervisor) => {
                return Err(AdjudicationError::Conflict(self.id));
            }
            CaseState::Open if !standings.contains(&Standing::Adjudicator) => {
                return Err(AdjudicationError::NoConflict(self.id));
            }
            CaseState::Open if !self.assigned.is_empty() && !names_him(&self.assigned) => {
                return Err(AdjudicationError::NotAssigned(by.to_owned()));
            }
            CaseState::Open | CaseState::Conflict => {}
        }
        if names_him(&self.operators) || self.opinions.iter().any(|opinion| opinion.by == by) {
            return Err(AdjudicationError::Partial(by.to_owned()));
        }
        Ok(())
    }
}
