//! Interchange formats: untrusted bytes in, values out, and back.
//!
//! - [`sample`]: any file of pixels, in one of the formats below.
//! - [`image`]: pictures in PNG, JPEG, BMP, TIFF, PNM and JPEG 2000, with the sampling rate their files state.
//! - [`face_image`]: face image records of ISO/IEC 19794-5.
//! - [`finger_image`]: finger image records of ISO/IEC 19794-4.
//! - [`iris_image`]: iris image records of ISO/IEC 19794-6.
//! - [`image_record`]: what these records have in common.
//! - [`minutiae`]: finger minutiae records of ISO/IEC 19794-2 and ANSI/INCITS 378.
//! - [`template`]: templates of our own, of fingers and irises.
//! - [`wsq`]: the wavelet compression of fingerprint images, decoded and encoded here.
//!
//! What this crate is not: it opens no files and judges no sample; it never panics on any bytes.

mod cursor;
pub mod face_image;
pub mod finger_image;
pub mod image;
pub mod image_record;
pub mod iris_image;
pub mod minutiae;
mod rate;
mod representation;
pub mod sample;
pub mod template;
pub mod wsq;

pub use cursor::{InvalidField, Truncated};
pub use representation::QualityBlock;
