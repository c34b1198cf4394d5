//! From a record's image to pixels.

use whorl_types::{GreyImage, RgbImage};

use super::{Compression, ImageKind, IrisImage, Orientation};
use crate::image::{Decoded, ImageFormat, Pixels, decode};
use crate::image_record::{ImageRecordError, check_raw};

/// Bits of a sample that is not compressed.
const SAMPLE_BITS: u8 = 8;

impl IrisImage {
    /// The picture as one sees the person: what the record says is reversed is turned back.
    ///
    /// # Errors
    /// [`ImageRecordError`] where the image is polar, its compression unknown or JPEG-LS, the picture damaged, or its size
    /// not allowed.
    pub fn picture(&self) -> Result<Decoded, ImageRecordError> {
        if self.kind == ImageKind::Polar {
            let reason = "it is a polar image, unwrapped already: give the photograph that it was made of";
            return Err(ImageRecordError::Unsupported(reason));
        }
        let decoded = self.as_written()?;
        Ok(Decoded { pixels: self.upright(decoded.pixels), ..decoded })
    }

    fn as_written(&self) -> Result<Decoded, ImageRecordError> {
        let has_signature = ImageFormat::sniff(&self.data).is_some();
        match self.compression() {
            Compression::Raw if !has_signature || self.raw_bytes() <= self.data.len() => {
                Ok(Decoded { pixels: self.raw_pixels()?, ppi: None })
            }
            Compression::Unknown(code) if !has_signature => Err(ImageRecordError::Compression(code)),
            Compression::JpegLs => decode(&self.data)
                .map_err(|_| ImageRecordError::Unsupported("JPEG-LS is not read: give the picture in another format")),
            Compression::Raw
            | Compression::Jpeg
            | Compression::Jpeg2000
            | Compression::Png
            | Compression::Unknown(_) => Ok(decode(&self.data)?),
        }
    }

    fn samples_per_px(&self) -> usize {
        if Compression::of_code(self.edition, self.raster.format).1 { 3 } else { 1 }
    }

    /// Bytes that the pixels need when they are not compressed.
    fn raw_bytes(&self) -> usize {
        usize::from(self.raster.width_px) * usize::from(self.raster.height_px) * self.samples_per_px()
    }

    fn raw_pixels(&self) -> Result<Pixels, ImageRecordError> {
        let (width_px, height_px) = (self.raster.width_px, self.raster.height_px);
        let (needed, found) = (self.raw_bytes(), self.data.len());
        let samples = self.samples_per_px();
        // The depth of a colour picture is that of a sample or of a pixel, by the writer; 0 leaves it open.
        let depth_bits = match self.raster.depth_bits {
            0 => SAMPLE_BITS,
            24 if samples == 3 => SAMPLE_BITS,
            stated => stated,
        };
        check_raw((width_px, height_px), depth_bits, SAMPLE_BITS..=SAMPLE_BITS, needed, found)?;
        Ok(pixels((width_px.into(), height_px.into()), samples, self.data[..needed].to_vec()))
    }

    /// `picture` with what is flipped turned back.
    fn upright(&self, picture: Pixels) -> Pixels {
        let is_mirrored = self.horizontal_orientation() == Orientation::Flipped;
        let is_upside_down = self.vertical_orientation() == Orientation::Flipped;
        if !is_mirrored && !is_upside_down {
            return picture;
        }
        let (size, samples, data) = match &picture {
            Pixels::Grey(grey) => ((grey.width_px(), grey.height_px()), 1, grey.pixels()),
            Pixels::Rgb(rgb) => ((rgb.width_px(), rgb.height_px()), 3, rgb.samples()),
        };
        let mut rows: Vec<Vec<u8>> = data.chunks_exact(size.0 as usize * samples).map(<[u8]>::to_vec).collect();
        if is_upside_down {
            rows.reverse();
        }
        if is_mirrored {
            let mirrored = |row: &Vec<u8>| row.rchunks_exact(samples).flatten().copied().collect();
            rows = rows.iter().map(mirrored).collect();
        }
        pixels(size, samples, rows.concat())
    }
}

/// A picture of an allowed size, filled by its samples.
fn pixels((width_px, height_px): (u32, u32), samples_per_px: usize, samples: Vec<u8>) -> Pixels {
    const FILLED: &str = "the size was checked, and the samples fill it";
    if samples_per_px == 3 {
        Pixels::Rgb(RgbImage::new(width_px, height_px, samples).expect(FILLED))
    } else {
        Pixels::Grey(GreyImage::new(width_px, height_px, samples).expect(FILLED))
    }
}
