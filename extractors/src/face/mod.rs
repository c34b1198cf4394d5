//! Portrait in, face template out.
//!
//! [`extract`] is the whole algorithm as a line of named stages; a [`Trace`] watches them:
//!
//! 1. *Detect*: the picture is brought to the square that the detector of the [`Model`] looks at, with a frame around it; its heads
//!    tell boxes and five points. Where nobody is seen the picture is turned by quarters, and looked at from farther away.
//! 2. *Choose*: the largest face is meant, or several are refused, as [`Several`] says; [`extract_all`] takes everybody.
//! 3. *Gate*: the face is aligned, with what is around it, and looked at again until it stays where it is, in every quarter turn:
//!    what is found there, upright, in its place, is a face, and has the points that count.
//! 4. *Align*: a least-squares similarity (Umeyama, 1991) brings the five points to those of the model's crop.
//! 5. *Measure*: the components of ISO/IEC 29794-5 that image arithmetic can tell; what is worth too little is refused.
//! 6. *Embed*: the model's network turns the crop into a direction, which is kept in bytes.
//!
//! Pictures are sampled by one function, [`warp`]. The networks are pluggable:
//!
//! - [`network`]: runs trained networks, by the runtime of choice;
//! - [`model`]: what the networks are, how they are fed, and where they come from.

pub mod model;
pub mod network;

mod align;
mod attack;
mod background;
mod canvas;
mod choose;
mod detect;
mod detected;
mod embed;
mod extract;
mod feed;
mod find;
mod gate;
mod group;
mod heads;
mod light;
mod measures;
mod portrait;
mod pose;
mod quality;
mod quantise;
mod raster;
mod room;
mod sharpness;
mod similarity;
mod tint;
mod trace;
mod warp;

/// Name and version of this extractor, raised whenever templates change of the same networks: calibrations are fitted for it and
/// the model together, see [`model::Model::extractor`].
pub const EXTRACTOR: &str = "whorl-face 1";

pub use choose::Several;
pub use detected::{Bounds, Face};
pub use extract::{detect, extract};
pub use group::{MOST_FACES, extract_all};
pub use model::Model;
pub use quantise::quantise;
pub use similarity::{Point, Similarity};
pub use trace::Trace;
pub use warp::warp;

pub use crate::NoTrace;
