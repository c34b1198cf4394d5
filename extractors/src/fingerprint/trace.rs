//! Watching an extraction.

use whorl_types::{GreyImage, Minutia};

use super::describe::Surroundings;
use super::quality::QualityMeasures;
use crate::NoTrace;

/// Sees every stage of an extraction as it is done. What a stage shows is only drawn where the watcher asks for it.
pub trait Trace {
    /// A stage that is best seen as a picture.
    fn image(&mut self, stage: &'static str, draw: impl FnOnce() -> GreyImage);

    /// Minutiae, best first, at 500 ppi.
    fn minutiae(&mut self, stage: &'static str, list: impl FnOnce() -> Vec<Minutia>);

    /// What the quality was made of.
    fn measures(&mut self, measures: &QualityMeasures);

    /// What surrounds each described minutia, before it is made bits: what descriptors are learned from.
    fn surroundings(&mut self, _list: impl FnOnce() -> Vec<Surroundings>) {}
}

impl Trace for NoTrace {
    fn image(&mut self, _stage: &'static str, _draw: impl FnOnce() -> GreyImage) {}

    fn minutiae(&mut self, _stage: &'static str, _list: impl FnOnce() -> Vec<Minutia>) {}

    fn measures(&mut self, _measures: &QualityMeasures) {}
}
