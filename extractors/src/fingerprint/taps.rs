//! The samples that a filter takes along a line through a pixel, and their weights.

use super::field::Doubled;

/// Spread of the Gaussian along the ridges, in pixels.
const ALONG_SIGMA_PX: f32 = 4.0;

/// How far the filter reaches along the ridges, in pixels.
const ALONG_REACH_PX: f32 = 10.5;

/// Spread of the window across the ridges, in periods.
const ACROSS_SIGMA: f32 = 0.55;

/// How far the filter reaches across the ridges, in periods.
const ACROSS_REACH: f32 = 1.43;

/// The furthest step in any direction: cells lie at least 16 pixels inside the canvas, so that nothing, not even the second
/// pixel of a tap, is read outside.
const MOST_STEPS: isize = 15;

/// Periods that the filter is made for, in pixels.
const PERIODS_PX: (f32, f32) = (3.0, 25.0);

/// Table entries a pixel, and a period.
const FINE: f32 = 64.0;

/// A sample at a distance from the pixel, with its weight in each of the filters that share it.
#[derive(Clone, Copy)]
pub(super) struct Tap<const N: usize> {
    pub(super) offset: isize,
    pub(super) weights: [f32; N],
}

impl Tap<2> {
    /// The tap of the first filter alone.
    pub(super) fn first(&self) -> Tap<1> {
        Tap { offset: self.offset, weights: [self.weights[0]] }
    }
}

/// The filters' profiles, tabulated.
pub(super) struct Shapes {
    gaussian: Vec<f32>,
    even: Vec<f32>,
    odd: Vec<f32>,
}

impl Shapes {
    pub(super) fn new() -> Self {
        let gaussian = |distance: f32, sigma: f32| libm::expf(-distance * distance / (2.0 * sigma * sigma));
        let table = |reach: f32, shape: &dyn Fn(f32) -> f32| -> Vec<f32> {
            (0..=(reach * FINE) as usize + 1).map(|step| shape(step as f32 / FINE)).collect()
        };
        let turn = 2.0 * std::f32::consts::PI;
        Self {
            gaussian: table(ALONG_REACH_PX, &|px| gaussian(px, ALONG_SIGMA_PX)),
            even: table(ACROSS_REACH, &|periods| gaussian(periods, ACROSS_SIGMA) * libm::cosf(turn * periods)),
            odd: table(ACROSS_REACH, &|periods| gaussian(periods, ACROSS_SIGMA) * libm::sinf(turn * periods)),
        }
    }

    /// Smoothing along the ridges.
    pub(super) fn along(&self, taps: &mut Vec<Tap<1>>, direction: Doubled, width: usize) {
        let value = |distance: f32| [self.gaussian[(distance.abs() * FINE + 0.5) as usize]];
        line(taps, direction.along(), ALONG_REACH_PX, width, value);
        scale(taps);
    }

    /// The cosine and the sine across the ridges, both blind to a constant.
    pub(super) fn across(&self, taps: &mut Vec<Tap<2>>, direction: Doubled, period_px: f32, width: usize) {
        let (tx, ty) = direction.along();
        let period_px = period_px.clamp(PERIODS_PX.0, PERIODS_PX.1);
        let value = |distance: f32| {
            let step = (distance.abs() / period_px * FINE + 0.5) as usize;
            // Downwards on the side of the wave's sine, so that phase grows across the ridges.
            let odd = self.odd[step];
            [self.even[step], if distance > 0.0 { -odd } else { odd }]
        };
        line(taps, (-ty, tx), ACROSS_REACH * period_px, width, value);
        scale(taps);
        let mean: f32 = taps.iter().map(|tap| tap.weights[0]).sum();
        for tap in taps {
            tap.weights[0] -= mean * tap.weights[0].abs();
        }
    }
}

/// A tap for each step of the line's longer axis, shared between two pixels of the other; the distance is positive ahead.
fn line<const N: usize>(
    taps: &mut Vec<Tap<N>>,
    (dx, dy): (f32, f32),
    reach_px: f32,
    width: usize,
    value: impl Fn(f32) -> [f32; N],
) {
    taps.clear();
    let width = width as isize;
    let flat = dx.abs() >= dy.abs();
    let (slope, step, side, ahead) = if flat { (dy / dx, 1, width, dx) } else { (dx / dy, width, 1, dy) };
    let length = if ahead < 0.0 { -1.0 } else { 1.0 } * (1.0 + slope * slope).sqrt();
    let steps = ((reach_px / length.abs()) as isize).min(MOST_STEPS);
    for k in -steps..=steps {
        // One more than any drift, so that truncation is rounding down.
        let drift = slope * k as f32 + (MOST_STEPS + 1) as f32;
        let low = drift as isize;
        let part = drift - low as f32;
        let weights = value(k as f32 * length);
        let offset = k * step + (low - MOST_STEPS - 1) * side;
        taps.push(Tap { offset, weights: weights.map(|weight| weight * (1.0 - part)) });
        taps.push(Tap { offset: offset + side, weights: weights.map(|weight| weight * part) });
    }
}

/// Makes the weights of each filter add up to 1 without their signs.
fn scale<const N: usize>(taps: &mut [Tap<N>]) {
    let mut total = [0.0; N];
    for tap in taps.iter() {
        for (total, weight) in total.iter_mut().zip(tap.weights) {
            *total += weight.abs();
        }
    }
    for tap in taps {
        for (weight, total) in tap.weights.iter_mut().zip(total) {
            *weight /= total;
        }
    }
}
