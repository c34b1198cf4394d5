//! What must hold of each decoder for any bytes: it does not panic, and what it accepts comes back.
//!
//! The fuzz targets and the ordinary test that replays their corpus share these.

use whorl_formats::image::{self as pictures, ImageFormat};
use whorl_formats::{
    face_image as faces, finger_image as fingers, iris_image as irises, minutiae as foreign, sample as samples,
    template as own, wsq as wavelets,
};

/// The most pixels of a picture that is written again: the fuzzer has better things to do with its time.
const MOST_PIXELS: u64 = 1 << 20;

/// Pictures of every format; as PNG, which knows all that was read, each comes back.
pub(crate) fn image(bytes: &[u8]) -> bool {
    let Ok(decoded) = pictures::decode(bytes) else { return false };
    if u64::from(decoded.pixels.width_px()) * u64::from(decoded.pixels.height_px()) <= MOST_PIXELS {
        let again = pictures::decode(&pictures::encode_png(&decoded.pixels, None));
        assert!(again.is_ok_and(|again| again.pixels == decoded.pixels), "the pixels do not come back");
    }
    true
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
    let Ok(record) = fingers::decode(bytes) else { return false };
    assert!(record.encode() == bytes, "the record does not come back byte for byte");
    record.images().iter().all(|image| image.picture().is_ok())
}

/// Face image records, and the pictures within.
pub(crate) fn face_image(bytes: &[u8]) -> bool {
    let Ok(record) = faces::decode(bytes) else { return false };
    assert!(record.encode() == bytes, "the record does not come back byte for byte");
    record.images().iter().all(|image| image.picture().is_ok())
}

/// Iris image records, and the pictures within.
pub(crate) fn iris_image(bytes: &[u8]) -> bool {
    let Ok(record) = irises::decode(bytes) else { return false };
    assert!(record.encode() == bytes, "the record does not come back byte for byte");
    record.images().iter().all(|image| image.picture().is_ok())
}

/// Minutiae records, and what they say at 500 ppi: written again, that says the same.
pub(crate) fn minutiae(bytes: &[u8]) -> bool {
    let Ok(record) = foreign::decode(bytes) else { return false };
    assert!(record.encode() == bytes, "the record does not come back byte for byte");
    record.fingers().is_ok()
}

/// Templates of our own. The bytes are also tried with the right length and checksum, which no mutation hits.
pub(crate) fn template(bytes: &[u8]) -> bool {
    let comes_back = |bytes: &[u8]| {
        let Ok(template) = own::decode(bytes) else { return false };
        assert!(own::encode(&template) == bytes, "the template does not come back byte for byte");
        true
    };
    let mut sealed = bytes.to_vec();
    if let Some((head, body)) = sealed.split_first_chunk_mut::<16>() {
        head[8..12].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
        head[12..].copy_from_slice(&crc32c::crc32c(body).to_le_bytes());
    }
    comes_back(&sealed) && comes_back(bytes)
}

/// Whatever holds pixels.
pub(crate) fn sample(bytes: &[u8]) -> bool {
    samples::read_each(bytes).is_ok_and(|pictures| pictures.iter().all(Result::is_ok))
}
