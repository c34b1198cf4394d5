//! What the records of ISO/IEC 19794 have in common: finger positions, quality blocks, and since 2011 the head of every
//! representation (ISO/IEC 19794-1:2011, clause 12.3).

use whorl_types::Position;

use crate::cursor::Cursor;
use crate::image_record::ImageRecordError;
use crate::{InvalidField, Truncated};

/// One judgement of a sample's quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QualityBlock {
    /// 0 to 100; 254 and 255 where none could be given.
    pub score: u8,
    /// Who made the algorithm; zero where the format does not say.
    pub vendor: u16,
    /// Which algorithm of that vendor; zero where the format does not say.
    pub algorithm: u16,
}

impl QualityBlock {
    pub(crate) fn read(cursor: &mut Cursor) -> Result<Self, Truncated> {
        Ok(Self {
            score: cursor.u8("quality score")?,
            vendor: cursor.u16("quality algorithm vendor")?,
            algorithm: cursor.u16("quality algorithm")?,
        })
    }
}

pub(crate) fn write_quality_blocks(blocks: &[QualityBlock], bytes: &mut Vec<u8>) {
    for block in blocks {
        bytes.push(block.score);
        bytes.extend(block.vendor.to_be_bytes());
        bytes.extend(block.algorithm.to_be_bytes());
    }
}

/// The head of a representation, but for its quality blocks.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RepresentationHead {
    /// The length of the representation as stated, true or not.
    pub(crate) stated_length: u32,
    /// Capture date and time; capture device technology, vendor and type.
    capture: [u8; 14],
    /// Certification authority and scheme of each certificate; none where the record has no such lists.
    certificates: Option<Vec<[u8; 3]>>,
}

impl RepresentationHead {
    /// A head that knows nothing: a date that is not known is filled with ones, a device with zeros.
    pub(crate) fn unknown() -> Self {
        let mut capture = [0; 14];
        capture[..9].fill(0xFF);
        Self { stated_length: 0, capture, certificates: None }
    }

    /// Reads a head and its quality blocks.
    pub(crate) fn read(lists_certificates: bool, cursor: &mut Cursor) -> Result<(Self, Vec<QualityBlock>), Truncated> {
        let stated_length = cursor.u32("representation length")?;
        let capture = cursor.array("capture date, time and device")?;
        let qualities = cursor.u8("number of quality blocks")?;
        let quality = (0..qualities).map(|_| QualityBlock::read(cursor)).collect::<Result<_, _>>()?;
        let certificates = if lists_certificates { Some(read_certificates(cursor)?) } else { None };
        Ok((Self { stated_length, capture, certificates }, quality))
    }

    /// What is left of a representation that began at `start`. The length of the last one is not believed where it cannot be.
    pub(crate) fn read_rest(
        &self,
        start: usize,
        is_last: bool,
        cursor: &mut Cursor,
    ) -> Result<Vec<u8>, ImageRecordError> {
        let length = (self.stated_length as usize).checked_sub(cursor.offset() - start);
        match length {
            Some(length) if length <= cursor.left() => Ok(cursor.take(length, "extended data")?.to_vec()),
            _ if is_last => Ok(Vec::new()),
            Some(needed) => {
                let (field, offset, left) = ("extended data", cursor.offset(), cursor.left());
                Err(Truncated { field, offset, needed, left }.into())
            }
            None => {
                let reason = "the parts within are longer, and another representation follows";
                let (field, found) = ("representation length", self.stated_length);
                Err(InvalidField { field, offset: start, found, reason }.into())
            }
        }
    }

    pub(crate) fn write(&self, quality: &[QualityBlock], bytes: &mut Vec<u8>) {
        bytes.extend(self.stated_length.to_be_bytes());
        bytes.extend(self.capture);
        bytes.push(quality.len() as u8);
        write_quality_blocks(quality, bytes);
        if let Some(certificates) = &self.certificates {
            bytes.push(certificates.len() as u8);
            bytes.extend(certificates.iter().flatten());
        }
    }
}

fn read_certificates(cursor: &mut Cursor) -> Result<Vec<[u8; 3]>, Truncated> {
    let count = cursor.u8("number of certificates")?;
    (0..count).map(|_| cursor.array("certificate")).collect()
}

const LAST_FINGER: u8 = Position::LeftLittle as u8;

/// The finger of a position code; unknown for palms and for several fingers at once.
pub(crate) fn finger_of_code(code: u8) -> Position {
    Position::from_code(code).filter(|_| code <= LAST_FINGER).unwrap_or(Position::Unknown)
}

/// The position code of a finger; unknown for eyes.
pub(crate) fn code_of_finger(position: Position) -> u8 {
    if position.code() <= LAST_FINGER { position.code() } else { Position::Unknown.code() }
}
