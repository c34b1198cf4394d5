//! A template prepared for many rows.

use whorl_kernels::{MAX_PAIRS, Octet, Slack, octets};
use whorl_types::{Descriptor, Descriptors, FingerTemplate};

use super::FAR;
use super::geometry::{PARTS_PER_PX, Places};

/// The best minutiae of a probe, laid out for [`super::scan()`].
#[derive(Clone)]
pub struct CoarseProbe {
    pub(super) octets: Vec<Octet<{ Descriptor::COARSE_WORDS }>>,
    pub(super) places: Places<MAX_PAIRS>,
    /// The distance at which each minutia's evidence ends: [`FAR`], and 0 for places that hold no minutia.
    pub(super) far: [u16; MAX_PAIRS],
    pub(super) slack: Slack,
    pub(super) count: usize,
}

impl CoarseProbe {
    /// The most minutiae that look for their like.
    pub const MINUTIAE: usize = 32;

    /// How far a pair of minutiae may be off, in pixels, where they are close together.
    const SLACK_PX: f32 = 8.0;

    /// How much farther for each pixel between them: skin stretches.
    const SLACK_PER_PX: f32 = 0.15;

    /// How differently two pairs may be turned: 16 of 256ths, 22.5 degrees.
    const TURN_SLACK: u16 = 16 << 8;

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
        Self { octets: octets(&bits), slack: Slack { shift, turn: Self::TURN_SLACK }, places, far, count }
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
