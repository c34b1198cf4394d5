//! Bits of coded data: most significant first, and a zero byte stuffed behind every 0xFF so that no marker appears by chance.

/// Reads bits up to the next marker or the end.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    offset: usize,
    current: u8,
    left: u8,
}

impl<'a> BitReader<'a> {
    /// Reads from byte `offset` of `bytes`.
    pub(super) fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset, current: 0, left: 0 }
    }

    /// The byte after the last one that was read.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// The next bit; none at a marker or at the end.
    pub(super) fn bit(&mut self) -> Option<bool> {
        if self.left == 0 {
            self.current = self.byte()?;
            self.left = 8;
        }
        self.left -= 1;
        Some(self.current >> self.left & 1 == 1)
    }

    /// The next `count` bits as a number; none where they are not all there.
    pub(super) fn number(&mut self, count: u32) -> Option<u16> {
        (0..count).try_fold(0, |number, _| Some(number << 1 | u16::from(self.bit()?)))
    }

    fn byte(&mut self) -> Option<u8> {
        match self.bytes.get(self.offset..)? {
            [0xFF, 0x00, ..] => {
                self.offset += 2;
                Some(0xFF)
            }
            [0xFF, ..] | [] => None,
            [byte, ..] => {
                self.offset += 1;
                Some(*byte)
            }
        }
    }
}

/// Writes bits.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    current: u8,
    filled: u8,
}

impl BitWriter {
    /// Writes the `count` low bits of `number`, the highest of them first.
    pub(super) fn number(&mut self, number: u16, count: u32) {
        for at in (0..count).rev() {
            self.current = self.current << 1 | (number >> at & 1) as u8;
            self.filled += 1;
            if self.filled == 8 {
                self.flush();
            }
        }
    }

    /// The bytes written; the last one is filled up with ones, which are no code.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.filled > 0 {
            let missing = 8 - u32::from(self.filled);
            self.number(0xFFFF, missing);
        }
        self.bytes
    }

    fn flush(&mut self) {
        self.bytes.push(self.current);
        if self.current == 0xFF {
            self.bytes.push(0);
        }
        (self.current, self.filled) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_a_marker_ends_it() {
        let mut writer = BitWriter::default();
        for (number, count) in [(5, 3), (0xFFFF, 16), (0, 2), (0x1FF, 9)] {
            writer.number(number, count);
        }
        let mut bytes = writer.finish();
        bytes.extend([0xFF, 0xA1]);
        let mut reader = BitReader::new(&bytes, 0);
        assert_eq!([3, 16, 2, 9].map(|count| reader.number(count)), [Some(5), Some(0xFFFF), Some(0), Some(0x1FF)]);
        while reader.bit().is_some() {}
        assert_eq!(reader.offset(), bytes.len() - 2);
    }
}
