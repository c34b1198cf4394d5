use super::MinutiaeError;
use super::format::{Format, SIGNATURE};
use super::view::{Plane, View};
use crate::InvalidField;
use crate::cursor::Cursor;

/// The most views a record of 2011 may have: 16 of each of 42 positions.
const MAX_VIEWS: u16 = 672;

/// What a record says before its views. A field that the format lacks is zero.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) format: Format,
    /// The version as written; some write "020" for " 20".
    pub(super) version: [u8; 4],
    /// The length of the record as stated, true or not.
    pub(super) stated_length: u32,
    /// Whether an ANSI/INCITS 378-2004 record states its length in six bytes.
    pub(super) has_long_length: bool,
    /// CBEFF product identifier: owner and type (ANSI).
    pub(super) product: u32,
    /// Compliance of the capture equipment; for ISO/IEC 19794-2:2011 the flag that views list certificates.
    pub(super) certification: u8,
    /// Identifier of the capture equipment.
    pub(super) device: u16,
    /// The picture that all views were found in (2004, 2005). Later formats say it with each view.
    pub(super) plane: Plane,
    pub(super) reserved: u8,
}

impl Header {
    /// A header of our own, whose length is filled in once the views are known.
    pub(super) fn new(format: Format, plane: Plane) -> Self {
        /// CBEFF owner of products that are not registered ("vendor unknown" in the IBIA register).
        const UNKNOWN_VENDOR: u32 = 0x0103;
        let product = if format.is_ansi() { UNKNOWN_VENDOR << 16 } else { 0 };
        Self {
            format,
            version: *format.version(),
            stated_length: 0,
            has_long_length: false,
            product,
            certification: 0,
            device: 0,
            plane,
            reserved: 0,
        }
    }

    /// Reads a header, and the number of views that follow.
    pub(super) fn read(format: Format, cursor: &mut Cursor) -> Result<(Self, u16), MinutiaeError> {
        cursor.take(SIGNATURE.len(), "format identifier")?;
        let version = cursor.array("version")?;
        let mut header = Self { version, product: 0, ..Self::new(format, Plane::default()) };
        header.read_length(cursor)?;
        if format.is_ansi() {
            header.product = cursor.u32("product identifier")?;
        }
        match format {
            Format::Iso2011 => {}
            Format::Iso2005 | Format::Ansi2004 | Format::Ansi2007 => {
                let equipment = cursor.u16("capture equipment")?;
                (header.certification, header.device) = ((equipment >> 12) as u8, equipment & 0x0FFF);
            }
            Format::Ansi2009 | Format::Ansi2009Am1 => {
                header.certification = cursor.u8("capture equipment compliance")?;
                header.device = cursor.u16("capture equipment identifier")?;
            }
        }
        if let Format::Iso2005 | Format::Ansi2004 = format {
            header.plane = Plane::read_size_first(cursor)?;
        }
        let offset = cursor.offset();
        let count = if format == Format::Iso2011 {
            let count = cursor.u16("number of representations")?;
            header.certification = cursor.u8("certification flag")?;
            count
        } else {
            let count = cursor.u8("number of finger views")?;
            header.reserved = cursor.u8("reserved byte")?;
            u16::from(count)
        };
        if (1..=MAX_VIEWS).contains(&count) {
            return Ok((header, count));
        }
        let reason = "a record has 1 to 672 finger views";
        Err(InvalidField { field: "number of finger views", offset, found: count.into(), reason }.into())
    }

    fn read_length(&mut self, cursor: &mut Cursor) -> Result<(), MinutiaeError> {
        const FIELD: &str = "length of record";
        self.stated_length =
            if self.format == Format::Ansi2004 { cursor.u16(FIELD)?.into() } else { cursor.u32(FIELD)? };
        if self.format == Format::Ansi2004 && self.stated_length == 0 {
            self.has_long_length = true;
            self.stated_length = cursor.u32(FIELD)?;
        }
        Ok(())
    }

    pub(super) fn write(&self, views: &[View], bytes: &mut Vec<u8>) {
        bytes.extend(SIGNATURE);
        bytes.extend(self.version);
        if self.format != Format::Ansi2004 {
            bytes.extend(self.stated_length.to_be_bytes());
        } else if self.has_long_length {
            bytes.extend([0, 0]);
            bytes.extend(self.stated_length.to_be_bytes());
        } else {
            bytes.extend((self.stated_length as u16).to_be_bytes());
        }
        if self.format.is_ansi() {
            bytes.extend(self.product.to_be_bytes());
        }
        match self.format {
            Format::Iso2011 => {}
            Format::Iso2005 | Format::Ansi2004 | Format::Ansi2007 => {
                bytes.extend((u16::from(self.certification) << 12 | self.device).to_be_bytes());
            }
            Format::Ansi2009 | Format::Ansi2009Am1 => {
                bytes.push(self.certification);
                bytes.extend(self.device.to_be_bytes());
            }
        }
        if let Format::Iso2005 | Format::Ansi2004 = self.format {
            self.plane.write_size_first(bytes);
        }
        if self.format == Format::Iso2011 {
            bytes.extend((views.len() as u16).to_be_bytes());
            bytes.push(self.certification);
        } else {
            bytes.extend([views.len() as u8, self.reserved]);
        }
    }
}
