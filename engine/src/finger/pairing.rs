//! Which minutiae lie on one another once the probe lies on the reference.

use whorl_types::FingerTemplate;

use super::alignment::{Alignment, Pull};
use super::candidates::Distances;
use super::side::{LANES, Spots, WIDTH};

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

/// The minutia of the other side that fits best so far.
#[derive(Clone, Copy, Default)]
struct Best {
    fit: f32,
    which: usize,
}

impl Best {
    /// Takes `which` where it fits better than what was there; of equally good ones the first stays.
    #[inline(always)]
    fn offer(&mut self, fit: f32, which: usize) {
        if fit > self.fit {
            *self = Self { fit, which };
        }
    }
}

impl Pairing {
    /// Pairs each of the `placed` minutiae with the one of the reference that it fits best, where that one agrees.
    #[inline(always)]
    pub(super) fn of(placed: &Spots, reference: &Spots, distances: &Distances) -> Self {
        let (mut of_reference, mut of_probe) = ([Best::default(); LANES], [Best::default(); LANES]);
        for (i, of_probe) in of_probe.iter_mut().enumerate().take(placed.len) {
            for group in 0..reference.groups() {
                // Hardly any are near.
                let Some(places) = places(placed, i, reference, group) else { continue };
                let fits = fits(&places, placed, i, reference, group);
                for (lane, &fit) in fits.iter().enumerate().filter(|(_, fit)| **fit > 0.0) {
                    let j = group * WIDTH + lane;
                    of_probe.offer(fit, j);
                    of_reference[j].offer(fit, i);
                }
            }
        }
        let mut pairing = Self { len: 0, pairs: [Pair::default(); FingerTemplate::MAX_MINUTIAE] };
        for (i, &Best { fit, which: j }) in of_probe.iter().enumerate().take(placed.len) {
            if fit > 0.0 && of_reference[j].which == i {
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

/// How near placed minutia `i` lies to each minutia of a group of the reference, at most 1; none where no one is within
/// tolerance.
#[inline(always)]
fn places(placed: &Spots, i: usize, reference: &Spots, group: usize) -> Option<[f32; WIDTH]> {
    let [x, y, ..] = reference.group(group);
    let (at_x, at_y) = (placed.x[i], placed.y[i]);
    let places: [f32; WIDTH] = std::array::from_fn(|lane| {
        let (off_x, off_y) = (x[lane] - at_x, y[lane] - at_y);
        1.0 - (off_x * off_x + off_y * off_y) * (1.0 / (TOLERANCE_PX * TOLERANCE_PX))
    });
    let near = places.iter().fold(0, |near, &place| near | u32::from(place > 0.0));
    (near != 0).then_some(places)
}

/// How well placed minutia `i` lies on each minutia of a group, 0 to 1.
#[inline(always)]
fn fits(places: &[f32; WIDTH], placed: &Spots, i: usize, reference: &Spots, group: usize) -> [f32; WIDTH] {
    let [_, _, dx, dy] = reference.group(group);
    let (at_dx, at_dy) = (placed.dx[i], placed.dy[i]);
    std::array::from_fn(|lane| {
        let cosine = dx[lane] * at_dx + dy[lane] * at_dy;
        let direction = 1.0 - (1.0 - cosine) * (1.0 / TOLERANCE_TURN);
        if places[lane] > 0.0 && direction > 0.0 { places[lane] * direction } else { 0.0 }
    })
}

/// Residuals count half at this distance.
const BEND_PX: f32 = 36.0;

/// Weight of staying where the rigid motion says.
const STIFFNESS: f32 = 0.3;

/// A place that is pulled by an offset.
#[derive(Clone, Copy, Default)]
struct Tug {
    from: (f32, f32),
    off: (f32, f32),
    weight: f32,
}

/// Lays the probe on the reference, each minutia shifted as the pulls around it ask: skin stretches locally.
#[inline(always)]
pub(super) fn bend(alignment: &Alignment, pulls: &[Pull], probe: &Spots, reference: &Spots) -> Spots {
    let mut placed = alignment.place(probe);
    let mut tugs = [Tug::default(); FingerTemplate::MAX_MINUTIAE];
    let tugs = &mut tugs[..pulls.len()];
    for (tug, &Pull { probe: i, reference: j, weight }) in tugs.iter_mut().zip(pulls) {
        let from = (placed.x[i], placed.y[i]);
        *tug = Tug { from, off: (reference.x[j] - from.0, reference.y[j] - from.1), weight };
    }
    let (xs, ys) = (placed.x.as_chunks_mut().0, placed.y.as_chunks_mut().0);
    for (xs, ys) in xs.iter_mut().zip(ys).take(probe.groups()) {
        shift(tugs, xs, ys);
    }
    placed
}

/// Shifts a group of minutiae by the mean of the tugs, each counting by its weight and how near it is.
#[inline(always)]
fn shift(tugs: &[Tug], xs: &mut [f32; WIDTH], ys: &mut [f32; WIDTH]) {
    let (mut x, mut y, mut sum) = ([0.0; WIDTH], [0.0; WIDTH], [STIFFNESS; WIDTH]);
    for tug in tugs {
        for lane in 0..WIDTH {
            let (dx, dy) = (xs[lane] - tug.from.0, ys[lane] - tug.from.1);
            let near = tug.weight / (1.0 + (dx * dx + dy * dy) * (1.0 / (BEND_PX * BEND_PX)));
            x[lane] += near * tug.off.0;
            y[lane] += near * tug.off.1;
            sum[lane] += near;
        }
    }
    for lane in 0..WIDTH {
        xs[lane] += x[lane] / sum[lane];
        ys[lane] += y[lane] / sum[lane];
    }
}
