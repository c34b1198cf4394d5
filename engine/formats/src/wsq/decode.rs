//! A WSQ file becomes a picture.

use whorl_types::GreyImage;

use super::bits::BitReader;
use super::huffman::{HuffmanTable, Read, Token};
use super::quantise::Steps;
use super::segments::{self, Frame, HUFFMAN_TABLES, Segment};
use super::subbands::Layout;
use super::wavelet::{self, Filters};
use super::{WsqError, WsqImage};
use crate::cursor::Cursor;

/// Decodes a WSQ file.
///
/// What follows the end-of-image marker is ignored; a missing end marker is tolerated where all coefficients are there.
///
/// # Errors
/// [`WsqError`] where the data is cut short, a table is missing or wrong, the size is over the limits of
/// [`GreyImage::check_size`], or the coded data does not fill the picture exactly.
pub fn decode(bytes: &[u8]) -> Result<WsqImage, WsqError> {
    let mut file = File::default();
    let mut cursor = Cursor::new(bytes);
    expect_start(&mut cursor)?;
    while cursor.left() > 0 && !file.is_complete() {
        let offset = cursor.offset();
        match cursor.u16("marker")? {
            segments::START_OF_BLOCK => {
                let table = Segment::read(&mut cursor, "block header")?.block()?;
                let end = file.read_block(bytes, cursor.offset(), table)?;
                cursor = Cursor::at(bytes, end);
            }
            segments::END_OF_IMAGE => break,
            marker => file.read_segment(marker, offset, &mut cursor)?,
        }
    }
    file.into_image(bytes.len())
}

fn expect_start(cursor: &mut Cursor) -> Result<(), WsqError> {
    match cursor.u16("start-of-image marker")? {
        segments::START_OF_IMAGE => Ok(()),
        found => Err(WsqError::Marker { offset: 0, found }),
    }
}

/// What has been read of a file so far.
#[derive(Default)]
struct File {
    frame: Option<Frame>,
    filters: Option<Filters>,
    steps: Option<Steps>,
    tables: [Option<HuffmanTable>; HUFFMAN_TABLES],
    ppi: Option<whorl_types::Ppi>,
    picture: Option<Coefficients>,
}

impl File {
    fn read_segment(&mut self, marker: u16, offset: usize, cursor: &mut Cursor) -> Result<(), WsqError> {
        match marker {
            segments::START_OF_FRAME => self.frame = Some(Segment::read(cursor, "frame header")?.frame()?),
            segments::TRANSFORM_TABLE => self.filters = Some(Segment::read(cursor, "transform table")?.filters()?),
            segments::QUANTISATION_TABLE => self.steps = Some(Segment::read(cursor, "quantisation table")?.steps()?),
            segments::HUFFMAN_TABLE => {
                for (slot, table) in Segment::read(cursor, "Huffman table")?.huffman_tables()? {
                    self.tables[slot] = Some(table);
                }
            }
            segments::COMMENT => {
                let stated = segments::stated_ppi(Segment::read(cursor, "comment")?.bytes()?);
                self.ppi = self.ppi.or(stated);
            }
            segments::RESTART => {
                Segment::read(cursor, "restart interval")?;
            }
            found => return Err(WsqError::Marker { offset, found }),
        }
        Ok(())
    }

    /// Reads the coded block that starts at byte `offset` and returns where it ends.
    fn read_block(&mut self, bytes: &[u8], offset: usize, table: usize) -> Result<usize, WsqError> {
        let undefined = |missing| WsqError::Undefined { missing, offset };
        let frame = self.frame.ok_or_else(|| undefined("frame header"))?;
        let steps = self.steps.as_ref().ok_or_else(|| undefined("quantisation table"))?;
        let table = self.tables.get(table).and_then(Option::as_ref).ok_or_else(|| undefined("Huffman table"))?;
        let picture = self.picture.get_or_insert_with(|| Coefficients::new(frame, steps));
        let mut reader = BitReader::new(bytes, offset);
        loop {
            match table.read(&mut reader) {
                Read::Token(token) => picture.push(token)?,
                Read::End => return Ok(reader.offset()),
                // The ones that fill the last byte are no code.
                Read::Unknown if picture.is_complete() => return Ok(reader.offset()),
                Read::Unknown => return Err(WsqError::Code { offset: reader.offset() }),
            }
        }
    }

    fn is_complete(&self) -> bool {
        self.picture.as_ref().is_some_and(Coefficients::is_complete)
    }

    fn into_image(self, offset: usize) -> Result<WsqImage, WsqError> {
        let undefined = |missing| WsqError::Undefined { missing, offset };
        let frame = self.frame.ok_or_else(|| undefined("frame header"))?;
        let steps = self.steps.ok_or_else(|| undefined("quantisation table"))?;
        let filters = self.filters.ok_or_else(|| undefined("transform table"))?;
        let picture = self.picture.unwrap_or_else(|| Coefficients::new(frame, &steps));
        Ok(WsqImage { image: picture.into_image(frame, &steps, &filters)?, ppi: self.ppi })
    }
}

/// The coefficients of a picture, in the order of their subbands.
struct Coefficients {
    layout: Layout,
    runs: Vec<Token>,
    found: usize,
    expected: usize,
}

impl Coefficients {
    fn new(frame: Frame, steps: &Steps) -> Self {
        let layout = Layout::new(usize::from(frame.width_px), usize::from(frame.height_px));
        let coded = layout.subbands.iter().zip(&steps.step).filter(|(_, step)| **step > 0.0);
        let expected = coded.map(|(band, _)| band.width * band.height).sum();
        Self { layout, runs: Vec::new(), found: 0, expected }
    }

    fn is_complete(&self) -> bool {
        self.found == self.expected
    }

    fn push(&mut self, token: Token) -> Result<(), WsqError> {
        self.found += match token {
            Token::Zeros(run) => usize::from(run),
            Token::Value(_) => 1,
        };
        if self.found > self.expected {
            return Err(WsqError::Coefficients { found: self.found, expected: self.expected });
        }
        self.runs.push(token);
        Ok(())
    }

    fn into_image(self, frame: Frame, steps: &Steps, filters: &Filters) -> Result<GreyImage, WsqError> {
        if !self.is_complete() {
            return Err(WsqError::Coefficients { found: self.found, expected: self.expected });
        }
        let (width, height) = (usize::from(frame.width_px), usize::from(frame.height_px));
        let mut plane = vec![0.0; width * height];
        let mut steps_taken = self.runs.iter().flat_map(|token| match *token {
            Token::Zeros(run) => std::iter::repeat_n(0, usize::from(run)),
            Token::Value(value) => std::iter::repeat_n(value, 1),
        });
        for (band, region) in self.layout.subbands.iter().enumerate().filter(|(band, _)| steps.step[*band] > 0.0) {
            for row in region.y..region.y + region.height {
                let line = &mut plane[row * width + region.x..][..region.width];
                for (coefficient, step) in line.iter_mut().zip(steps_taken.by_ref()) {
                    *coefficient = steps.restore(band, step);
                }
            }
        }
        wavelet::synthesise(&mut plane, width, &self.layout.splits, filters);
        let grey = |value: f32| (value * frame.scale + frame.middle + 0.5).clamp(0.0, 255.0) as u8;
        let pixels = plane.into_iter().map(grey).collect();
        Ok(GreyImage::new(u32::from(frame.width_px), u32::from(frame.height_px), pixels)?)
    }
}
