//! Which minutiae lie on one another once the probe lies on the reference.

use whorl_types::FingerTemplate;

use super::alignment::{Alignment, Pull};
use super::candidates::Distances;
use super::side::{GROUPS, LANES, Spots, WIDTH};

/// A minutia of the probe and one of the reference taken to be the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pair {
    pub(super) probe: usize,
    pub(super) reference: usize,
    /// How well they lie on one another, 0 to 1.
    pub(super) fit: f32,
    /// How alike their descriptors are, 0 to 1; [`UNDESCRIBED`] where one has none.
    pub(super) alike: f32,
}

/// The pairs of one alignment, in the order of the probe's minutiae.
#[derive(Clone)]
pub(super) struct Pairing {
    len: usize,
    pairs: [Pair; FingerTemplate::MAX_MINUTIAE],
}

/// Bits in which unrelated descriptors differ: there is no likeness left.
const UNRELATED_BITS: f32 = 256.0;

/// Likeness of a pair of which nothing is known.
pub(super) const UNDESCRIBED: f32 = 0.25;

/// Minutiae farther apart than this are not paired, in pixels at 500 ppi: a ridge and a half.
const TOLERANCE_PX: f32 = 13.0;

/// One less the cosine of the largest tolerated difference of directions, 34 degrees.
const TOLERANCE_TURN: f32 = 0.17;

/// For each of some minutiae the one of the other side that fits it best so far.
#[derive(Clone, Copy)]
struct Best<const N: usize> {
    fit: [f32; N],
    which: [u32; N],
}

impl<const N: usize> Best<N> {
    const NONE: Self = Self { fit: [0.0; N], which: [0; N] };

    /// The best of all, the first of equally good ones.
    #[inline(always)]
    fn first(&self) -> (f32, usize) {
        let mut found = (0.0, 0);
        for (&fit, &which) in self.fit.iter().zip(&self.which) {
            let which = which as usize;
            let nearer = fit.total_cmp(&found.0).then(found.1.cmp(&which));
            if nearer.is_gt() {
                found = (fit, which);
            }
        }
        found
    }

    /// Puts `which` where it fits better than what was there; of equally good ones the first stays.
    #[inline(always)]
    fn offer(&mut self, at: usize, fit: f32, which: usize) {
        let better = fit > self.fit[at];
        self.fit[at] = if better { fit } else { self.fit[at] };
        self.which[at] = if better { which as u32 } else { self.which[at] };
    }
}

impl Pairing {
    /// Pairs each of the `placed` minutiae with the one of the reference that it fits best, where that one agrees.
    #[inline(always)]
    pub(super) fn of(placed: &Spots, reference: &Spots, distances: &Distances) -> Self {
        let mut of_reference = [Best::<WIDTH>::NONE; GROUPS];
        let mut of_probe = [(0.0, 0); LANES];
        for (i, of_probe) in of_probe.iter_mut().enumerate().take(placed.len) {
            let mut best = Best::<WIDTH>::NONE;
            for (group, of_reference) in of_reference.iter_mut().enumerate().take(reference.groups()) {
                let fits = fits(placed, i, reference, group);
                for (lane, &fit) in fits.iter().enumerate() {
                    best.offer(lane, fit, group * WIDTH + lane);
                    of_reference.offer(lane, fit, i);
                }
            }
            *of_probe = best.first();
        }
        let mut pairing = Self { len: 0, pairs: [Pair::default(); FingerTemplate::MAX_MINUTIAE] };
        for (i, &(fit, j)) in of_probe.iter().enumerate().take(placed.len) {
            if fit > 0.0 && of_reference[j / WIDTH].which[j % WIDTH] == i as u32 {
                let alike = distances.get(i, j).map_or(UNDESCRIBED, |bits| 1.0 - f32::from(bits) / UNRELATED_BITS);
                pairing.pairs[pairing.len] = Pair { probe: i, reference: j, fit, alike: alike.max(0.0) };
                pairing.len += 1;
            }
        }
        pairing
    }

    pub(super) fn pairs(&self) -> &[Pair] {
        &self.pairs[..self.len]
    }

    /// What the pairs pull at: those that look alike pull most.
    #[inline(always)]
    pub(super) fn pulls(&self) -> ([Pull; FingerTemplate::MAX_MINUTIAE], usize) {
        let mut pulls = [Pull::default(); FingerTemplate::MAX_MINUTIAE];
        for (pull, pair) in pulls.iter_mut().zip(self.pairs()) {
            *pull = Pull {
                probe: pair.probe,
                reference: pair.reference,
                weight: pair.fit * (0.05 + pair.alike * pair.alike),
            };
        }
        (pulls, self.len)
    }
}

/// How well placed minutia `i` lies on each minutia of a group of the reference, 0 to 1.
#[inline(always)]
fn fits(placed: &Spots, i: usize, reference: &Spots, group: usize) -> [f32; WIDTH] {
    let [x, y, dx, dy] = reference.group(group);
    let (at_x, at_y, at_dx, at_dy) = (placed.x[i], placed.y[i], placed.dx[i], placed.dy[i]);
    std::array::from_fn(|lane| {
        let (off_x, off_y) = (x[lane] - at_x, y[lane] - at_y);
        let place = 1.0 - (off_x * off_x + off_y * off_y) * (1.0 / (TOLERANCE_PX * TOLERANCE_PX));
        let cosine = dx[lane] * at_dx + dy[lane] * at_dy;
        let direction = 1.0 - (1.0 - cosine) * (1.0 / TOLERANCE_TURN);
        if place > 0.0 && direction > 0.0 { place * direction } else { 0.0 }
    })
}

/// Residuals count half at this distance.
const BEND_PX: f32 = 36.0;

/// Weight of staying where the rigid motion says.
const STIFFNESS: f32 = 0.3;

/// Lays the probe on the reference, each minutia shifted as the pulls around it ask: skin stretches locally.
#[inline(always)]
pub(super) fn bend(alignment: &Alignment, pulls: &[Pull], probe: &Spots, reference: &Spots) -> Spots {
    let mut placed = alignment.place(probe);
    let (mut x, mut y, mut sum) = ([0.0; LANES], [0.0; LANES], [STIFFNESS; LANES]);
    let rigid = placed.clone();
    for &Pull { probe: i, reference: j, weight } in pulls {
        let (from_x, from_y) = (rigid.x[i], rigid.y[i]);
        let (off_x, off_y) = (reference.x[j] - from_x, reference.y[j] - from_y);
        for at in 0..probe.lanes().min(LANES) {
            let (dx, dy) = (rigid.x[at] - from_x, rigid.y[at] - from_y);
            let near = weight / (1.0 + (dx * dx + dy * dy) * (1.0 / (BEND_PX * BEND_PX)));
            x[at] += near * off_x;
            y[at] += near * off_y;
            sum[at] += near;
        }
    }
    for at in 0..probe.lanes().min(LANES) {
        placed.x[at] += x[at] / sum[at];
        placed.y[at] += y[at] / sum[at];
    }
    placed
}
