//! What a sample shows and how it was taken.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::{Liveness, Pixels};

/// The biometric characteristic that a sample shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modality {
    /// Friction ridges of a finger.
    Fingerprint,
    /// The iris of one eye.
    Iris,
    /// A face.
    Face,
}

impl Modality {
    /// The name used in manifests and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fingerprint => "fingerprint",
            Self::Iris => "iris",
            Self::Face => "face",
        }
    }
}

impl fmt::Display for Modality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no modality or no position.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{found}\" names no {wanted}; known are: {known}")]
pub struct ParsePositionError {
    wanted: &'static str,
    found: String,
    known: String,
}

impl ParsePositionError {
    /// What the word was to name: `modality` or `position`.
    #[must_use]
    pub fn wanted(&self) -> &str {
        self.wanted
    }

    /// The words that would do, with commas between.
    #[must_use]
    pub fn known(&self) -> &str {
        &self.known
    }
}

impl FromStr for Modality {
    type Err = ParsePositionError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let all = [Self::Fingerprint, Self::Iris, Self::Face];
        by_name(word, "modality", &all.map(|modality| (modality.name(), modality)))
    }
}

/// Which part of a person a sample shows: a finger, an eye, the face.
///
/// The discriminants of the fingers are the finger position codes of ISO/IEC 19794-2:2005, table 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Position {
    /// Not stated.
    Unknown = 0,
    /// Right thumb.
    RightThumb = 1,
    /// Right index finger.
    RightIndex = 2,
    /// Right middle finger.
    RightMiddle = 3,
    /// Right ring finger.
    RightRing = 4,
    /// Right little finger.
    RightLittle = 5,
    /// Left thumb.
    LeftThumb = 6,
    /// Left index finger.
    LeftIndex = 7,
    /// Left middle finger.
    LeftMiddle = 8,
    /// Left ring finger.
    LeftRing = 9,
    /// Left little finger.
    LeftLittle = 10,
    /// Right eye.
    RightEye = 11,
    /// Left eye.
    LeftEye = 12,
    /// Face, of which a person has one.
    Face = 13,
}

impl Position {
    /// Every position, in the order of its code.
    pub const ALL: [Self; 14] = [
        Self::Unknown,
        Self::RightThumb,
        Self::RightIndex,
        Self::RightMiddle,
        Self::RightRing,
        Self::RightLittle,
        Self::LeftThumb,
        Self::LeftIndex,
        Self::LeftMiddle,
        Self::LeftRing,
        Self::LeftLittle,
        Self::RightEye,
        Self::LeftEye,
        Self::Face,
    ];

    /// The fingers in the order in which those take them who take few, and search by them: index fingers are captured most often,
    /// thumbs and middle fingers show most.
    pub const FINGERS: [Self; 10] = [
        Self::RightIndex,
        Self::LeftIndex,
        Self::RightThumb,
        Self::LeftThumb,
        Self::RightMiddle,
        Self::LeftMiddle,
        Self::RightRing,
        Self::LeftRing,
        Self::RightLittle,
        Self::LeftLittle,
    ];

    /// The name used in manifests and on the command line, such as `right-index`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::RightThumb => "right-thumb",
            Self::RightIndex => "right-index",
            Self::RightMiddle => "right-middle",
            Self::RightRing => "right-ring",
            Self::RightLittle => "right-little",
            Self::LeftThumb => "left-thumb",
            Self::LeftIndex => "left-index",
            Self::LeftMiddle => "left-middle",
            Self::LeftRing => "left-ring",
            Self::LeftLittle => "left-little",
            Self::RightEye => "right",
            Self::LeftEye => "left",
            Self::Face => "face",
        }
    }

    /// The code of this position, 0 to 13; for fingers that of ISO/IEC 19794-2:2005.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The position of a code given by [`Position::code`].
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The modality of what is there; none where the position is unknown.
    #[must_use]
    pub fn modality(self) -> Option<Modality> {
        match self {
            Self::Unknown => None,
            Self::RightEye | Self::LeftEye => Some(Modality::Iris),
            Self::Face => Some(Modality::Face),
            Self::RightThumb
            | Self::RightIndex
            | Self::RightMiddle
            | Self::RightRing
            | Self::RightLittle
            | Self::LeftThumb
            | Self::LeftIndex
            | Self::LeftMiddle
            | Self::LeftRing
            | Self::LeftLittle => Some(Modality::Fingerprint),
        }
    }

    /// Whether two samples so labelled may show the same instance: equal positions, or one of them unknown.
    #[must_use]
    pub fn may_equal(self, other: Self) -> bool {
        self == other || self == Self::Unknown || other == Self::Unknown
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Position {
    type Err = ParsePositionError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        by_name(word, "position", &Self::ALL.map(|position| (position.name(), position)))
    }
}

fn by_name<T: Copy>(word: &str, wanted: &'static str, names: &[(&'static str, T)]) -> Result<T, ParsePositionError> {
    let unknown = || {
        let known = names.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        ParsePositionError { wanted, found: word.chars().take(40).collect(), known }
    };
    names.iter().find(|(name, _)| *name == word).map(|&(_, value)| value).ok_or_else(unknown)
}

/// Spatial sampling rate: pixels per inch, 50 to 4000.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Ppi(f32);

/// A sampling rate that no fingerprint scanner has.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("{0} ppi is not within 50..=4000")]
pub struct PpiOutOfRange(pub f32);

impl Ppi {
    /// The rate every fingerprint is brought to before extraction.
    pub const STANDARD: Self = Self(500.0);

    /// A sampling rate of `pixels_per_inch`.
    ///
    /// # Errors
    /// [`PpiOutOfRange`] unless the rate is within 50..=4000.
    pub fn new(pixels_per_inch: f32) -> Result<Self, PpiOutOfRange> {
        if (50.0..=4000.0).contains(&pixels_per_inch) {
            Ok(Self(pixels_per_inch))
        } else {
            Err(PpiOutOfRange(pixels_per_inch))
        }
    }

    /// A sampling rate of `pixels_per_cm`.
    ///
    /// # Errors
    /// As [`Ppi::new`].
    pub fn from_per_cm(pixels_per_cm: f32) -> Result<Self, PpiOutOfRange> {
        Self::new(pixels_per_cm * 2.54)
    }

    /// Pixels per inch.
    #[must_use]
    pub fn get(self) -> f32 {
        self.0
    }
}

/// What is known of a sample beside its pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Capture {
    /// The characteristic shown.
    pub modality: Modality,
    /// Which finger or eye, or the face.
    pub position: Position,
    /// The sampling rate, where somebody states one.
    pub ppi: Option<Ppi>,
    /// Whether a person was there, where somebody says so.
    pub liveness: Option<Liveness>,
}

/// A biometric sample: pixels and what is known of their capture.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The pixels, top row up: those of fingers and eyes are compared in grey, those of faces as they are.
    pub image: Pixels,
    /// What is known of them.
    pub capture: Capture,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_found_again_by_name_and_by_code() {
        for position in Position::ALL {
            assert_eq!(position.name().parse(), Ok(position));
            assert_eq!(Position::from_code(position.code()), Some(position));
        }
        assert_eq!(Position::from_code(14), None);
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let error = "right-toe".parse::<Position>().unwrap_err().to_string();
        assert!(error.contains("right-toe") && error.contains("right-thumb"), "{error}");
    }

    #[test]
    fn rates_outside_every_scanner_are_refused() {
        assert!(Ppi::new(500.0).is_ok());
        for rate in [0.0, 49.9, 4000.1, f32::NAN, f32::INFINITY, -500.0] {
            assert!(Ppi::new(rate).is_err(), "{rate}");
        }
    }
}
