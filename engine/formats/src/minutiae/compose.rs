//! Records of our own.

use whorl_types::{Minutia, Quality};

use super::fingers::{ConvertError, Finger};
use super::header::Header;
use super::minutia::RecordedMinutia;
use super::view::{Plane, Representation, View};
use super::{ExtendedData, Format, MinutiaeRecord};
use crate::QualityBlock;
use crate::rate::STANDARD_PER_CM;
use crate::representation::code_of_finger;

/// The most fingers in one record: ISO/IEC 19794-2 has 16 views of each of 11 positions, in one byte.
const MAX_FINGERS: usize = 176;

impl MinutiaeRecord {
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
    let angle = |angle| if format.is_ansi() { steps_of_256ths(angle) } else { angle };
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
    use super::super::fingers::steps_to_256ths;
    use super::*;

    #[test]
    fn steps_of_two_degrees_become_the_nearest_256ths_and_come_back() {
        assert_eq!([0, 45, 90, 179].map(steps_to_256ths), [0, 64, 128, 255]);
        for steps in 0..180 {
            assert_eq!(steps_of_256ths(steps_to_256ths(steps)), steps);
        }
    }
}
