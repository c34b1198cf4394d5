//! What was left out, and why.

use std::path::Path;

use thiserror::Error;
use whorl_datasets::manifest::{Problem, RowFault};
use whorl_index::Reference;
use whorl_types::{Liveness, Modality, ReferenceIdError};

use crate::sample::SampleError;

/// One sample, row or reference that an operation left out while it did the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Omission {
    /// What was left out: a path as its list has it, or the id of a reference.
    pub what: String,
    /// The line of the manifest that names it; none where no manifest does.
    pub line: Option<u64>,
    /// Why.
    pub reason: Reason,
}

/// Why something was left out.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Reason {
    /// The row of the manifest cannot be used.
    #[error("{0}")]
    Row(RowFault),
    /// The sample gives no template.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// Another modality than the operation was asked for.
    #[error("it is of modality {found}, and only {wanted} is compared here")]
    Modality {
        /// What it is.
        found: Modality,
        /// What was asked for.
        wanted: Modality,
    },
    /// Subject and encounter make no id.
    #[error("subject and encounter make no reference id: {0}")]
    Id(#[from] ReferenceIdError),
    /// Somebody reports that no person was there as the capture was meant.
    #[error(
        "a presentation attack is reported ({0}): capture the person again under supervision, or keep reported attacks"
    )]
    ReportedAttack(Liveness),
    /// The gallery has it already.
    #[error("the gallery holds a reference of this id already; give the encounter another name to add it")]
    EnrolledAlready,
    /// Every one of the several samples of a reference was left out.
    #[error("none of its samples gave a template")]
    NoTemplate,
    /// More instances than one reference may have.
    #[error("the reference has {limit} samples already, the most that are enrolled together")]
    TooManySamples {
        /// The most.
        limit: usize,
    },
}

impl Omission {
    /// A row of a manifest that cannot be used.
    #[must_use]
    pub fn row(fault: RowFault) -> Self {
        Self { what: fault.value.to_string(), line: Some(fault.line), reason: Reason::Row(fault) }
    }

    /// A file that no manifest names, or one of several samples in it.
    #[must_use]
    pub fn of_file(path: &Path, error: SampleError) -> Self {
        Self { what: path.display().to_string(), line: None, reason: error.into() }
    }
}

impl Reason {
    /// That a gallery keeps no more of one reference.
    pub(crate) const TOO_MANY: Self = Self::TooManySamples { limit: Reference::MAX_TEMPLATES };

    /// A short name to count by, such as `unreadable` or `too-few-minutiae`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Row(fault) if matches!(fault.problem, Problem::ListedTwice { .. }) => "listed-twice",
            Self::Row(_) => "bad-row",
            Self::Sample(error) => error.name(),
            Self::Modality { .. } => "other-modality",
            Self::Id(_) => "bad-id",
            Self::ReportedAttack(_) => "reported-attack",
            Self::EnrolledAlready => "enrolled-already",
            Self::NoTemplate => "no-template",
            Self::TooManySamples { .. } => "too-many-samples",
        }
    }

    /// Whether the sample was readable and yet gave no template: a failure to enrol, which accuracy reports count.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Sample(error) if error.refusal().is_some())
    }
}
