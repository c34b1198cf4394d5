//! What a model says of itself.

use std::fmt;

use super::sha256::Sha256;

/// A face model, described by a TOML file; see [`Description::parse`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Description {
    /// 1 to 40 of `a-z`, `0-9`, `.` and `-`, no dot first.
    pub name: String,
    /// Counts from 1.
    pub version: u32,
    /// Name of the calibration file beside the description, where there is one.
    pub calibration: Option<String>,
    /// Who may use it, and what it was made of.
    pub licence: Licence,
    /// Finds faces and their five points.
    pub detector: Detector,
    /// Turns an aligned face into an embedding.
    pub embedder: Embedder,
    /// Tells photographs of photographs, screens and masks, where the model has such a network.
    pub attack: Option<Attack>,
}

/// The licence card.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Licence {
    /// Of the files with the weights: an SPDX identifier, or a name.
    pub name: String,
    /// Where the weights and the data they were trained on come from, and what may not be done with them.
    pub text: String,
    /// A page that says so.
    pub source: Option<String>,
}

/// A file with a network.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkFile {
    /// Its name, beside the description.
    pub file: String,
    /// What it must hash to.
    pub sha256: Sha256,
    /// Where it can be downloaded.
    pub url: Option<String>,
}

/// How a network reads the channels of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Three channels, blue first.
    Bgr,
    /// Three channels, red first.
    Rgb,
    /// One channel.
    Grey,
}

/// How pixels become the numbers of a network: `(value - mean) * scale` of values 0..=255.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Feeding {
    /// The channels and their order.
    pub colour: Colour,
    /// What is taken away.
    pub mean: f32,
    /// What is multiplied by.
    pub scale: f32,
}

/// A crop in which the face stands where the network expects it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Crop {
    /// Its width.
    pub width_px: usize,
    /// Its height.
    pub height_px: usize,
    /// Where `[x, y]` of the left and right eye, the nose, the left and right corner of the mouth come to stand, in pixels.
    pub points: [[f32; 2]; 5],
    /// What is fed.
    pub feeding: Feeding,
}

/// The network that finds faces, of the heads of YuNet (Wu, Peng, Yu, 2023): `cls`, `obj`, `bbox` and `kps` at strides of 8, 16
/// and 32 pixels, `score = sqrt(cls * obj)`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Detector {
    /// Its file.
    pub network: NetworkFile,
    /// The longest side of the picture that is fed, a multiple of 32.
    pub side_px: usize,
    /// Whether the network takes squares of `side_px` only.
    pub fixed: bool,
    /// What is fed.
    pub feeding: Feeding,
    /// The least score of a face, over 0 and under 1.
    pub score: f32,
}

/// The network that embeds an aligned face.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Embedder {
    /// Its file.
    pub network: NetworkFile,
    /// What it looks at.
    pub crop: Crop,
    /// Name of the output with the embedding.
    pub output: String,
    /// How many values it has.
    pub dimension: usize,
    /// Whether the embedding is the sum of those of the crop and of its mirror image.
    pub mirrored: bool,
}

/// The network that tells presentation attacks (ISO/IEC 30107).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Attack {
    /// Its file.
    pub network: NetworkFile,
    /// What it looks at.
    pub crop: Crop,
    /// Name of the output, which holds probabilities.
    pub output: String,
    /// How many there are.
    pub dimension: usize,
    /// Which of them is that of an attack, counted from 0.
    pub class: usize,
}

impl Description {
    /// The files that must lie beside the description, the detector's first.
    pub fn networks(&self) -> impl Iterator<Item = &NetworkFile> {
        let attack = self.attack.as_ref().map(|attack| &attack.network);
        [&self.detector.network, &self.embedder.network].into_iter().chain(attack)
    }
}

impl Colour {
    /// How many channels are fed: 1 or 3.
    #[must_use]
    pub fn channels(self) -> usize {
        match self {
            Self::Bgr | Self::Rgb => 3,
            Self::Grey => 1,
        }
    }

    /// The name in a description.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bgr => "bgr",
            Self::Rgb => "rgb",
            Self::Grey => "grey",
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Crop {
    /// The shape of the tensor that is fed.
    #[must_use]
    pub fn shape(&self) -> [usize; 4] {
        [1, self.feeding.colour.channels(), self.height_px, self.width_px]
    }
}
