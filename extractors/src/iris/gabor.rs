//! The filters that turn texture into bits.
//!
//! Complex Gabor wavelets along the angle (Daugman, "High confidence visual recognition of persons by a test of statistical
//! independence", IEEE PAMI 15(11), 1993), Gaussian over the radius. Their even parts are exactly symmetric and blind to a
//! constant, their odd parts exactly antisymmetric: a strip read backwards gives the same real parts, and imaginary parts of
//! the other sign.

/// Wavelengths, in columns of a strip, longest first: what set a prototype apart from codes of one or two wavelengths.
pub(super) const WAVELENGTHS: [f32; 4] = [48.0, 28.0, 16.0, 9.0];

/// Spread of the window, in wavelengths: about an octave and a half of bandwidth.
const SIGMA: f32 = 0.4;

/// How far a filter reaches, in spreads; what lies further out weighs less than 1 %.
const REACH: f32 = 3.0;

/// The weights of one side of a filter: those of the other follow from symmetry.
pub(super) struct Gabor {
    /// Of the real part, at distance 0, 1, 2 ...
    pub(super) even: Vec<f32>,
    /// Of the imaginary part.
    pub(super) odd: Vec<f32>,
    /// Of the window, adding up to 1 over both sides.
    pub(super) window: Vec<f32>,
}

impl Gabor {
    /// The filter of `wavelength` columns.
    pub(super) fn new(wavelength: f32) -> Self {
        let window = window(SIGMA * wavelength);
        let wave = |at: usize| libm::sincosf(2.0 * std::f32::consts::PI * at as f32 / wavelength);
        let odd = window.iter().enumerate().map(|(at, weight)| weight * wave(at).0).collect();
        let mut even: Vec<f32> = window.iter().enumerate().map(|(at, weight)| weight * wave(at).1).collect();
        let constant = total(&even);
        for (even, weight) in even.iter_mut().zip(&window) {
            *even -= constant * weight;
        }
        Self { even, odd, window }
    }
}

/// One side of a Gaussian of spread `sigma`, its middle first, adding up to 1 over both sides.
pub(super) fn window(sigma: f32) -> Vec<f32> {
    let reach = (REACH * sigma) as usize;
    let side: Vec<f32> = (0..=reach).map(|at| libm::expf(-((at * at) as f32) / (2.0 * sigma * sigma))).collect();
    let all = total(&side);
    side.into_iter().map(|weight| weight / all).collect()
}

/// The sum over both sides of what has its middle first.
fn total(side: &[f32]) -> f32 {
    side[0] + 2.0 * side[1..].iter().sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_filter_sees_a_constant() {
        for wavelength in WAVELENGTHS {
            let filter = Gabor::new(wavelength);
            assert!(total(&filter.even).abs() < 1e-6 && filter.odd[0] == 0.0, "{wavelength}");
            assert!((total(&filter.window) - 1.0).abs() < 1e-6, "{wavelength}");
        }
    }
}
