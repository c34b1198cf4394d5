//! Records of our own.

use whorl_types::Quality;

use super::wire::{description_bytes, origin_bytes};
use super::{ColourSpace, Compression, FaceImage, FaceImageRecord, FeaturePoint, ImageKind};
use crate::QualityBlock;
use crate::image::{self, ImageFormat, Pixels, encode_png};
use crate::image_record::{Edition, ImageRecordError};
use crate::representation::RepresentationHead;

/// A picture to be put into a record.
#[derive(Clone)]
pub struct Picture {
    /// What it shows.
    pub kind: ImageKind,
    /// Its quality, where it is known; 2005 has no place for it.
    pub quality: Option<Quality>,
    /// Places that are known in it.
    pub points: Vec<FeaturePoint>,
    /// Its width, in pixels.
    pub width_px: u16,
    /// Its height, in pixels.
    pub height_px: u16,
    /// What its samples mean.
    pub colour_space: ColourSpace,
    /// How `data` is written.
    pub compression: Compression,
    /// The bytes of its file.
    pub data: Vec<u8>,
}

impl Picture {
    /// A picture as PNG, in its colours, for a record of 2011.
    #[must_use]
    pub fn png(picture: &Pixels) -> Self {
        Self::new(picture, Compression::Png, encode_png(picture, None))
    }

    /// The picture that a JPEG, JPEG 2000 or PNG file holds, which goes into a record as it is: nothing is compressed again.
    /// JPEG 2000 is said to be with loss, which promises least.
    ///
    /// # Errors
    /// [`ImageRecordError`] where the file is damaged, of another format, or turned by its Exif data, which the readers of
    /// records do not look at.
    pub fn of_file(data: Vec<u8>) -> Result<Self, ImageRecordError> {
        let compression = match ImageFormat::sniff(&data) {
            Some(ImageFormat::Jpeg) => Compression::Jpeg,
            Some(ImageFormat::Jpeg2000) => Compression::Jpeg2000,
            Some(ImageFormat::Png) => Compression::Png,
            Some(ImageFormat::Bmp | ImageFormat::Tiff | ImageFormat::Pnm | ImageFormat::Wsq) | None => {
                return Err(ImageRecordError::Unwritable("a face image is JPEG, JPEG 2000 or PNG: convert it"));
            }
        };
        if !image::is_upright(&data) {
            return Err(ImageRecordError::Unwritable("the file says that its picture is turned: save it upright"));
        }
        let picture = image::decode(&data)?.pixels;
        Ok(Self::new(&picture, compression, data))
    }

    fn new(picture: &Pixels, compression: Compression, data: Vec<u8>) -> Self {
        let colour_space = match picture {
            Pixels::Grey(_) => ColourSpace::Grey,
            Pixels::Rgb(_) => ColourSpace::Rgb,
        };
        Self {
            kind: ImageKind::Basic,
            quality: None,
            points: Vec::new(),
            // Sides of an image fit 16 bits.
            width_px: picture.width_px() as u16,
            height_px: picture.height_px() as u16,
            colour_space,
            compression,
            data,
        }
    }
}

impl FaceImageRecord {
    /// A record of `pictures` by `edition`, which says nothing of the person.
    ///
    /// # Errors
    /// [`ImageRecordError::Unwritable`] where there is no picture, more than 65,535, one with more than 65,535 points, or one
    /// whose compression has no code in the edition.
    pub fn of_pictures(edition: Edition, pictures: Vec<Picture>) -> Result<Self, ImageRecordError> {
        if pictures.is_empty() || pictures.len() > usize::from(u16::MAX) {
            return Err(ImageRecordError::Unwritable("it holds 1 to 65,535 pictures"));
        }
        let images = pictures.into_iter().map(|picture| image_of(edition, picture)).collect::<Result<_, _>>()?;
        let mut record = Self { edition, stated_length: 0, semantics: [0; 3], images, trailing: Vec::new() };
        record.stated_length = record.encode().len() as u32;
        Ok(record)
    }
}

fn image_of(edition: Edition, picture: Picture) -> Result<FaceImage, ImageRecordError> {
    if picture.points.len() > usize::from(u16::MAX) {
        return Err(ImageRecordError::Unwritable("a picture has at most 65,535 points"));
    }
    let code = picture.compression.code(edition);
    let compression = code.ok_or(ImageRecordError::Unwritable("its edition has no code for this compression"))?;
    let block = |quality: Quality| QualityBlock { score: quality.get(), vendor: 0, algorithm: 0 };
    let (head, quality) = match edition {
        Edition::Iso2005 => (None, Vec::new()),
        Edition::Iso2011 => (Some(RepresentationHead::unknown()), picture.quality.map(block).into_iter().collect()),
    };
    let mut image = FaceImage {
        edition,
        head,
        quality,
        description: vec![0; description_bytes(edition)],
        points: picture.points,
        kind: picture.kind,
        compression,
        width_px: picture.width_px,
        height_px: picture.height_px,
        colour_space: picture.colour_space,
        origin: vec![0; origin_bytes(edition)],
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
