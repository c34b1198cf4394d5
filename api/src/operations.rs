//! What an operator sees of a running server: metrics, a log, and whether it lives and is ready.
//!
//! What this module is not: it knows nothing of galleries and samples. Whoever does tells it what happened, in numbers and words.

pub mod health;
pub mod log;
pub mod metrics;
pub mod request;

pub use health::Readiness;
pub use metrics::Metrics;
pub use request::{RequestId, RequestIds};
