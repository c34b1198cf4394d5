//! The template of one finger.

use thiserror::Error;

use crate::{Descriptors, Ppi, Quality};

/// What kind of ridge event a minutia is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MinutiaKind {
    /// Not stated, as foreign records allow.
    Other = 0,
    /// A ridge ends.
    Ending = 1,
    /// A ridge forks.
    Bifurcation = 2,
}

/// A ridge ending or bifurcation, at 500 ppi.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutia {
    /// Distance from the left edge, in eighths of a pixel.
    pub x_px8: u16,
    /// Distance from the top edge, in eighths of a pixel.
    pub y_px8: u16,
    /// Direction of the ridge that ends, or of the valley that a bifurcation encloses, seen from the minutia: 256ths of a
    /// turn, counter-clockwise from the positive x axis as a person sees the picture (ISO/IEC 19794-2:2005, 6.4).
    pub angle: u8,
    /// Ending or bifurcation.
    pub kind: MinutiaKind,
    /// How sure the extractor is of it.
    pub quality: Quality,
}

/// Where the sampling rate of a template's sample came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PpiSource {
    /// Stated by the file, the manifest or the caller.
    Stated = 0,
    /// Stated by nobody, or unbelievable; estimated from the ridge period.
    Estimated = 1,
}

/// The ridges in one square of a [`RidgeField`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RidgeCell {
    /// Direction along the ridges: 256ths of a half turn, counter-clockwise from the positive x axis.
    pub angle: u8,
    /// Distance from ridge to ridge, in sixteenths of a pixel at 500 ppi; 0 where it could not be measured.
    pub period_px16: u8,
    /// How well the ridges agree on the direction: 0 is background, 255 is perfectly parallel ridges.
    pub coherence: u8,
}

/// The flow of ridges over the finger, and with it the foreground, on a coarse grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RidgeField {
    columns: u16,
    cells: Vec<RidgeCell>,
}

impl RidgeField {
    /// Side of a cell, in pixels at 500 ppi.
    pub const CELL_PX: u16 = 16;

    /// A field of `columns` cells a row, rows from the top.
    ///
    /// # Errors
    /// [`FingerTemplateError::RaggedField`] unless the cells fill whole rows, at least one.
    pub fn new(columns: u16, cells: Vec<RidgeCell>) -> Result<Self, FingerTemplateError> {
        if columns == 0 || cells.is_empty() || !cells.len().is_multiple_of(usize::from(columns)) {
            return Err(FingerTemplateError::RaggedField { columns, cells: cells.len() });
        }
        Ok(Self { columns, cells })
    }

    /// Cells in a row.
    #[must_use]
    pub fn columns(&self) -> u16 {
        self.columns
    }

    /// Rows of cells.
    #[must_use]
    pub fn rows(&self) -> u16 {
        (self.cells.len() / usize::from(self.columns)) as u16
    }

    /// All cells, row after row from the top.
    #[must_use]
    pub fn cells(&self) -> &[RidgeCell] {
        &self.cells
    }

    /// The cell that covers the pixel (`x_px`, `y_px`) at 500 ppi; none outside the grid.
    #[inline]
    #[must_use]
    pub fn at(&self, x_px: i32, y_px: i32) -> Option<RidgeCell> {
        let cell = |px: i32| usize::try_from(px.div_euclid(i32::from(Self::CELL_PX))).ok();
        let columns = usize::from(self.columns);
        let (column, row) = (cell(x_px).filter(|&column| column < columns)?, cell(y_px)?);
        self.cells.get(row * columns + column).copied()
    }
}

/// A point where the ridge flow has no direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Singularity {
    /// Distance from the left edge, in pixels at 500 ppi.
    pub x_px: u16,
    /// Distance from the top edge, in pixels at 500 ppi.
    pub y_px: u16,
    /// Core or delta.
    pub kind: SingularityKind,
}

/// What the ridges do around a [`Singularity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum SingularityKind {
    /// They turn back: Poincare index +1/2.
    Core = 1,
    /// They part in three: Poincare index -1/2.
    Delta = 2,
}

/// Why parts do not make a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FingerTemplateError {
    /// A grid with an incomplete row.
    #[error("{cells} cells do not fill rows of {columns}")]
    RaggedField {
        /// Cells in a row.
        columns: u16,
        /// Cells in all.
        cells: usize,
    },
    /// More minutiae than a template holds.
    #[error("{0} minutiae are more than a template holds, {max}", max = FingerTemplate::MAX_MINUTIAE)]
    TooManyMinutiae(usize),
    /// A side of zero, or one over what the units of a minutia reach.
    #[error("a template of {width_px} x {height_px} pixels is not within 1..={max}", max = FingerTemplate::MAX_SIDE_PX)]
    Size {
        /// Width, in pixels at 500 ppi.
        width_px: u16,
        /// Height, in pixels at 500 ppi.
        height_px: u16,
    },
    /// A minutia outside the picture.
    #[error("minutia {0} lies outside the picture")]
    MinutiaOutside(usize),
}

/// What recognition keeps of one fingerprint, at 500 ppi. Holds no pixel and no name.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerTemplate {
    width_px: u16,
    height_px: u16,
    minutiae: Vec<Minutia>,
    field: Option<RidgeField>,
    singularities: Vec<Singularity>,
    quality: Quality,
    ppi_source: PpiSource,
    pub(crate) descriptors: Option<Descriptors>,
}

impl FingerTemplate {
    /// The most minutiae a template holds; a rolled print rarely shows more that can be trusted.
    pub const MAX_MINUTIAE: usize = 96;

    /// The longest side, in pixels at 500 ppi: what a minutia's eighths of a pixel reach.
    pub const MAX_SIDE_PX: u16 = 8191;

    /// A template of `minutiae` in the order of their worth, best first, of a picture of `width_px * height_px` at 500 ppi.
    ///
    /// # Errors
    /// [`FingerTemplateError`] where a side is zero or over 8,191, there are over 96 minutiae, or one lies outside.
    pub fn new(
        width_px: u16,
        height_px: u16,
        minutiae: Vec<Minutia>,
        quality: Quality,
    ) -> Result<Self, FingerTemplateError> {
        let sides = 1..=Self::MAX_SIDE_PX;
        if !sides.contains(&width_px) || !sides.contains(&height_px) {
            return Err(FingerTemplateError::Size { width_px, height_px });
        }
        if minutiae.len() > Self::MAX_MINUTIAE {
            return Err(FingerTemplateError::TooManyMinutiae(minutiae.len()));
        }
        let outside = |minutia: &Minutia| minutia.x_px8 / 8 >= width_px || minutia.y_px8 / 8 >= height_px;
        if let Some(which) = minutiae.iter().position(outside) {
            return Err(FingerTemplateError::MinutiaOutside(which));
        }
        let (field, singularities, ppi_source) = (None, Vec::new(), PpiSource::Stated);
        Ok(Self { width_px, height_px, minutiae, field, singularities, quality, ppi_source, descriptors: None })
    }

    /// The same with the ridge flow and its singular points, which only an own extractor knows.
    #[must_use]
    pub fn with_field(mut self, field: RidgeField, singularities: Vec<Singularity>) -> Self {
        self.field = Some(field);
        self.singularities = singularities;
        self
    }

    /// The same with the origin of its sampling rate.
    #[must_use]
    pub fn with_ppi_source(mut self, ppi_source: PpiSource) -> Self {
        self.ppi_source = ppi_source;
        self
    }

    /// Width of the picture, in pixels at 500 ppi.
    #[must_use]
    pub fn width_px(&self) -> u16 {
        self.width_px
    }

    /// Height of the picture, in pixels at 500 ppi.
    #[must_use]
    pub fn height_px(&self) -> u16 {
        self.height_px
    }

    /// The sampling rate of every coordinate here.
    #[must_use]
    pub fn ppi(&self) -> Ppi {
        Ppi::STANDARD
    }

    /// The minutiae, best first.
    #[must_use]
    pub fn minutiae(&self) -> &[Minutia] {
        &self.minutiae
    }

    /// The ridge flow; none in a template made of a foreign minutiae record.
    #[must_use]
    pub fn field(&self) -> Option<&RidgeField> {
        self.field.as_ref()
    }

    /// Cores and deltas.
    #[must_use]
    pub fn singularities(&self) -> &[Singularity] {
        &self.singularities
    }

    /// The quality of the sample, by Whorl's own measure.
    #[must_use]
    pub fn quality(&self) -> Quality {
        self.quality
    }

    /// Where the sampling rate came from.
    #[must_use]
    pub fn ppi_source(&self) -> PpiSource {
        self.ppi_source
    }
}

impl std::fmt::Debug for FingerTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FingerTemplate({} x {} px, {} minutiae)", self.width_px, self.height_px, self.minutiae.len())
    }
}
