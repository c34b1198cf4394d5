//! Near-infrared picture of an eye in, iris template out.
//!
//! [`extract`] is the whole algorithm as a line of named stages; a [`Trace`] watches them:
//!
//! 1. *Locate*: contrast is stretched, reflections are filled, edges vote for dark discs; pupil and limbus are circles of
//!    strongest edge (Daugman's integro-differential operator, IEEE PAMI 15(11), 1993), judged together, then closed paths.
//! 2. *Unwrap*: the ring between the two becomes a strip of 64 rows by 512 columns, whatever its size and the pupil's.
//! 3. *Hide*: lids, lashes, reflections and what lies out of the picture.
//! 4. *Encode*: the signs of the responses to Gabor wavelets of four lengths, on 128 directions by 8 rings.
//! 5. *Measure*: the qualities of ISO/IEC 29794-6; what cannot be an eye, or shows too little of one, is refused.

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
