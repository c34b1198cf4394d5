//! Templates of fingers.
//!
//! What follows the envelope's layout (1):
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 5 | 1 | flags: 1 field, 2 descriptors, 4 descriptors of minutiae alone, 8 sampling rate estimated |
//! | 6 | 1 | quality, 0..=100 |
//! | 7 | 1 | version of the descriptors, 0 without |
//! | 16 | 4 | width, height in pixels at 500 ppi |
//! | 20 | 4 | counts: minutiae, descriptors, singular points, 0 |
//! | 24 | 4 | columns and rows of the field, 0 without |
//! | 28 | 7 each | minutiae: x, y in eighths of a pixel, angle, kind, quality |
//! | | 64 each | descriptors: eight words |
//! | | 5 each | singular points: x, y in pixels, kind |
//! | | 1 for 8 | which cells of the field show ridges, lowest bit first, rows from the top |
//! | | 3 each | those cells: angle, period, coherence |

mod read;
mod write;

pub use read::decode;
pub use write::encode;

use super::envelope::Kind;

const KIND: Kind = Kind { magic: *b"WHFT", layout: 1 };

/// The longest side of a field, in cells: what a template's longest side needs.
const MAX_FIELD_SIDE: u16 = whorl_types::FingerTemplate::MAX_SIDE_PX.div_ceil(whorl_types::RidgeField::CELL_PX);

const HAS_FIELD: u8 = 1;
const HAS_DESCRIPTORS: u8 = 2;
const OF_MINUTIAE: u8 = 4;
const ESTIMATED: u8 = 8;

/// Whether `bytes` start as a template of a finger does.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    bytes.starts_with(&KIND.magic)
}

#[cfg(test)]
mod tests;
