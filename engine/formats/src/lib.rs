//! Interchange formats: untrusted bytes in, values out, and back.
//!
//! - [`image`]: pictures in PNG, JPEG, BMP, TIFF, PNM and JPEG 2000, with the sampling rate their files state.
//! - [`minutiae`]: finger minutiae records of ISO/IEC 19794-2 and ANSI/INCITS 378.
//! - [`wsq`]: the wavelet compression of fingerprint images, decoded and encoded here.
//!
//! What this crate is not: it opens no files and judges no sample; it never panics on any bytes.

mod cursor;
pub mod image;
pub mod minutiae;
pub mod wsq;

pub use cursor::Truncated;
