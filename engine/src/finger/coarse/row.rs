//! What the first stage keeps of an enrolled finger.

use bytemuck::{Pod, Zeroable};
use whorl_types::{Descriptor, Descriptors, FingerTemplate};

use super::geometry::Places;

/// See [`CoarseRow::MINUTIAE`], which a derived trait cannot name.
const MINUTIAE: usize = 40;

/// The best minutiae of one finger, laid out for [`super::scan()`]: 1,536 bytes, little-endian, the same in memory and on disk.
#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct CoarseRow {
    pub(super) bits: [[u64; Descriptor::COARSE_WORDS]; MINUTIAE],
    pub(super) x: [i16; MINUTIAE],
    pub(super) y: [i16; MINUTIAE],
    pub(super) angle: [u8; MINUTIAE],
    count: u8,
    spare: [u8; 55],
}

impl CoarseRow {
    /// The most minutiae a row holds.
    pub const MINUTIAE: usize = MINUTIAE;

    /// The row of `template`; an empty one, which is near to nothing, where it has no descriptors.
    #[must_use]
    pub fn new(template: &FingerTemplate) -> Self {
        let described = template.descriptors().map_or(&[][..], Descriptors::of_minutiae);
        let count = described.len().min(Self::MINUTIAE);
        let mut bits = [[0; Descriptor::COARSE_WORDS]; Self::MINUTIAE];
        for (bits, descriptor) in bits.iter_mut().zip(described) {
            *bits = descriptor.coarse();
        }
        let Places { x, y, angle } = Places::of(&template.minutiae()[..count]);
        Self { bits, x, y, angle, count: count as u8, spare: [0; 55] }
    }

    /// Minutiae that it holds. A damaged row cannot claim more than there is room for.
    pub(super) fn count(&self) -> usize {
        usize::from(self.count).min(Self::MINUTIAE)
    }
}

impl std::fmt::Debug for CoarseRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CoarseRow({} minutiae)", self.count())
    }
}
