//! The raw surroundings of a minutia: numbers from which the bits of its descriptor are projected.

use whorl_types::{Descriptors, Minutia, RidgeField};

use super::constellation::{self, Constellation};
use super::flow::{self, Flow};
use super::frame::Frame;
use super::texture::{self, Texture};

/// Where the parts stand among the numbers: neighbouring minutiae, flow of the ridges, texture.
const CONSTELLATION: std::ops::Range<usize> = 0..constellation::COUNT;
const FLOW: std::ops::Range<usize> = CONSTELLATION.end..CONSTELLATION.end + flow::COUNT;
const TEXTURE: std::ops::Range<usize> = FLOW.end..FLOW.end + texture::COUNT;

/// Steps of a raw number: 1 in the units of its part is 64.
const STEPS: f32 = 64.0;

/// The raw surroundings of one minutia, in 64ths of the units of each part; what is not known is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings(pub [i8; Self::COUNT]);

impl Surroundings {
    /// How many numbers there are.
    pub const COUNT: usize = TEXTURE.end;
}

/// Looks around each of the best `minutiae`, as many as a template describes.
pub(super) fn look_around(minutiae: &[Minutia], field: &RidgeField, texture: Option<&Texture>) -> Vec<Surroundings> {
    let (constellation, flow) = (Constellation::new(), Flow::new(field));
    let look = |which: usize| {
        let frame = Frame::of(minutiae[which]);
        let mut numbers = [0.0; Surroundings::COUNT];
        constellation.sample(which, minutiae, &mut numbers[CONSTELLATION]);
        flow.sample(frame, &mut numbers[FLOW]);
        if let Some(texture) = texture {
            texture.sample(frame, &mut numbers[TEXTURE]);
        }
        Surroundings(numbers.map(|number| (number * STEPS).round().clamp(-127.0, 127.0) as i8))
    };
    (0..minutiae.len().min(Descriptors::MOST)).map(look).collect()
}
