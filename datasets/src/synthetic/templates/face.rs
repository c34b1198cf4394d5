//! Face templates without pictures.
//!
//! A network gives a face a direction. Persons are directions drawn at random, and a capture lies off its person's by an angle
//! that depends on how good it is. Real embeddings use their dimensions unevenly, so that strangers are farther from right angles
//! than as many even ones would have them: so do these, each dimension holding a little less than the one before. The figures
//! are those that networks of about a million parameters reach on photographs in the wild.
//!
//! | what | aimed at | here |
//! |---|---|---|
//! | dimensions | 128 to 512 | 256 |
//! | cosine of strangers | 0.00, sd 0.10 | 0.00, sd 0.10 |
//! | cosine of two captures of a person | 0.55, sd 0.13 | 0.55, sd 0.13 |
//!
//! What is simpler than in life: no two persons look alike but by chance, there are no siblings and no years between captures.

use whorl_types::{FaceMeasures, FaceModelId, FacePoints, FaceTemplate};

use super::percent;
use crate::synthetic::random::{Random, derive};

/// The model that these embeddings state: none that anybody has, for they describe nothing.
pub const MODEL: FaceModelId = FaceModelId(0);

/// Dimensions of an embedding.
pub const DIMENSION: usize = 256;

/// What each dimension holds of the one before, as an amplitude: as if about a hundred were used evenly.
const DECAY: f32 = 0.99;

/// The cosine of a capture with its person, mean and standard deviation: with those of two captures and what chance adds, the
/// cosines of mates come out as stated above.
const FIDELITY: (f32, f32) = (0.742, 0.104);

/// No capture is better or worse.
const FIDELITIES: (f32, f32) = (0.3, 0.98);

/// Where the eyes, the nose and the mouth of every face are, in eighths of a pixel: in the middle of 112 x 112 pixels.
const POINTS: FacePoints = FacePoints { px8: [[306, 414], [588, 412], [448, 574], [332, 739], [566, 738]] };

/// The template of one photograph of the face of one person of the population `seed`.
///
/// The same numbers give the same template on every machine; two photographs of one person are mates.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "the largest value is 127, and its dimension and model are constant")]
pub fn template(seed: u64, person: u64, photograph: u64) -> FaceTemplate {
    let identity = derive(seed, person);
    let mut random = Random::new(derive(identity, photograph), 13);
    let person = direction(&mut Random::new(identity, 12));
    let fidelity = random.normal(FIDELITY.0, FIDELITY.1).clamp(FIDELITIES.0, FIDELITIES.1);
    let off = direction(&mut random);
    let astray = (1.0 - fidelity * fidelity).sqrt();
    let seen: [f32; DIMENSION] = std::array::from_fn(|at| fidelity * person[at] + astray * off[at]);
    let scale = 127.0 / seen.iter().fold(0.0, |most: f32, value| most.max(value.abs()));
    let embedding = seen.map(|value| libm::roundf(value * scale) as i8);
    let measures = FaceMeasures { eye_distance_px: 35, sharpness: (100.0 * fidelity) as u8, ..FaceMeasures::default() };
    FaceTemplate::new(MODEL, &embedding, POINTS, measures, percent(fidelity)).expect("a direction in 256 dimensions")
}

/// A direction drawn at random, as a vector of length 1.
fn direction(random: &mut Random) -> [f32; DIMENSION] {
    let mut amplitude = 1.0;
    let values = std::array::from_fn(|_| {
        amplitude *= DECAY;
        random.normal(0.0, amplitude)
    });
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    values.map(|value| value / length)
}

#[cfg(test)]
mod tests;
