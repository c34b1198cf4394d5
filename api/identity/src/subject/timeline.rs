//! Where what happened to a person stands among his records: under his name, in the order of time.

use super::SubjectId;
use crate::chance::{Opaque, OpaqueError};

/// Bytes of chance in a key: of a person's few records of a millisecond no two get the same.
const CHANCE_BYTES: usize = 4;

/// The bytes of a key: the subject, the time, and chance.
pub(crate) const KEY_BYTES: usize = Opaque::BYTES + size_of::<u64>() + CHANCE_BYTES;

/// A key for what happened to `subject` at `at_ms`.
pub(crate) fn key(subject: SubjectId, at_ms: u64) -> Result<Vec<u8>, OpaqueError> {
    Ok([&subject.bytes()[..], &at_ms.to_be_bytes(), &Opaque::draw()?.bytes()[..CHANCE_BYTES]].concat())
}

/// The keys of what happened to `subject` from `since_ms` on: the first, and one behind the last.
pub(crate) fn since(subject: SubjectId, since_ms: u64) -> (Vec<u8>, Vec<u8>) {
    let from = [&subject.bytes()[..], &since_ms.to_be_bytes()].concat();
    (from, [&subject.bytes()[..], &[u8::MAX; KEY_BYTES - Opaque::BYTES + 1]].concat())
}

/// The time in a key; none where it is not one.
pub(crate) fn at_ms(key: &[u8]) -> Option<u64> {
    key.get(Opaque::BYTES..)?.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}
