//! Interchange formats: untrusted bytes in, values out, and back.
//!
//! What this crate is not: it opens no files and judges no sample; it never panics on any bytes.
