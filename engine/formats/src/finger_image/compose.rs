//! Records of our own.

use whorl_types::{GreyImage, Position, Ppi, Quality};

use super::header::{Header, Rest};
use super::picture::Sampling;
use super::{Compression, FingerImage, FingerImageRecord};
use crate::QualityBlock;
use crate::image_record::{Edition, ImageRecordError};
use crate::representation::{RepresentationHead, code_of_finger};

/// A picture to be put into a record.
#[derive(Clone)]
pub struct Picture {
    /// Which finger.
    pub position: Position,
    /// Its sampling rate.
    pub ppi: Ppi,
    /// Its quality, where it is known.
    pub quality: Option<Quality>,
    /// Its width, in pixels.
    pub width_px: u16,
    /// Its height, in pixels.
    pub height_px: u16,
    /// How `data` is written.
    pub compression: Compression,
    /// Its pixels, 8 bits deep, written so.
    pub data: Vec<u8>,
}

impl Picture {
    /// A picture that is not compressed.
    #[must_use]
    pub fn raw(position: Position, ppi: Ppi, image: &GreyImage) -> Self {
        let (width_px, height_px) = (image.width_px() as u16, image.height_px() as u16);
        let data = image.pixels().to_vec();
        Self { position, ppi, quality: None, width_px, height_px, compression: Compression::Raw, data }
    }
}

impl FingerImageRecord {
    /// A record of `pictures` by `edition`.
    ///
    /// # Errors
    /// [`ImageRecordError::Unwritable`] where there is no picture, more than 255, one whose compression has no code in the
    /// edition, or, in 2005, which states them once, two of different sampling rates or compressions.
    pub fn of_pictures(edition: Edition, pictures: Vec<Picture>) -> Result<Self, ImageRecordError> {
        if pictures.is_empty() || pictures.len() > usize::from(u8::MAX) {
            return Err(ImageRecordError::Unwritable("it holds 1 to 255 pictures"));
        }
        let mut images = Vec::with_capacity(pictures.len());
        for picture in pictures {
            let earlier = images.iter().filter(|image: &&FingerImage| image.position() == picture.position).count();
            images.push(image(edition, picture, earlier as u8)?);
        }
        let views = |position| images.iter().filter(|image| image.position == position).count() as u8;
        let views: Vec<_> = images.iter().map(|image| views(image.position)).collect();
        let positions = images.iter().filter(|image| image.number == first_number(edition)).count() as u8;
        if edition == Edition::Iso2005 {
            for (image, views) in images.iter_mut().zip(views) {
                image.views = views;
            }
        }
        let header = header(edition, &images, positions)?;
        let mut record = Self { header, images, trailing: Vec::new() };
        record.header.stated_length = record.encode().len() as u64;
        Ok(record)
    }
}

/// The number of the first view of a finger.
fn first_number(edition: Edition) -> u8 {
    match edition {
        Edition::Iso2005 => 1,
        Edition::Iso2011 => 0,
    }
}

fn header(edition: Edition, images: &[FingerImage], positions: u8) -> Result<Header, ImageRecordError> {
    let sampling = images[0].sampling;
    if edition == Edition::Iso2011 {
        let rest = Rest::Iso2011 { certification: 0, positions };
        return Ok(Header { edition, stated_length: 0, count: images.len() as u16, rest });
    }
    if images.iter().any(|image| image.sampling != sampling) {
        let reason = "ISO/IEC 19794-4:2005 states one sampling rate and one compression for all images";
        return Err(ImageRecordError::Unwritable(reason));
    }
    // Image acquisition levels for 500 and 1000 ppi (ISO/IEC 19794-4:2005, table 1); other rates have none.
    let acquisition_level = match sampling.image[0] {
        500 => 30,
        1000 => 40,
        _ => 0,
    };
    let rest = Rest::Iso2005 { device: 0, acquisition_level, sampling, reserved: 0 };
    Ok(Header { edition, stated_length: 0, count: positions.into(), rest })
}

fn image(edition: Edition, picture: Picture, earlier: u8) -> Result<FingerImage, ImageRecordError> {
    /// A finger laid on a scanner whose technology is not told.
    const LIVE_SCAN_PLAIN: u8 = 0;
    /// Quality that is not reported: 254 in the edition of 2005, no block in that of 2011.
    const NO_QUALITY: u8 = 254;
    const PER_INCH: u8 = 1;
    const VIEW_HEADER_BYTES: u32 = 14;
    let code = picture.compression.code(edition);
    let compression = code.ok_or(ImageRecordError::Unwritable("its edition has no code for this compression"))?;
    let rate = picture.ppi.get().round() as u16;
    let block = |score| QualityBlock { score, vendor: 0, algorithm: 0 };
    let quality = match edition {
        Edition::Iso2005 => vec![block(picture.quality.map_or(NO_QUALITY, Quality::get))],
        Edition::Iso2011 => picture.quality.map(|quality| block(quality.get())).into_iter().collect(),
    };
    let data_length = picture.data.len() as u32;
    let mut image = FingerImage {
        edition,
        position: code_of_finger(picture.position),
        views: 1,
        number: first_number(edition) + earlier,
        quality,
        impression: LIVE_SCAN_PLAIN,
        sampling: Sampling { units: PER_INCH, scan: [rate; 2], image: [rate; 2], depth_bits: 8, compression },
        width_px: picture.width_px,
        height_px: picture.height_px,
        stated_length: if edition == Edition::Iso2005 { VIEW_HEADER_BYTES + data_length } else { data_length },
        data: picture.data,
        reserved: 0,
        head: (edition == Edition::Iso2011).then(RepresentationHead::unknown),
        extended: Vec::new(),
    };
    let mut bytes = Vec::new();
    image.write(&mut bytes);
    if let Some(head) = &mut image.head {
        head.stated_length = bytes.len() as u32;
    }
    Ok(image)
}
