//! Compares two templates and says what the score means.
//!
//! What this crate is not: it reads no image and keeps no gallery.

pub mod calibrate;
pub mod decide;
pub mod face;
pub mod finger;
pub mod iris;
