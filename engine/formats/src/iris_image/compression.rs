use crate::image_record::Edition;

/// How the pixels of an iris image are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all, a byte a sample.
    Raw,
    /// JPEG; 2011 does not foresee it, and devices write it.
    Jpeg,
    /// JPEG-LS (2005), which is not read here.
    JpegLs,
    /// JPEG 2000.
    Jpeg2000,
    /// PNG (2011).
    Png,
    /// A code that its edition does not know.
    Unknown(u16),
}

impl Compression {
    /// In the order of the codes: the first one's is 2 in grey and 4 in red, green and blue, the next one's 6 and 8, and so on
    /// (ISO/IEC 19794-6:2005, table 2; 2011, table 4).
    fn all(edition: Edition) -> &'static [Self; 4] {
        match edition {
            Edition::Iso2005 => &[Self::Raw, Self::Jpeg, Self::JpegLs, Self::Jpeg2000],
            Edition::Iso2011 => &[Self::Raw, Self::Jpeg, Self::Jpeg2000, Self::Png],
        }
    }

    /// The compression of a code, and whether the pixels have colours.
    pub(super) fn of_code(edition: Edition, code: u16) -> (Self, bool) {
        let place = usize::from(code.wrapping_sub(2)) / 4;
        let known = Self::all(edition).get(place).copied().filter(|_| code.is_multiple_of(2));
        (known.unwrap_or(Self::Unknown(code)), code.is_multiple_of(4))
    }

    /// The code in `edition`; none where it has none.
    pub(super) fn code(self, edition: Edition, has_colours: bool) -> Option<u16> {
        let place = Self::all(edition).iter().position(|known| *known == self)?;
        Some(place as u16 * 4 + if has_colours { 4 } else { 2 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_means_what_its_edition_says() {
        let of = Compression::of_code;
        assert_eq!(of(Edition::Iso2005, 0x0E), (Compression::Jpeg2000, false));
        assert_eq!(of(Edition::Iso2005, 0x0C), (Compression::JpegLs, true));
        assert_eq!(of(Edition::Iso2011, 0x0A), (Compression::Jpeg2000, false));
        assert_eq!(of(Edition::Iso2011, 0x0E), (Compression::Png, false));
        for code in [0, 1, 3, 0x12, 0xFFFF] {
            assert_eq!(of(Edition::Iso2011, code).0, Compression::Unknown(code), "{code}");
        }
    }

    #[test]
    fn a_code_comes_back() {
        for edition in [Edition::Iso2005, Edition::Iso2011] {
            for code in (2..=0x10).step_by(2) {
                let (compression, has_colours) = Compression::of_code(edition, code);
                assert_eq!(compression.code(edition, has_colours), Some(code));
            }
        }
    }
}
