//! The bytes of a view.

use super::extended::ExtendedData;
use super::header::Header;
use super::minutia::RecordedMinutia;
use super::view::{Plane, Representation, View};
use super::{Format, MinutiaeError};
use crate::cursor::Cursor;
use crate::representation::{RepresentationHead, write_quality_blocks};
use crate::{InvalidField, QualityBlock, Truncated};

impl Plane {
    /// Reads a plane in the order of most formats: size, then sampling rate.
    pub(super) fn read_size_first(cursor: &mut Cursor) -> Result<Self, Truncated> {
        Ok(Self {
            width_px: cursor.u16("image width")?,
            height_px: cursor.u16("image height")?,
            x_per_cm: cursor.u16("horizontal resolution")?,
            y_per_cm: cursor.u16("vertical resolution")?,
        })
    }

    pub(super) fn write_size_first(self, bytes: &mut Vec<u8>) {
        for number in [self.width_px, self.height_px, self.x_per_cm, self.y_per_cm] {
            bytes.extend(number.to_be_bytes());
        }
    }
}

impl View {
    /// Reads one view. `is_length_true`: the record is as long as it says; `is_last`: no view follows.
    pub(super) fn read(
        header: &Header,
        is_length_true: bool,
        is_last: bool,
        cursor: &mut Cursor,
    ) -> Result<Self, MinutiaeError> {
        let start = cursor.offset();
        let mut view = match header.format {
            Format::Iso2005 | Format::Ansi2004 => Self::read_compact_head(header, cursor)?,
            Format::Ansi2007 | Format::Ansi2009 | Format::Ansi2009Am1 => Self::read_ansi_head(cursor)?,
            Format::Iso2011 => Self::read_iso_2011_head(header, cursor)?,
        };
        let has_quality = view.has_minutia_quality();
        let count = cursor.u8("number of minutiae")?;
        view.minutiae = (0..count).map(|_| RecordedMinutia::read(cursor, has_quality)).collect::<Result<_, _>>()?;
        view.extended = ExtendedData::read(cursor, is_length_true && is_last)?;
        match &view.representation {
            Some(Representation { head: RepresentationHead { stated_length, .. }, .. })
                if !is_last && *stated_length as usize != cursor.offset() - start =>
            {
                let reason = "it disagrees with the counts within, and another representation follows";
                let found = *stated_length;
                Err(InvalidField { field: "representation length", offset: start, found, reason }.into())
            }
            _ => Ok(view),
        }
    }

    fn read_compact_head(header: &Header, cursor: &mut Cursor) -> Result<Self, MinutiaeError> {
        let position = cursor.u8("finger position")?;
        let packed = cursor.u8("view number and impression type")?;
        let mut view = Self::new(position, [packed >> 4, packed & 0x0F], header.plane);
        view.quality = vec![QualityBlock { score: cursor.u8("finger quality")?, vendor: 0, algorithm: 0 }];
        Ok(view)
    }

    fn read_ansi_head(cursor: &mut Cursor) -> Result<Self, MinutiaeError> {
        let position = cursor.u8("finger position")?;
        let number_and_impression = [cursor.u8("view number")?, cursor.u8("impression type")?];
        let quality = vec![QualityBlock::read(cursor)?];
        let plane = Plane::read_size_first(cursor)?;
        Ok(Self { quality, ..Self::new(position, number_and_impression, plane) })
    }

    fn read_iso_2011_head(header: &Header, cursor: &mut Cursor) -> Result<Self, MinutiaeError> {
        let (head, quality) = RepresentationHead::read(header.certification != 0, cursor)?;
        let (position, number) = (cursor.u8("finger position")?, cursor.u8("view number")?);
        let (x_per_cm, y_per_cm) = (cursor.u16("horizontal resolution")?, cursor.u16("vertical resolution")?);
        let impression = cursor.u8("impression type")?;
        let (width_px, height_px) = (cursor.u16("image width")?, cursor.u16("image height")?);
        let offset = cursor.offset();
        let minutia_form = cursor.u8("minutia field length")?;
        if ![Representation::MINUTIAE_WITH_QUALITY, Representation::MINUTIAE_WITHOUT_QUALITY]
            .contains(&(minutia_form & 0xF0))
        {
            let (field, found) = ("minutia field length", (minutia_form >> 4).into());
            return Err(InvalidField { field, offset, found, reason: "a minutia has 5 or 6 bytes" }.into());
        }
        let representation = Some(Representation { head, minutia_form });
        let plane = Plane { width_px, height_px, x_per_cm, y_per_cm };
        Ok(Self { quality, representation, ..Self::new(position, [number, impression], plane) })
    }

    pub(super) fn write(&self, format: Format, bytes: &mut Vec<u8>) {
        let [number, impression] = self.number_and_impression;
        match (&self.representation, format) {
            (Some(representation), _) => self.write_iso_2011_head(representation, bytes),
            (None, Format::Iso2005 | Format::Ansi2004) => {
                bytes.extend([self.position, number << 4 | impression]);
                bytes.extend(self.quality.iter().map(|block| block.score));
            }
            (None, Format::Ansi2007 | Format::Ansi2009 | Format::Ansi2009Am1 | Format::Iso2011) => {
                bytes.extend([self.position, number, impression]);
                write_quality_blocks(&self.quality, bytes);
                self.plane.write_size_first(bytes);
            }
        }
        bytes.push(self.minutiae.len() as u8);
        for minutia in &self.minutiae {
            minutia.write(bytes);
        }
        self.extended.write(bytes);
    }

    fn write_iso_2011_head(&self, representation: &Representation, bytes: &mut Vec<u8>) {
        let Plane { width_px, height_px, x_per_cm, y_per_cm } = self.plane;
        let [number, impression] = self.number_and_impression;
        representation.head.write(&self.quality, bytes);
        bytes.extend([self.position, number]);
        bytes.extend(x_per_cm.to_be_bytes());
        bytes.extend(y_per_cm.to_be_bytes());
        bytes.push(impression);
        bytes.extend(width_px.to_be_bytes());
        bytes.extend(height_px.to_be_bytes());
        bytes.push(representation.minutia_form);
    }
}
