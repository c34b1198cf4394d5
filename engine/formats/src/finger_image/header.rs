use super::picture::Sampling;
use crate::cursor::Cursor;
use crate::image_record::{Edition, ImageRecordError, RecordKind};
use crate::{InvalidField, Truncated};

/// The most images in a record: 16 views of each of 42 positions (ISO/IEC 19794-4:2011, clause 8.2.4).
pub(super) const MAX_IMAGES: usize = 672;

/// What a record says before its images.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) edition: Edition,
    /// The length of the record as stated, true or not: six bytes in 2005, four in 2011.
    pub(super) stated_length: u64,
    /// 2005: the number of fingers; 2011: the number of representations.
    pub(super) count: u16,
    pub(super) rest: Rest,
}

/// What only one edition says in its header.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Rest {
    Iso2005 { device: u16, acquisition_level: u16, sampling: Sampling, reserved: u16 },
    Iso2011 { certification: u8, positions: u8 },
}

impl Header {
    pub(super) fn read(edition: Edition, cursor: &mut Cursor) -> Result<Self, ImageRecordError> {
        let header = match edition {
            Edition::Iso2005 => Self::read_2005(cursor)?,
            Edition::Iso2011 => Self::read_2011(cursor)?,
        };
        let offset = if edition == Edition::Iso2005 { 18 } else { 12 };
        let (field, reason) = ("number of fingers or representations", "a record has 1 to 672 images");
        InvalidField::unless((1..=MAX_IMAGES).contains(&header.count.into()), field, offset, header.count, reason)?;
        Ok(header)
    }

    fn read_2005(cursor: &mut Cursor) -> Result<Self, Truncated> {
        let high = cursor.u16("length of record")?;
        let stated_length = u64::from(high) << 32 | u64::from(cursor.u32("length of record")?);
        let (device, acquisition_level) = (cursor.u16("capture device")?, cursor.u16("image acquisition level")?);
        let count = cursor.u8("number of fingers")?.into();
        let sampling = Sampling::read(cursor)?;
        let reserved = cursor.u16("reserved bytes")?;
        let rest = Rest::Iso2005 { device, acquisition_level, sampling, reserved };
        Ok(Self { edition: Edition::Iso2005, stated_length, count, rest })
    }

    fn read_2011(cursor: &mut Cursor) -> Result<Self, Truncated> {
        let stated_length = cursor.u32("length of record")?.into();
        let count = cursor.u16("number of representations")?;
        let (certification, positions) = (cursor.u8("certification flag")?, cursor.u8("number of positions")?);
        let rest = Rest::Iso2011 { certification, positions };
        Ok(Self { edition: Edition::Iso2011, stated_length, count, rest })
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        RecordKind::Finger.write_start(self.edition, bytes);
        match self.rest {
            Rest::Iso2005 { device, acquisition_level, sampling, reserved } => {
                bytes.extend(&self.stated_length.to_be_bytes()[2..]);
                bytes.extend(device.to_be_bytes());
                bytes.extend(acquisition_level.to_be_bytes());
                bytes.push(self.count as u8);
                sampling.write(bytes);
                bytes.extend(reserved.to_be_bytes());
            }
            Rest::Iso2011 { certification, positions } => {
                bytes.extend((self.stated_length as u32).to_be_bytes());
                bytes.extend(self.count.to_be_bytes());
                bytes.extend([certification, positions]);
            }
        }
    }
}

impl Sampling {
    pub(super) fn read(cursor: &mut Cursor) -> Result<Self, Truncated> {
        Ok(Self {
            units: cursor.u8("scale units")?,
            scan: [cursor.u16("horizontal scan resolution")?, cursor.u16("vertical scan resolution")?],
            image: [cursor.u16("horizontal image resolution")?, cursor.u16("vertical image resolution")?],
            depth_bits: cursor.u8("pixel depth")?,
            compression: cursor.u8("image compression algorithm")?,
        })
    }

    pub(super) fn write(self, bytes: &mut Vec<u8>) {
        bytes.push(self.units);
        for rate in self.scan.into_iter().chain(self.image) {
            bytes.extend(rate.to_be_bytes());
        }
        bytes.extend([self.depth_bits, self.compression]);
    }
}
