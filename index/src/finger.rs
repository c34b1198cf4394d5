//! How a finger is kept: the engine's first-stage row, and its template in full.
//!
//! Stand-in until the engine's first stage and template format are there: the same shapes, a crude content.

use bytemuck::{Pod, Zeroable};
use whorl_types::{FingerTemplate, Minutia, MinutiaKind, Position, Quality, Similarity};

use crate::column::{Part, RowKind};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub(crate) struct CoarseRow([[u8; 64]; 22]);

impl CoarseRow {
    pub(crate) fn new(template: &FingerTemplate) -> Self {
        let mut bytes = [[0; 64]; 22];
        bytes[0][0] = template.minutiae().len() as u8;
        for (at, minutia) in template.minutiae().iter().enumerate() {
            bytes[1 + at / 64][at % 64] = minutia.angle;
        }
        Self(bytes)
    }
}

pub(crate) fn kind(part: Part) -> RowKind {
    match part {
        Part::Coarse => RowKind { bytes: size_of::<CoarseRow>() as u32, version: 1 },
        Part::Rows => RowKind { bytes: 16, version: 1 },
        Part::Fine => RowKind { bytes: 1, version: 1 },
    }
}

pub(crate) fn encode(template: &FingerTemplate) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(template.width_px().to_le_bytes());
    bytes.extend(template.height_px().to_le_bytes());
    bytes.push(template.quality().get());
    for minutia in template.minutiae() {
        bytes.extend(minutia.x_px8.to_le_bytes());
        bytes.extend(minutia.y_px8.to_le_bytes());
        bytes.extend([minutia.angle, minutia.kind as u8, minutia.quality.get()]);
    }
    bytes
}

pub(crate) fn decode(bytes: &[u8]) -> Option<FingerTemplate> {
    let two = |at: usize| Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let mut minutiae = Vec::new();
    for at in (5..bytes.len()).step_by(7) {
        minutiae.push(Minutia {
            x_px8: two(at)?,
            y_px8: two(at + 2)?,
            angle: *bytes.get(at + 4)?,
            kind: *[MinutiaKind::Other, MinutiaKind::Ending, MinutiaKind::Bifurcation]
                .get(usize::from(*bytes.get(at + 5)?))?,
            quality: Quality::new(*bytes.get(at + 6)?).ok()?,
        });
    }
    FingerTemplate::new(two(0)?, two(2)?, minutiae, Quality::new(*bytes.get(4)?).ok()?).ok()
}

pub(crate) struct CoarseProbe(CoarseRow);

impl CoarseProbe {
    pub(crate) fn new(template: &FingerTemplate) -> Self {
        Self(CoarseRow::new(template))
    }
}

pub(crate) fn scan(probes: &[CoarseProbe], rows: &[CoarseRow], report: &mut impl FnMut(usize, usize, u32)) {
    for (probe, CoarseProbe(sought)) in probes.iter().enumerate() {
        for (row, found) in rows.iter().enumerate() {
            let equal = sought.0.iter().flatten().zip(found.0.iter().flatten()).filter(|(a, b)| a == b && **a != 0);
            report(probe, row, equal.count() as u32);
        }
    }
}

pub(crate) struct Probe(FingerTemplate);

impl Probe {
    pub(crate) fn new(template: &FingerTemplate) -> Self {
        Self(template.clone())
    }
}

pub(crate) fn similarity(probe: &Probe, reference: &FingerTemplate) -> Similarity {
    let pairs = probe.0.minutiae().iter().zip(reference.minutiae());
    Similarity::new(pairs.filter(|(a, b)| a.angle.abs_diff(b.angle) < 16).count() as u32 * 100)
}
