//! What sampling rate a record means by the number it states.

use whorl_types::Ppi;

/// Centimetres in an inch.
const INCH_CM: f64 = 2.54;

/// The rates of nearly all fingerprint scanners, in ppi; a record has them rounded up or down to whole pixels per cm.
const SCANNER_PPI: [f64; 4] = [250.0, 500.0, 512.0, 1000.0];

/// 500 and 1000 ppi in pixels per centimetre, rounded down and up. No scanner has so few or so odd pixels per inch.
const SCANNER_PER_CM: [u16; 4] = [196, 197, 393, 394];

/// 500 ppi in pixels per centimetre, rounded.
pub(crate) const STANDARD_PER_CM: u16 = 197;

/// The rate meant by `number` in a field of pixels per centimetre. A scanner's rate per inch is taken for just that, since
/// none samples at 635 ppi or 1270.
pub(crate) fn per_cm(number: u16) -> Option<Ppi> {
    let stated = f64::from(number);
    let meant = if SCANNER_PPI.contains(&stated) { stated } else { stated * INCH_CM };
    let is_rounded = |nominal: &f64| (nominal - meant).abs() < INCH_CM;
    let nominal = SCANNER_PPI.into_iter().find(is_rounded).unwrap_or(meant);
    Ppi::new(nominal as f32).ok()
}

/// The rate meant by `number` in a field of pixels per inch. A scanner's rate per centimetre is taken for just that.
pub(crate) fn per_inch(number: u16) -> Option<Ppi> {
    if SCANNER_PER_CM.contains(&number) { per_cm(number) } else { Ppi::new(f32::from(number)).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rates rounded to whole ppi, 0 for none.
    fn rounded<const N: usize>(rates: [Option<Ppi>; N]) -> [u32; N] {
        rates.map(|rate| rate.map_or(0, |ppi| ppi.get().round() as u32))
    }

    #[test]
    fn a_number_per_centimetre_means_what_scanners_do() {
        assert_eq!(rounded([98, 99, 196, 197, 236].map(per_cm)), [250, 250, 500, 500, 599]);
        assert_eq!(rounded([201, 224, 394, 500, 1000].map(per_cm)), [512, 569, 1000, 500, 1000]);
        assert_eq!(rounded([0, 10, u16::MAX].map(per_cm)), [0; 3]);
    }

    #[test]
    fn a_number_per_inch_means_what_scanners_do() {
        assert_eq!(rounded([197, 394, 500, 569, 0].map(per_inch)), [500, 1000, 500, 569, 0]);
    }
}
