//! From a record's image to pixels.

use whorl_types::{GreyImage, Ppi};

use super::picture::Sampling;
use super::{Compression, FingerImage};
use crate::image::{Decoded, ImageFormat, Pixels, decode};
use crate::image_record::{ImageRecordError, check_raw};
use crate::rate;

/// The deepest pixels that are read, in bits.
const MAX_DEPTH_BITS: u8 = 16;

/// How far the rates of rows and columns may lie apart and still be one.
const MAX_UNEVENNESS: f32 = 0.02;

impl FingerImage {
    /// The picture, with the sampling rate of the record, else of the picture's own file header.
    ///
    /// # Errors
    /// [`ImageRecordError`] where the compression is unknown, the picture damaged, or its size not allowed.
    pub fn picture(&self) -> Result<Decoded, ImageRecordError> {
        let has_signature = ImageFormat::sniff(&self.data).is_some();
        let decoded = match self.compression() {
            Compression::Raw | Compression::Packed if !has_signature || self.raw_bytes() <= self.data.len() => {
                Decoded { pixels: Pixels::Grey(self.raw_pixels()?), ppi: None }
            }
            Compression::Unknown(code) if !has_signature => return Err(ImageRecordError::Compression(code.into())),
            Compression::Raw
            | Compression::Packed
            | Compression::Wsq
            | Compression::Jpeg
            | Compression::Jpeg2000
            | Compression::Jpeg2000Lossless
            | Compression::Png
            | Compression::Unknown(_) => decode(&self.data)?,
        };
        Ok(Decoded { ppi: self.ppi().or(decoded.ppi), ..decoded })
    }

    fn bits_per_px(&self) -> usize {
        let depth = usize::from(self.sampling.depth_bits);
        if self.compression() == Compression::Packed { depth } else { depth.next_multiple_of(8) }
    }

    /// Bytes that the pixels need when they are not compressed and rows follow each other without a gap.
    fn raw_bytes(&self) -> usize {
        (usize::from(self.width_px) * usize::from(self.height_px) * self.bits_per_px()).div_ceil(8)
    }

    fn raw_pixels(&self) -> Result<GreyImage, ImageRecordError> {
        let Self { width_px, height_px, sampling: Sampling { depth_bits, .. }, .. } = *self;
        let needed = self.raw_bytes();
        check_raw((width_px, height_px), depth_bits, 1..=MAX_DEPTH_BITS, needed, self.data.len())?;
        let pixels = if depth_bits == 8 { self.data[..needed].to_vec() } else { self.unpack() };
        Ok(GreyImage::new(width_px.into(), height_px.into(), pixels)
            .expect("the size was checked, and a byte is a pixel"))
    }

    /// The pixels, of any depth but 8 bits; there are enough bytes for them.
    fn unpack(&self) -> Vec<u8> {
        let (columns, rows, bits) = (usize::from(self.width_px), usize::from(self.height_px), self.bits_per_px());
        let row_bits = columns * bits;
        let padded_row_bits = row_bits.next_multiple_of(8);
        // Writers differ on whether packed rows start on whole bytes; the length of the data tells.
        let has_padding = self.data.len() == padded_row_bits / 8 * rows;
        let stride_bits = if has_padding { padded_row_bits } else { row_bits };
        let sample = |y: usize, x: usize| sample_at(&self.data, y * stride_bits + x * bits, bits);
        let row = |y| (0..columns).map(move |x| to_8_bits(sample(y, x), self.sampling.depth_bits));
        (0..rows).flat_map(row).collect()
    }
}

/// The `bits` bits from bit `start` on, the first of a byte being its highest.
fn sample_at(data: &[u8], start: usize, bits: usize) -> u32 {
    (start..start + bits).fold(0, |sample, bit| sample << 1 | u32::from(data[bit / 8] >> (7 - bit % 8) & 1))
}

/// A sample of `depth_bits` as the nearest one of 8 bits.
fn to_8_bits(sample: u32, depth_bits: u8) -> u8 {
    let largest = (1_u32 << depth_bits) - 1;
    ((sample.min(largest) * 255 + largest / 2) / largest) as u8
}

impl Sampling {
    pub(super) fn ppi(self) -> Option<Ppi> {
        let [x, y] = if self.image == [0, 0] { self.scan } else { self.image };
        // One missing rate is the other.
        let [x, y] = [if x == 0 { y } else { x }, if y == 0 { x } else { y }];
        let (x, y) = self.rate(x).zip(self.rate(y))?;
        ((x.get() - y.get()).abs() <= MAX_UNEVENNESS * x.get()).then_some(x)
    }

    fn rate(self, number: u16) -> Option<Ppi> {
        match self.units {
            1 => rate::per_inch(number),
            2 => rate::per_cm(number),
            _ => None,
        }
    }
}
