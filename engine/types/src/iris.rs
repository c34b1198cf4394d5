//! The template of one eye.

use std::fmt;

use thiserror::Error;

use crate::Quality;

/// The texture of an iris as bits, and which of them may be believed.
///
/// The ring between pupil and limbus is divided into [`IrisCode::ANGLES`] directions by [`IrisCode::RINGS`] rings. A cell
/// holds the signs of the real and the imaginary part of four Gabor responses (Daugman, IEEE PAMI 15(11), 1993). Direction
/// `a` is `a / ANGLES` of a turn, clockwise as a person sees the picture, from the positive x axis; ring 0 is next to the
/// pupil. An eye that is turned has its directions shifted around.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IrisCode {
    /// Per direction, one byte for each ring, ring 0 lowest: bits 0 and 1 the real and the imaginary part of the longest
    /// wavelength, bits 6 and 7 those of the shortest.
    pub cells: [u64; Self::ANGLES],
    /// Per direction, one bit for each ring: set where the iris is seen.
    pub visible: [u8; Self::ANGLES],
}

impl IrisCode {
    /// Directions.
    pub const ANGLES: usize = 128;

    /// Rings.
    pub const RINGS: usize = 8;

    /// Bits of a cell.
    pub const CELL_BITS: usize = 8;

    /// Cells of a code.
    pub const CELLS: usize = Self::ANGLES * Self::RINGS;

    /// Cells in which the iris is seen, 0 to [`IrisCode::CELLS`].
    #[must_use]
    pub fn visible_cells(&self) -> u32 {
        self.visible.iter().map(|rings| rings.count_ones()).sum()
    }
}

impl fmt::Debug for IrisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IrisCode({} of {} cells)", self.visible_cells(), Self::CELLS)
    }
}

/// A boundary of the iris as the circle that fits it best, in eighths of a pixel of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EyeCircle {
    /// Distance of the centre from the left edge; may lie outside.
    pub x_px8: i32,
    /// Distance of the centre from the top edge; may lie outside.
    pub y_px8: i32,
    /// Radius.
    pub radius_px8: u32,
}

/// What the sample is worth in each respect of ISO/IEC 29794-6:2015, clause 6: 0 is worthless, 100 is as good as it gets,
/// unless a unit is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IrisMeasures {
    /// Usable iris area: per cent of the ring that neither lids, lashes nor reflections cover.
    pub usable_area: u8,
    /// Iris-sclera contrast, 0..=100.
    pub sclera_contrast: u8,
    /// Iris-pupil contrast, 0..=100.
    pub pupil_contrast: u8,
    /// Pupil boundary circularity, 0..=100.
    pub circularity: u8,
    /// Grey scale utilisation: entropy of the iris' grey levels, in sixteenths of a bit, 0..=128.
    pub grey_utilisation: u8,
    /// Iris radius in pixels; 255 where it is larger.
    pub radius_px: u8,
    /// Dilation: the pupil's radius in per cent of the iris'.
    pub dilation: u8,
    /// Iris-pupil concentricity, 0..=100.
    pub concentricity: u8,
    /// Margin adequacy, 0..=100.
    pub margin: u8,
    /// Sharpness, 0..=100.
    pub sharpness: u8,
}

impl IrisMeasures {
    /// Every measure with its name, in the order of the fields.
    #[must_use]
    pub fn named(&self) -> [(&'static str, u8); 10] {
        [
            ("usable-area", self.usable_area),
            ("sclera-contrast", self.sclera_contrast),
            ("pupil-contrast", self.pupil_contrast),
            ("circularity", self.circularity),
            ("grey-utilisation", self.grey_utilisation),
            ("radius-px", self.radius_px),
            ("dilation", self.dilation),
            ("concentricity", self.concentricity),
            ("margin", self.margin),
            ("sharpness", self.sharpness),
        ]
    }
}

/// What recognition keeps of one eye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IrisTemplate {
    encoding: u16,
    code: Box<IrisCode>,
    pupil: EyeCircle,
    limbus: EyeCircle,
    measures: IrisMeasures,
    quality: Quality,
}

/// A template that no eye has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IrisTemplateError {
    /// Nothing of the iris is seen.
    #[error("no cell of the iris code is visible")]
    NothingVisible,
    /// A pupil without a hole, or as large as the iris.
    #[error("a pupil of radius {pupil_px8} does not fit into an iris of radius {limbus_px8} (in eighths of a pixel)")]
    Radii {
        /// Of the pupil.
        pupil_px8: u32,
        /// Of the iris.
        limbus_px8: u32,
    },
}

impl IrisTemplate {
    /// A template of `code`, made by version `encoding` of the encoder from an iris between `pupil` and `limbus`.
    ///
    /// # Errors
    /// [`IrisTemplateError`] where nothing is visible, or the pupil is no smaller than the iris.
    pub fn new(
        encoding: u16,
        code: IrisCode,
        (pupil, limbus): (EyeCircle, EyeCircle),
        measures: IrisMeasures,
        quality: Quality,
    ) -> Result<Self, IrisTemplateError> {
        if code.visible_cells() == 0 {
            return Err(IrisTemplateError::NothingVisible);
        }
        if pupil.radius_px8 == 0 || pupil.radius_px8 >= limbus.radius_px8 {
            return Err(IrisTemplateError::Radii { pupil_px8: pupil.radius_px8, limbus_px8: limbus.radius_px8 });
        }
        Ok(Self { encoding, code: Box::new(code), pupil, limbus, measures, quality })
    }

    /// The version of the encoder; bits of different versions mean nothing to one another.
    #[must_use]
    pub fn encoding(&self) -> u16 {
        self.encoding
    }

    /// The texture.
    #[must_use]
    pub fn code(&self) -> &IrisCode {
        &self.code
    }

    /// Where the iris begins.
    #[must_use]
    pub fn pupil(&self) -> EyeCircle {
        self.pupil
    }

    /// Where the iris ends.
    #[must_use]
    pub fn limbus(&self) -> EyeCircle {
        self.limbus
    }

    /// The worth of the sample, respect by respect.
    #[must_use]
    pub fn measures(&self) -> &IrisMeasures {
        &self.measures
    }

    /// The worth of the sample.
    #[must_use]
    pub fn quality(&self) -> Quality {
        self.quality
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(radius_px8: u32) -> EyeCircle {
        EyeCircle { x_px8: 1280, y_px8: 960, radius_px8 }
    }

    fn template(visible: u8, radii: (u32, u32)) -> Result<IrisTemplate, IrisTemplateError> {
        let code = IrisCode { cells: [0; IrisCode::ANGLES], visible: [visible; IrisCode::ANGLES] };
        let circles = (circle(radii.0), circle(radii.1));
        IrisTemplate::new(1, code, circles, IrisMeasures::default(), Quality::new(50).unwrap())
    }

    #[test]
    fn an_eye_shows_something_between_a_pupil_and_a_larger_iris() {
        assert!(template(0xFF, (320, 800)).is_ok());
        assert_eq!(template(0, (320, 800)).unwrap_err(), IrisTemplateError::NothingVisible);
        for radii in [(0, 800), (800, 800), (900, 800)] {
            assert!(matches!(template(1, radii), Err(IrisTemplateError::Radii { .. })), "{radii:?}");
        }
    }

    #[test]
    fn a_template_never_prints_its_bits() {
        let printed = format!("{:?}", template(0x0F, (320, 800)).unwrap());
        assert!(printed.contains("IrisCode(512 of 1024 cells)") && !printed.contains("cells: ["), "{printed}");
    }
}
