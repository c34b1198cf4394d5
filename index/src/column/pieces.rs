//! The pieces of a column that are encrypted, each with the key of its reference.

use std::ops::Range;

use rayon::prelude::*;

use super::name::ColumnName;
use super::{Column, HEADER_BYTES, PADDING_BYTES};
use crate::flaw::{Flaw, Flawed};
use crate::keys::{KeyError, ReferenceKey, Stamp, nonces};
use crate::storage::{Access, Bytes};

/// Where pieces stand, which is encrypted with them: none reads in the place of another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) segment: u64,
    pub(crate) name: ColumnName,
}

/// Segment, column, row and number of the key, as `FORMAT.md` says.
const SPOT_BYTES: usize = 24;

/// Bytes of a row, and how many of them, at its start, are in the clear.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) row: usize,
    pub(crate) clear: usize,
}

impl Spot {
    /// What the piece of a row is encrypted with: its place, and what of the row is in the clear.
    fn context(self, row: usize, key: &ReferenceKey, clear: &[u8]) -> Vec<u8> {
        let mut context = Vec::with_capacity(SPOT_BYTES + clear.len());
        context.extend(self.segment.to_le_bytes());
        context.extend(self.name.codes());
        context.push(0);
        context.extend((row as u32).to_le_bytes());
        context.extend(key.number().to_le_bytes());
        context.extend(clear);
        context
    }

    /// Encrypts rows, each in place and with a key of its own, but for so many bytes at its start.
    pub(crate) fn encrypt(self, clear: usize, rows: Vec<(&mut [u8], &ReferenceKey)>) -> Result<Vec<Stamp>, KeyError> {
        let nonces = nonces(rows.len())?;
        let stamped = rows.into_par_iter().zip(nonces).enumerate().map(|(row, ((bytes, key), nonce))| {
            let (clear, piece) = bytes.split_at_mut(clear);
            key.encrypt(nonce, &self.context(row, key, clear), piece)
        });
        Ok(stamped.collect())
    }

    /// Decrypts a row in place.
    #[must_use]
    fn decrypt(self, clear: usize, row: usize, bytes: &mut [u8], (key, stamp): (&ReferenceKey, &Stamp)) -> bool {
        let (clear, piece) = bytes.split_at_mut(clear);
        key.decrypt(stamp, &self.context(row, key, clear), piece)
    }
}

/// Cuts `data` into pieces of these lengths, one after the other; none where they are not just what it has.
pub(crate) fn cut(mut data: &mut [u8], lengths: impl Iterator<Item = usize>) -> Option<Vec<&mut [u8]>> {
    let mut pieces = Vec::new();
    for length in lengths {
        let (piece, rest) = data.split_at_mut_checked(length)?;
        pieces.push(piece);
        data = rest;
    }
    data.is_empty().then_some(pieces)
}

impl Column {
    /// Whether its rows are encrypted on the disk.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.stamps > 0
    }

    /// All rows, of this shape, decrypted in memory. `key` says whose a row is: nothing where it is nobody's, which is a flaw, and no key
    /// where that was destroyed; such a row is then of zeros.
    pub(crate) fn decrypted<'a>(
        &self,
        shape: Shape,
        key: impl Fn(usize) -> Option<Option<&'a ReferenceKey>> + Sync,
    ) -> Result<Bytes, Flawed> {
        self.bytes.expect(Access::Scan);
        let source = &self.bytes[HEADER_BYTES..HEADER_BYTES + self.data_bytes];
        Bytes::filled(self.data_bytes, |target| {
            let rows = target.par_chunks_mut(shape.row).zip(source.par_chunks(shape.row)).enumerate();
            rows.try_for_each(|(row, (target, source))| {
                let flawed = || self.flawed(Flaw::Encrypted, row * shape.row);
                target[..shape.clear].copy_from_slice(&source[..shape.clear]);
                let Some(key) = key(row).ok_or_else(flawed)? else { return Ok(()) };
                target.copy_from_slice(source);
                let stamp = self.stamp(row).ok_or_else(flawed)?;
                let read = self.spot.decrypt(shape.clear, row, target, (key, &stamp));
                if read { Ok(()) } else { Err(flawed()) }
            })
        })
    }

    /// The piece of a row of any length, decrypted.
    pub(crate) fn piece(&self, row: usize, range: Range<usize>, key: &ReferenceKey) -> Result<Vec<u8>, Flawed> {
        let flawed = |start| self.flawed(Flaw::Encrypted, start);
        let start = range.start;
        let mut piece = self.data().get(range).ok_or_else(|| flawed(start))?.to_vec();
        let stamp = self.stamp(row).ok_or_else(|| flawed(start))?;
        let read = self.spot.decrypt(0, row, &mut piece, (key, &stamp));
        if read { Ok(piece) } else { Err(flawed(start)) }
    }

    fn stamp(&self, row: usize) -> Option<Stamp> {
        let first = HEADER_BYTES + self.data_bytes.next_multiple_of(PADDING_BYTES);
        let start = first + row * size_of::<Stamp>();
        let bytes = self.bytes.get(start..start + size_of::<Stamp>())?;
        (row < self.stamps).then(|| bytemuck::pod_read_unaligned(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_cut_into_just_what_it_has() {
        let mut data = [1, 2, 3, 4, 5];
        let pieces = cut(&mut data, [2, 0, 3].into_iter()).unwrap();
        assert_eq!(pieces, [&[1, 2][..], &[], &[3, 4, 5]]);
        assert!(cut(&mut data, [2, 2].into_iter()).is_none() && cut(&mut data, [2, 4].into_iter()).is_none());
    }
}
