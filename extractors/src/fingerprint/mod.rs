//! Grey image in, fingerprint template out.
//!
//! [`extract`] is the whole algorithm as a line of named stages; a [`Trace`] watches them. Everything after the first stage
//! happens at 500 ppi on a canvas cut into square cells of [`CELL_PX`] pixels, with ridges positive and valleys negative.

mod bits;
mod canvas;
mod clarity;
pub mod describe;
mod enhance;
mod events;
mod extract;
mod field;
mod filter;
mod flow;
mod foreign;
mod grid;
mod minutiae;
mod orientation;
mod period;
mod plane;
mod polarity;
mod quality;
mod resample;
mod segment;
mod singular;
mod skeleton;
mod standard;
mod taps;
mod thin;
mod trace;
mod trust;
mod vortex;

/// Name and version of this extractor, raised whenever templates change: calibrations are fitted for it.
pub const EXTRACTOR: &str = "whorl-fingerprint 1";

pub use canvas::CELL_PX;
pub use extract::extract;
pub use field::Ridges;
pub use foreign::from_minutiae;
pub use plane::Plane;
pub use quality::QualityMeasures;
pub use trace::Trace;

pub use crate::NoTrace;
