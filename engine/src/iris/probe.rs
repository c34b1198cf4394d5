//! A template prepared for many comparisons.

use whorl_kernels::{Kernels, Masked, MaskedRow, Overlap, SHIFTED_WORDS, SHIFTS};
use whorl_types::{IrisCode, IrisTemplate};

/// The bits that tell a mirrored cell from the cell: the imaginary parts, whose filters are odd.
const IMAGINARY_BITS: u64 = 0xAAAA_AAAA_AAAA_AAAA;

/// A template prepared for many comparisons: its code at every turn of the head that is looked at.
#[derive(Clone)]
pub struct Probe {
    encoding: u16,
    /// The directions `-REACH..ANGLES + REACH`, those beyond the ends again.
    cells: [u64; SHIFTED_WORDS],
    visible: [u8; SHIFTED_WORDS],
}

impl Probe {
    /// How far an eye may be turned either way, in directions of 360 / 128 degrees: 28 degrees. Of the mated comparisons of
    /// CASIA-Interval 0.09 % are turned by more than 17 degrees and none matches there; beyond 28 nothing is gained but on MMU1
    /// (0.2 % of its mated comparisons).
    pub const REACH: usize = SHIFTS / 2;

    /// The turns that are looked at.
    pub const TURNS: usize = SHIFTS;

    /// Prepares `template`.
    #[must_use]
    pub fn new(template: &IrisTemplate) -> Self {
        Self::of_code(template.encoding(), template.code())
    }

    /// Prepares `template` as the eye looks in a mirror: a picture may be flipped by mistake or by intent.
    #[must_use]
    pub fn mirrored(template: &IrisTemplate) -> Self {
        Self::of_code(template.encoding(), &mirrored(template.code()))
    }

    fn of_code(encoding: u16, code: &IrisCode) -> Self {
        let direction = |place: usize| (place + IrisCode::ANGLES - Self::REACH) % IrisCode::ANGLES;
        let cells = std::array::from_fn(|place| code.cells[direction(place)]);
        let visible = std::array::from_fn(|place| code.visible[direction(place)]);
        Self { encoding, cells, visible }
    }

    /// The version of the encoder that made the template.
    #[must_use]
    pub fn encoding(&self) -> u16 {
        self.encoding
    }

    /// What it has in common with a code at each turn.
    pub(super) fn overlaps(&self, kernels: &Kernels, reference: MaskedRow<'_>) -> [Overlap; Self::TURNS] {
        kernels.overlaps_b8192(reference, Masked { words: &self.cells, counted: &self.visible })
    }

    /// The code as a reference that is turned so many places from the first turn sees it.
    pub(super) fn turned(&self, turn: usize) -> IrisCode {
        let cells = std::array::from_fn(|direction| self.cells[direction + turn]);
        let visible = std::array::from_fn(|direction| self.visible[direction + turn]);
        IrisCode { cells, visible }
    }
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Probe(encoding {})", self.encoding)
    }
}

/// The code of the eye in a mirror: left and right change places, and the odd filters change sign.
pub(super) fn mirrored(code: &IrisCode) -> IrisCode {
    let seen_from = |direction: usize| (IrisCode::ANGLES * 3 / 2 - direction) % IrisCode::ANGLES;
    IrisCode {
        cells: std::array::from_fn(|direction| code.cells[seen_from(direction)] ^ IMAGINARY_BITS),
        visible: std::array::from_fn(|direction| code.visible[seen_from(direction)]),
    }
}
