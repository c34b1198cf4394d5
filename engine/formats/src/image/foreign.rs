//! Files that people take for pictures of the known formats, told by their first bytes so that an error can name them.

use std::fmt;

/// A kind of file that is not read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignFormat {
    /// Graphics Interchange Format.
    Gif,
    /// WebP.
    WebP,
    /// High Efficiency Image File Format with HEVC pictures, as phones write it.
    Heic,
    /// AV1 Image File Format.
    Avif,
    /// JPEG XL, bare or in its container.
    JpegXl,
    /// Portable Document Format.
    Pdf,
    /// A ZIP archive, or a document that is one.
    Zip,
    /// A transaction file of ANSI/NIST-ITL 1, traditional encoding.
    AnsiNist,
}

impl ForeignFormat {
    /// The kind of file that `bytes` start as.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => of_brands(brands),
            [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Some(Self::JpegXl),
            [b'%', b'P', b'D', b'F', ..] => Some(Self::Pdf),
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            // Field 1.001, the length of the first record; the edition of 1993 numbers it 1.01.
            [b'1', b'.', b'0', b'0', b'1', b':', ..] | [b'1', b'.', b'0', b'1', b':', ..] => Some(Self::AnsiNist),
            _ => None,
        }
    }

    /// What to do with such a file.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Gif | Self::WebP | Self::Avif | Self::JpegXl => "convert it to PNG or JPEG",
            Self::Heic => {
                "convert it to JPEG or PNG; phones write JPEG where their camera is set to the most compatible format"
            }
            Self::Pdf => "export the picture on its page as PNG or JPEG",
            Self::Zip => "unpack it, and give the pictures within",
            Self::AnsiNist => "take its images out, which may be WSQ, JPEG 2000, JPEG or PNG, and give these",
        }
    }
}

/// The kind of a file in the ISO base media format, by its major brand, which a version and the compatible ones follow
/// (ISO/IEC 23008-12, annex B; AVIF, section 6).
fn of_brands(brands: &[u8]) -> Option<ForeignFormat> {
    /// The most brands looked at; files have fewer than ten.
    const MAX_BRANDS: usize = 16;
    let (brands, _) = brands.as_chunks::<4>();
    let claims = |wanted: &[&[u8; 4]]| brands.iter().take(MAX_BRANDS).any(|brand| wanted.contains(&brand));
    match brands.first()? {
        b"avif" | b"avis" => Some(ForeignFormat::Avif),
        b"mif1" | b"msf1" if claims(&[b"avif", b"avis"]) => Some(ForeignFormat::Avif),
        b"mif1" | b"msf1" | b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Some(ForeignFormat::Heic),
        _ => None,
    }
}

impl fmt::Display for ForeignFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gif => "a GIF picture",
            Self::WebP => "a WebP picture",
            Self::Heic => "a HEIC picture",
            Self::Avif => "an AVIF picture",
            Self::JpegXl => "a JPEG XL picture",
            Self::Pdf => "a PDF document",
            Self::Zip => "a ZIP archive",
            Self::AnsiNist => "an ANSI/NIST-ITL file",
        })
    }
}
