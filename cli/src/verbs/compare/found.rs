//! What the strongest pair has in common, in a few words.

use std::fmt;

use serde::Serialize;
use whorl_service::Agreement;

/// What was found in common; it prints as a few words.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Found {
    /// Of two fingers.
    Finger { matched_minutiae: usize },
    /// Of two faces.
    Face {
        /// Of the angle between their embeddings: 1 is the same direction, 0 has nothing in common; none between models.
        cosine: Option<f64>,
    },
    /// Of two eyes.
    Iris {
        /// The fraction of the common bits that disagree.
        hamming_distance: Option<f64>,
        /// The same, drawn towards a half where few bits are common.
        normalised_distance: Option<f64>,
        common_bits: u16,
        disagreeing_bits: u16,
        /// By how much the probe is turned against the reference, clockwise as seen.
        rotation_degrees: f64,
        mirrored: bool,
    },
}

/// Degrees from one direction of an iris code to the next.
const DEGREES: f64 = 360.0 / whorl_types::IrisCode::ANGLES as f64;

impl Found {
    pub(super) fn new(agreement: &Agreement) -> Self {
        match agreement {
            Agreement::Finger { matched } => Self::Finger { matched_minutiae: matched.len() },
            Agreement::Face { comparison } => Self::Face { cosine: comparison.cosine() },
            Agreement::Iris { comparison, mirrored } => Self::Iris {
                hamming_distance: comparison.raw_distance(),
                normalised_distance: comparison.distance(),
                common_bits: comparison.common,
                disagreeing_bits: comparison.disagreeing,
                rotation_degrees: f64::from(comparison.rotation) * DEGREES,
                mirrored: *mirrored,
            },
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finger { matched_minutiae } => write!(f, "{matched_minutiae} minutiae matched"),
            Self::Face { cosine: Some(cosine) } => write!(f, "cosine {cosine:.3}"),
            Self::Face { cosine: None } => f.write_str("embeddings of two models, which have nothing in common"),
            Self::Iris { disagreeing_bits, common_bits, rotation_degrees, mirrored, .. } => {
                let mirror = if *mirrored { ", in a mirror" } else { "" };
                let turn = format!("turned by {rotation_degrees:.0} degrees{mirror}");
                write!(f, "{disagreeing_bits} of {common_bits} common bits disagree, {turn}")
            }
        }
    }
}
