//! From a record's units to Whorl's.

use thiserror::Error;
use whorl_types::{FingerTemplate, Minutia, Position, Ppi, Quality};

use super::minutia::RecordedMinutia;
use super::view::{Plane, View};
use super::{Format, MinutiaeRecord};
use crate::rate;

/// What one view says of a finger, at 500 ppi: all that a record of any format can tell a comparator.
#[derive(Clone, PartialEq, Eq)]
pub struct Finger {
    /// Which finger.
    pub position: Position,
    /// The quality of the view, where it is stated.
    pub quality: Option<Quality>,
    /// Width of the picture, in pixels at 500 ppi; every minutia lies within.
    pub width_px: u16,
    /// Height of the picture, in pixels at 500 ppi; every minutia lies within.
    pub height_px: u16,
    /// The minutiae, at most 255, best first; those of equal quality in the order of the record.
    pub minutiae: Vec<Minutia>,
}

impl std::fmt::Debug for Finger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { position, width_px, height_px, minutiae, .. } = self;
        write!(f, "Finger({position}, {width_px} x {height_px} px, {} minutiae)", minutiae.len())
    }
}

/// Why a view cannot be brought to 500 ppi, or fingers do not fit a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ConvertError {
    /// A sampling rate that is zero or no scanner's.
    #[error(
        "finger view {view}: a resolution of {x_per_cm} x {y_per_cm} pixels per cm cannot be; 197 x 197 is 500 ppi"
    )]
    Resolution {
        /// The number of the view in the record, from 1.
        view: usize,
        /// Columns per centimetre, as stated.
        x_per_cm: u16,
        /// Rows per centimetre, as stated.
        y_per_cm: u16,
    },
    /// A picture that at 500 ppi has over 8,191 pixels a side.
    #[error("finger view {view}: at 500 ppi it is larger than {max} pixels a side", max = FingerTemplate::MAX_SIDE_PX)]
    TooLarge {
        /// The number of the view in the record, from 1.
        view: usize,
    },
    /// No finger, or more than a record may hold.
    #[error("a minutiae record holds 1 to 176 fingers, not {0}")]
    Fingers(usize),
    /// More minutiae than a record can count.
    #[error("a minutiae record holds at most 255 minutiae of a finger, not {0}")]
    Minutiae(usize),
}

/// The quality of a minutia whose record does not tell it: neither good nor bad.
const UNTOLD_QUALITY: u8 = 50;

impl MinutiaeRecord {
    /// Every view, at 500 ppi.
    ///
    /// Tolerated here, because what was meant is unambiguous:
    ///
    /// - a rate that is 250, 500, 512 or 1000 ppi but for its rounding to pixels per centimetre is just that;
    /// - a rate of 250, 500, 512 or 1000 pixels per centimetre was meant per inch: no scanner samples at 635 ppi or 1270;
    /// - of two rates one that is zero is the other;
    /// - an ANSI view with an angle of 180 or more steps of 2 degrees was written in 256ths of a turn;
    /// - a picture too small for its own minutiae is as large as they need.
    ///
    /// # Errors
    /// [`ConvertError`] where the sampling rate of a view cannot be or the view is too large.
    pub fn fingers(&self) -> Result<Vec<Finger>, ConvertError> {
        self.views().iter().zip(1..).map(|(view, number)| finger(self.format(), view, number)).collect()
    }
}

impl Finger {
    /// What a record can tell of `template`.
    #[must_use]
    pub fn of_template(position: Position, template: &FingerTemplate) -> Self {
        Self {
            position,
            quality: Some(template.quality()),
            width_px: template.width_px(),
            height_px: template.height_px(),
            minutiae: template.minutiae().to_vec(),
        }
    }
}

/// What pixels of a view are multiplied with to become pixels at 500 ppi.
fn scale(per_cm: u16) -> Option<f64> {
    rate::per_cm(per_cm).map(|ppi| f64::from(Ppi::STANDARD.get()) / f64::from(ppi.get()))
}

fn scales(plane: Plane) -> Option<(f64, f64)> {
    match (plane.x_per_cm, plane.y_per_cm) {
        (per_cm, 0) | (0, per_cm) => scale(per_cm).map(|both| (both, both)),
        (x, y) => scale(x).zip(scale(y)),
    }
}

fn finger(format: Format, view: &View, number: usize) -> Result<Finger, ConvertError> {
    let Plane { width_px, height_px, x_per_cm, y_per_cm } = view.plane();
    let (x_scale, y_scale) =
        scales(view.plane()).ok_or(ConvertError::Resolution { view: number, x_per_cm, y_per_cm })?;
    let is_in_256ths = !format.is_ansi() || view.minutiae().iter().any(|minutia| minutia.angle() >= 180);
    let to_px8 = |px: u16, scale: f64| (f64::from(px) * scale * 8.0).round() as u32;
    let farthest = |coordinate: fn(RecordedMinutia) -> u16, scale: f64| {
        view.minutiae().iter().map(|&minutia| to_px8(coordinate(minutia), scale) / 8 + 1).max().unwrap_or(1)
    };
    let side = |stated: u16, scale: f64, needed: u32| {
        let side = ((f64::from(stated) * scale).round() as u32).max(needed);
        u16::try_from(side).ok().filter(|side| *side <= FingerTemplate::MAX_SIDE_PX)
    };
    let width_px = side(width_px, x_scale, farthest(RecordedMinutia::x_px, x_scale));
    let height_px = side(height_px, y_scale, farthest(RecordedMinutia::y_px, y_scale));
    let (width_px, height_px) = width_px.zip(height_px).ok_or(ConvertError::TooLarge { view: number })?;
    let minutia = |recorded: &RecordedMinutia| Minutia {
        x_px8: to_px8(recorded.x_px(), x_scale) as u16,
        y_px8: to_px8(recorded.y_px(), y_scale) as u16,
        angle: if is_in_256ths { recorded.angle() } else { steps_to_256ths(recorded.angle()) },
        kind: recorded.kind(),
        quality: Quality::from_fraction(f32::from(recorded.quality().unwrap_or(UNTOLD_QUALITY)) / 100.0),
    };
    let mut minutiae: Vec<_> = view.minutiae().iter().map(minutia).collect();
    minutiae.sort_by_key(|minutia| std::cmp::Reverse(minutia.quality));
    Ok(Finger { position: view.position(), quality: view.quality(), width_px, height_px, minutiae })
}

/// Steps of 2 degrees, 0 to 179, to 256ths of a turn.
pub(super) fn steps_to_256ths(steps: u8) -> u8 {
    ((u32::from(steps) * 256 + 90) / 180) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_missing_rate_is_the_other() {
        let plane = |x_per_cm, y_per_cm| Plane { width_px: 1, height_px: 1, x_per_cm, y_per_cm };
        assert_eq!(scales(plane(197, 0)), Some((1.0, 1.0)));
        assert_eq!(scales(plane(0, 394)), Some((0.5, 0.5)));
        assert_eq!(scales(plane(0, 0)), None);
    }
}
