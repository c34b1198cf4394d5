//! Face image records: ISO/IEC 19794-5:2005 and 2011.
//!
//! [`decode`] keeps everything a record says, so that [`FaceImageRecord::encode`] gives the same bytes back;
//! [`FaceImage::picture`] decodes the picture within. What a record says of the person (sex, colour of eyes and hair, height) is
//! kept and never told: recognition has no use for it. A three-dimensional shape (2011) is kept as it is.
//!
//! Tolerated, because what was meant is unambiguous: a total length, or a length of the last representation of 2011, that
//! disagrees with the bytes, where all counted images are there (what follows them is kept); an image data type that disagrees
//! with the picture's own signature; and a size that disagrees with its own header. Everything else is refused with the field
//! and its offset.

mod codes;
mod compose;
mod picture;
mod wire;

pub use codes::{ColourSpace, Compression, ImageKind};
pub use compose::Picture;
pub use picture::{FaceImage, FeaturePoint};
pub use wire::{decode, sniff};

use crate::image_record::Edition;

/// A face image record as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceImageRecord {
    edition: Edition,
    /// The length of the record as stated, true or not.
    stated_length: u32,
    /// Certification flag and temporal semantics (2011).
    semantics: [u8; 3],
    images: Vec<FaceImage>,
    /// What follows the last image.
    trailing: Vec<u8>,
}

impl FaceImageRecord {
    /// The edition it was written by.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// The images, at least one, in the order of the record.
    #[must_use]
    pub fn images(&self) -> &[FaceImage] {
        &self.images
    }
}

impl std::fmt::Debug for FaceImageRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FaceImageRecord({:?}, {:?})", self.edition, self.images)
    }
}
