//! The step of each subband, and coefficients to steps and back (IAFIS-IC-0110, 2.3 and annex B).

use super::subbands::{CODED, Region, TABLED};

/// Subbands whose variance is below this carry nothing and are not coded.
const LEAST_VARIANCE: f64 = 1.01;

/// Where within a step, in steps, its values are put back.
const BIN_CENTRE: f32 = 0.44;

/// The middle of the picture decides the variances, unless all there of the lowest four subbands together is below this.
const FLAT_VARIANCE: f64 = 20_000.0;

/// The steps of all subbands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Steps {
    /// Where within a step its values are put back, 0 to 1.
    pub(super) centre: f32,
    /// The width of a step; 0 where the subband is not coded.
    pub(super) step: [f32; TABLED],
    /// The width of the step around zero.
    pub(super) zero_step: [f32; TABLED],
}

impl Steps {
    /// The steps that code a plane at about `bit_rate` bits a pixel.
    pub(super) fn for_plane(plane: &[f32], width: usize, subbands: &[Region], bit_rate: f64) -> Self {
        let variances = variances(plane, width, subbands);
        let relative: Vec<f64> =
            variances.iter().enumerate().map(|(band, variance)| relative_step(band, *variance)).collect();
        let scale = rate_scale(&variances, &relative, bit_rate);
        let mut steps = Self { centre: BIN_CENTRE, step: [0.0; TABLED], zero_step: [0.0; TABLED] };
        for (band, relative) in relative.iter().enumerate() {
            steps.step[band] = (relative * scale) as f32;
            steps.zero_step[band] = 1.2 * steps.step[band];
        }
        steps
    }

    /// Which step of subband `band` a coefficient falls on.
    pub(super) fn quantise(&self, band: usize, coefficient: f32) -> i32 {
        let half_zero = self.zero_step[band] / 2.0;
        if coefficient.abs() <= half_zero {
            return 0;
        }
        let steps = ((coefficient.abs() - half_zero) / self.step[band] + 1.0).min(f32::from(u16::MAX)) as i32;
        if coefficient > 0.0 { steps } else { -steps }
    }

    /// The coefficient that a step stands for.
    pub(super) fn restore(&self, band: usize, step: i32) -> f32 {
        let magnitude = self.step[band] * (step.abs() as f32 - self.centre) + self.zero_step[band] / 2.0;
        match step.signum() {
            0 => 0.0,
            1 => magnitude,
            _ => -magnitude,
        }
    }
}

/// The weight of a subband: the highest ones may be coded more coarsely.
fn weight(band: usize) -> f64 {
    match band {
        52 | 56 => 1.32,
        54 | 57 => 1.42,
        53 | 55 | 58 | 59 => 1.08,
        _ => 1.0,
    }
}

/// The part of the picture that a subband stands for.
fn share(band: usize) -> f64 {
    match band {
        0..=3 => 1.0 / 1024.0,
        4..=51 => 1.0 / 256.0,
        _ => 1.0 / 16.0,
    }
}

/// The step of a subband up to the scale that the bit rate decides; 0 where it is not coded.
fn relative_step(band: usize, variance: f64) -> f64 {
    match band {
        _ if variance < LEAST_VARIANCE => 0.0,
        0..=3 => 1.0,
        _ => 10.0 / (weight(band) * libm::log(variance)),
    }
}

/// The scale of all steps that meets the bit rate, leaving out, round by round, subbands that would get no bits.
fn rate_scale(variances: &[f64], relative: &[f64], bit_rate: f64) -> f64 {
    let mut coded: Vec<usize> = (0..relative.len()).filter(|band| relative[*band] > 0.0).collect();
    loop {
        let shares: f64 = coded.iter().map(|band| share(*band)).sum();
        if coded.is_empty() {
            return 0.0;
        }
        let log_product: f64 =
            coded.iter().map(|band| share(*band) * libm::log(libm::sqrt(variances[*band]) / relative[*band])).sum();
        let scale = 2.5 * libm::exp(log_product / shares) / libm::exp2(bit_rate / shares - 1.0);
        let gets_bits = |band: &usize| relative[*band] * scale < 5.0 * libm::sqrt(variances[*band]);
        let kept: Vec<usize> = coded.iter().copied().filter(gets_bits).collect();
        if kept.len() == coded.len() {
            return scale;
        }
        coded = kept;
    }
}

/// The variance of each subband, in the middle of the picture where that is not flat.
fn variances(plane: &[f32], width: usize, subbands: &[Region]) -> Vec<f64> {
    debug_assert_eq!(subbands.len(), CODED);
    let middle: Vec<f64> = subbands.iter().map(|band| variance(plane, width, middle(*band))).collect();
    if middle[..4].iter().sum::<f64>() >= FLAT_VARIANCE {
        return middle;
    }
    subbands.iter().map(|band| variance(plane, width, *band)).collect()
}

/// The middle of a region: three quarters of its width, seven sixteenths of its height.
fn middle(region: Region) -> Region {
    Region {
        x: region.x + region.width / 8,
        y: region.y + 9 * region.height / 32,
        width: 3 * region.width / 4,
        height: 7 * region.height / 16,
    }
}

/// The variance of the coefficients in a region; 0 where there are fewer than two.
fn variance(plane: &[f32], width: usize, region: Region) -> f64 {
    let count = region.width * region.height;
    if count < 2 {
        return 0.0;
    }
    let rows = (region.y..region.y + region.height).map(|row| &plane[row * width + region.x..][..region.width]);
    let (mut sum, mut squares) = (0.0, 0.0);
    for coefficient in rows.flatten() {
        sum += f64::from(*coefficient);
        squares += f64::from(*coefficient) * f64::from(*coefficient);
    }
    (squares - sum * sum / count as f64) / (count as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coefficient_comes_back_within_its_step() {
        let mut steps = Steps { centre: BIN_CENTRE, step: [0.0; TABLED], zero_step: [0.0; TABLED] };
        (steps.step[0], steps.zero_step[0]) = (2.0, 2.4);
        for tenths in -500..500 {
            let coefficient = tenths as f32 / 10.0;
            let restored = steps.restore(0, steps.quantise(0, coefficient));
            assert!((restored - coefficient).abs() <= 1.2001, "{coefficient} came back as {restored}");
        }
    }

    #[test]
    fn a_higher_bit_rate_makes_finer_steps() {
        let layout = super::super::subbands::Layout::new(128, 128);
        let mut seed = 1_u32;
        let plane: Vec<f32> = (0..128 * 128)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as f32 - 128.0
            })
            .collect();
        let at = |rate| Steps::for_plane(&plane, 128, &layout.subbands, rate).step[10];
        assert!(at(0.75) > at(2.25) && at(2.25) > 0.0);
    }
}
