use std::fmt;

use super::MinutiaeError;

/// What every record starts with.
pub(super) const SIGNATURE: &[u8; 4] = b"FMR\0";

/// A minutiae record format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// ISO/IEC 19794-2:2005.
    Iso2005,
    /// ISO/IEC 19794-2:2011.
    Iso2011,
    /// ANSI/INCITS 378-2004.
    Ansi2004,
    /// The draft of 2007 that became ANSI/INCITS 378-2009, with a shorter header. NIST's tools wrote it.
    Ansi2007,
    /// ANSI/INCITS 378-2009.
    Ansi2009,
    /// ANSI/INCITS 378-2009/Amd 1.
    Ansi2009Am1,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] =
        [Self::Iso2005, Self::Iso2011, Self::Ansi2004, Self::Ansi2007, Self::Ansi2009, Self::Ansi2009Am1];

    /// Whether it is an ANSI/INCITS 378: with a product identifier, and angles in steps of 2 degrees, not in 256ths of a turn.
    pub(super) fn is_ansi(self) -> bool {
        match self {
            Self::Iso2005 | Self::Iso2011 => false,
            Self::Ansi2004 | Self::Ansi2007 | Self::Ansi2009 | Self::Ansi2009Am1 => true,
        }
    }

    pub(super) fn version(self) -> &'static [u8; 4] {
        match self {
            Self::Iso2005 | Self::Ansi2004 => b" 20\0",
            Self::Iso2011 | Self::Ansi2007 | Self::Ansi2009 => b"030\0",
            Self::Ansi2009Am1 => b"035\0",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Iso2005 => "ISO/IEC 19794-2:2005",
            Self::Iso2011 => "ISO/IEC 19794-2:2011",
            Self::Ansi2004 => "ANSI/INCITS 378-2004",
            Self::Ansi2007 => "ANSI/INCITS 378-2007",
            Self::Ansi2009 => "ANSI/INCITS 378-2009",
            Self::Ansi2009Am1 => "ANSI/INCITS 378-2009/Amd 1",
        })
    }
}

/// The formats that `bytes` may be in: the likeliest, and the others that share its version.
pub(super) fn candidates(bytes: &[u8]) -> Result<(Format, &'static [Format]), MinutiaeError> {
    if !bytes.starts_with(SIGNATURE) {
        return Err(MinutiaeError::NotARecord { first: bytes.iter().take(4).copied().collect() });
    }
    match bytes.get(4..8).unwrap_or_default() {
        b" 20\0" | b"020\0" if has_short_length(bytes) => Ok((Format::Ansi2004, &[Format::Iso2005])),
        b" 20\0" | b"020\0" => Ok((Format::Iso2005, &[Format::Ansi2004])),
        b"030\0" if has_representation_length(bytes) => Ok((Format::Iso2011, &[Format::Ansi2009, Format::Ansi2007])),
        // At byte 19 the standard of 2009 counts the views, of which there is at least one; its draft of 2007 has a zero.
        b"030\0" if bytes.get(19) == Some(&0) => Ok((Format::Ansi2007, &[Format::Ansi2009, Format::Iso2011])),
        b"030\0" => Ok((Format::Ansi2009, &[Format::Ansi2007, Format::Iso2011])),
        b"035\0" => Ok((Format::Ansi2009Am1, &[])),
        version => Err(MinutiaeError::Version { found: String::from_utf8_lossy(version).into_owned() }),
    }
}

/// Whether the length at byte 8 has two bytes, as in ANSI/INCITS 378-2004 below 64 KiB, and not four, as in ISO/IEC 19794-2.
/// Then the first of those bytes count at least the header, where a short ISO record has zeros.
fn has_short_length(bytes: &[u8]) -> bool {
    const HEADER_BYTES: u16 = 26;
    bytes.get(8..10).is_some_and(|length| u16::from_be_bytes([length[0], length[1]]) >= HEADER_BYTES)
}

/// Whether a length that fits follows the header of ISO/IEC 19794-2:2011, where ANSI/INCITS 378 has its capture equipment.
fn has_representation_length(bytes: &[u8]) -> bool {
    let length = bytes.get(15..).and_then(<[u8]>::first_chunk).map(|length| u32::from_be_bytes(*length));
    length.is_some_and(|length| length > 0 && length as usize <= bytes.len())
}
