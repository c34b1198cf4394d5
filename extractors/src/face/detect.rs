//! Looking for faces.

use super::canvas::Canvas;
use super::detected::{Face, strongest};
use super::feed::tensor;
use super::heads::decode;
use super::model::{self, Model};
use super::network::Network;

/// The network of a model that sees faces.
#[derive(Clone, Copy)]
pub(super) struct Detector<'a> {
    network: &'a dyn Network,
    described: &'a model::Detector,
}

impl<'a> Detector<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        Self { network: model.detector(), described: &model.description().detector }
    }

    /// Side of the canvas on which it looks at a picture, in pixels.
    pub(super) fn side_px(&self) -> usize {
        self.described.side_px
    }

    /// The side nearest to `wanted_px` of a canvas that it takes.
    pub(super) fn side_near_px(&self, wanted_px: usize) -> usize {
        if self.described.fixed { self.side_px() } else { wanted_px.min(self.side_px()) }
    }

    /// The faces on a canvas, in pixels of the picture that it shows, strongest first.
    ///
    /// # Panics
    /// Where the network fails, or gives other heads than it gave when its model was checked: a fault of the runtime, of which
    /// no picture may be accused.
    pub(super) fn faces(&self, canvas: &Canvas) -> Vec<Face> {
        let outputs = self.network.run(&tensor(&canvas.picture, &self.described.feeding));
        let outputs =
            outputs.unwrap_or_else(|error| panic!("the detector ran when its model was checked, but now: {error}"));
        let found = decode(self.network.outputs(), &outputs, canvas.side_px(), self.described.score);
        let found = found.unwrap_or_else(|error| panic!("the detector was checked with its model, but now: {error}"));
        strongest(found).iter().map(|face| face.moved(&canvas.to_picture)).collect()
    }
}
