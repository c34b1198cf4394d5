//! The template of one face.

use std::fmt;

use thiserror::Error;

use crate::Quality;

/// Which networks made a template, and how they were fed: embeddings of different models mean nothing to one another.
///
/// It is the first four bytes of a SHA-256 over everything of a model that changes its embeddings; printed as eight hexadecimal
/// digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceModelId(pub u32);

impl fmt::Display for FaceModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// Where a face stands in its picture, by five points in eighths of a pixel: the centres of the eyes, the tip of the nose, the
/// corners of the mouth. "Left" is the left of the picture, so the person's right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FacePoints {
    /// `[x, y]` of the left eye, the right eye, the nose, the left and the right corner of the mouth; may lie outside.
    pub px8: [[i32; 2]; 5],
}

/// What the sample is worth in each respect that ISO/IEC 29794-5 names and image arithmetic can tell: 0 is worthless, 100 is as
/// good as it gets, unless a unit is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaceMeasures {
    /// Inter-eye distance in pixels; 255 where it is larger.
    pub eye_distance_px: u8,
    /// Head size: the height of the face box in per cent of the picture's.
    pub head_size: u8,
    /// Margin adequacy: how much room is left around the head.
    pub margin: u8,
    /// Rotation in the picture plane, by the line of the eyes.
    pub roll: u8,
    /// Turned left or right, by the nose between the eyes.
    pub yaw: u8,
    /// Turned up or down, by the nose between eyes and mouth.
    pub pitch: u8,
    /// Luminance mean.
    pub luminance_mean: u8,
    /// Luminance variance.
    pub luminance_variance: u8,
    /// Under-exposure prevention.
    pub under_exposure: u8,
    /// Over-exposure prevention.
    pub over_exposure: u8,
    /// Dynamic range: entropy of the grey levels.
    pub dynamic_range: u8,
    /// Illumination uniformity between the left and the right half of the face.
    pub illumination_uniformity: u8,
    /// Sharpness.
    pub sharpness: u8,
    /// Natural colour; 100 in a grey picture.
    pub natural_colour: u8,
    /// Background uniformity.
    pub background_uniformity: u8,
    /// The detector's confidence in the aligned face.
    pub confidence: u8,
}

impl FaceMeasures {
    /// How many there are.
    pub const COUNT: usize = 16;

    /// Every measure with its name, in the order of the fields.
    #[must_use]
    pub fn named(&self) -> [(&'static str, u8); Self::COUNT] {
        [
            ("eye-distance-px", self.eye_distance_px),
            ("head-size", self.head_size),
            ("margin", self.margin),
            ("roll", self.roll),
            ("yaw", self.yaw),
            ("pitch", self.pitch),
            ("luminance-mean", self.luminance_mean),
            ("luminance-variance", self.luminance_variance),
            ("under-exposure", self.under_exposure),
            ("over-exposure", self.over_exposure),
            ("dynamic-range", self.dynamic_range),
            ("illumination-uniformity", self.illumination_uniformity),
            ("sharpness", self.sharpness),
            ("natural-colour", self.natural_colour),
            ("background-uniformity", self.background_uniformity),
            ("confidence", self.confidence),
        ]
    }

    /// The measures of these values, in the order of the fields.
    #[must_use]
    pub fn from_values(values: [u8; Self::COUNT]) -> Self {
        let [
            eye_distance_px,
            head_size,
            margin,
            roll,
            yaw,
            pitch,
            luminance_mean,
            luminance_variance,
            under_exposure,
            over_exposure,
            dynamic_range,
            illumination_uniformity,
            sharpness,
            natural_colour,
            background_uniformity,
            confidence,
        ] = values;
        Self {
            eye_distance_px,
            head_size,
            margin,
            roll,
            yaw,
            pitch,
            luminance_mean,
            luminance_variance,
            under_exposure,
            over_exposure,
            dynamic_range,
            illumination_uniformity,
            sharpness,
            natural_colour,
            background_uniformity,
            confidence,
        }
    }
}

/// What recognition keeps of one face.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceTemplate {
    model: FaceModelId,
    dimension: u16,
    embedding: Box<[i8; Self::MAX_DIMENSION]>,
    points: FacePoints,
    measures: FaceMeasures,
    quality: Quality,
}

/// A template that no face has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FaceTemplateError {
    /// No direction, or more of them than are kept.
    #[error("an embedding has 1 to 512 dimensions, not {0}")]
    Dimension(usize),
    /// Zero everywhere, so that it points nowhere.
    #[error("the embedding is zero in every dimension")]
    Zero,
    /// The lowest number of a byte, which has no opposite.
    #[error("dimension {0} of the embedding is -128; the lowest value is -127")]
    Lowest(usize),
}

impl FaceTemplate {
    /// The most dimensions of an embedding; a template of fewer is zero beyond them.
    pub const MAX_DIMENSION: usize = 512;

    /// A template of `embedding`, 1 to [`FaceTemplate::MAX_DIMENSION`] values of -127..=127 whose direction is what counts, made
    /// by `model` of a face at `points`.
    ///
    /// # Errors
    /// [`FaceTemplateError`] for any other embedding, or one that is zero everywhere.
    pub fn new(
        model: FaceModelId,
        embedding: &[i8],
        points: FacePoints,
        measures: FaceMeasures,
        quality: Quality,
    ) -> Result<Self, FaceTemplateError> {
        if embedding.is_empty() || embedding.len() > Self::MAX_DIMENSION {
            return Err(FaceTemplateError::Dimension(embedding.len()));
        }
        if let Some(lowest) = embedding.iter().position(|&value| value == i8::MIN) {
            return Err(FaceTemplateError::Lowest(lowest));
        }
        if embedding.iter().all(|&value| value == 0) {
            return Err(FaceTemplateError::Zero);
        }
        let mut padded = Box::new([0; Self::MAX_DIMENSION]);
        padded[..embedding.len()].copy_from_slice(embedding);
        Ok(Self { model, dimension: embedding.len() as u16, embedding: padded, points, measures, quality })
    }

    /// The networks that made it.
    #[must_use]
    pub fn model(&self) -> FaceModelId {
        self.model
    }

    /// How many values the model gives, 1 to [`FaceTemplate::MAX_DIMENSION`].
    #[must_use]
    pub fn dimension(&self) -> usize {
        usize::from(self.dimension)
    }

    /// The values, zero from [`FaceTemplate::dimension`] on.
    #[must_use]
    pub fn embedding(&self) -> &[i8; Self::MAX_DIMENSION] {
        &self.embedding
    }

    /// Where the face stands in the sample.
    #[must_use]
    pub fn points(&self) -> FacePoints {
        self.points
    }

    /// The worth of the sample, respect by respect.
    #[must_use]
    pub fn measures(&self) -> &FaceMeasures {
        &self.measures
    }

    /// The worth of the sample.
    #[must_use]
    pub fn quality(&self) -> Quality {
        self.quality
    }
}

impl fmt::Debug for FaceTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceTemplate(model {}, {} dimensions, {:?})", self.model, self.dimension, self.quality)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(embedding: &[i8]) -> Result<FaceTemplate, FaceTemplateError> {
        let points = FacePoints { px8: [[0; 2]; 5] };
        FaceTemplate::new(FaceModelId(7), embedding, points, FaceMeasures::default(), Quality::new(50).unwrap())
    }

    #[test]
    fn an_embedding_points_somewhere_in_a_bounded_number_of_dimensions() {
        let kept = template(&[1, -127, 3]).unwrap();
        assert_eq!((kept.dimension(), &kept.embedding()[..4]), (3, &[1, -127, 3, 0][..]));
        assert_eq!(template(&[]).unwrap_err(), FaceTemplateError::Dimension(0));
        assert_eq!(template(&[1; 513]).unwrap_err(), FaceTemplateError::Dimension(513));
        assert_eq!(template(&[0; 512]).unwrap_err(), FaceTemplateError::Zero);
        assert_eq!(template(&[1, -128]).unwrap_err(), FaceTemplateError::Lowest(1));
    }

    #[test]
    fn a_template_never_prints_its_embedding() {
        let printed = format!("{:?}", template(&[93, 94, 95]).unwrap());
        assert_eq!(printed, "FaceTemplate(model 00000007, 3 dimensions, Quality(50))");
    }

    #[test]
    fn measures_are_told_and_read_in_one_order() {
        let values = std::array::from_fn(|place| place as u8 + 1);
        assert_eq!(FaceMeasures::from_values(values).named().map(|(_, value)| value), values);
    }
}
