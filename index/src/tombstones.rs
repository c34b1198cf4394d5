//! The sets of those who were removed from sealed segments, which stay as they are.

use roaring::RoaringBitmap;

use crate::flaw::Flaw;
use crate::gallery::GalleryError;
use crate::keys::Keys;
use crate::layer::Layer;
use crate::manifest::{RemovedEntry, SegmentEntry, removed_file};
use crate::segment::{MAX_REFERENCES, Segment};
use crate::storage::Storage;

/// The most bytes of a set: one of all references of a segment, bit by bit, and what the format adds.
const MAX_BYTES: usize = MAX_REFERENCES / 8 + 64;

/// Opens the segment that a manifest lists, less those who were removed.
pub(crate) fn open(storage: &dyn Storage, entry: &SegmentEntry, keys: &Keys) -> Result<Layer, GalleryError> {
    let whole = Layer::whole(Segment::open(storage, entry, keys)?);
    let (Some(file), Some(stated)) = (entry.removed_file(), entry.removed) else { return Ok(whole) };
    let bytes = storage.read(&file, MAX_BYTES)?;
    if crc32c::crc32c(&bytes) != stated.checksum {
        return Err(Flaw::Checksum.at(&file, 0).into());
    }
    let set = RoaringBitmap::deserialize_from(&*bytes).ok();
    let fits = |set: &RoaringBitmap| {
        set.len() == stated.count && set.max().is_none_or(|last| u64::from(last) < entry.references)
    };
    match set.filter(fits) {
        Some(set) => Ok(whole.without(set)),
        None => Err(Flaw::Value("set").at(&file, 0).into()),
    }
}

/// What a manifest of this epoch says of those who were removed from a layer; writes their set where `before` is another.
pub(crate) fn write(
    storage: &dyn Storage,
    epoch: u64,
    before: &SegmentEntry,
    layer: &Layer,
) -> Result<Option<RemovedEntry>, GalleryError> {
    let count = layer.removed().len();
    // A set only ever grows.
    if before.removed.map_or(0, |removed| removed.count) == count {
        return Ok(before.removed);
    }
    let mut bytes = Vec::new();
    // Writing to a vector cannot fail.
    let _ = layer.removed().serialize_into(&mut bytes);
    storage.write(&removed_file(before.number, epoch), &[&bytes])?;
    Ok(Some(RemovedEntry { count, epoch, checksum: crc32c::crc32c(&bytes) }))
}
