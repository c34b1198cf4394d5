//! Reading untrusted bytes: the only way this crate takes a number out of a record.

use thiserror::Error;

/// Bytes that end before a field does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "{field} at byte {offset} needs {needed} bytes and {left} are left: the data is cut short or a length in it is wrong"
)]
pub struct Truncated {
    /// The field that was being read, as its standard names it.
    pub field: &'static str,
    /// Where the field starts, counted from the start of the data.
    pub offset: usize,
    /// Bytes that the field takes.
    pub needed: usize,
    /// Bytes that were there.
    pub left: usize,
}

/// A field that is there and says what it cannot mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{field} at byte {offset} is {found}: {reason}")]
pub struct InvalidField {
    /// The field, as its standard names it.
    pub field: &'static str,
    /// Where it starts, counted from the start of the data.
    pub offset: usize,
    /// What it says.
    pub found: u32,
    /// Why that cannot be.
    pub reason: &'static str,
}

impl InvalidField {
    /// The error of a field, unless `holds`.
    pub(crate) fn unless(
        holds: bool,
        field: &'static str,
        offset: usize,
        found: impl Into<u32>,
        reason: &'static str,
    ) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self { field, offset, found: found.into(), reason }) }
    }
}

/// A place in untrusted bytes. Every read names its field, so that a failure can say which one and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// The same bytes read from `offset`; an offset past the end leaves nothing to read.
    pub(crate) fn at(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset: offset.min(bytes.len()) }
    }

    /// Bytes read so far, counted from the start of the data.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Bytes not read yet.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.offset
    }

    pub(crate) fn take(&mut self, needed: usize, field: &'static str) -> Result<&'a [u8], Truncated> {
        let rest = &self.bytes[self.offset..];
        let (taken, _) =
            rest.split_at_checked(needed).ok_or(Truncated { field, offset: self.offset, needed, left: rest.len() })?;
        self.offset += needed;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Truncated> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, field)?);
        Ok(array)
    }

    pub(crate) fn u8(&mut self, field: &'static str) -> Result<u8, Truncated> {
        self.array::<1>(field).map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self, field: &'static str) -> Result<u16, Truncated> {
        self.array(field).map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self, field: &'static str) -> Result<u32, Truncated> {
        self.array(field).map(u32::from_be_bytes)
    }

    pub(crate) fn u16_le(&mut self, field: &'static str) -> Result<u16, Truncated> {
        self.array(field).map(u16::from_le_bytes)
    }

    pub(crate) fn u32_le(&mut self, field: &'static str) -> Result<u32, Truncated> {
        self.array(field).map(u32::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_the_order_the_format_says() {
        let mut cursor = Cursor::new(&[1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(cursor.u16("a"), Ok(0x0102));
        assert_eq!(cursor.u16_le("b"), Ok(0x0403));
        assert_eq!(cursor.take(2, "c"), Ok(&[5, 6][..]));
        assert_eq!((cursor.offset(), cursor.left()), (6, 1));
    }

    #[test]
    fn a_short_read_names_its_field_and_place_and_moves_nothing() {
        let mut cursor = Cursor::at(&[1, 2, 3], 2);
        assert_eq!(cursor.u32("length"), Err(Truncated { field: "length", offset: 2, needed: 4, left: 1 }));
        assert_eq!(cursor.u8("version"), Ok(3));
        assert_eq!(Cursor::at(&[], 9).left(), 0);
    }
}
