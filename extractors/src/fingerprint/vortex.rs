//! Minutiae as vortices of the ridge phase.
//!
//! The ridges filtered by a cosine and by a sine across them are the two parts of a wave whose phase grows by one turn from
//! ridge to ridge. A point around which the phase winds once is where one ridge more leaves on one side than on the other: a
//! minutia, whether the eye calls it an ending or a fork (Larkin and Fletcher, "A coherent framework for fingerprint
//! analysis: are fingerprints holograms?", Optics Express 15, 2007).

use whorl_types::MinutiaKind;

use super::bits::Bits;
use super::canvas::CELL_PX;
use super::field::Ridges;
use super::minutiae::Candidate;
use super::plane::row;

/// The points of the mask around which the ridge phase winds once.
pub(super) fn vortices(ridges: &Ridges) -> Vec<Candidate> {
    let (rows, columns) = ridges.mask.dim();
    let shown =
        |x: usize, y: usize| (1..columns - 1).contains(&(x / CELL_PX)) && ridges.mask[[y / CELL_PX, x / CELL_PX]];
    let (even, odd) = (Bits::positive(&ridges.enhanced), Bits::positive(&ridges.quadrature));
    let mut crossed = Bits::new(even.width, even.height);
    for y in CELL_PX..(rows - 1) * CELL_PX {
        // Across the border of two cells the sign of the sine may be the other one.
        let border = if (y + 1) % CELL_PX == 0 { u64::MAX } else { LAST_OF_CELL };
        for word in 0..even.stride {
            crossed.words[y * even.stride + word] = changes(&even, word, y) & (changes(&odd, word, y) | border);
        }
    }
    crossed.ones().filter(|&(x, y)| shown(x, y)).filter_map(|(x, y)| vortex(ridges, x, y)).collect()
}

/// The rightmost pixels of the cells of a word.
const LAST_OF_CELL: u64 = 0x8080_8080_8080_8080;

/// Which pixels of a word are not the same as all of their neighbours to the right and below.
fn changes(bits: &Bits, word: usize, y: usize) -> u64 {
    let pairs = |y: usize| {
        let words = &bits.words[y * bits.stride..][..bits.stride];
        let right = words[word] >> 1 | words.get(word + 1).map_or(0, |next| next << 63);
        (words[word] | right, words[word] & right)
    };
    let ((any, all), (any_below, all_below)) = (pairs(y), pairs(y + 1));
    (any | any_below) & !(all & all_below)
}

/// The vortex between a pixel and its neighbours to the right and below, if there is one.
fn vortex(ridges: &Ridges, x: usize, y: usize) -> Option<Candidate> {
    let (upper, lower) = (&row(&ridges.enhanced, y)[x..x + 2], &row(&ridges.enhanced, y + 1)[x..x + 2]);
    let even = [upper[0], upper[1], lower[1], lower[0]];
    let (upper, lower) = (&row(&ridges.quadrature, y)[x..x + 2], &row(&ridges.quadrature, y + 1)[x..x + 2]);
    let mut odd = [upper[0], upper[1], lower[1], lower[0]];
    let cell = |x: usize, y: usize| [y / CELL_PX, x / CELL_PX];
    let cells = [cell(x, y), cell(x + 1, y), cell(x + 1, y + 1), cell(x, y + 1)];
    if !cells.iter().all(|&at| ridges.mask[at]) {
        return None;
    }
    let along = ridges.direction[cells[0]].along();
    for (odd, &at) in odd.iter_mut().zip(&cells).filter(|(_, at)| **at != cells[0]) {
        // A direction has no sense of its own: where the neighbour's is the other one, so is the sign of its sine.
        let other = ridges.direction[at].along();
        if other.0 * along.0 + other.1 * along.1 < 0.0 {
            *odd = -*odd;
        }
    }
    let wind = winding(even, odd);
    let (right, down) = zero(even, odd);
    let place = (x as f32 + 0.5 + right, y as f32 + 0.5 + down);
    (wind != 0).then(|| candidate(ridges, place, along, wind))
}

/// How often the phase winds around the square, clockwise in the picture.
fn winding(e: [f32; 4], h: [f32; 4]) -> i32 {
    let mut wind = 0;
    for k in 0..4 {
        let (a, b) = (k, (k + 1) % 4);
        let cross = e[a] * h[b] - e[b] * h[a];
        if h[a] <= 0.0 && h[b] > 0.0 && cross > 0.0 {
            wind += 1;
        } else if h[b] <= 0.0 && h[a] > 0.0 && cross < 0.0 {
            wind -= 1;
        }
    }
    wind
}

/// Where both parts vanish, from their mean slopes in the square: 0 to 1 each way.
fn zero(e: [f32; 4], h: [f32; 4]) -> (f32, f32) {
    let slopes = |v: [f32; 4]| {
        ((v[1] - v[0] + v[2] - v[3]) * 0.5, (v[3] - v[0] + v[2] - v[1]) * 0.5, (v[0] + v[1] + v[2] + v[3]) * 0.25)
    };
    let ((ex, ey, em), (hx, hy, hm)) = (slopes(e), slopes(h));
    let det = ex * hy - ey * hx;
    if det.abs() < 1e-12 {
        return (0.5, 0.5);
    }
    let (dx, dy) = ((-em * hy + hm * ey) / det, (-ex * hm + hx * em) / det);
    ((0.5 + dx).clamp(0.0, 1.0), (0.5 + dy).clamp(0.0, 1.0))
}

fn candidate(ridges: &Ridges, (x, y): (f32, f32), t: (f32, f32), wind: i32) -> Candidate {
    let sense = if wind > 0 { 1.0 } else { -1.0 };
    let (dx, dy) = (t.0 * sense, t.1 * sense);
    let cell = [y as usize / CELL_PX, x as usize / CELL_PX];
    let reach = ridges.period_px[cell] * 0.6;
    let sample = |s: f32| ridges.enhanced[[(y + dy * s) as usize, (x + dx * s) as usize]];
    let kind = if sample(reach) - sample(-reach) > 0.0 { MinutiaKind::Ending } else { MinutiaKind::Bifurcation };
    Candidate { x, y, dx, dy, kind }
}
