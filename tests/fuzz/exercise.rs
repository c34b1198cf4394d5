//! What must hold of each decoder for any bytes: it does not panic, and what it accepts comes back.
//!
//! The fuzz targets and the ordinary test that replays their corpus share these.

use whorl_formats::image::{self as pictures, ImageFormat};
use whorl_formats::{finger_image as records, minutiae as templates, sample as samples, wsq as wavelets};

/// Pictures of every format.
pub(crate) fn image(bytes: &[u8]) -> bool {
    pictures::decode(bytes).is_ok()
}

/// JPEG 2000 alone, so that its fuzzer spends no time on other signatures.
pub(crate) fn jp2(bytes: &[u8]) -> bool {
    ImageFormat::sniff(bytes) == Some(ImageFormat::Jpeg2000) && pictures::decode(bytes).is_ok()
}

/// WSQ alone.
pub(crate) fn wsq(bytes: &[u8]) -> bool {
    wavelets::decode(bytes).is_ok()
}

/// Finger image records, and the pictures within.
pub(crate) fn finger_image(bytes: &[u8]) -> bool {
    let Ok(record) = records::decode(bytes) else { return false };
    assert!(record.encode() == bytes, "the record does not come back byte for byte");
    record.images().iter().all(|image| image.picture().is_ok())
}

/// Minutiae records, and what they say at 500 ppi: written again, that says the same.
pub(crate) fn minutiae(bytes: &[u8]) -> bool {
    let Ok(record) = templates::decode(bytes) else { return false };
    assert!(record.encode() == bytes, "the record does not come back byte for byte");
    record.fingers().is_ok()
}

/// Whatever holds pixels.
pub(crate) fn sample(bytes: &[u8]) -> bool {
    samples::read(bytes).is_ok()
}
