//! Error rates and their uncertainty, named and defined as in ISO/IEC 19795-1.
//!
//! Scores are whole numbers, so every threshold is exact: a comparison is a match where its score is at or above the
//! threshold. Nothing here knows where scores come from.

mod bootstrap;
mod curve;
mod discard;
mod distribution;
mod identification;
mod interval;

pub use bootstrap::{Bands, Comparison, bootstrap, paired_bootstrap};
pub use curve::{Eer, ErrorCurve, OperatingPoint};
pub use discard::{Discard, error_versus_discard};
pub use distribution::{Histogram, Moments, d_prime};
pub use identification::{Search, cmc, fnir, fpir};
pub use interval::{Interval, Support, wilson};

/// The false match rates at which false non-match rates are stated: one in ten to the power of these.
pub const DECADES: std::ops::RangeInclusive<u32> = 1..=6;
