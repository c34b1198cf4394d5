//! The bytes of images and of whole records.

use super::header::{Header, MAX_IMAGES, Rest};
use super::picture::Sampling;
use super::{FingerImage, FingerImageRecord};
use crate::cursor::Cursor;
use crate::image_record::{Edition, ImageRecordError, RecordKind};
use crate::representation::RepresentationHead;
use crate::{InvalidField, QualityBlock};

/// Whether `bytes` start as a finger image record does.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    RecordKind::sniff(bytes) == Some(RecordKind::Finger)
}

/// Decodes a record of either edition; the pictures within are not decoded yet.
///
/// # Errors
/// [`ImageRecordError`] where it is no such record, is cut short, or contradicts itself; see the module for what is
/// tolerated.
pub fn decode(bytes: &[u8]) -> Result<FingerImageRecord, ImageRecordError> {
    let (mut cursor, edition) = RecordKind::Finger.open(bytes)?;
    let header = Header::read(edition, &mut cursor)?;
    let is_length_true = header.stated_length == bytes.len() as u64;
    let images = match header.rest {
        Rest::Iso2005 { sampling, .. } => read_fingers(&header, sampling, is_length_true, &mut cursor)?,
        Rest::Iso2011 { certification, .. } => (1..=header.count)
            .map(|number| {
                let is_last = number == header.count;
                read_representation(certification != 0, is_last, is_last && is_length_true, &mut cursor)
            })
            .collect::<Result<_, _>>()?,
    };
    let trailing = cursor.take(cursor.left(), "trailing data")?.to_vec();
    Ok(FingerImageRecord { header, images, trailing })
}

/// Reads the images of a record of 2005, whose header counts fingers, each of which counts its views. Where a writer counted
/// otherwise, the end of the record tells that all are there.
fn read_fingers(
    header: &Header,
    sampling: Sampling,
    is_length_true: bool,
    cursor: &mut Cursor,
) -> Result<Vec<FingerImage>, ImageRecordError> {
    let fingers = usize::from(header.count);
    let mut images: Vec<FingerImage> = Vec::new();
    let mut expected = 0;
    loop {
        let takes_rest = fingers == 1 && images.is_empty() && is_length_true;
        let image = read_view(sampling, takes_rest, cursor)?;
        if images.iter().all(|earlier| earlier.position != image.position) {
            expected += usize::from(image.views.max(1));
        }
        images.push(image);
        let is_enough = images.len() >= fingers && (cursor.left() == 0 || images.len() >= expected);
        if is_enough || images.len() == MAX_IMAGES {
            return Ok(images);
        }
    }
}

/// Bytes of the header of a view in 2005, which the stated length counts.
const VIEW_HEADER_BYTES: usize = 14;

/// Reads a view of 2005. With `may_take_rest`, a view that is its finger's only one has all bytes that follow, whatever
/// length it states.
fn read_view(sampling: Sampling, may_take_rest: bool, cursor: &mut Cursor) -> Result<FingerImage, ImageRecordError> {
    let offset = cursor.offset();
    let stated_length = cursor.u32("length of finger data block")?;
    let position = cursor.u8("finger position")?;
    let views = cursor.u8("count of views")?;
    let number = cursor.u8("view number")?;
    let score = cursor.u8("finger image quality")?;
    let impression = cursor.u8("impression type")?;
    let (width_px, height_px) = (cursor.u16("horizontal line length")?, cursor.u16("vertical line length")?);
    let reserved = cursor.u8("reserved byte")?;
    let length = if may_take_rest && views <= 1 {
        cursor.left()
    } else {
        (stated_length as usize).checked_sub(VIEW_HEADER_BYTES).ok_or(InvalidField {
            field: "length of finger data block",
            offset,
            found: stated_length,
            reason: "it counts at least the 14 bytes of its own header",
        })?
    };
    let data = cursor.take(length, "image data")?.to_vec();
    Ok(FingerImage {
        edition: Edition::Iso2005,
        position,
        views,
        number,
        quality: vec![QualityBlock { score, vendor: 0, algorithm: 0 }],
        impression,
        sampling,
        width_px,
        height_px,
        stated_length,
        data,
        reserved,
        head: None,
        extended: Vec::new(),
    })
}

/// Reads a representation of 2011. With `may_overrun` an image whose length runs past the end is taken to the end.
fn read_representation(
    lists_certificates: bool,
    is_last: bool,
    may_overrun: bool,
    cursor: &mut Cursor,
) -> Result<FingerImage, ImageRecordError> {
    let start = cursor.offset();
    let (head, quality) = RepresentationHead::read(lists_certificates, cursor)?;
    let (position, number) = (cursor.u8("finger position")?, cursor.u8("representation number")?);
    let sampling = Sampling::read(cursor)?;
    let impression = cursor.u8("impression type")?;
    let (width_px, height_px) = (cursor.u16("horizontal line length")?, cursor.u16("vertical line length")?);
    let stated_length = cursor.u32("image data length")?;
    let length = stated_length as usize;
    let length = if may_overrun { length.min(cursor.left()) } else { length };
    let data = cursor.take(length, "image data")?.to_vec();
    let extended = head.read_rest(start, is_last, cursor)?;
    Ok(FingerImage {
        edition: Edition::Iso2011,
        position,
        views: 1,
        number,
        quality,
        impression,
        sampling,
        width_px,
        height_px,
        stated_length,
        data,
        reserved: 0,
        head: Some(head),
        extended,
    })
}

impl FingerImageRecord {
    /// The bytes of the record; for a decoded one exactly those it was decoded from.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.header.write(&mut bytes);
        for image in &self.images {
            image.write(&mut bytes);
        }
        bytes.extend(&self.trailing);
        bytes
    }
}

impl FingerImage {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        if let Some(head) = &self.head {
            head.write(&self.quality, bytes);
            bytes.extend([self.position, self.number]);
            self.sampling.write(bytes);
            bytes.push(self.impression);
            bytes.extend(self.width_px.to_be_bytes());
            bytes.extend(self.height_px.to_be_bytes());
            bytes.extend(self.stated_length.to_be_bytes());
        } else {
            bytes.extend(self.stated_length.to_be_bytes());
            bytes.extend([self.position, self.views, self.number]);
            bytes.extend(self.quality.iter().map(|block| block.score));
            bytes.push(self.impression);
            bytes.extend(self.width_px.to_be_bytes());
            bytes.extend(self.height_px.to_be_bytes());
            bytes.push(self.reserved);
        }
        bytes.extend(&self.data);
        bytes.extend(&self.extended);
    }
}
