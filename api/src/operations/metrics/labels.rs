//! What metrics are told apart by, and how many of each there may be.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use tonic::Code;

/// What stands for all names beyond the bound.
pub(super) const OTHER: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Method {
    pub(super) method: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Ended {
    pub(super) method: String,
    pub(super) code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Gallery {
    pub(super) gallery: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Reason {
    pub(super) reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Outcome {
    pub(super) outcome: EnrolOutcome,
}

/// How an enrolment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnrolOutcome {
    /// The person is enrolled.
    Enrolled,
    /// Somebody resembles him, and a person must look.
    Adjudicate,
    /// He was enrolled already.
    Duplicate,
    /// None of his samples gave a template.
    NoTemplate,
    /// It failed.
    Failed,
}

impl EncodeLabelValue for EnrolOutcome {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        let word = match self {
            Self::Enrolled => "enrolled",
            Self::Adjudicate => "adjudicate",
            Self::Duplicate => "duplicate",
            Self::NoTemplate => "no-template",
            Self::Failed => "failed",
        };
        EncodeLabelValue::encode(&word, encoder)
    }
}

/// The name of a code as gRPC's documentation writes it.
pub(crate) fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// Names that were seen, the first so many of which are told apart.
#[derive(Debug)]
pub(super) struct Names {
    seen: Mutex<BTreeSet<String>>,
    most: usize,
}

impl Names {
    pub(super) fn at_most(most: usize) -> Self {
        Self { seen: Mutex::default(), most }
    }

    /// `name` where it is told apart, else [`OTHER`].
    pub(super) fn bounded(&self, name: &str) -> String {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.contains(name) && seen.len() >= self.most {
            return OTHER.to_owned();
        }
        seen.insert(name.to_owned());
        name.to_owned()
    }
}
