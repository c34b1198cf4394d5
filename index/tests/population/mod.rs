//! Small galleries of seeded, meaningless templates.
#![allow(dead_code, clippy::unwrap_used, reason = "every test file uses a part of it")]

use whorl_index::Reference;
use whorl_types::{
    Descriptor, DescriptorBasis, Descriptors, EyeCircle, FaceMeasures, FaceModelId, FacePoints, FaceTemplate,
    FingerTemplate, IrisCode, IrisMeasures, IrisTemplate, Minutia, MinutiaKind, Modality, Position, Quality,
    ReferenceId, Template,
};

/// A stream of pseudo-random numbers.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// The next number, below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The id spelled `text`.
pub(crate) fn id(text: &str) -> ReferenceId {
    ReferenceId::new(text).unwrap()
}

/// A finger of `minutiae` minutiae anywhere on a print.
pub(crate) fn template(seed: u64, minutiae: usize) -> FingerTemplate {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let anywhere = |_| Minutia {
        x_px8: (160 + chance.below(2400)) as u16,
        y_px8: (160 + chance.below(3200)) as u16,
        angle: chance.below(256) as u8,
        kind: if chance.below(2) == 0 { MinutiaKind::Ending } else { MinutiaKind::Bifurcation },
        quality: Quality::new(chance.below(101) as u8).unwrap(),
    };
    let minutiae = (0..minutiae).map(anywhere).collect();
    let bare = FingerTemplate::new(360, 440, minutiae, Quality::new(60).unwrap()).unwrap();
    let words = |_| Descriptor { words: std::array::from_fn(|_| chance.below(1 << 31)) };
    described(&bare, 1, (0..bare.minutiae().len()).map(words).collect())
}

/// The same template with descriptors of a version.
pub(crate) fn described(template: &FingerTemplate, version: u8, descriptors: Vec<Descriptor>) -> FingerTemplate {
    let descriptors = Descriptors::new(version, DescriptorBasis::Minutiae, descriptors).unwrap();
    template.clone().with_descriptors(descriptors).unwrap()
}

/// An eye of noise, seen in most places.
pub(crate) fn iris(seed: u64, encoding: u16) -> IrisTemplate {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let code = IrisCode {
        cells: std::array::from_fn(|_| chance.below(1 << 31) << 31 ^ chance.below(1 << 31)),
        visible: std::array::from_fn(|_| (chance.below(256) | chance.below(256)) as u8),
    };
    let mut circle = |radius_px8| EyeCircle { x_px8: chance.below(2000) as i32 - 100, y_px8: -7, radius_px8 };
    let circles = (circle(320), circle(800));
    let measures = IrisMeasures { usable_area: 71, dilation: 40, sharpness: 255, ..IrisMeasures::default() };
    IrisTemplate::new(encoding, code, circles, measures, Quality::new(80).unwrap()).unwrap()
}

/// A face of noise in so many dimensions.
pub(crate) fn face(seed: u64, model: u32, dimension: usize) -> FaceTemplate {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let embedding = (0..dimension).map(|_| chance.below(255) as i8).map(|value| value.max(-127)).collect::<Vec<_>>();
    let points = FacePoints { px8: std::array::from_fn(|_| [chance.below(2000) as i32 - 100, -7]) };
    let measures = FaceMeasures { eye_distance_px: 62, sharpness: 255, ..FaceMeasures::default() };
    FaceTemplate::new(FaceModelId(model), &embedding, points, measures, Quality::new(80).unwrap()).unwrap()
}

/// The model of the faces of [`reference`].
pub(crate) const MODEL: u32 = 0x1a2b_3c4d;

/// A reference of `positions`, with small templates; those of unknown position are fingers.
pub(crate) fn reference(name: &str, positions: &[Position]) -> Reference {
    let seed = name.bytes().fold(7, |seed, byte| seed * 31 + u64::from(byte));
    let instance = |(at, &position): (usize, &Position)| {
        let seed = seed + at as u64;
        let template = match position.modality() {
            Some(Modality::Fingerprint) | None => Template::from(template(seed, 3)),
            Some(Modality::Iris) => iris(seed, 1).into(),
            Some(Modality::Face) => face(seed, MODEL, 100).into(),
        };
        (position, template)
    };
    Reference { id: id(name), templates: positions.iter().enumerate().map(instance).collect() }
}
