//! The encoding of protocol buffers: fields by number, one after the other.

use thiserror::Error;

/// What is no ONNX file, or none that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum WireError {
    #[error("it ends within a field, or is damaged")]
    Torn,
    #[error("it holds no graph, so it is no ONNX file")]
    NoGraph,
    #[error("its graphs or types are nested too deep")]
    TooDeep,
    #[error("its weights are in a second file, of which nothing is known; export the network into one file")]
    External,
}

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// A number of variable or fixed length.
    Number(u64),
    /// A text, a message or packed numbers.
    Bytes(&'a [u8]),
}

/// The fields of a message in the order in which they were written; it stops after the first error.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(count).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    /// A number in groups of seven bits, the lowest first; ten groups hold 64 bits.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for group in 0..10 {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << (7 * group);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn fixed(&mut self, count: u64) -> Option<Field<'a>> {
        Some(Field::Number(self.take(count)?.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))))
    }

    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let tag = self.number()?;
        let value = match tag & 7 {
            0 => Field::Number(self.number()?),
            1 => self.fixed(8)?,
            2 => {
                let length = self.number()?;
                Field::Bytes(self.take(length)?)
            }
            5 => self.fixed(4)?,
            // Groups, which ONNX never had, and numbers without a meaning.
            _ => return None,
        };
        Some((tag >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Field<'a>), WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field().ok_or(WireError::Torn);
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}
