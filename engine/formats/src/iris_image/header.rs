use crate::cursor::Cursor;
use crate::image_record::{Edition, ImageRecordError, RecordKind};
use crate::{InvalidField, Truncated};

/// Bytes of the header of a record of 2005, as it states.
const HEADER_BYTES_2005: u16 = 45;

/// The most eyes of a record of 2005.
pub(super) const MAX_EYES: usize = 2;

/// How an image lies and is written: what the edition of 2005 says once and that of 2011 with each image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raster {
    /// Bits: 0 and 1 horizontal, 2 and 3 vertical orientation; then in 2005 4 and 5 the scan, in 2011 6 and 7 whether an
    /// earlier compression lost something.
    pub(super) properties: u16,
    /// The code of the compression.
    pub(super) format: u16,
    pub(super) width_px: u16,
    pub(super) height_px: u16,
    pub(super) depth_bits: u8,
}

/// An eye of a record of 2005.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Eye {
    pub(super) code: u8,
    /// How many images it has.
    pub(super) images: u16,
}

/// What a record says before its images.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The length of the record as stated, true or not.
    pub(super) stated_length: u32,
    /// 2005: the number of eyes; 2011: the number of representations.
    pub(super) count: u16,
    pub(super) rest: Rest,
}

/// What only one edition says in its header.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Iso2005(Common),
    Iso2011 { certification: u8, eyes: u8 },
}

/// What the edition of 2005 says of all images.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Common {
    pub(super) device: u16,
    pub(super) raster: Raster,
    /// The diameter of the iris that is to be expected; 0 where it is not known.
    pub(super) diameter_px: u16,
    /// How a polar image was unwrapped; 0 for photographs.
    pub(super) transformation: u8,
    pub(super) device_serial: [u8; 16],
}

impl Header {
    pub(super) fn edition(&self) -> Edition {
        match self.rest {
            Rest::Iso2005 { .. } => Edition::Iso2005,
            Rest::Iso2011 { .. } => Edition::Iso2011,
        }
    }

    pub(super) fn read(edition: Edition, cursor: &mut Cursor) -> Result<Self, ImageRecordError> {
        let stated_length = cursor.u32("length of record")?;
        match edition {
            Edition::Iso2005 => Self::read_2005(stated_length, cursor),
            Edition::Iso2011 => Self::read_2011(stated_length, cursor),
        }
    }

    fn read_2005(stated_length: u32, cursor: &mut Cursor) -> Result<Self, ImageRecordError> {
        let device = cursor.u16("capture device")?;
        let offset = cursor.offset();
        let count = cursor.u8("number of eyes")?.into();
        let is_possible = (1..=MAX_EYES).contains(&usize::from(count));
        InvalidField::unless(is_possible, "number of eyes", offset, count, "a record is of one eye or of two")?;
        let offset = cursor.offset();
        let length = cursor.u16("header length")?;
        let reason = "the header of a record of 2005 has 45 bytes";
        InvalidField::unless(length == HEADER_BYTES_2005, "header length", offset, length, reason)?;
        let properties = cursor.u16("image properties")?;
        let diameter_px = cursor.u16("iris diameter")?;
        let format = cursor.u16("image format")?;
        let raster = Raster::read_size(properties, format, cursor)?;
        let transformation = cursor.u8("image transformation")?;
        let device_serial = cursor.array("device unique identifier")?;
        let common = Common { device, raster, diameter_px, transformation, device_serial };
        Ok(Self { stated_length, count, rest: Rest::Iso2005(common) })
    }

    fn read_2011(stated_length: u32, cursor: &mut Cursor) -> Result<Self, ImageRecordError> {
        let offset = cursor.offset();
        let (field, reason) = ("number of representations", "a record has at least one");
        let count = cursor.u16(field)?;
        InvalidField::unless(count > 0, field, offset, count, reason)?;
        let (certification, eyes) = (cursor.u8("certification flag")?, cursor.u8("number of eyes")?);
        Ok(Self { stated_length, count, rest: Rest::Iso2011 { certification, eyes } })
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        RecordKind::Iris.write_start(self.edition(), bytes);
        bytes.extend(self.stated_length.to_be_bytes());
        match &self.rest {
            Rest::Iso2005(common) => {
                bytes.extend(common.device.to_be_bytes());
                bytes.push(self.count as u8);
                bytes.extend(HEADER_BYTES_2005.to_be_bytes());
                bytes.extend(common.raster.properties.to_be_bytes());
                bytes.extend(common.diameter_px.to_be_bytes());
                bytes.extend(common.raster.format.to_be_bytes());
                common.raster.write_size(bytes);
                bytes.push(common.transformation);
                bytes.extend(common.device_serial);
            }
            Rest::Iso2011 { certification, eyes } => {
                bytes.extend(self.count.to_be_bytes());
                bytes.extend([*certification, *eyes]);
            }
        }
    }
}

impl Raster {
    /// Reads the rest of a raster of which both editions say the beginning in their own way.
    pub(super) fn read_size(properties: u16, format: u16, cursor: &mut Cursor) -> Result<Self, Truncated> {
        Ok(Self {
            properties,
            format,
            width_px: cursor.u16("image width")?,
            height_px: cursor.u16("image height")?,
            depth_bits: cursor.u8("intensity depth")?,
        })
    }

    pub(super) fn write_size(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.width_px.to_be_bytes());
        bytes.extend(self.height_px.to_be_bytes());
        bytes.push(self.depth_bits);
    }
}
