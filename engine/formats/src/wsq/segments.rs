//! The marker segments of a WSQ file (IAFIS-IC-0110, annex A).

use whorl_types::{GreyImage, Ppi};

use super::WsqError;
use super::huffman::{HuffmanTable, LONGEST_CODE};
use super::quantise::Steps;
use super::subbands::TABLED;
use super::wavelet::{Filters, HalfFilter};
use crate::cursor::Cursor;

pub(super) const START_OF_IMAGE: u16 = 0xFFA0;
pub(super) const END_OF_IMAGE: u16 = 0xFFA1;
pub(super) const START_OF_FRAME: u16 = 0xFFA2;
pub(super) const START_OF_BLOCK: u16 = 0xFFA3;
pub(super) const TRANSFORM_TABLE: u16 = 0xFFA4;
pub(super) const QUANTISATION_TABLE: u16 = 0xFFA5;
pub(super) const HUFFMAN_TABLE: u16 = 0xFFA6;
pub(super) const RESTART: u16 = 0xFFA7;
pub(super) const COMMENT: u16 = 0xFFA8;

/// The most taps of a filter; the specification's have 9 and 7.
const MOST_TAPS: u8 = 32;

/// Huffman tables that a file may define at a time.
pub(super) const HUFFMAN_TABLES: usize = 8;

/// The size of the picture, and how its grey levels were normalised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) width_px: u16,
    pub(super) height_px: u16,
    /// The grey level that became 0.
    pub(super) middle: f32,
    /// The grey levels that became 1.
    pub(super) scale: f32,
}

/// A segment's content and where it stands.
pub(super) struct Segment<'a> {
    body: Cursor<'a>,
    offset: usize,
}

impl<'a> Segment<'a> {
    /// The segment whose length field is next in `cursor`.
    pub(super) fn read(cursor: &mut Cursor<'a>, name: &'static str) -> Result<Self, WsqError> {
        let offset = cursor.offset();
        let length = usize::from(cursor.u16("segment length")?);
        let wrong = WsqError::Segment { segment: name, offset, reason: "its length is under two bytes" };
        let body = cursor.take(length.checked_sub(2).ok_or(wrong)?, name)?;
        Ok(Self { body: Cursor::new(body), offset })
    }

    fn wrong(&self, segment: &'static str, reason: &'static str) -> WsqError {
        WsqError::Segment { segment, offset: self.offset, reason }
    }

    /// Bytes of content.
    pub(super) fn bytes(mut self) -> Result<&'a [u8], WsqError> {
        Ok(self.body.take(self.body.left(), "comment")?)
    }

    /// The frame header.
    pub(super) fn frame(mut self) -> Result<Frame, WsqError> {
        let body = &mut self.body;
        body.u8("black pixel value")?;
        body.u8("white pixel value")?;
        let height_px = body.u16("image height")?;
        let width_px = body.u16("image width")?;
        let middle = decimal_u16(body, "midpoint")?;
        let scale = decimal_u16(body, "scale")?;
        GreyImage::check_size(u32::from(width_px), u32::from(height_px))?;
        Ok(Frame { width_px, height_px, middle, scale })
    }

    /// The transform table: the filters.
    pub(super) fn filters(mut self) -> Result<Filters, WsqError> {
        let low_taps = self.body.u8("low-pass filter length")?;
        let high_taps = self.body.u8("high-pass filter length")?;
        let allowed = |taps: u8| taps % 2 == 1 && taps < MOST_TAPS;
        if !allowed(low_taps) || !allowed(high_taps) {
            return Err(
                self.wrong("transform table", "only filters with an odd number of taps, at most 31, are supported")
            );
        }
        Ok(Filters { low: half_filter(&mut self.body, low_taps)?, high: half_filter(&mut self.body, high_taps)? })
    }

    /// The quantisation table.
    pub(super) fn steps(mut self) -> Result<Steps, WsqError> {
        let centre = decimal_u16(&mut self.body, "bin centre")?;
        let mut steps = Steps { centre, step: [0.0; TABLED], zero_step: [0.0; TABLED] };
        for band in 0..TABLED {
            steps.step[band] = decimal_u16(&mut self.body, "quantisation step")?;
            steps.zero_step[band] = decimal_u16(&mut self.body, "zero step")?;
        }
        Ok(steps)
    }

    /// The Huffman tables, each with the slot it goes to.
    pub(super) fn huffman_tables(mut self) -> Result<Vec<(usize, HuffmanTable)>, WsqError> {
        let mut tables = Vec::new();
        while self.body.left() > 0 {
            let slot = usize::from(self.body.u8("Huffman table number")?);
            if slot >= HUFFMAN_TABLES {
                return Err(self.wrong("Huffman table", "its number is over 7"));
            }
            let mut counts = [0; LONGEST_CODE];
            counts.copy_from_slice(self.body.take(LONGEST_CODE, "numbers of Huffman codes")?);
            let total = counts.iter().map(|count| usize::from(*count)).sum();
            let symbols = self.body.take(total, "Huffman symbols")?.to_vec();
            let table = HuffmanTable::new(counts, symbols);
            tables.push((slot, table.ok_or_else(|| self.wrong("Huffman table", "it has more codes than bits allow"))?));
        }
        Ok(tables)
    }

    /// The block header: the number of the Huffman table that the block uses.
    pub(super) fn block(mut self) -> Result<usize, WsqError> {
        Ok(usize::from(self.body.u8("Huffman table number")?))
    }
}

/// The sampling rate that a NIST comment states (a line `PPI 500`), where there is one.
pub(super) fn stated_ppi(comment: &[u8]) -> Option<Ppi> {
    let text = std::str::from_utf8(comment).ok()?;
    let rate = text.lines().find_map(|line| line.strip_prefix("PPI "))?;
    Ppi::new(rate.trim().parse().ok()?).ok()
}

fn half_filter(body: &mut Cursor, taps: u8) -> Result<HalfFilter, WsqError> {
    let mut tap = || -> Result<f32, WsqError> {
        let negative = body.u8("filter tap sign")? != 0;
        let exponent = body.u8("filter tap exponent")?;
        let magnitude = decimal(f64::from(body.u32("filter tap")?), exponent);
        Ok(if negative { -magnitude } else { magnitude })
    };
    let taps: Result<Vec<f32>, WsqError> = (0..=taps / 2).map(|_| tap()).collect();
    taps.map(HalfFilter::new)
}

fn decimal_u16(body: &mut Cursor, field: &'static str) -> Result<f32, WsqError> {
    let exponent = body.u8(field)?;
    Ok(decimal(f64::from(body.u16(field)?), exponent))
}

/// `mantissa / 10^exponent`.
fn decimal(mantissa: f64, exponent: u8) -> f32 {
    (0..exponent).fold(mantissa, |value, _| value / 10.0) as f32
}

/// Appends segments to a file.
#[derive(Default)]
pub(super) struct SegmentWriter {
    pub(super) bytes: Vec<u8>,
}

impl SegmentWriter {
    /// A marker without content.
    pub(super) fn marker(&mut self, marker: u16) {
        self.bytes.extend(marker.to_be_bytes());
    }

    /// A marker with its length and content; the content is under 64 KiB.
    pub(super) fn segment(&mut self, marker: u16, content: &[u8]) {
        self.marker(marker);
        self.bytes.extend((content.len() as u16 + 2).to_be_bytes());
        self.bytes.extend(content);
    }

    pub(super) fn filters(&mut self, low: &[f64], high: &[f64]) {
        let mut content = vec![(2 * low.len() - 1) as u8, (2 * high.len() - 1) as u8];
        for tap in low.iter().chain(high) {
            let (mantissa, exponent) = scaled(tap.abs(), f64::from(u32::MAX));
            content.extend([u8::from(*tap < 0.0), exponent]);
            content.extend((mantissa as u32).to_be_bytes());
        }
        self.segment(TRANSFORM_TABLE, &content);
    }

    pub(super) fn steps(&mut self, steps: &Steps) {
        let mut content = Vec::new();
        put_decimal(&mut content, steps.centre);
        for (step, zero_step) in steps.step.iter().zip(&steps.zero_step) {
            put_decimal(&mut content, *step);
            put_decimal(&mut content, *zero_step);
        }
        self.segment(QUANTISATION_TABLE, &content);
    }

    pub(super) fn frame(&mut self, frame: &Frame) {
        let mut content = vec![0, 255];
        content.extend(frame.height_px.to_be_bytes());
        content.extend(frame.width_px.to_be_bytes());
        put_decimal(&mut content, frame.middle);
        put_decimal(&mut content, frame.scale);
        // Encoder version 2, the only one with a public specification; no software number was ever assigned to Whorl.
        content.extend([2, 0, 0]);
        self.segment(START_OF_FRAME, &content);
    }

    pub(super) fn huffman_table(&mut self, slot: u8, table: &HuffmanTable) {
        let (counts, symbols) = table.parts();
        let mut content = vec![slot];
        content.extend(counts);
        content.extend(symbols);
        self.segment(HUFFMAN_TABLE, &content);
    }
}

fn put_decimal(content: &mut Vec<u8>, value: f32) {
    let (mantissa, exponent) = scaled(f64::from(value), f64::from(u16::MAX));
    content.push(exponent);
    content.extend((mantissa as u16).to_be_bytes());
}

/// What a file keeps of `value`, not negative: the closest decimal whose mantissa is at most `largest`.
pub(super) fn scaled(value: f64, largest: f64) -> (f64, u8) {
    let mut best = (value.min(largest).round(), 0);
    let mut mantissa = value;
    for exponent in 1..=19 {
        mantissa *= 10.0;
        if mantissa.round() > largest || value == 0.0 {
            break;
        }
        best = (mantissa.round(), exponent);
    }
    best
}

/// What is left of `value` after a file has kept it.
pub(super) fn as_stored(value: f32) -> f32 {
    let (mantissa, exponent) = scaled(f64::from(value), f64::from(u16::MAX));
    decimal(mantissa, exponent)
}
