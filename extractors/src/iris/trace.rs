//! Watching an extraction.

use whorl_types::{GreyImage, IrisMeasures};

use super::contour::Eye;
use super::strip::Strip;
use crate::NoTrace;

/// Sees every stage of an extraction as it is done. What a stage shows is only drawn where the watcher asks for it.
pub trait Trace {
    /// A stage that is best seen as a picture as large as the sample.
    fn image(&mut self, stage: &'static str, draw: impl FnOnce() -> GreyImage);

    /// The boundaries of the iris.
    fn eye(&mut self, eye: &Eye);

    /// The iris as far as it is seen: white there, black elsewhere, as large as the sample.
    fn visible(&mut self, draw: impl FnOnce() -> GreyImage);

    /// The unwrapped iris, with what of it is seen.
    fn strip(&mut self, strip: &Strip);

    /// What the quality was made of.
    fn measures(&mut self, measures: &IrisMeasures);
}

impl Trace for NoTrace {
    fn image(&mut self, _stage: &'static str, _draw: impl FnOnce() -> GreyImage) {}

    fn eye(&mut self, _eye: &Eye) {}

    fn visible(&mut self, _draw: impl FnOnce() -> GreyImage) {}

    fn strip(&mut self, _strip: &Strip) {}

    fn measures(&mut self, _measures: &IrisMeasures) {}
}
