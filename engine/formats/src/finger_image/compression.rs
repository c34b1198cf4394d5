use crate::image_record::Edition;

/// How the pixels of a finger image are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all, whole bytes a pixel.
    Raw,
    /// Not at all, as many bits a pixel as it needs.
    Packed,
    /// Wavelet scalar quantisation.
    Wsq,
    /// JPEG.
    Jpeg,
    /// JPEG 2000.
    Jpeg2000,
    /// JPEG 2000 without loss; a code of its own since 2011.
    Jpeg2000Lossless,
    /// PNG.
    Png,
    /// A code that no edition knows.
    Unknown(u8),
}

impl Compression {
    const OF_2005: [Self; 6] = [Self::Raw, Self::Packed, Self::Wsq, Self::Jpeg, Self::Jpeg2000, Self::Png];
    const OF_2011: [Self; 7] =
        [Self::Raw, Self::Packed, Self::Wsq, Self::Jpeg, Self::Jpeg2000, Self::Jpeg2000Lossless, Self::Png];

    fn codes(edition: Edition) -> &'static [Self] {
        match edition {
            Edition::Iso2005 => &Self::OF_2005,
            Edition::Iso2011 => &Self::OF_2011,
        }
    }

    pub(super) fn of_code(edition: Edition, code: u8) -> Self {
        Self::codes(edition).get(usize::from(code)).copied().unwrap_or(Self::Unknown(code))
    }

    /// The code in `edition`; none where it has none.
    pub(super) fn code(self, edition: Edition) -> Option<u8> {
        Self::codes(edition).iter().position(|known| *known == self).map(|code| code as u8)
    }
}
