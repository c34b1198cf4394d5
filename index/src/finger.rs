//! How a finger is kept: the engine's first-stage row, and its template in full.
//!
//! The bytes of a template are a stand-in until its format is there.

use whorl_types::{Descriptor, DescriptorBasis, Descriptors, FingerTemplate, Minutia, MinutiaKind, Position, Quality};

/// Where a fingerprint may come from: the ten fingers, or nobody knows.
pub(crate) const POSITIONS: [Position; 11] = [
    Position::Unknown,
    Position::RightThumb,
    Position::RightIndex,
    Position::RightMiddle,
    Position::RightRing,
    Position::RightLittle,
    Position::LeftThumb,
    Position::LeftIndex,
    Position::LeftMiddle,
    Position::LeftRing,
    Position::LeftLittle,
];

/// The version of a template's bytes.
pub(crate) const TEMPLATE_VERSION: u32 = 1;

pub(crate) fn encode(template: &FingerTemplate) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(template.width_px().to_le_bytes());
    bytes.extend(template.height_px().to_le_bytes());
    let described = template.descriptors().map_or(&[][..], Descriptors::of_minutiae);
    bytes.extend([template.quality().get(), template.minutiae().len() as u8, described.len() as u8]);
    for minutia in template.minutiae() {
        bytes.extend(minutia.x_px8.to_le_bytes());
        bytes.extend(minutia.y_px8.to_le_bytes());
        bytes.extend([minutia.angle, minutia.kind as u8, minutia.quality.get()]);
    }
    bytes.extend(described.iter().flat_map(|one| one.words).flat_map(u64::to_le_bytes));
    bytes
}

pub(crate) fn decode(bytes: &[u8]) -> Option<FingerTemplate> {
    let two = |at: usize| Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let kinds = [MinutiaKind::Other, MinutiaKind::Ending, MinutiaKind::Bifurcation];
    let (mut minutiae, mut described) = (Vec::new(), Vec::new());
    for at in (7..).step_by(7).take(usize::from(*bytes.get(5)?)) {
        minutiae.push(Minutia {
            x_px8: two(at)?,
            y_px8: two(at + 2)?,
            angle: *bytes.get(at + 4)?,
            kind: *kinds.get(usize::from(*bytes.get(at + 5)?))?,
            quality: Quality::new(*bytes.get(at + 6)?).ok()?,
        });
    }
    let rest = bytes.get(7 + minutiae.len() * 7..)?;
    for chunk in rest.chunks_exact(64).take(usize::from(*bytes.get(6)?)) {
        let words = std::array::from_fn(|at| u64::from_le_bytes(std::array::from_fn(|byte| chunk[at * 8 + byte])));
        described.push(Descriptor { words });
    }
    let template = FingerTemplate::new(two(0)?, two(2)?, minutiae, Quality::new(*bytes.get(4)?).ok()?).ok()?;
    template.with_descriptors(Descriptors::new(1, DescriptorBasis::Minutiae, described).ok()?).ok()
}
