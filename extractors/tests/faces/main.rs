//! Faces: the whole line from picture to template, with networks of the tests' own on drawn faces, and with a trained detector
//! on real ones where they are at hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod drawn;
mod extraction;
mod groups;
mod markers;
mod real;
mod refusals;
