//! Columns of fingers: coarse rows of the best minutiae, and templates of any length one after the other.

use std::borrow::Cow;
use std::ops::Range;

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use whorl_engine::finger::coarse::CoarseRow;
use whorl_formats::template::finger;
use whorl_types::{Descriptors, FingerTemplate};

use super::columns::{Columns, Layout, ROWS_VERSION};
use super::merge::Picked;
use super::sink::Place;
use crate::column::RowKind;
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;

pub(super) const LAYOUT: Layout = Layout {
    coarse: size_of::<CoarseRow>(),
    lanes: 1,
    rows: size_of::<FingerRow>(),
    // They say whose a template is and where it lies, and nothing else.
    clear: size_of::<FingerRow>(),
    fine: None,
};

/// The most bytes of one template; the largest that Whorl makes has a tenth of it.
const MAX_TEMPLATE_BYTES: usize = 1 << 16;

/// The version of the fine column: templates, each of which says its own layout.
const TEMPLATES_VERSION: u32 = 1;

/// Whose finger a row is, and where its template lies among the fine bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct FingerRow {
    owner: u32,
    fine_bytes: u32,
    fine_offset: u64,
}

/// Puts the columns of fingers, each with its owner, into a new segment.
pub(super) fn build(place: &mut Place<'_>, owned: &[(u32, &FingerTemplate)]) -> Result<(), GalleryError> {
    let Some((_, first)) = owned.first() else { return Ok(()) };
    let description = first.descriptors().map_or(0, Descriptors::version);
    let coarse = owned.par_iter().map(|(_, template)| CoarseRow::new(template)).collect::<Vec<_>>();
    let templates = owned.par_iter().map(|(_, template)| finger::encode(template)).collect::<Vec<_>>();
    let owned = owned.iter().map(|(owner, _)| *owner).zip(templates.iter().map(Vec::as_slice));
    put(place, description.into(), &coarse, &owned.collect::<Vec<_>>())
}

/// Puts fingers of other segments into a new one.
pub(super) fn merge(place: &mut Place<'_>, picked: &[Picked<'_>]) -> Result<(), GalleryError> {
    let Some(first) = picked.first() else { return Ok(()) };
    let coarse = picked.iter().map(|one| Fingers(one.columns).coarse()[one.row]).collect::<Vec<_>>();
    let templates = picked.iter().map(|one| Fingers(one.columns).bytes(one.row));
    let templates = templates.collect::<Result<Vec<_>, Flawed>>()?;
    let owned = picked.iter().zip(&templates).map(|(one, template)| (one.owner, &**template));
    put(place, first.columns.version().number, &coarse, &owned.collect::<Vec<_>>())
}

fn put(
    place: &mut Place<'_>,
    description: u32,
    coarse: &[CoarseRow],
    owned: &[(u32, &[u8])],
) -> Result<(), GalleryError> {
    let mut fine_offset = 0;
    let rows = owned.iter().map(|(owner, template)| {
        let row = FingerRow { owner: *owner, fine_bytes: template.len() as u32, fine_offset };
        fine_offset += template.len() as u64;
        row
    });
    let rows = rows.collect::<Vec<_>>();
    // Copied template by template: byte by byte it was half of what an enrolment cost.
    let fine = owned.iter().map(|(_, template)| *template).collect::<Vec<_>>().concat();
    place.put([
        (RowKind::of::<CoarseRow>(description), bytemuck::cast_slice(coarse)),
        (RowKind::of::<FingerRow>(ROWS_VERSION), bytemuck::cast_slice(&rows)),
        (RowKind::of::<u8>(TEMPLATES_VERSION), &fine),
    ])
}

/// The fingers of one position.
#[derive(Clone, Copy)]
pub(crate) struct Fingers<'a>(pub(super) &'a Columns);

impl<'a> Fingers<'a> {
    /// What the first stage scans, one row for each finger.
    pub(crate) fn coarse(self) -> &'a [CoarseRow] {
        self.0.coarse.rows()
    }

    /// The template of a row.
    pub(super) fn template(self, row: usize) -> Result<FingerTemplate, Flawed> {
        let flawed = |error| self.0.fine.flawed(Flaw::Template(error), self.fine_range(row).start);
        finger::decode(&self.bytes(row)?).map_err(flawed)
    }

    /// The bytes of the template of a row: where they lie, or decrypted each time, for a search reads those of a few candidates only.
    fn bytes(self, row: usize) -> Result<Cow<'a, [u8]>, Flawed> {
        let range = self.fine_range(row);
        let bytes = self.0.fine.data().get(range.clone()).filter(|bytes| bytes.len() <= MAX_TEMPLATE_BYTES);
        let bytes = bytes.ok_or_else(|| self.0.flawed_row(Flaw::Value("place of a template"), row))?;
        if !self.0.fine.is_encrypted() {
            return Ok(Cow::Borrowed(bytes));
        }
        let key = self.0.key(row).ok_or_else(|| self.0.fine.flawed(Flaw::Encrypted, range.start))?;
        self.0.fine.piece(row, range, key).map(Cow::Owned)
    }

    /// The lengths of the templates of some rows.
    pub(super) fn lengths(rows: &[u8]) -> impl Iterator<Item = usize> {
        rows.chunks_exact(size_of::<FingerRow>())
            .map(|row| bytemuck::pod_read_unaligned::<FingerRow>(row).fine_bytes as usize)
    }

    /// Whether this program reads the templates.
    pub(super) fn check_versions(self) -> Result<(), Flawed> {
        self.0.fine.check_version(TEMPLATES_VERSION)
    }

    /// Rows that belong to nobody, are out of order, have no template that can be read, or a first stage that is
    /// not their template's.
    pub(super) fn flaws(self, references: u32) -> impl Iterator<Item = Flawed> {
        let mut due = 0;
        (0..self.0.len()).filter_map(move |row| {
            let Range { start, end } = self.fine_range(row);
            let gap = start != std::mem::replace(&mut due, end);
            if gap || self.0.is_misplaced(row, references) {
                return Some(self.0.flawed_row(Flaw::Value("row"), row));
            }
            if self.0.is_blank(row) {
                return None;
            }
            match self.template(row) {
                Err(flawed) => Some(flawed),
                Ok(template) if self.coarse()[row] != CoarseRow::new(&template) => Some(self.0.flawed_coarse(row)),
                Ok(_) => None,
            }
        })
    }

    /// Where the template of a row is stated to lie.
    fn fine_range(self, row: usize) -> Range<usize> {
        let FingerRow { fine_bytes, fine_offset, .. } = self.0.rows.rows::<FingerRow>()[row];
        fine_offset as usize..(fine_offset as usize).saturating_add(fine_bytes as usize)
    }
}
