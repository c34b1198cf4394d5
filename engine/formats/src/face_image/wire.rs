//! The bytes of images and of whole records.

use super::{ColourSpace, FaceImage, FaceImageRecord, FeaturePoint, ImageKind};
use crate::cursor::Cursor;
use crate::image_record::{Edition, ImageRecordError, RecordKind};
use crate::representation::RepresentationHead;
use crate::{InvalidField, Truncated};

/// Bytes that describe the person: sex, colours of eyes and hair, features, expression, pose and its uncertainty; 2011 puts the
/// height between.
pub(super) fn description_bytes(edition: Edition) -> usize {
    match edition {
        Edition::Iso2005 => 14,
        Edition::Iso2011 => 15,
    }
}

/// Bytes that say where the picture is from.
pub(super) fn origin_bytes(edition: Edition) -> usize {
    match edition {
        Edition::Iso2005 => 5,
        Edition::Iso2011 => 4,
    }
}

/// Whether `bytes` start as a face image record does.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    RecordKind::sniff(bytes) == Some(RecordKind::Face)
}

/// Decodes a record of either edition; the pictures within are not decoded yet.
///
/// # Errors
/// [`ImageRecordError`] where it is no such record, is cut short, or contradicts itself; see the module for what is
/// tolerated.
pub fn decode(bytes: &[u8]) -> Result<FaceImageRecord, ImageRecordError> {
    let (mut cursor, edition) = RecordKind::Face.open(bytes)?;
    let stated_length = cursor.u32("length of record")?;
    let offset = cursor.offset();
    let count = cursor.u16("number of images")?;
    InvalidField::unless(count > 0, "number of images", offset, count, "a record has at least one")?;
    let semantics = match edition {
        Edition::Iso2005 => [0; 3],
        Edition::Iso2011 => cursor.array("certification flag and temporal semantics")?,
    };
    let images =
        (1..=count).map(|number| read_image(edition, number == count, &mut cursor)).collect::<Result<_, _>>()?;
    let trailing = cursor.take(cursor.left(), "trailing data")?.to_vec();
    Ok(FaceImageRecord { edition, stated_length, semantics, images, trailing })
}

/// Reads a block of 2005 (ISO/IEC 19794-5:2005, clauses 5.5 to 5.8) or a representation of 2011.
fn read_image(edition: Edition, is_last: bool, cursor: &mut Cursor) -> Result<FaceImage, ImageRecordError> {
    let start = cursor.offset();
    let (block_length, head, quality) = match edition {
        Edition::Iso2005 => (cursor.u32("length of facial record data")?, None, Vec::new()),
        Edition::Iso2011 => {
            let (head, quality) = RepresentationHead::read(false, cursor)?;
            (0, Some(head), quality)
        }
    };
    let points = cursor.u16("number of feature points")?;
    let description = cursor.take(description_bytes(edition), "facial information")?.to_vec();
    let points = (0..points).map(|_| FeaturePoint::read(cursor)).collect::<Result<_, _>>()?;
    let kind = ImageKind::of_code(cursor.u8("face image type")?);
    let compression = cursor.u8("image data type")?;
    let (width_px, height_px) = (cursor.u16("image width")?, cursor.u16("image height")?);
    let (colour_space, origin) = read_origin(edition, cursor)?;
    let length = match edition {
        Edition::Iso2005 => data_bytes(block_length, start, cursor)?,
        Edition::Iso2011 => cursor.u32("image data length")? as usize,
    };
    let data = cursor.take(length, "image data")?.to_vec();
    let rest = head.as_ref().map(|head| head.read_rest(start, is_last, cursor));
    Ok(FaceImage {
        edition,
        head,
        quality,
        description,
        points,
        kind,
        compression,
        width_px,
        height_px,
        colour_space,
        origin,
        data,
        extended: rest.transpose()?.unwrap_or_default(),
    })
}

/// Reads the end of the image information, whose fields the editions have in different orders.
fn read_origin(edition: Edition, cursor: &mut Cursor) -> Result<(ColourSpace, Vec<u8>), Truncated> {
    let colour_space = |cursor: &mut Cursor| cursor.u8("image colour space").map(ColourSpace::of_code);
    let origin = |cursor: &mut Cursor| cursor.take(origin_bytes(edition), "image information").map(<[u8]>::to_vec);
    match edition {
        Edition::Iso2005 => Ok((colour_space(cursor)?, origin(cursor)?)),
        Edition::Iso2011 => origin(cursor).and_then(|origin| Ok((colour_space(cursor)?, origin))),
    }
}

/// How many bytes a picture of 2005 has: what is left of its block, which began at `start`.
fn data_bytes(block_length: u32, start: usize, cursor: &Cursor) -> Result<usize, InvalidField> {
    let before = cursor.offset() - start;
    let (field, reason) = ("length of facial record data", "the parts within are longer");
    InvalidField::unless(block_length as usize >= before, field, start, block_length, reason)?;
    Ok(block_length as usize - before)
}

impl FeaturePoint {
    fn read(cursor: &mut Cursor) -> Result<Self, Truncated> {
        Ok(Self {
            kind: cursor.u8("feature point type")?,
            code: cursor.u8("feature point code")?,
            x_px: cursor.u16("feature point x")?,
            y_px: cursor.u16("feature point y")?,
            z: cursor.u16("feature point z")?,
        })
    }

    fn write(self, bytes: &mut Vec<u8>) {
        bytes.extend([self.kind, self.code]);
        bytes.extend([self.x_px, self.y_px, self.z].map(u16::to_be_bytes).as_flattened());
    }
}

impl FaceImageRecord {
    /// The bytes of the record; for a decoded one exactly those it was decoded from.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        RecordKind::Face.write_start(self.edition, &mut bytes);
        bytes.extend(self.stated_length.to_be_bytes());
        bytes.extend((self.images.len() as u16).to_be_bytes());
        if self.edition == Edition::Iso2011 {
            bytes.extend(self.semantics);
        }
        for image in &self.images {
            image.write(&mut bytes);
        }
        bytes.extend(&self.trailing);
        bytes
    }
}

impl FaceImage {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        match &self.head {
            Some(head) => head.write(&self.quality, bytes),
            None => bytes.extend([0; 4]),
        }
        bytes.extend((self.points.len() as u16).to_be_bytes());
        bytes.extend(&self.description);
        self.points.iter().for_each(|point| point.write(bytes));
        bytes.extend([self.kind.code(), self.compression]);
        bytes.extend([self.width_px, self.height_px].map(u16::to_be_bytes).as_flattened());
        match self.edition {
            Edition::Iso2005 => {
                bytes.push(self.colour_space.code());
                bytes.extend(&self.origin);
                let length = (bytes.len() - start + self.data.len()) as u32;
                bytes[start..start + 4].copy_from_slice(&length.to_be_bytes());
            }
            Edition::Iso2011 => {
                bytes.extend(&self.origin);
                bytes.push(self.colour_space.code());
                bytes.extend((self.data.len() as u32).to_be_bytes());
            }
        }
        bytes.extend(&self.data);
        bytes.extend(&self.extended);
    }
}
