//! Finger minutiae records: ISO/IEC 19794-2:2005 and 2011, ANSI/INCITS 378-2004, 2007 (draft), 2009 and 2009/Amd 1.
//!
//! [`decode`] keeps everything a record says, in its own units, so that [`MinutiaeRecord::encode`] gives the same bytes back;
//! [`MinutiaeRecord::fingers`] and [`MinutiaeRecord::of_fingers`] translate from and to Whorl's units.
//!
//! Records in the field are often wrong about themselves. Tolerated, because what was meant is unambiguous:
//!
//! - a total length that disagrees with the bytes, where all counted parts are there; what follows them is kept;
//! - a representation length (2011) that disagrees, in the last representation;
//! - extended data whose length runs past the end, in a record whose total length is right: it is taken to the end;
//! - extended blocks that do not add up, reserved bits that are set, the version " 20" written as "020", unknown positions and impressions;
//! - for [`MinutiaeRecord::fingers`]: see there.
//!
//! Everything else is refused with the field and its offset.

mod compose;
mod error;
mod extended;
mod fingers;
mod format;
mod header;
mod minutia;
mod view;
mod wire;

use crate::cursor::Cursor;

pub use error::MinutiaeError;
pub use extended::{ExtendedBlock, ExtendedData};
pub use fingers::{ConvertError, Finger};
pub use format::Format;
use header::Header;
pub use minutia::RecordedMinutia;
pub use view::{Plane, View};

/// The most bytes of a record: hundreds of times a ten-finger record, and room for every view the formats can count.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// A minutiae record as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct MinutiaeRecord {
    header: Header,
    views: Vec<View>,
    /// What follows the last view.
    trailing: Vec<u8>,
    is_length_true: bool,
}

impl MinutiaeRecord {
    /// The format it was written in.
    #[must_use]
    pub fn format(&self) -> Format {
        self.header.format
    }

    /// The views, at least one, in the order of the record.
    #[must_use]
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// The bytes of the record; for a decoded one exactly those it was decoded from.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.header.write(&self.views, &mut bytes);
        for view in &self.views {
            view.write(self.header.format, &mut bytes);
        }
        bytes.extend(&self.trailing);
        bytes
    }

    /// In how many ways the record contradicts its bytes, which tells apart the formats that share a version.
    fn doubts(&self) -> u8 {
        u8::from(!self.is_length_true) + u8::from(!self.trailing.is_empty())
    }
}

impl std::fmt::Debug for MinutiaeRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MinutiaeRecord({}, {} views)", self.header.format, self.views.len())
    }
}

/// Whether `bytes` start as a minutiae record does.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    bytes.starts_with(format::SIGNATURE)
}

/// Decodes a record in any of the formats, told by its version and, where two share one, by its lengths.
///
/// # Errors
/// [`MinutiaeError`] where it is no such record, is cut short, or contradicts itself; see the module for what is tolerated.
pub fn decode(bytes: &[u8]) -> Result<MinutiaeRecord, MinutiaeError> {
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(MinutiaeError::TooLong { bytes: bytes.len() });
    }
    let (likeliest, others) = format::candidates(bytes)?;
    others.iter().fold(decode_as(likeliest, bytes), |best, &format| better(best, decode_as(format, bytes)))
}

type Reading = Result<MinutiaeRecord, MinutiaeError>;

/// Of two readings of the same bytes the one with fewer doubts, else the likelier.
fn better(likelier: Reading, other: Reading) -> Reading {
    let is_other_better = match (&likelier, &other) {
        (Ok(likelier), Ok(other)) => other.doubts() < likelier.doubts(),
        (likelier, other) => likelier.is_err() && other.is_ok(),
    };
    if is_other_better { other } else { likelier }
}

fn decode_as(format: Format, bytes: &[u8]) -> Result<MinutiaeRecord, MinutiaeError> {
    let mut cursor = Cursor::new(bytes);
    let (header, count) = Header::read(format, &mut cursor)?;
    let is_length_true = header.stated_length as usize == bytes.len();
    let views = (1..=count)
        .map(|number| View::read(&header, is_length_true, number == count, &mut cursor))
        .collect::<Result<Vec<_>, _>>()?;
    let trailing = cursor.take(cursor.left(), "trailing data")?.to_vec();
    Ok(MinutiaeRecord { header, views, trailing, is_length_true })
}
