//! Statuses as bits, and bits in few bytes.

use std::io::{Read, Write};

use flate2::bufread::GzDecoder;
use flate2::write::{GzEncoder, ZlibEncoder};
use flate2::{Compression, Decompress, FlushDecompress, Status};

/// Of a list that is not compressed: 2,097,152 entries of four bits. One that claims to be longer is not read to its end, for some bytes
/// can claim a gigabyte.
pub(super) const MOST_BYTES: usize = 1 << 20;

/// Why bytes are not a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unpacked {
    /// They are damaged, cut off, or something follows them.
    Damaged,
    /// There are more than [`MOST_BYTES`].
    TooLarge,
}

/// The bits of `values`, `bits` each, from the lowest of the first byte on (draft-ietf-oauth-status-list, section 4.1).
pub(super) fn from_lowest(values: impl Iterator<Item = u8>, bits: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (at, value) in values.enumerate() {
        let (byte, shift) = place(at, bits);
        bytes.resize(byte + 1, 0);
        bytes[byte] |= value << shift;
    }
    bytes
}

/// The value at `index` of those that [`from_lowest`] packed; none behind the last.
pub(super) fn at_lowest(bytes: &[u8], index: usize, bits: usize) -> Option<u8> {
    let (byte, shift) = place(index, bits);
    let mask = u8::MAX >> (8 - bits);
    bytes.get(byte).map(|byte| byte >> shift & mask)
}

fn place(index: usize, bits: usize) -> (usize, usize) {
    let each = 8 / bits;
    (index / each, index % each * bits)
}

/// A bit each, from the highest of the first byte on (Bitstring Status List v1.0, section 2.2, `encodedList`).
pub(super) fn from_highest(flags: impl Iterator<Item = bool>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (at, flag) in flags.enumerate() {
        bytes.resize(at / 8 + 1, 0);
        bytes[at / 8] |= u8::from(flag) << (7 - at % 8);
    }
    bytes
}

/// The bit at `index` of those that [`from_highest`] packed; none behind the last.
pub(super) fn at_highest(bytes: &[u8], index: usize) -> Option<bool> {
    bytes.get(index / 8).map(|byte| byte >> (7 - index % 8) & 1 == 1)
}

/// Bytes as ZLIB (RFC 1950), as small as may be: they are read far more often than written.
pub(super) fn to_zlib(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Bytes as GZIP (RFC 1952).
pub(super) fn to_gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// What [`to_zlib`] packed. That it ends where it should is looked at here, for the library's reader takes what is cut off for the end.
pub(super) fn from_zlib(packed: &[u8]) -> Result<Vec<u8>, Unpacked> {
    let mut inflate = Decompress::new(true);
    let mut bytes = Vec::with_capacity(MOST_BYTES + 1);
    let done = inflate.decompress_vec(packed, &mut bytes, FlushDecompress::Finish).map_err(|_| Unpacked::Damaged)?;
    if bytes.len() > MOST_BYTES {
        return Err(Unpacked::TooLarge);
    }
    let is_all = done == Status::StreamEnd && inflate.total_in() == packed.len() as u64;
    if is_all { Ok(bytes) } else { Err(Unpacked::Damaged) }
}

/// What [`to_gzip`] packed: one member, and nothing behind it.
pub(super) fn from_gzip(packed: &[u8]) -> Result<Vec<u8>, Unpacked> {
    let mut decoder = GzDecoder::new(packed);
    let mut bytes = Vec::new();
    (&mut decoder).take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|_| Unpacked::Damaged)?;
    if bytes.len() > MOST_BYTES {
        return Err(Unpacked::TooLarge);
    }
    if decoder.into_inner().is_empty() { Ok(bytes) } else { Err(Unpacked::Damaged) }
}
