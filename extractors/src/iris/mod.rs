//! Near-infrared picture of an eye in, iris template out.
//!
//! [`extract`] is the whole algorithm as a line of named stages; a [`Trace`] watches them.

mod circle;
mod code;
mod contour;
mod edges;
mod extract;
mod gabor;
mod lids;
mod limbus;
mod locate;
mod measures;
mod path;
mod polar;
mod pupil;
mod quality;
mod sharpness;
mod sheet;
mod shrunk;
mod smooth;
mod specular;
mod strip;
mod texture;
mod trace;
mod visible;
mod vote;
mod working;

/// Name and version of this extractor, raised whenever templates change: calibrations are fitted for it.
pub const EXTRACTOR: &str = "whorl-iris 1";

/// Version of the code's bits, raised whenever they change: bits of different versions mean nothing to one another.
pub const ENCODING: u16 = 1;

pub use contour::{Contour, Eye};
pub use extract::extract;
pub use strip::Strip;
pub use trace::Trace;

pub use crate::NoTrace;
