//! Watching an extraction.

use whorl_types::{FaceMeasures, Pixels};

use super::detected::Face;
use crate::NoTrace;

/// Sees every stage of an extraction as it is done. Each of them may be left out.
pub trait Trace {
    /// All faces that the detector saw when the picture had been turned clockwise by `quarter_turns`, strongest first, in pixels
    /// of the picture as given. Once for each way in which the picture was looked at.
    fn faces(&mut self, faces: &[Face], quarter_turns: u8) {
        let _ = (faces, quarter_turns);
    }

    /// The face that was found again once it was aligned, with the points of that look, in pixels of the picture as given; it
    /// stands upright once the picture is turned clockwise by `quarter_turns`.
    fn chosen(&mut self, face: &Face, quarter_turns: u8) {
        let _ = (face, quarter_turns);
    }

    /// The aligned crop that the embedding network is fed.
    fn crop(&mut self, crop: &Pixels) {
        let _ = crop;
    }

    /// The probability that the face is a picture of one, where the model has a network that tells.
    fn attack(&mut self, probability: f32) {
        let _ = probability;
    }

    /// The embedding as the network gives it, before it is brought to bytes: to measure what that costs. It says as much of the
    /// person as the template does.
    fn embedding(&mut self, embedding: &[f32]) {
        let _ = embedding;
    }

    /// What the quality was made of.
    fn measures(&mut self, measures: &FaceMeasures) {
        let _ = measures;
    }
}

impl Trace for NoTrace {}
