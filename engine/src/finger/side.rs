//! The two templates of a comparison, laid out for it: one number of all minutiae side by side, so that vectors work on them.

use whorl_kernels::{Octet, octets};
use whorl_types::{Descriptor, DescriptorBasis, Descriptors, FingerTemplate, RidgeField};

use super::turn::Turn;

/// Minutiae that the comparison sees, rounded up to whole vectors.
pub(super) const LANES: usize = FingerTemplate::MAX_MINUTIAE.next_multiple_of(WIDTH);

/// Lanes are worked on in groups of this many.
pub(super) const WIDTH: usize = 16;

/// Where lanes without a minutia lie: too far off to meet anything.
const NOWHERE_PX: f32 = 1e6;

/// Numbers of all minutiae of one side.
pub(super) type Lane = [f32; LANES];

/// Positions, in pixels, and directions, as unit vectors, y downwards.
#[derive(Clone)]
pub(super) struct Spots {
    pub(super) len: usize,
    pub(super) x: Lane,
    pub(super) y: Lane,
    pub(super) dx: Lane,
    pub(super) dy: Lane,
}

impl Spots {
    pub(super) fn of(template: &FingerTemplate) -> Self {
        let minutiae = template.minutiae();
        let mut spots = Self::none(minutiae.len());
        for (at, minutia) in minutiae.iter().enumerate() {
            let turn = Turn::by(minutia.angle);
            (spots.x[at], spots.y[at]) = (f32::from(minutia.x_px8) / 8.0, f32::from(minutia.y_px8) / 8.0);
            (spots.dx[at], spots.dy[at]) = (turn.cos, -turn.sin);
        }
        spots
    }

    /// Room for `len` minutiae, all of them nowhere.
    pub(super) fn none(len: usize) -> Self {
        let (far, zero) = ([NOWHERE_PX; LANES], [0.0; LANES]);
        Self { len, x: far, y: far, dx: zero, dy: zero }
    }

    /// Groups that hold all minutiae.
    pub(super) fn groups(&self) -> usize {
        self.len.div_ceil(WIDTH)
    }

    /// Positions and directions of one group.
    #[inline(always)]
    pub(super) fn group(&self, group: usize) -> [&[f32; WIDTH]; 4] {
        [&self.x, &self.y, &self.dx, &self.dy].map(|lane| &lane.as_chunks().0[group])
    }

    /// Lanes of whole vectors that hold all minutiae.
    pub(super) fn lanes(&self) -> usize {
        self.len.next_multiple_of(WIDTH)
    }
}

/// What a comparison reads of one template.
pub(super) struct Side<'a> {
    pub(super) spots: &'a Spots,
    pub(super) field: Option<&'a RidgeField>,
    pub(super) basis: DescriptorBasis,
}

/// The descriptors of a probe, eight side by side.
pub(super) fn described(template: &FingerTemplate, most: usize) -> Vec<Octet<{ Descriptor::WORDS }>> {
    let words: Vec<_> = best(template, most).iter().map(|descriptor| descriptor.words).collect();
    octets(&words)
}

/// The descriptors of the best minutiae of `template`, at most `most`.
pub(super) fn best(template: &FingerTemplate, most: usize) -> &[Descriptor] {
    let all = template.descriptors().map_or(&[][..], Descriptors::of_minutiae);
    &all[..all.len().min(most)]
}
