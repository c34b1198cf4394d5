//! Minutiae as vortices of the ridge phase.
//!
//! The ridges filtered by a cosine and by a sine across them are the two parts of a wave whose phase grows by one turn from
//! ridge to ridge. A point around which the phase winds once is where one ridge more leaves on one side than on the other: a
//! minutia, whether the eye calls it an ending or a fork (Larkin and Fletcher, "A coherent framework for fingerprint
//! analysis: are fingerprints holograms?", Optics Express 15, 2007).

use whorl_types::MinutiaKind;

use super::canvas::CELL_PX;
use super::field::Ridges;
use super::minutiae::Candidate;
use super::plane::row;

/// The points of the mask around which the ridge phase winds once.
pub(super) fn vortices(ridges: &Ridges) -> Vec<Candidate> {
    let mut found = Vec::new();
    let quadrature = &ridges.quadrature;
    let (height, width) = quadrature.dim();
    for y in CELL_PX..height - CELL_PX {
        let (e0, e1) = (row(&ridges.enhanced, y), row(&ridges.enhanced, y + 1));
        let (h0, h1) = (row(quadrature, y), row(quadrature, y + 1));
        for x in CELL_PX..width - CELL_PX {
            let e = [e0[x], e0[x + 1], e1[x + 1], e1[x]];
            if e.iter().all(|&v| v > 0.0) || e.iter().all(|&v| v <= 0.0) {
                continue;
            }
            let mut h = [h0[x], h0[x + 1], h1[x + 1], h1[x]];
            let cells = [(y, x), (y, x + 1), (y + 1, x + 1), (y + 1, x)].map(|(y, x)| [y / CELL_PX, x / CELL_PX]);
            if cells.iter().any(|&c| !ridges.mask[c]) {
                continue;
            }
            let t0 = ridges.direction[cells[0]].along();
            if cells[0] != cells[2] {
                for k in 1..4 {
                    let t = ridges.direction[cells[k]].along();
                    if t.0 * t0.0 + t.1 * t0.1 < 0.0 {
                        h[k] = -h[k];
                    }
                }
            }
            let wind = winding(e, h);
            if wind != 0 {
                let (fx, fy) = zero(e, h);
                found.push(candidate(ridges, (x as f32 + 0.5 + fx, y as f32 + 0.5 + fy), t0, wind));
            }
        }
    }
    found
}

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
