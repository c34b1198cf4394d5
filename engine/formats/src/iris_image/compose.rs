//! Records of our own.

use whorl_types::{GreyImage, Position, Quality};

use super::eye::code_of_position;
use super::header::{Common, Eye, Header, MAX_EYES, Raster, Rest};
use super::picture::UNDEFINED_ANGLE;
use super::{Compression, ImageKind, IrisImage, IrisImageRecord};
use crate::QualityBlock;
use crate::image::encode_png;
use crate::image_record::{Edition, ImageRecordError};
use crate::representation::RepresentationHead;

/// A picture to be put into a record.
#[derive(Clone)]
pub struct Picture {
    /// Which eye.
    pub position: Position,
    /// Its quality, where it is known.
    pub quality: Option<Quality>,
    /// What it shows; a record of 2005 says of none more than that it is a photograph.
    pub kind: ImageKind,
    /// Its width, in pixels.
    pub width_px: u16,
    /// Its height, in pixels.
    pub height_px: u16,
    /// How `data` is written.
    pub compression: Compression,
    /// Whether `data` has red, green and blue.
    pub has_colours: bool,
    /// Its pixels, 8 bits a sample, written so.
    pub data: Vec<u8>,
}

impl Picture {
    /// A picture that is not compressed.
    #[must_use]
    pub fn raw(position: Position, image: &GreyImage) -> Self {
        Self::new(position, image, Compression::Raw, image.pixels().to_vec())
    }

    /// A picture as PNG, for a record of 2011.
    #[must_use]
    pub fn png(position: Position, image: &GreyImage) -> Self {
        Self::new(position, image, Compression::Png, encode_png(image, None))
    }

    fn new(position: Position, image: &GreyImage, compression: Compression, data: Vec<u8>) -> Self {
        let (width_px, height_px) = (image.width_px() as u16, image.height_px() as u16);
        let kind = if (width_px, height_px) == (640, 480) { ImageKind::Vga } else { ImageKind::Uncropped };
        Self { position, quality: None, kind, width_px, height_px, compression, has_colours: false, data }
    }
}

impl IrisImageRecord {
    /// A record of `pictures` by `edition`. In 2005 those of an eye follow each other, whichever way they are given.
    ///
    /// # Errors
    /// [`ImageRecordError::Unwritable`] where there is no picture, more than 65,535, one whose compression or kind has no code
    /// in the edition, or, in 2005, two of different sizes or compressions, which it states once, or a third eye.
    pub fn of_pictures(edition: Edition, mut pictures: Vec<Picture>) -> Result<Self, ImageRecordError> {
        if pictures.is_empty() || pictures.len() > usize::from(u16::MAX) {
            return Err(ImageRecordError::Unwritable("it holds 1 to 65,535 pictures"));
        }
        if edition == Edition::Iso2005 {
            pictures.sort_by_key(|picture| code_of_position(picture.position));
        }
        let images = pictures.into_iter().zip(1..=u16::MAX).map(|(picture, number)| image(edition, picture, number));
        let images = images.collect::<Result<Vec<_>, _>>()?;
        let mut record = match edition {
            Edition::Iso2005 => record_of_2005(images)?,
            Edition::Iso2011 => record_of_2011(images),
        };
        record.header.stated_length = record.encode().len() as u32;
        Ok(record)
    }
}

/// A record of `images`, which are in the order of their eyes.
fn record_of_2005(mut images: Vec<IrisImage>) -> Result<IrisImageRecord, ImageRecordError> {
    let raster = images[0].raster;
    if images.iter().any(|image| image.raster != raster) {
        let reason = "ISO/IEC 19794-6:2005 states one size and one compression for all images";
        return Err(ImageRecordError::Unwritable(reason));
    }
    let mut eyes = Vec::new();
    for images in images.chunk_by_mut(|one, next| one.eye == next.eye) {
        eyes.push(Eye { code: images[0].eye, images: images.len() as u16 });
        images.iter_mut().zip(1..=u16::MAX).for_each(|(image, number)| image.number = number);
    }
    if eyes.len() > MAX_EYES {
        return Err(ImageRecordError::Unwritable("ISO/IEC 19794-6:2005 has place for two eyes"));
    }
    let common = Common { device: 0, raster, diameter_px: 0, transformation: 0, device_serial: [0; 16] };
    let header = Header { stated_length: 0, count: eyes.len() as u16, rest: Rest::Iso2005(common) };
    Ok(IrisImageRecord { header, eyes, images, trailing: Vec::new() })
}

fn record_of_2011(images: Vec<IrisImage>) -> IrisImageRecord {
    let has = |eye| images.iter().any(|image| image.eye == eye);
    // 0 where not every picture says which eye it shows.
    let eyes = if has(0) { 0 } else { u8::from(has(1)) + u8::from(has(2)) };
    let header =
        Header { stated_length: 0, count: images.len() as u16, rest: Rest::Iso2011 { certification: 0, eyes } };
    IrisImageRecord { header, eyes: Vec::new(), images, trailing: Vec::new() }
}

fn image(edition: Edition, picture: Picture, number: u16) -> Result<IrisImage, ImageRecordError> {
    /// Quality that is not reported: 254 in the edition of 2005, no block in that of 2011.
    const NO_QUALITY: u8 = 254;
    let code = picture.compression.code(edition, picture.has_colours);
    let format = code.ok_or(ImageRecordError::Unwritable("its edition has no code for this compression"))?;
    let block = |score| QualityBlock { score, vendor: 0, algorithm: 0 };
    let quality = match edition {
        Edition::Iso2005 => vec![block(picture.quality.map_or(NO_QUALITY, Quality::get))],
        Edition::Iso2011 => picture.quality.map(|quality| block(quality.get())).into_iter().collect(),
    };
    let kind = match edition {
        Edition::Iso2005 => ImageKind::Rectilinear,
        Edition::Iso2011 if picture.kind.code().is_some() => picture.kind,
        Edition::Iso2011 => return Err(ImageRecordError::Unwritable("its edition has no code for this kind of image")),
    };
    let mut image = IrisImage {
        edition,
        eye: code_of_position(picture.position),
        number,
        quality,
        kind,
        raster: Raster {
            properties: 0,
            format,
            width_px: picture.width_px,
            height_px: picture.height_px,
            depth_bits: if picture.has_colours { 24 } else { 8 },
        },
        range: 0,
        roll: UNDEFINED_ANGLE,
        roll_uncertainty: UNDEFINED_ANGLE,
        bounds_px: [[0; 2]; 3],
        head: (edition == Edition::Iso2011).then(RepresentationHead::unknown),
        data: picture.data,
        extended: Vec::new(),
    };
    let mut bytes = Vec::new();
    image.write(&mut bytes);
    if let Some(head) = &mut image.head {
        head.stated_length = bytes.len() as u32;
    }
    Ok(image)
}
