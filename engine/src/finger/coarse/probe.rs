//! A template prepared for many rows.

use whorl_kernels::{MAX_PAIRS, Octet, Slack, octets};
use whorl_types::{Descriptor, Descriptors, FingerTemplate};

use super::geometry::{PARTS_PER_PX, Places};
use super::{CoarseRow, FAR};

/// The best minutiae of a probe, laid out for [`super::scan()`].
#[derive(Clone)]
pub struct CoarseProbe {
    pub(super) octets: Vec<Octet<{ Descriptor::COARSE_WORDS }>>,
    pub(super) places: Places<MAX_PAIRS>,
    /// The distance at which each minutia's evidence ends: [`FAR`], and 0 for places that hold no minutia.
    pub(super) far: [u16; MAX_PAIRS],
    pub(super) slack: Slack,
    pub(super) count: usize,
    /// What the consensus with a row of so many minutiae is multiplied by, in 4,096ths.
    pub(super) scale: [u32; CoarseRow::MINUTIAE + 1],
}

impl CoarseProbe {
    /// The most minutiae that look for their like.
    pub const MINUTIAE: usize = 24;

    /// How far a pair of minutiae may be off, in pixels, where they are close together.
    const SLACK_PX: f32 = 8.0;

    /// How much farther for each pixel between them: skin stretches.
    const SLACK_PER_PX: f32 = 0.1;

    /// How differently two pairs may be turned: 16 of 256ths, 22.5 degrees.
    const TURN_SLACK: u16 = 16 << 8;

    /// Fewer minutiae than this are taken for as many, so that a scrap of a print does not score high.
    const FEW: usize = 10;

    /// The scale of a score: with 24 minutiae on both sides, four times what the kernel says.
    const UNIT: f32 = 4096.0 * 24.0 * 4.0;

    /// Prepares `template`; one without descriptors is near to nothing.
    #[must_use]
    pub fn new(template: &FingerTemplate) -> Self {
        let described = template.descriptors().map_or(&[][..], Descriptors::of_minutiae);
        let count = described.len().min(Self::MINUTIAE);
        let bits: Vec<_> = described[..count].iter().map(Descriptor::coarse).collect();
        let places = Places::of(&template.minutiae()[..count]);
        let mut far = [0; MAX_PAIRS];
        far[..count].fill(FAR);
        let shift = std::array::from_fn(|voter| std::array::from_fn(|root| Self::slack(&places, voter, root)));
        let scale = std::array::from_fn(|minutiae| Self::scale(count, minutiae));
        Self { octets: octets(&bits), slack: Slack { shift, turn: Self::TURN_SLACK }, places, far, count, scale }
    }

    /// The more minutiae there are on both sides, the more of them agree by chance: about as the square root of both.
    fn scale(minutiae: usize, of_row: usize) -> u32 {
        let chances = minutiae.max(Self::FEW) * of_row.max(Self::FEW);
        (Self::UNIT / (chances as f32).sqrt()) as u32
    }

    fn slack(places: &Places<MAX_PAIRS>, voter: usize, root: usize) -> i16 {
        let dx = f32::from(places.x[voter]) - f32::from(places.x[root]);
        let dy = f32::from(places.y[voter]) - f32::from(places.y[root]);
        // Square root is exact on every machine; so are the rest.
        let apart = (dx * dx + dy * dy).sqrt();
        (Self::SLACK_PX * PARTS_PER_PX as f32 + Self::SLACK_PER_PX * apart) as i16
    }
}

impl std::fmt::Debug for CoarseProbe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CoarseProbe({} minutiae)", self.count)
    }
}
