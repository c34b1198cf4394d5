//! Columns of faces: coarse blocks of the sign codes of eight faces side by side, and embeddings of one model, compared where
//! they lie.

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use whorl_engine::face::EmbeddingRow;
use whorl_engine::face::coarse::CoarseBlock;
use whorl_types::{FaceMeasures, FaceModelId, FacePoints, FaceTemplate, Quality};

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
    rows: size_of::<FaceRow>(),
    // The dimension is that of all faces, of whom nobody may be left who can be read.
    clear: size_of::<u32>() + size_of::<u16>(),
    fine: Some(size_of::<EmbeddingRow>()),
};

const _: () = assert!(CoarseBlock::LANES == LANES);

/// The version of what the first stage keeps of an embedding.
const COARSE_VERSION: u32 = 1;

/// Whose face a row is, and all that a template says beside its embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct FaceRow {
    owner: u32,
    dimension: u16,
    quality: u8,
    zero: u8,
    measures: [u8; FaceMeasures::COUNT],
    points: [[i32; 2]; 5],
}

impl FaceRow {
    fn new(owner: u32, template: &FaceTemplate) -> Self {
        Self {
            owner,
            dimension: template.dimension() as u16,
            quality: template.quality().get(),
            zero: 0,
            measures: template.measures().named().map(|(_, measure)| measure),
            points: template.points().px8,
        }
    }
}

/// Puts the columns of faces of one model, each with its owner, into a new segment.
pub(super) fn build(place: &mut Place<'_>, owned: &[(u32, &FaceTemplate)]) -> Result<(), GalleryError> {
    let Some((_, first)) = owned.first() else { return Ok(()) };
    let FaceModelId(model) = first.model();
    let embeddings = owned.par_iter().map(|(_, template)| EmbeddingRow::from(*template)).collect::<Vec<_>>();
    let coarse = embeddings.par_chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect::<Vec<_>>();
    let rows = owned.iter().map(|(owner, template)| FaceRow::new(*owner, template)).collect::<Vec<_>>();
    put(place, model, (&coarse, &rows, &embeddings))
}

/// Puts faces of other segments into a new one.
pub(super) fn merge(place: &mut Place<'_>, picked: &[Picked<'_>]) -> Result<(), GalleryError> {
    let Some(first) = picked.first() else { return Ok(()) };
    let embeddings = picked.iter().map(|one| Faces(one.columns).embeddings()[one.row]).collect::<Vec<_>>();
    let coarse = gathered(picked.iter().map(|one| (Faces(one.columns).coarse(), one.row)));
    let rows = picked.iter().map(|one| FaceRow { owner: one.owner, ..Faces(one.columns).rows()[one.row] });
    put(place, first.columns.version().number, (&coarse, &rows.collect::<Vec<_>>(), &embeddings))
}

fn put(
    place: &mut Place<'_>,
    model: u32,
    (coarse, rows, embeddings): (&[CoarseBlock], &[FaceRow], &[EmbeddingRow]),
) -> Result<(), GalleryError> {
    place.put([
        (RowKind::of::<CoarseBlock>(COARSE_VERSION), bytemuck::cast_slice(coarse)),
        (RowKind::of::<FaceRow>(ROWS_VERSION), bytemuck::cast_slice(rows)),
        (RowKind::of::<EmbeddingRow>(model), bytemuck::cast_slice(embeddings)),
    ])
}

/// The faces of one position.
#[derive(Clone, Copy)]
pub(crate) struct Faces<'a>(pub(super) &'a Columns);

impl<'a> Faces<'a> {
    /// What the first stage scans of all faces, [`CoarseBlock::LANES`] in each.
    pub(crate) fn coarse(self) -> &'a [CoarseBlock] {
        self.0.coarse.rows()
    }

    /// All embeddings, a row each.
    pub(crate) fn embeddings(self) -> &'a [EmbeddingRow] {
        self.0.fine.rows()
    }

    /// The dimensions of the first embedding, and so of all.
    pub(super) fn dimension(self) -> u16 {
        self.rows().first().map_or(0, |row| row.dimension)
    }

    /// The template of a row.
    pub(super) fn template(self, row: usize) -> Result<FaceTemplate, Flawed> {
        let (kept, values) = (self.rows()[row], self.embeddings()[row].values());
        let template = Quality::new(kept.quality).ok().and_then(|quality| {
            let (embedding, beyond) = values.split_at_checked(kept.dimension.into())?;
            let (points, measures) = (FacePoints { px8: kept.points }, FaceMeasures::from_values(kept.measures));
            let template = FaceTemplate::new(self.model(), embedding, points, measures, quality).ok();
            template.filter(|_| beyond.iter().all(|&value| value == 0))
        });
        template.ok_or_else(|| self.0.flawed_row(Flaw::Value("row"), row))
    }

    /// Whether this program reads the first stage.
    pub(super) fn check_versions(self) -> Result<(), Flawed> {
        self.0.coarse.check_version(COARSE_VERSION)
    }

    /// Rows that belong to nobody, are out of order, make no template or one of other dimensions than the first, and blocks that
    /// are not those of their embeddings.
    pub(super) fn flaws(self, references: u32) -> impl Iterator<Item = Flawed> {
        let unsound = move |&row: &usize| {
            let kept = self.rows()[row];
            let odd = kept.zero != 0 || kept.dimension != self.dimension();
            odd || self.0.is_misplaced(row, references) || !self.0.is_blank(row) && self.template(row).is_err()
        };
        let rows = (0..self.0.len()).filter(unsound).map(move |row| self.0.flawed_row(Flaw::Value("row"), row));
        let blocks = self.embeddings().chunks(CoarseBlock::LANES).zip(self.coarse()).enumerate();
        let foreign = blocks.filter(|(_, (embeddings, coarse))| CoarseBlock::new(embeddings) != **coarse);
        rows.chain(foreign.map(move |(number, _)| self.0.flawed_coarse(number * CoarseBlock::LANES)))
    }

    fn model(self) -> FaceModelId {
        FaceModelId(self.0.version().number)
    }

    fn rows(self) -> &'a [FaceRow] {
        self.0.rows.rows()
    }
}
