//! The keys of the references of a segment, and columns that are read with them.

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use whorl_types::ReferenceId;

use super::columns::Columns;
use super::finger::Fingers;
use super::{IdRow, lanes};
use crate::column::{Column, ColumnName, Image, Listed, Part, RowKind, Shape, Spot, cut, encrypted_body};
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::keys::{Held, KeyRing, ReferenceKey, Stamp, nonces};
use crate::kind::Kind;
use crate::storage::{Bytes, Storage};
use crate::workers::Workers;

/// The version of the rows of keys.
pub(super) const KEYS_VERSION: u32 = 1;

/// Which key is that of a reference, and that it is: the stamp of nothing, in the place of this row and of this id.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct KeyRow {
    number: u64,
    stamp: Stamp,
    zeros: u32,
}

/// The keys of the references of a segment, in their order. A segment keeps them as long as somebody reads it, so that a snapshot does
/// not move when a key is destroyed.
#[derive(Debug, Clone, Default)]
pub(crate) struct SegmentKeys {
    held: Vec<Held>,
}

/// What the stamp of a key stands for.
fn context(segment: u64, reference: usize, id: &IdRow) -> [u8; 16 + ReferenceId::MAX_BYTES] {
    let mut context = [0; 16 + ReferenceId::MAX_BYTES];
    context[..8].copy_from_slice(&segment.to_le_bytes());
    context[8..16].copy_from_slice(&(reference as u64).to_le_bytes());
    context[16..].copy_from_slice(id);
    context
}

impl SegmentKeys {
    pub(super) fn new(held: Vec<Held>) -> Self {
        Self { held }
    }

    /// What is known of the key of a reference.
    pub(crate) fn of(&self, reference: u32) -> Option<&Held> {
        self.held.get(reference as usize)
    }

    /// The references whose keys are not there.
    pub(crate) fn missing(&self) -> impl Iterator<Item = (u32, &Held)> {
        (0..).zip(&self.held).filter(|(_, held)| held.key().is_none())
    }

    /// The keys of these numbers, where a column lists them.
    pub(super) fn open(column: &Column, ids: &[IdRow], segment: u64, ring: &KeyRing) -> Result<Self, Flawed> {
        let rows = column.rows::<KeyRow>();
        // A flipped bit of a number would else make somebody pass for removed.
        if let Some(flawed) = column.damaged_blocks().next() {
            return Err(flawed);
        }
        if rows.len() != ids.len() {
            return Err(column.flawed(Flaw::Value("number of keys"), 0));
        }
        let held = rows.iter().zip(ids).enumerate().map(|(reference, (row, id))| {
            let held = ring.held(row.number);
            let context = context(segment, reference, id);
            match held.key() {
                Some(key) if !key.decrypt(&row.stamp, &context, &mut []) => {
                    Err(column.flawed(Flaw::Encrypted, reference * size_of::<KeyRow>()))
                }
                Some(_) | None => Ok(held),
            }
        });
        Ok(Self { held: held.collect::<Result<_, _>>()? })
    }

    /// Writes the column that lists them.
    pub(super) fn write(
        &self,
        storage: &dyn Storage,
        (number, directory): (u64, &str),
        ids: &[IdRow],
    ) -> Result<Listed, GalleryError> {
        let nonces = nonces(ids.len())?;
        let rows = self.held.iter().zip(ids).zip(nonces).enumerate().map(|(reference, ((held, id), nonce))| {
            let key = held.key().ok_or_else(|| unkeyed(directory))?;
            let stamp = key.encrypt(nonce, &context(number, reference, id), &mut []);
            Ok(KeyRow { number: key.number(), stamp, zeros: 0 })
        });
        let rows = rows.collect::<Result<Vec<_>, Flawed>>()?;
        let (name, kind) = (ColumnName::Keys, RowKind::of::<KeyRow>(KEYS_VERSION));
        Column::write(storage, directory, name, &Image::new(number, name, kind, bytemuck::cast_slice(&rows)))
    }

    /// Writes the columns of one place with every row encrypted by the key of its owner.
    pub(super) fn write_columns(
        &self,
        storage: &dyn Storage,
        workers: &Workers,
        segment: (u64, &str),
        (kind, position): (Kind, whorl_types::Position),
        parts: [(RowKind, &[u8]); 3],
    ) -> Result<[Listed; 3], GalleryError> {
        let (layout, [coarse, rows, fine]) = (kind.layout(), parts);
        let owners = rows.1.chunks_exact(layout.rows).map(|row| bytemuck::pod_read_unaligned::<u32>(&row[..4]));
        let keys = owners.map(|owner| self.of(owner).and_then(Held::key).ok_or_else(|| unkeyed(segment.1)));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let write = |part, row: RowKind, clear: usize, data: Vec<u8>, lengths: Vec<usize>| {
            let name = ColumnName::Of(kind, position, part);
            Encrypting { storage, workers, segment, name, keys: &keys }.write(row, clear, data, &lengths)
        };
        let lane = layout.coarse / layout.lanes;
        let lanes = if layout.lanes == 1 { coarse.1.to_vec() } else { lanes::parted(coarse.1, keys.len(), lane) };
        let each = |bytes: usize| vec![bytes; keys.len()];
        let coarse = write(Part::Coarse, RowKind { bytes: lane as u32, ..coarse.0 }, 0, lanes, each(lane))?;
        let lengths = layout.fine.map_or_else(|| Fingers::lengths(rows.1).collect(), each);
        let rows = if layout.clear == layout.rows {
            let name = ColumnName::Of(kind, position, Part::Rows);
            Column::write(storage, segment.1, name, &Image::new(segment.0, name, rows.0, rows.1))?
        } else {
            write(Part::Rows, rows.0, layout.clear, rows.1.to_vec(), each(layout.rows))?
        };
        Ok([coarse, rows, write(Part::Fine, fine.0, 0, fine.1.to_vec(), lengths)?])
    }
}

/// A column that is being written, and the keys of its rows.
struct Encrypting<'a> {
    storage: &'a dyn Storage,
    workers: &'a Workers,
    segment: (u64, &'a str),
    name: ColumnName,
    keys: &'a [&'a ReferenceKey],
}

impl Encrypting<'_> {
    /// Encrypts rows of these lengths, but for what is in the clear at the start of each, and writes them.
    fn write(self, kind: RowKind, clear: usize, mut data: Vec<u8>, lengths: &[usize]) -> Result<Listed, GalleryError> {
        let (number, directory) = self.segment;
        let pieces = cut(&mut data, lengths.iter().copied());
        let pieces = pieces.ok_or_else(|| unkeyed(directory))?.into_iter().zip(self.keys.iter().copied()).collect();
        let stamps = self.workers.run(|| Spot { segment: number, name: self.name }.encrypt(clear, pieces))?;
        let rows = data.len() / kind.bytes as usize;
        let body = encrypted_body(data, &stamps);
        let image = Image::encrypted(number, self.name, kind, (rows, stamps.len()), &body);
        Column::write(self.storage, directory, self.name, &image)
    }
}

/// The flaw of a reference that is kept and has no key: a segment of it would be read by nobody.
fn unkeyed(directory: &str) -> Flawed {
    Flaw::Value("key of a reference").at(directory, 0)
}

impl Columns {
    /// These columns, read with the keys of their owners: what is searched is decrypted into memory at once, templates of fingers when
    /// they are read.
    pub(super) fn keyed(self, keys: &Arc<SegmentKeys>) -> Result<Self, Flawed> {
        if !self.is_encrypted() {
            return Ok(self);
        }
        let (layout, count) = (self.kind.layout(), self.len());
        let lane = layout.coarse / layout.lanes;
        let key = |row| keys.of(self.owner(row)).map(Held::key);
        let coarse = self.coarse.decrypted(Shape { row: lane, clear: 0 }, key)?;
        if coarse.len() != count * lane {
            return Err(self.coarse.flawed(Flaw::Value("number of rows"), 0));
        }
        let coarse = if layout.lanes == 1 {
            coarse
        } else {
            Bytes::filled(count.div_ceil(layout.lanes) * layout.coarse, |blocks| {
                lanes::join(&coarse, lane, blocks);
                Ok::<_, Flawed>(())
            })?
        };
        let of_rows = Shape { row: layout.rows, clear: layout.clear };
        let rows = self.rows.is_encrypted().then(|| self.rows.decrypted(of_rows, key)).transpose()?;
        let fine = layout.fine.map(|row| self.fine.decrypted(Shape { row, clear: 0 }, key)).transpose()?;
        let coarse = self.coarse.with_plain(Some(coarse));
        let (rows, fine) = (self.rows.with_plain(rows), self.fine.with_plain(fine));
        Ok(Self { coarse, rows, fine, keys: Some(Arc::clone(keys)), ..self })
    }

    /// Whether its templates are encrypted on the disk.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.coarse.is_encrypted()
    }

    /// The key of the owner of a row.
    pub(super) fn key(&self, row: usize) -> Option<&ReferenceKey> {
        self.keys.as_ref().and_then(|keys| keys.of(self.owner(row))?.key())
    }

    /// Whether a row cannot be read because the key of its owner is not there.
    pub(super) fn is_blank(&self, row: usize) -> bool {
        self.keys.is_some() && self.key(row).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::MasterKey;
    use crate::segment::id_row;
    use crate::storage::Memory;

    #[test]
    fn a_key_is_that_of_its_id_in_its_place_only() {
        let memory = Memory::new();
        memory.create_dir("").unwrap();
        memory.create_dir("segment").unwrap();
        let ring = KeyRing::create(&memory, &MasterKey::generate().unwrap()).unwrap();
        let keys = SegmentKeys::new(ring.assign(&memory, 2).unwrap().into_iter().map(Held::Key).collect());
        let ids = ["ada", "bea"].map(|id| id_row(&ReferenceId::new(id).unwrap()));
        let listed = keys.write(&memory, (7, "segment"), &ids).unwrap();
        let column = Column::open(&memory, (7, "segment"), listed, size_of::<KeyRow>().into()).unwrap();
        let opened = SegmentKeys::open(&column, &ids, 7, &ring).unwrap();
        assert_eq!(opened.held, keys.held);
        for (ids, segment) in [([ids[1], ids[0]], 7), (ids, 8)] {
            assert_eq!(SegmentKeys::open(&column, &ids, segment, &ring).unwrap_err().flaw, Flaw::Encrypted);
        }
    }
}
