//! A picture becomes a WSQ file.

use thiserror::Error;
use whorl_types::{GreyImage, Ppi};

use super::bits::BitWriter;
use super::huffman::{HuffmanTable, Token, tokens};
use super::quantise::Steps;
use super::segments::{self, Frame, SegmentWriter};
use super::subbands::{BLOCK_STARTS, Layout};
use super::wavelet::{self, Filters, STANDARD_HIGH, STANDARD_LOW};

/// How many bits a pixel the coded picture should take, about: 0.1 to 5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BitRate(f64);

/// A bit rate outside 0.1..=5.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("{0} bits a pixel is not within 0.1..=5: 0.75 is usual, 2.25 is careful")]
pub struct BitRateOutOfRange(pub f64);

impl BitRate {
    /// About 15:1, the rate of law enforcement.
    pub const USUAL: Self = Self(0.75);

    /// About 5:1, the rate of enrolment systems that can afford it.
    pub const CAREFUL: Self = Self(2.25);

    /// A rate of `bits_per_px`.
    ///
    /// # Errors
    /// [`BitRateOutOfRange`] outside 0.1..=5.
    pub fn new(bits_per_px: f64) -> Result<Self, BitRateOutOfRange> {
        if (0.1..=5.0).contains(&bits_per_px) { Ok(Self(bits_per_px)) } else { Err(BitRateOutOfRange(bits_per_px)) }
    }
}

/// Encodes a picture at about `rate`, with its sampling rate in a NIST comment where it is known.
#[must_use]
pub fn encode(image: &GreyImage, ppi: Option<Ppi>, rate: BitRate) -> Vec<u8> {
    let width = image.width_px() as usize;
    let layout = Layout::new(width, image.height_px() as usize);
    let frame = frame(image);
    let mut plane: Vec<f32> =
        image.pixels().iter().map(|grey| (f32::from(*grey) - frame.middle) / frame.scale).collect();
    wavelet::analyse(&mut plane, width, &layout.splits, &Filters::standard());
    let steps = as_stored(&Steps::for_plane(&plane, width, &layout.subbands, rate.0));

    let mut file = SegmentWriter::default();
    file.marker(segments::START_OF_IMAGE);
    file.segment(segments::COMMENT, comment(image, ppi, rate).as_bytes());
    file.filters(&STANDARD_LOW, &STANDARD_HIGH);
    file.steps(&steps);
    file.frame(&frame);
    let [first, second, third] = blocks(&plane, width, &layout, &steps);
    let table = HuffmanTable::best_for(&first);
    file.huffman_table(0, &table);
    write_block(&mut file, 0, &table, &first);
    let table = HuffmanTable::best_for(&[second.as_slice(), third.as_slice()].concat());
    file.huffman_table(1, &table);
    write_block(&mut file, 1, &table, &second);
    write_block(&mut file, 1, &table, &third);
    file.marker(segments::END_OF_IMAGE);
    file.bytes
}

/// Normalises grey levels to -128..=128 about their mean, in the digits that the file keeps.
fn frame(image: &GreyImage) -> Frame {
    let pixels = image.pixels();
    let sum: u64 = pixels.iter().map(|grey| u64::from(*grey)).sum();
    let mean = (sum as f64 / pixels.len() as f64) as f32;
    let (low, high) = pixels.iter().fold((255_u8, 0_u8), |(low, high), grey| (low.min(*grey), high.max(*grey)));
    let farthest = (mean - f32::from(low)).max(f32::from(high) - mean);
    let scale = if farthest > 0.0 { farthest / 128.0 } else { 1.0 };
    Frame {
        width_px: image.width_px() as u16,
        height_px: image.height_px() as u16,
        middle: segments::as_stored(mean),
        scale: segments::as_stored(scale),
    }
}

fn as_stored(steps: &Steps) -> Steps {
    Steps {
        centre: segments::as_stored(steps.centre),
        step: steps.step.map(segments::as_stored),
        zero_step: steps.zero_step.map(segments::as_stored),
    }
}

/// The three blocks of coded subbands.
fn blocks(plane: &[f32], width: usize, layout: &Layout, steps: &Steps) -> [Vec<Token>; 3] {
    let ends = [BLOCK_STARTS[1], BLOCK_STARTS[2], layout.subbands.len()];
    std::array::from_fn(|block| {
        let mut quantised = Vec::new();
        for band in (BLOCK_STARTS[block]..ends[block]).filter(|band| steps.step[*band] > 0.0) {
            let region = layout.subbands[band];
            for row in region.y..region.y + region.height {
                let line = &plane[row * width + region.x..][..region.width];
                quantised.extend(line.iter().map(|coefficient| steps.quantise(band, *coefficient)));
            }
        }
        tokens(&quantised)
    })
}

fn write_block(file: &mut SegmentWriter, slot: u8, table: &HuffmanTable, tokens: &[Token]) {
    file.segment(segments::START_OF_BLOCK, &[slot]);
    let mut writer = BitWriter::default();
    table.write(tokens, &mut writer);
    file.bytes.extend(writer.finish());
}

/// The NIST comment: the only place where a WSQ file states its sampling rate.
fn comment(image: &GreyImage, ppi: Option<Ppi>, rate: BitRate) -> String {
    let stated = ppi.map_or_else(|| "-1".to_owned(), |ppi| format!("{:.0}", ppi.get()));
    let (width, height, rate) = (image.width_px(), image.height_px(), rate.0);
    format!(
        "NIST_COM 9\nPIX_WIDTH {width}\nPIX_HEIGHT {height}\nPIX_DEPTH 8\nPPI {stated}\nLOSSY 1\nCOLORSPACE GRAY\n\
         COMPRESSION WSQ\nWSQ_BITRATE {rate:.6}"
    )
}
