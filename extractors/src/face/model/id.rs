//! Which embeddings may be compared.

use std::fmt::Write;

use whorl_types::FaceModelId;

use super::description::{Crop, Description, Detector, Embedder, Feeding};
use super::sha256::Sha256;

/// The first four bytes of the SHA-256 of a text that states everything of `description` on which an embedding depends: both files
/// by their hashes, and how they are fed. Names, licence, addresses and the detector of attacks are no part of it.
pub(super) fn id(description: &Description) -> FaceModelId {
    let Sha256([a, b, c, d, ..]) = Sha256::of(canonical(description).as_bytes());
    FaceModelId(u32::from_be_bytes([a, b, c, d]))
}

/// Two lines, fields in a fixed order, floats by their bits, so that there is one text for one model.
fn canonical(description: &Description) -> String {
    let Detector { network, side_px, fixed, feeding, score } = &description.detector;
    let score = bits(*score);
    let mut text = format!("detector yunet {} {side_px} {fixed} {} {score}\n", network.sha256, fed(feeding));
    let Embedder { network, crop, output, dimension, mirrored } = &description.embedder;
    let Crop { width_px, height_px, points, feeding } = crop;
    let points = points.as_flattened().iter().fold(String::new(), |mut said, value| {
        let _ = write!(said, " {}", bits(*value));
        said
    });
    let _ = writeln!(
        text,
        "embedder {} {width_px} {height_px} {}{points} {output} {dimension} {mirrored}",
        network.sha256,
        fed(feeding)
    );
    text
}

fn fed(feeding: &Feeding) -> String {
    format!("{} {} {}", feeding.colour, bits(feeding.mean), bits(feeding.scale))
}

/// The bits of a float, those of +0 for -0, which is the same number.
fn bits(value: f32) -> String {
    format!("{:08x}", (value + 0.0).to_bits())
}
