//! The file in which the wrapped keys lie, each in a place of its own that is written over when it is destroyed.

use bytemuck::{Pod, Zeroable};

use super::cipher::{KEY_BYTES, Nonce, Secret, Stamp};
use super::{Held, KeyError, MasterKey, ReferenceKey};
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::storage::Storage;

/// The folder of the table: one that can be a link to another disk, and that no backup copies.
pub(crate) const DIRECTORY: &str = "keys";

/// The table.
pub(crate) const TABLE: &str = "keys/table";

/// Its successor under another master key, until it takes the place.
const NEW_TABLE: &str = "keys/table.new";

const FORMAT_VERSION: u16 = 1;

const MAGIC: [u8; 8] = *b"WHORLKEY";

/// The key of the gallery itself: it says whether a master key is the right one, and encrypts what lies beside the gallery.
pub(super) const OWN: u64 = 0;

/// The first bytes of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Header {
    magic: [u8; 8],
    format_version: u16,
    zeros: [u8; 6],
    /// Drawn by chance when the gallery was created; its manifest says the same.
    pub(super) gallery: u64,
    more_zeros: [u8; 36],
    checksum: u32,
}

const HEADER_BYTES: usize = size_of::<Header>();

impl Header {
    pub(super) fn new(gallery: u64) -> Self {
        let zeroed = Self { magic: MAGIC, format_version: FORMAT_VERSION, gallery, ..Self::zeroed() };
        Self { checksum: crc32c::crc32c(&bytemuck::bytes_of(&zeroed)[..HEADER_BYTES - size_of::<u32>()]), ..zeroed }
    }

    fn read(bytes: &[u8]) -> Result<Self, Flawed> {
        let start = bytes.get(..HEADER_BYTES).ok_or_else(|| Flaw::Foreign.at(TABLE, 0))?;
        let found = bytemuck::pod_read_unaligned::<Self>(start);
        if found == Self::new(found.gallery) {
            return Ok(found);
        }
        let (known, version) = (u32::from(FORMAT_VERSION), u32::from(found.format_version));
        Err(match (found.magic, version > known) {
            (MAGIC, true) => Flaw::FormatVersion { found: version, known }.at(TABLE, 8),
            (MAGIC, false) => Flaw::Checksum.at(TABLE, 60),
            _ => Flaw::Foreign.at(TABLE, 0),
        })
    }
}

/// The place of a key: wrapped, or written over with zeros. As large as what a disk writes in one piece is a multiple of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Slot {
    stamp: Stamp,
    wrapped: [u8; KEY_BYTES],
    /// Of the key's number and all before it: zeros that nobody wrote do not pass for a key that was destroyed.
    checksum: u32,
}

pub(super) const SLOT_BYTES: usize = size_of::<Slot>();

/// Where the key of a number lies in the table.
pub(crate) fn slot_offset(number: u64) -> u64 {
    HEADER_BYTES as u64 + number * SLOT_BYTES as u64
}

impl Slot {
    /// A key, wrapped.
    pub(super) fn of(key: &ReferenceKey, gallery: u64, master: &MasterKey, nonce: Nonce) -> Self {
        let mut wrapped = key.secret.0;
        let stamp = master.0.encrypt(nonce, &context(gallery, key.number), &mut wrapped);
        Self { stamp, wrapped, checksum: 0 }.checked(key.number)
    }

    /// The place of a key that was destroyed.
    pub(super) fn destroyed(number: u64) -> Self {
        Self::zeroed().checked(number)
    }

    /// The key in the place of this number.
    pub(super) fn held(self, number: u64, gallery: u64, master: &MasterKey) -> Held {
        if self == Self::destroyed(number) {
            return Held::Destroyed(number);
        }
        let mut secret = Secret(self.wrapped);
        let read = self.is_whole(number) && master.0.decrypt(&self.stamp, &context(gallery, number), &mut secret.0);
        if read { Held::Key(ReferenceKey { number, secret }) } else { Held::Damaged(number) }
    }

    /// Whether it is what was written, whatever the master key.
    pub(super) fn is_whole(self, number: u64) -> bool {
        self.checked(number) == self
    }

    fn checked(self, number: u64) -> Self {
        let start = crc32c::crc32c(&number.to_le_bytes());
        let before = &bytemuck::bytes_of(&self)[..SLOT_BYTES - size_of::<u32>()];
        Self { checksum: crc32c::crc32c_append(start, before), ..self }
    }
}

/// What a key is wrapped with, so that it reads in no other place and in no other gallery.
fn context(gallery: u64, number: u64) -> [u8; 24] {
    let mut context = [0; 24];
    context[..8].copy_from_slice(b"whorlkey");
    context[8..16].copy_from_slice(&gallery.to_le_bytes());
    context[16..].copy_from_slice(&number.to_le_bytes());
    context
}

/// The table of a gallery: its header, and the places of all keys. One that is cut short at the end is no key's yet.
pub(super) fn read(storage: &dyn Storage) -> Result<(Header, Vec<Slot>), GalleryError> {
    let bytes = storage.read(TABLE, usize::MAX).map_err(|error| {
        if error.is_missing() { KeyError::Missing(storage.place()).into() } else { GalleryError::from(error) }
    })?;
    let header = Header::read(&bytes)?;
    let slot = |bytes: &[u8]| bytemuck::try_pod_read_unaligned(bytes).unwrap_or_else(|_| Slot::zeroed());
    Ok((header, bytes[HEADER_BYTES..].chunks(SLOT_BYTES).map(slot).collect()))
}

/// Writes a new table of this gallery.
pub(super) fn write(storage: &dyn Storage, path: &str, header: Header, slots: &[Slot]) -> Result<(), GalleryError> {
    storage.write(path, &[bytemuck::bytes_of(&header), bytemuck::cast_slice(slots)])?;
    Ok(storage.check_length(path, slot_offset(slots.len() as u64))?)
}

/// Writes the table of this gallery anew and puts it in the place of the one that is there, in one step: whatever happens meanwhile, one of
/// the two is whole and the other is gone, or is taken away by who opens next ([`clear_unfinished`]).
pub(super) fn replace(storage: &dyn Storage, gallery: u64, slots: &[Slot]) -> Result<(), GalleryError> {
    clear_unfinished(storage)?;
    write(storage, NEW_TABLE, Header::new(gallery), slots)?;
    storage.rename(NEW_TABLE, TABLE)?;
    Ok(storage.sync_dir(DIRECTORY)?)
}

/// Removes the successor of a table that never took its place: it has the keys of everybody, also of those who are removed from now on. And
/// makes durable which table is there, for one that was not told to be in its place may still go again.
pub(super) fn clear_unfinished(storage: &dyn Storage) -> Result<(), GalleryError> {
    if storage.len(NEW_TABLE).is_ok() {
        storage.remove(NEW_TABLE)?;
    }
    Ok(storage.sync_dir(DIRECTORY)?)
}

/// Removes what a crash leaves while a gallery is created; refuses where there are keys of references.
pub(crate) fn clear_leftover(storage: &dyn Storage) -> Result<(), GalleryError> {
    if storage.len(TABLE).is_ok_and(|length| length > slot_offset(OWN + 1)) {
        return Err(KeyError::InUse(storage.place()).into());
    }
    match storage.remove(DIRECTORY) {
        Err(error) if !error.is_missing() => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flip_of_a_bit_of_a_place_is_seen_and_a_place_of_zeros_is_damage() {
        let master = MasterKey::generate().unwrap();
        let key = ReferenceKey { number: 3, secret: Secret([9; KEY_BYTES]) };
        let slot = Slot::of(&key, 77, &master, [1; 12]);
        assert_eq!(slot.held(3, 77, &master), Held::Key(key));
        assert_eq!(slot.held(4, 77, &master), Held::Damaged(4), "in another place");
        assert_eq!(slot.held(3, 78, &master), Held::Damaged(3), "in another gallery");
        for of in [slot, Slot::destroyed(3)] {
            for bit in 0..SLOT_BYTES * 8 {
                let mut flipped = of;
                bytemuck::bytes_of_mut(&mut flipped)[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(flipped.held(3, 77, &master), Held::Damaged(3), "bit {bit}");
            }
        }
        assert_eq!(Slot::zeroed().held(3, 77, &master), Held::Damaged(3));
        assert_eq!(Slot::destroyed(3).held(3, 77, &master), Held::Destroyed(3));
    }
}
