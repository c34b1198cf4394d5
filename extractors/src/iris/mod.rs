//! Near-infrared picture of an eye in, iris template out.

#[allow(dead_code, reason = "the encoder that uses it is being built on it")]
mod contour;
#[allow(dead_code, reason = "the encoder that uses it is being built on it")]
mod locate;
#[allow(dead_code, reason = "the encoder that uses it is being built on it")]
mod specular;

pub use contour::{Contour, Eye};
