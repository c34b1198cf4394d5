//! The smooth closed curve through uncertain points.

use super::contour::{Contour, UNIT};

const DIRECTIONS: usize = Contour::DIRECTIONS;

/// How often points without weight are replaced by the curve through the others.
const ROUNDS: usize = 12;

/// A point this far off, in pixels, counts half.
const OFF_PX: f32 = 2.0;

/// The radii of a circle with its first `order` harmonics (Daugman, "New methods in iris recognition", 2007, section II) that
/// runs through `radii`, each believed as far as its weight of 0 to 1 says and as it is near the curve;
/// the circle of radius `start` where none is.
pub(super) fn smooth(
    start: f32,
    radii: &[f32; DIRECTIONS],
    weights: &[f32; DIRECTIONS],
    order: usize,
) -> [f32; DIRECTIONS] {
    let mut curve = [weighted_mean(start, radii, weights); DIRECTIONS];
    for round in 0..ROUNDS {
        // The first curves are too far from the points to judge them.
        let judged = round >= ROUNDS / 3;
        let believed = std::array::from_fn(|a| {
            let off = radii[a] - curve[a];
            let near = if judged { 1.0 / (1.0 + off * off / (OFF_PX * OFF_PX)) } else { 1.0 };
            curve[a] + weights[a] * near * off
        });
        // Far from a circle a point is something else: a lid, or a lash.
        curve = harmonics(&believed, if round < ROUNDS * 2 / 3 { 1 } else { order });
    }
    curve
}

/// The mean of `radii`, and a little of `start`.
fn weighted_mean(start: f32, radii: &[f32; DIRECTIONS], weights: &[f32; DIRECTIONS]) -> f32 {
    let (mut sum, mut weight) = (start, 1.0);
    for (radius, w) in radii.iter().zip(weights) {
        sum += radius * w;
        weight += w;
    }
    sum / weight
}

/// The mean and the first `order` harmonics of `radii`.
fn harmonics(radii: &[f32; DIRECTIONS], order: usize) -> [f32; DIRECTIONS] {
    let mut curve = [radii.iter().sum::<f32>() / DIRECTIONS as f32; DIRECTIONS];
    for k in 1..=order {
        let (mut even, mut odd) = (0.0, 0.0);
        for (a, radius) in radii.iter().enumerate() {
            let (cos, sin) = UNIT[a * k % DIRECTIONS];
            even += radius * cos;
            odd += radius * sin;
        }
        let scale = 2.0 / DIRECTIONS as f32;
        for (a, curve) in curve.iter_mut().enumerate() {
            let (cos, sin) = UNIT[a * k % DIRECTIONS];
            *curve += (even * cos + odd * sin) * scale;
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_are_not_believed_or_far_off_do_not_bend_the_curve() {
        let mut radii = UNIT.map(|(x, _)| 40.0 + 3.0 * x);
        let mut weights = [1.0; DIRECTIONS];
        radii[10..20].fill(50.0);
        weights[60..90].fill(0.0);
        radii[60..90].fill(5.0);
        let curve = smooth(38.0, &radii, &weights, 2);
        for (a, (x, _)) in UNIT.into_iter().enumerate() {
            assert!((curve[a] - 40.0 - 3.0 * x).abs() < 1.0, "{a}: {}", curve[a]);
        }
    }

    #[test]
    fn where_nothing_is_believed_the_curve_is_the_circle_to_start_with() {
        let curve = smooth(38.0, &[5.0; DIRECTIONS], &[0.0; DIRECTIONS], 6);
        assert!(curve.iter().all(|radius| (radius - 38.0).abs() < 1e-3), "{curve:?}");
    }
}
