//! Columns of fingers: coarse rows of the best minutiae, and templates of any length one after the other.

use std::ops::Range;

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use whorl_engine::finger::coarse::CoarseRow;
use whorl_formats::template::finger;
use whorl_types::{Descriptors, FingerTemplate};

use super::columns::{Columns, Layout, Place, ROWS_VERSION};
use crate::column::{Listed, Part, RowKind};
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;

pub(super) const LAYOUT: Layout =
    Layout { coarse: size_of::<CoarseRow>(), lanes: 1, rows: size_of::<FingerRow>(), fine: None };

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

/// Writes the columns of fingers, each with its owner; none where there is no finger.
pub(super) fn write(place: &Place<'_>, owned: &[(u32, &FingerTemplate)]) -> Result<Vec<Listed>, GalleryError> {
    let Some((_, first)) = owned.first() else { return Ok(Vec::new()) };
    let description = first.descriptors().map_or(0, Descriptors::version);
    let coarse = owned.par_iter().map(|(_, template)| CoarseRow::new(template)).collect::<Vec<_>>();
    let templates = owned.par_iter().map(|(_, template)| finger::encode(template)).collect::<Vec<_>>();
    let mut fine_offset = 0;
    let rows = owned.iter().zip(&templates).map(|((owner, _), template)| {
        let row = FingerRow { owner: *owner, fine_bytes: template.len() as u32, fine_offset };
        fine_offset += template.len() as u64;
        row
    });
    let rows = rows.collect::<Vec<_>>();
    Ok(vec![
        place.write(Part::Coarse, RowKind::of::<CoarseRow>(description.into()), bytemuck::cast_slice(&coarse))?,
        place.write(Part::Rows, RowKind::of::<FingerRow>(ROWS_VERSION), bytemuck::cast_slice(&rows))?,
        place.write(Part::Fine, RowKind::of::<u8>(TEMPLATES_VERSION), &templates.concat())?,
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
        let range = self.fine_range(row);
        let bytes = self.0.fine.data().get(range.clone()).filter(|bytes| bytes.len() <= MAX_TEMPLATE_BYTES);
        let bytes = bytes.ok_or_else(|| self.0.flawed_row(Flaw::Value("place of a template"), row))?;
        finger::decode(bytes).map_err(|error| self.0.fine.flawed(Flaw::Template(error), range.start))
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
