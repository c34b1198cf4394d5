//! From a record's units to Whorl's and back.

use thiserror::Error;
use whorl_types::{FingerTemplate, Minutia, Position, Ppi, Quality};

use super::header::Header;
use super::minutia::RecordedMinutia;
use super::view::{Plane, Representation, View};
use super::{ExtendedData, Format, MinutiaeRecord};
use crate::QualityBlock;
use crate::rate::{self, STANDARD_PER_CM};
use crate::representation::code_of_finger;

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

/// The most fingers in one record: ISO/IEC 19794-2 has 16 views of each of 11 positions, in one byte.
const MAX_FINGERS: usize = 176;

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

    /// A record of `fingers` in `format`, whose coordinates are pixels at 500 ppi.
    ///
    /// # Errors
    /// [`ConvertError`] where there is none, or more fingers or minutiae than a record can count.
    pub fn of_fingers(format: Format, fingers: &[Finger]) -> Result<Self, ConvertError> {
        if fingers.is_empty() || fingers.len() > MAX_FINGERS {
            return Err(ConvertError::Fingers(fingers.len()));
        }
        let number = |place: usize, finger: &Finger| {
            fingers[..place].iter().filter(|earlier| earlier.position == finger.position).count() as u8
        };
        // Formats that state one picture for all views get one that holds each of them.
        let plane = Plane {
            width_px: fingers.iter().map(|finger| finger.width_px).max().unwrap_or(1),
            height_px: fingers.iter().map(|finger| finger.height_px).max().unwrap_or(1),
            x_per_cm: STANDARD_PER_CM,
            y_per_cm: STANDARD_PER_CM,
        };
        let views = fingers
            .iter()
            .enumerate()
            .map(|(place, finger)| view(format, finger, number(place, finger), plane))
            .collect::<Result<_, _>>()?;
        let mut record = Self { header: Header::new(format, plane), views, trailing: Vec::new(), is_length_true: true };
        record.state_lengths();
        Ok(record)
    }

    fn state_lengths(&mut self) {
        let format = self.format();
        for view in &mut self.views {
            let mut bytes = Vec::new();
            view.write(format, &mut bytes);
            if let Some(representation) = &mut view.representation {
                representation.head.stated_length = bytes.len() as u32;
            }
        }
        let short = self.encode().len();
        self.header.has_long_length = format == Format::Ansi2004 && short > usize::from(u16::MAX);
        self.header.stated_length = self.encode().len() as u32;
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
    let is_in_256ths =
        !format.has_angles_of_2_degrees() || view.minutiae().iter().any(|minutia| minutia.angle() >= 180);
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
fn steps_to_256ths(steps: u8) -> u8 {
    ((u32::from(steps) * 256 + 90) / 180) as u8
}

/// 256ths of a turn to steps of 2 degrees, 0 to 179.
fn steps_of_256ths(angle: u8) -> u8 {
    ((u32::from(angle) * 180 + 128) / 256 % 180) as u8
}

fn view(format: Format, finger: &Finger, number: u8, shared: Plane) -> Result<View, ConvertError> {
    /// The impression type of all ISO and ANSI formats for a finger laid on a scanner, the commonest.
    const LIVE_SCAN_PLAIN: u8 = 0;
    /// What 2009 and 2011 say where there is no quality; before there is only the worst.
    const NO_QUALITY: u8 = 254;
    if finger.minutiae.len() > usize::from(u8::MAX) {
        return Err(ConvertError::Minutiae(finger.minutiae.len()));
    }
    let states_plane_once = matches!(format, Format::Iso2005 | Format::Ansi2004);
    let plane = if states_plane_once {
        shared
    } else {
        Plane { width_px: finger.width_px, height_px: finger.height_px, ..shared }
    };
    let untold = if states_plane_once { 0 } else { NO_QUALITY };
    let score = finger.quality.map_or(untold, Quality::get);
    let angle = |angle| if format.has_angles_of_2_degrees() { steps_of_256ths(angle) } else { angle };
    let to_px = |px8: u16, side_px: u16| (px8.saturating_add(4) / 8).min(side_px.saturating_sub(1));
    let minutia = |minutia: &Minutia| {
        let (x_px, y_px) = (to_px(minutia.x_px8, plane.width_px), to_px(minutia.y_px8, plane.height_px));
        // A quality of 0 means that none is reported.
        RecordedMinutia::new(minutia.kind, x_px, y_px, angle(minutia.angle), Some(minutia.quality.get().max(1)))
    };
    Ok(View {
        quality: vec![QualityBlock { score, vendor: 0, algorithm: 0 }],
        representation: (format == Format::Iso2011).then(Representation::unknown),
        minutiae: finger.minutiae.iter().map(minutia).collect(),
        extended: ExtendedData::default(),
        ..View::new(code_of_finger(finger.position), [number, LIVE_SCAN_PLAIN], plane)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_two_degrees_become_the_nearest_256ths_and_come_back() {
        assert_eq!([0, 45, 90, 179].map(steps_to_256ths), [0, 64, 128, 255]);
        for steps in 0..180 {
            assert_eq!(steps_of_256ths(steps_to_256ths(steps)), steps);
        }
    }

    #[test]
    fn one_missing_rate_is_the_other() {
        let plane = |x_per_cm, y_per_cm| Plane { width_px: 1, height_px: 1, x_per_cm, y_per_cm };
        assert_eq!(scales(plane(197, 0)), Some((1.0, 1.0)));
        assert_eq!(scales(plane(0, 394)), Some((0.5, 0.5)));
        assert_eq!(scales(plane(0, 0)), None);
    }
}
