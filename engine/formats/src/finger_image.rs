//! Finger image records: ISO/IEC 19794-4:2005 and 2011.
//!
//! [`decode`] keeps everything a record says, so that [`FingerImageRecord::encode`] gives the same bytes back;
//! [`FingerImage::picture`] decodes the picture within.
//!
//! Records in the field are often wrong about themselves. Tolerated, because what was meant is unambiguous:
//!
//! - a total length that disagrees with the bytes, where all counted images are there; what follows them is kept;
//! - a number of fingers (2005) that counts images, and a count of views that goes beyond what is there;
//! - a compression code that disagrees with the picture's own signature, and a size that disagrees with its own header;
//! - a sampling rate given per centimetre and labelled per inch, or the other way round: see [`FingerImage::ppi`].
//!
//! Everything else is refused with the field and its offset.

mod compose;
mod compression;
mod header;
mod picture;
mod pixels;
mod wire;

pub use compose::Picture;
pub use compression::Compression;
use header::Header;
pub use picture::FingerImage;
pub use wire::{decode, sniff};

use crate::image_record::Edition;

/// A finger image record as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerImageRecord {
    header: Header,
    images: Vec<FingerImage>,
    /// What follows the last image.
    trailing: Vec<u8>,
}

impl FingerImageRecord {
    /// The edition it was written by.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.header.edition
    }

    /// The images, at least one, in the order of the record.
    #[must_use]
    pub fn images(&self) -> &[FingerImage] {
        &self.images
    }
}

impl std::fmt::Debug for FingerImageRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FingerImageRecord({:?}, {:?})", self.header.edition, self.images)
    }
}
