//! Accuracy of a matcher: protocols, metrics with their uncertainty, reports.
//!
//! [`evaluate`] takes a labelled corpus (a manifest), a [`Matcher`] and a [`Protocol`], and gives an [`Evaluation`], whose
//! figures are a [`Report`] and which writes `scores.csv`, `report.json` and `report.html`.
//!
//! What this crate is not: it tunes nothing and times nothing but what a report must show.

mod against;
mod calibration;
mod comparison;
mod corpus;
mod evaluation;
mod face;
mod figures;
mod fingerprint;
mod iris;
mod matcher;
pub mod metrics;
mod page;
mod picture;
mod progress;
mod protocol;
pub mod report;
mod resemblance;
mod scores;

pub use against::{Against, AgainstError, Difference};
pub use calibration::{CalibrateError, Calibrated, calibrate};
pub use evaluation::{EvaluateError, Evaluation, SampleFigures, SampleResult, Settings, Trial, WriteError, evaluate};
pub use figures::{CalibrationFigures, DetFigures, FailedSample, FoldFigures, PointFigures, Report, ReportError};
pub use fingerprint::Fingerprints;
pub use iris::Irises;
pub use matcher::{Extracted, Failure, Matcher};
pub use progress::{Progress, Silent};
pub use protocol::{MAX_COMPARISONS, Protocol, ProtocolError};
pub use resemblance::{Instance, Resemblance, resemblances};
pub use scores::{Score, ScoreFileError, read as read_scores};
pub use whorl_service::sample::Faces;
