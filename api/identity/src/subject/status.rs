//! How things stand with a person.

use serde::{Deserialize, Serialize};

use super::SubjectId;

/// How things stand with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// His registration is not decided yet.
    Applicant,
    /// He has a UIN that is in force.
    Active,
    /// Suspended for a while: he cannot be authenticated.
    Blocked,
    /// Out of force until he is reactivated.
    Deactivated,
    /// Found to be another person's second record, whose identity goes on.
    Merged {
        /// Whose.
        into: SubjectId,
    },
    /// His registration was rejected; he has no UIN.
    Rejected,
    /// Nothing is kept of him but that he was erased.
    Erased,
}

impl Status {
    /// Whether he can be authenticated, and holds his UIN in force.
    #[must_use]
    pub fn is_in_force(self) -> bool {
        self == Self::Active
    }

    /// Whether somebody like him is a duplicate: whoever has or had a UIN, and whoever is being registered.
    #[must_use]
    pub fn counts(self) -> bool {
        match self {
            Self::Applicant | Self::Active | Self::Blocked | Self::Deactivated | Self::Merged { .. } => true,
            Self::Rejected | Self::Erased => false,
        }
    }

    /// What it is called in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Deactivated => "deactivated",
            Self::Merged { .. } => "merged",
            Self::Rejected => "rejected",
            Self::Erased => "erased",
        }
    }
}
