//! Iris image records: ISO/IEC 19794-6:2005 and 2011.
//!
//! [`decode`] keeps everything a record says, so that [`IrisImageRecord::encode`] gives the same bytes back;
//! [`IrisImage::picture`] decodes the picture within. In 2005 one header speaks for all images, which are grouped by eye (a
//! record header of 45 bytes, then for each eye a header of 3 and for each image one of 11); in 2011 every image is a
//! representation that says everything itself (ISO/IEC 19794-6:2011, tables 3 and 4).
//!
//! Tolerated, because what was meant is unambiguous:
//!
//! - a total length, or a length of the last representation, that disagrees with the bytes, where all counted images are
//!   there; what follows them is kept;
//! - an image format that disagrees with the picture's own signature, and a size that disagrees with its own header.
//!
//! Everything else is refused with the field and its offset. Polar images of 2005 are read as records and refused as pictures.

mod compose;
mod compression;
mod eye;
mod header;
mod picture;
mod pixels;
mod wire;

pub use compose::Picture;
pub use compression::Compression;
pub use eye::{ImageKind, Orientation};
use header::{Eye, Header};
pub use picture::IrisImage;
pub use wire::{decode, sniff};

use crate::image_record::Edition;

/// An iris image record as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct IrisImageRecord {
    header: Header,
    /// In 2005, to which eyes the images belong, one after another.
    eyes: Vec<Eye>,
    images: Vec<IrisImage>,
    /// What follows the last image.
    trailing: Vec<u8>,
}

impl IrisImageRecord {
    /// The edition it was written by.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.header.edition()
    }

    /// The images, at least one, in the order of the record.
    #[must_use]
    pub fn images(&self) -> &[IrisImage] {
        &self.images
    }
}

impl std::fmt::Debug for IrisImageRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IrisImageRecord({:?}, {:?})", self.edition(), self.images)
    }
}
