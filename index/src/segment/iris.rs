//! Columns of irises: coarse blocks of several eyes side by side, and codes of one length, compared where they lie.

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use whorl_engine::iris::CodeRow;
use whorl_engine::iris::coarse::CoarseBlock;
use whorl_types::{EyeCircle, IrisMeasures, IrisTemplate, Quality};

use super::columns::{Columns, Layout, ROWS_VERSION};
use super::lanes::{LANES, gathered};
use super::merge::Picked;
use super::sink::Place;
use crate::column::RowKind;
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;

pub(super) const LAYOUT: Layout = Layout {
    coarse: size_of::<CoarseBlock>(),
    lanes: CoarseBlock::LANES,
    rows: size_of::<IrisRow>(),
    clear: size_of::<u32>(),
    fine: Some(size_of::<CodeRow>()),
};

const _: () = assert!(CoarseBlock::LANES == LANES);

/// The version of what the first stage keeps of a code.
const COARSE_VERSION: u32 = 1;

/// Whose eye a row is, and all that a template says beside its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct IrisRow {
    owner: u32,
    quality: u8,
    measures: [u8; 10],
    zero: u8,
    pupil: Circle,
    limbus: Circle,
}

/// A circle, in eighths of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct Circle {
    x: i32,
    y: i32,
    radius: u32,
}

impl From<EyeCircle> for Circle {
    fn from(EyeCircle { x_px8, y_px8, radius_px8 }: EyeCircle) -> Self {
        Self { x: x_px8, y: y_px8, radius: radius_px8 }
    }
}

impl From<Circle> for EyeCircle {
    fn from(Circle { x, y, radius }: Circle) -> Self {
        Self { x_px8: x, y_px8: y, radius_px8: radius }
    }
}

impl IrisRow {
    fn new(owner: u32, template: &IrisTemplate) -> Self {
        Self {
            owner,
            quality: template.quality().get(),
            measures: template.measures().named().map(|(_, measure)| measure),
            zero: 0,
            pupil: template.pupil().into(),
            limbus: template.limbus().into(),
        }
    }

    fn measures(&self) -> IrisMeasures {
        let [
            usable_area,
            sclera_contrast,
            pupil_contrast,
            circularity,
            grey_utilisation,
            radius_px,
            dilation,
            concentricity,
            margin,
            sharpness,
        ] = self.measures;
        IrisMeasures {
            usable_area,
            sclera_contrast,
            pupil_contrast,
            circularity,
            grey_utilisation,
            radius_px,
            dilation,
            concentricity,
            margin,
            sharpness,
        }
    }
}

/// Puts the columns of irises of one encoding, each with its owner, into a new segment.
pub(super) fn build(place: &mut Place<'_>, owned: &[(u32, &IrisTemplate)]) -> Result<(), GalleryError> {
    let Some((_, first)) = owned.first() else { return Ok(()) };
    let codes = owned.par_iter().map(|(_, template)| CodeRow::from(template.code())).collect::<Vec<_>>();
    let coarse = codes.par_chunks(CoarseBlock::LANES).map(block).collect::<Vec<_>>();
    let rows = owned.iter().map(|(owner, template)| IrisRow::new(*owner, template)).collect::<Vec<_>>();
    put(place, first.encoding().into(), (&coarse, &rows, &codes))
}

/// Puts irises of other segments into a new one.
pub(super) fn merge(place: &mut Place<'_>, picked: &[Picked<'_>]) -> Result<(), GalleryError> {
    let Some(first) = picked.first() else { return Ok(()) };
    let codes = picked.iter().map(|one| Irises(one.columns).codes()[one.row]).collect::<Vec<_>>();
    let coarse = gathered(picked.iter().map(|one| (Irises(one.columns).coarse(), one.row)));
    let rows = picked.iter().map(|one| IrisRow { owner: one.owner, ..Irises(one.columns).rows()[one.row] });
    put(place, first.columns.version().number, (&coarse, &rows.collect::<Vec<_>>(), &codes))
}

fn put(
    place: &mut Place<'_>,
    encoding: u32,
    (coarse, rows, codes): (&[CoarseBlock], &[IrisRow], &[CodeRow]),
) -> Result<(), GalleryError> {
    place.put([
        (RowKind::of::<CoarseBlock>(COARSE_VERSION), bytemuck::cast_slice(coarse)),
        (RowKind::of::<IrisRow>(ROWS_VERSION), bytemuck::cast_slice(rows)),
        (RowKind::of::<CodeRow>(encoding), bytemuck::cast_slice(codes)),
    ])
}

fn block(rows: &[CodeRow]) -> CoarseBlock {
    let codes = rows.iter().map(CodeRow::code).collect::<Vec<_>>();
    CoarseBlock::new(&codes.iter().collect::<Vec<_>>())
}

/// The irises of one position.
#[derive(Clone, Copy)]
pub(crate) struct Irises<'a>(pub(super) &'a Columns);

impl<'a> Irises<'a> {
    /// What the first stage scans, [`CoarseBlock::LANES`] eyes in each.
    pub(crate) fn coarse(self) -> &'a [CoarseBlock] {
        self.0.coarse.rows()
    }

    /// All codes, a row each.
    pub(super) fn codes(self) -> &'a [CodeRow] {
        self.0.fine.rows()
    }

    /// The template of a row.
    pub(super) fn template(self, row: usize) -> Result<IrisTemplate, Flawed> {
        let kept = self.rows()[row];
        let template = Quality::new(kept.quality).ok().and_then(|quality| {
            let circles = (kept.pupil.into(), kept.limbus.into());
            let encoding = u16::try_from(self.0.version().number).ok()?;
            IrisTemplate::new(encoding, self.codes()[row].code(), circles, kept.measures(), quality).ok()
        });
        template.ok_or_else(|| self.0.flawed_row(Flaw::Value("row"), row))
    }

    /// Whether this program reads the first stage.
    pub(super) fn check_versions(self) -> Result<(), Flawed> {
        self.0.coarse.check_version(COARSE_VERSION)
    }

    /// Rows that belong to nobody, are out of order, or make no template, and blocks that are not those of their codes.
    pub(super) fn flaws(self, references: u32) -> impl Iterator<Item = Flawed> {
        let unsound = move |&row: &usize| {
            let unreadable = || self.rows()[row].zero != 0 || self.template(row).is_err();
            self.0.is_misplaced(row, references) || !self.0.is_blank(row) && unreadable()
        };
        let rows = (0..self.0.len()).filter(unsound).map(move |row| self.0.flawed_row(Flaw::Value("row"), row));
        let blocks = self.codes().chunks(CoarseBlock::LANES).zip(self.coarse()).enumerate();
        let foreign = blocks.filter(|(_, (codes, coarse))| block(codes) != **coarse);
        rows.chain(foreign.map(move |(number, _)| self.0.flawed_coarse(number * CoarseBlock::LANES)))
    }

    fn rows(self) -> &'a [IrisRow] {
        self.0.rows.rows()
    }
}
