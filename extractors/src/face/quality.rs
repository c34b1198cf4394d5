//! How much a picture of a face is worth, and what is worth too little.
//!
//! The limits are wide, since what is refused cannot be searched for at all: of 8,400 photographs of three sets they and the gate
//! refuse next to none that a person would call usable. Who enrols under control asks for more by the quality and its measures.

use whorl_types::{FaceMeasures, Quality, Refusal};

/// The least eye distance, in pixels. Passports want 90; but in a crop of 112, where the eyes are 35 apart, faces of 11 pixels from
/// photographs of 288 still look like their owners, and detectors hardly see smaller ones.
const LEAST_EYE_DISTANCE_PX: u8 = 10;

/// The least worth of yaw and of pitch: a turn by 60 degrees, as estimated. Half of the face is hidden from there on.
const LEAST_POSE: u8 = 25;

/// The least sharpness. Photographs that were blurred over a twelfth of the eye distance have it, over an eighth 1.
const LEAST_SHARPNESS: u8 = 10;

/// The least part of the face that is not black. Of photographs the darkest have 70.
const LEAST_UNDER_EXPOSURE: u8 = 15;

/// The least part of the face that is not white. Of photographs the brightest have 86.
const LEAST_OVER_EXPOSURE: u8 = 30;

/// Whether what was measured is of use.
///
/// # Errors
/// [`Refusal::FaceTooSmall`], [`Refusal::Pose`], [`Refusal::UnderExposed`], [`Refusal::OverExposed`], [`Refusal::TooBlurred`].
pub(super) fn check(measures: &FaceMeasures) -> Result<(), Refusal> {
    if measures.eye_distance_px < LEAST_EYE_DISTANCE_PX {
        Err(Refusal::FaceTooSmall)
    } else if measures.yaw.min(measures.pitch) < LEAST_POSE {
        Err(Refusal::Pose)
    } else if measures.under_exposure < LEAST_UNDER_EXPOSURE {
        Err(Refusal::UnderExposed)
    } else if measures.over_exposure < LEAST_OVER_EXPOSURE {
        Err(Refusal::OverExposed)
    } else if measures.sharpness < LEAST_SHARPNESS {
        Err(Refusal::TooBlurred)
    } else {
        Ok(())
    }
}

/// Pixels from eye to eye from which on more are no better: embedding networks are fed 35 to 50.
const PLENTY_PX: f32 = 40.0;

/// Sharpness from which on more is no better: photographs that were blurred over a thirtieth of the eye distance have it, about a
/// pixel of what embedding networks are fed.
const SHARP_ENOUGH: f32 = 50.0;

/// The worth of the sample as a whole: the product of what its parts leave of it, so that a bad one cannot be made up for.
///
/// - size and sharpness count by their roots up to what is enough;
/// - yaw, pitch and the confidence of the detector count in full, and so does the worst of luminance mean and variance, under- and
///   over-exposure;
/// - light from one side takes at most half, a tint at most a quarter.
///
/// Roll is undone by the alignment, and head size, margins, dynamic range and background are asked for by documents, not by
/// recognition: these are told, and do not count.
pub(super) fn overall(measures: &FaceMeasures) -> Quality {
    let share = |measure: u8| f32::from(measure) / 100.0;
    let size = (f32::from(measures.eye_distance_px) / PLENTY_PX).min(1.0).sqrt();
    let sharp = (f32::from(measures.sharpness) / SHARP_ENOUGH).min(1.0).sqrt();
    let turned = share(measures.yaw) * share(measures.pitch);
    let exposed = measures.under_exposure.min(measures.over_exposure);
    let lit = share(measures.luminance_mean.min(measures.luminance_variance).min(exposed));
    let even = 0.5 + 0.5 * share(measures.illumination_uniformity);
    let natural = 0.75 + 0.25 * share(measures.natural_colour);
    Quality::from_fraction(size * sharp * turned * lit * even * natural * share(measures.confidence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> FaceMeasures {
        FaceMeasures::from_values([100; FaceMeasures::COUNT])
    }

    #[test]
    fn what_is_worth_too_little_is_refused_by_name() {
        assert_eq!(check(&good()), Ok(()));
        assert_eq!(check(&FaceMeasures { eye_distance_px: 9, ..good() }), Err(Refusal::FaceTooSmall));
        assert_eq!(check(&FaceMeasures { yaw: 24, ..good() }), Err(Refusal::Pose));
        assert_eq!(check(&FaceMeasures { pitch: 24, ..good() }), Err(Refusal::Pose));
        assert_eq!(check(&FaceMeasures { under_exposure: 14, ..good() }), Err(Refusal::UnderExposed));
        assert_eq!(check(&FaceMeasures { over_exposure: 29, ..good() }), Err(Refusal::OverExposed));
        assert_eq!(check(&FaceMeasures { sharpness: 9, ..good() }), Err(Refusal::TooBlurred));
    }

    #[test]
    fn every_measure_that_counts_lowers_the_quality_and_the_others_do_not() {
        let best = overall(&good());
        assert_eq!(best.get(), 100);
        let counts =
            [true, false, false, false, true, true, true, true, true, true, false, true, true, true, false, true];
        for (place, &lowers) in counts.iter().enumerate() {
            let mut values = [100; FaceMeasures::COUNT];
            values[place] = 20;
            let name = good().named()[place].0;
            assert_eq!(overall(&FaceMeasures::from_values(values)) < best, lowers, "{name}");
        }
    }
}
