//! What the codes of a record say of a picture.

use crate::image_record::Edition;

/// What an image shows, as its record says (ISO/IEC 19794-5, face image type).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageKind {
    /// A face, anyhow.
    Basic,
    /// A portrait as passports have it.
    FullFrontal,
    /// Likewise, with the eyes at fixed places.
    TokenFrontal,
    /// Changed after it was taken (2011).
    PostProcessed,
    /// Another code: of a picture with a three-dimensional shape (128 to 130, 2011), or of nothing known.
    Other(u8),
}

impl ImageKind {
    const ALL: [Self; 4] = [Self::Basic, Self::FullFrontal, Self::TokenFrontal, Self::PostProcessed];

    pub(super) fn of_code(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or(Self::Other(code))
    }

    pub(super) fn code(self) -> u8 {
        match self {
            Self::Basic => 0,
            Self::FullFrontal => 1,
            Self::TokenFrontal => 2,
            Self::PostProcessed => 3,
            Self::Other(code) => code,
        }
    }
}

/// What the samples of a picture mean, as its record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColourSpace {
    /// Not told.
    Unspecified,
    /// Red, green and blue, 8 bits each.
    Rgb,
    /// Luma, and colours at half the rate.
    Yuv422,
    /// Grey, 8 bits.
    Grey,
    /// Another code.
    Other(u8),
}

impl ColourSpace {
    const ALL: [Self; 4] = [Self::Unspecified, Self::Rgb, Self::Yuv422, Self::Grey];

    pub(super) fn of_code(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or(Self::Other(code))
    }

    pub(super) fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::Rgb => 1,
            Self::Yuv422 => 2,
            Self::Grey => 3,
            Self::Other(code) => code,
        }
    }
}

/// How the pixels of a face image are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// JPEG.
    Jpeg,
    /// JPEG 2000; in 2011, with loss.
    Jpeg2000,
    /// JPEG 2000 without loss; a code of its own since 2011.
    Jpeg2000Lossless,
    /// PNG (2011).
    Png,
    /// A code that its edition does not know.
    Unknown(u8),
}

impl Compression {
    fn all(edition: Edition) -> &'static [Self] {
        match edition {
            Edition::Iso2005 => &[Self::Jpeg, Self::Jpeg2000],
            Edition::Iso2011 => &[Self::Jpeg, Self::Jpeg2000, Self::Jpeg2000Lossless, Self::Png],
        }
    }

    pub(super) fn of_code(edition: Edition, code: u8) -> Self {
        Self::all(edition).get(usize::from(code)).copied().unwrap_or(Self::Unknown(code))
    }

    /// The code in `edition`; none where it has none.
    pub(super) fn code(self, edition: Edition) -> Option<u8> {
        Self::all(edition).iter().position(|known| *known == self).map(|code| code as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_comes_back() {
        for code in 0..=255 {
            assert_eq!(ImageKind::of_code(code).code(), code);
            assert_eq!(ColourSpace::of_code(code).code(), code);
        }
        for code in 0..4 {
            assert_eq!(Compression::of_code(Edition::Iso2011, code).code(Edition::Iso2011), Some(code));
        }
        assert_eq!(Compression::of_code(Edition::Iso2005, 2), Compression::Unknown(2));
    }
}
