//! The bytes of images and of whole records.

use super::header::{Common, Eye, Header, Raster, Rest};
use super::{ImageKind, IrisImage, IrisImageRecord};
use crate::cursor::Cursor;
use crate::image_record::{Edition, ImageRecordError, RecordKind};
use crate::representation::RepresentationHead;
use crate::{InvalidField, QualityBlock, Truncated};

/// Whether `bytes` start as an iris image record does.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    RecordKind::sniff(bytes) == Some(RecordKind::Iris)
}

/// Decodes a record of either edition; the pictures within are not decoded yet.
///
/// # Errors
/// [`ImageRecordError`] where it is no such record, is cut short, or contradicts itself; see the module for what is
/// tolerated.
pub fn decode(bytes: &[u8]) -> Result<IrisImageRecord, ImageRecordError> {
    let (mut cursor, edition) = RecordKind::Iris.open(bytes)?;
    let header = Header::read(edition, &mut cursor)?;
    let (mut eyes, mut images) = (Vec::new(), Vec::new());
    for number in 1..=header.count {
        match &header.rest {
            Rest::Iso2005(common) => eyes.push(read_eye(common, &mut images, &mut cursor)?),
            Rest::Iso2011 { .. } => images.push(read_representation(number == header.count, &mut cursor)?),
        }
    }
    let trailing = cursor.take(cursor.left(), "trailing data")?.to_vec();
    Ok(IrisImageRecord { header, eyes, images, trailing })
}

/// Reads an eye of 2005 and appends its images.
fn read_eye(common: &Common, images: &mut Vec<IrisImage>, cursor: &mut Cursor) -> Result<Eye, ImageRecordError> {
    let code = cursor.u8("eye")?;
    let offset = cursor.offset();
    let count = cursor.u16("number of images")?;
    InvalidField::unless(count > 0, "number of images", offset, count, "an eye that is there has at least one")?;
    for _ in 0..count {
        images.push(read_image(common, code, cursor)?);
    }
    Ok(Eye { code, images: count })
}

/// Reads an image of 2005.
fn read_image(common: &Common, eye: u8, cursor: &mut Cursor) -> Result<IrisImage, Truncated> {
    let number = cursor.u16("image number")?;
    let score = cursor.u8("image quality")?;
    let (roll, roll_uncertainty) = (cursor.u16("rotation angle")?, cursor.u16("rotation uncertainty")?);
    let length = cursor.u32("image length")?;
    let data = cursor.take(length as usize, "image data")?.to_vec();
    Ok(IrisImage {
        edition: Edition::Iso2005,
        eye,
        number,
        quality: vec![QualityBlock { score, vendor: 0, algorithm: 0 }],
        kind: if common.transformation == 0 { ImageKind::Rectilinear } else { ImageKind::Polar },
        raster: common.raster,
        range: 0,
        roll,
        roll_uncertainty,
        bounds_px: [[0; 2], [0; 2], [common.diameter_px; 2]],
        head: None,
        data,
        extended: Vec::new(),
    })
}

/// Reads a representation of 2011. Iris records list no certificates, whatever their flag says (table 3).
fn read_representation(is_last: bool, cursor: &mut Cursor) -> Result<IrisImage, ImageRecordError> {
    let start = cursor.offset();
    let (head, quality) = RepresentationHead::read(false, cursor)?;
    let number = cursor.u16("representation number")?;
    let eye = cursor.u8("eye label")?;
    let kind = ImageKind::of_code(cursor.u8("image type")?);
    let format = cursor.u8("image format")?.into();
    let properties = cursor.u8("image properties")?.into();
    let raster = Raster::read_size(properties, format, cursor)?;
    let range = cursor.u16("range")?;
    let (roll, roll_uncertainty) = (cursor.u16("roll angle")?, cursor.u16("roll angle uncertainty")?);
    let bounds_px = read_bounds(cursor)?;
    let length = cursor.u32("image length")?;
    let data = cursor.take(length as usize, "image data")?.to_vec();
    let extended = head.read_rest(start, is_last, cursor)?;
    Ok(IrisImage {
        edition: Edition::Iso2011,
        eye,
        number,
        quality,
        kind,
        raster,
        range,
        roll,
        roll_uncertainty,
        bounds_px,
        head: Some(head),
        data,
        extended,
    })
}

fn read_bounds(cursor: &mut Cursor) -> Result<[[u16; 2]; 3], Truncated> {
    Ok([
        [cursor.u16("smallest x of the iris centre")?, cursor.u16("largest x of the iris centre")?],
        [cursor.u16("smallest y of the iris centre")?, cursor.u16("largest y of the iris centre")?],
        [cursor.u16("smallest iris diameter")?, cursor.u16("largest iris diameter")?],
    ])
}

impl IrisImageRecord {
    /// The bytes of the record; for a decoded one exactly those it was decoded from.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.header.write(&mut bytes);
        let mut images = self.images.iter();
        for eye in &self.eyes {
            bytes.push(eye.code);
            bytes.extend(eye.images.to_be_bytes());
            images.by_ref().take(eye.images.into()).for_each(|image| image.write(&mut bytes));
        }
        images.for_each(|image| image.write(&mut bytes));
        bytes.extend(&self.trailing);
        bytes
    }
}

impl IrisImage {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        match &self.head {
            Some(head) => self.write_2011(head, bytes),
            None => self.write_2005(bytes),
        }
        bytes.extend((self.data.len() as u32).to_be_bytes());
        bytes.extend(&self.data);
        bytes.extend(&self.extended);
    }

    fn write_2005(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(self.quality.iter().map(|block| block.score));
        bytes.extend([self.roll, self.roll_uncertainty].map(u16::to_be_bytes).as_flattened());
    }

    fn write_2011(&self, head: &RepresentationHead, bytes: &mut Vec<u8>) {
        head.write(&self.quality, bytes);
        bytes.extend(self.number.to_be_bytes());
        bytes.push(self.eye);
        bytes.extend(self.kind.code());
        bytes.extend([self.raster.format as u8, self.raster.properties as u8]);
        self.raster.write_size(bytes);
        let angles = [self.range, self.roll, self.roll_uncertainty];
        for number in angles.iter().chain(self.bounds_px.as_flattened()) {
            bytes.extend(number.to_be_bytes());
        }
    }
}
