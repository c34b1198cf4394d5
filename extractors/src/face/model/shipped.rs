//! The model that ships with this version.

use std::sync::LazyLock;

use super::{Description, Model};
use crate::face::network::{Runtime, load};

const DESCRIPTION: &str = include_str!("../../../face/weights/default.toml");
const DETECTOR: &[u8] = include_bytes!("../../../face/weights/detector.onnx");
const EMBEDDER: &[u8] = include_bytes!("../../../face/weights/embedder.onnx");

static SHIPPED: LazyLock<Model> = LazyLock::new(|| {
    let network = |onnx| load(Runtime::Rten, onnx).expect("a test loads the shipped networks");
    let description = Description::parse(DESCRIPTION).expect("a test parses the shipped description");
    Model::from_parts(description, network(DETECTOR), network(EMBEDDER)).expect("a test opens the shipped model")
});

impl Model {
    /// The model that is a part of this program: trained by `extractors/face/training` and run by rten, with no network for
    /// attacks. Loaded when it is first asked for.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NetworkFile, Sha256};
    use super::*;

    #[test]
    fn the_shipped_model_can_be_used_and_its_files_are_those_described() {
        let description = Model::shipped().description();
        for (NetworkFile { sha256, file, .. }, bytes) in description.networks().zip([DETECTOR, EMBEDDER]) {
            assert_eq!(*sha256, Sha256::of(bytes), "{file}");
        }
        assert!(description.attack.is_none());
    }

    #[test]
    fn the_shipped_networks_are_small() {
        assert!(DETECTOR.len() + EMBEDDER.len() < 4_000_000);
    }
}
