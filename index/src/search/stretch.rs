//! Consecutive references of a segment, and which rows of its columns are theirs.

use std::ops::Range;

use crate::layer::Layer;
use crate::segment::Columns;
use crate::snapshot::Place;

/// Some references of one segment.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    pub(super) segment: u32,
    pub(super) references: Range<u32>,
}

/// The rows of one of the columns that belong to a stretch.
pub(super) struct Part<'a> {
    pub(super) columns: &'a Columns,
    pub(super) rows: Range<usize>,
    layer: &'a Layer,
    /// The first reference of the stretch.
    first: u32,
    /// For each row its reference, by its place in the stretch.
    owners: Vec<u32>,
    /// For each reference, and once more for the end, where its rows begin among those of the part.
    starts: Vec<u32>,
    /// For each reference how many templates it has in the columns before these.
    before: Vec<u32>,
    /// Whether no reference has two of the rows.
    pub(super) single: bool,
    /// The numbers that templates have among all of their references: bit `n` is set where one has `n`. None where one is beyond the
    /// bits, as only damage makes it.
    pub(super) numbers: Option<u64>,
}

impl Stretch {
    /// The place of the reference of this number.
    pub(super) fn place(&self, reference: usize) -> Place {
        Place { segment: self.segment, reference: self.references.start + reference as u32 }
    }

    /// How many references there are.
    pub(super) fn len(&self) -> usize {
        self.references.len()
    }

    /// What there is of the columns that are `wanted`, in the order of the segment's.
    pub(super) fn parts<'a>(&self, layer: &'a Layer, wanted: impl Fn(&Columns) -> bool) -> Vec<Part<'a>> {
        let (mut parts, mut before) = (Vec::new(), vec![0; self.len()]);
        for columns in layer.columns() {
            let part = Part::new((layer, columns), &self.references, &before);
            before.iter_mut().enumerate().for_each(|(reference, before)| *before += part.of(reference).len() as u32);
            if !part.rows.is_empty() && wanted(columns) {
                parts.push(part);
            }
        }
        parts
    }
}

impl<'a> Part<'a> {
    /// Owners that are out of order, as only damage makes them, leave rows to others or to nobody.
    fn new((layer, columns): (&'a Layer, &'a Columns), references: &Range<u32>, before: &[u32]) -> Self {
        let start = columns.len_before(Some(references.start));
        let end = columns.len_before(Some(references.end));
        let (mut owners, mut starts) = (Vec::new(), Vec::with_capacity(references.len() + 1));
        for (number, reference) in (0..).zip(references.clone()) {
            starts.push(owners.len() as u32);
            while start + owners.len() < end && columns.owner(start + owners.len()) <= reference {
                owners.push(number);
            }
        }
        starts.push(owners.len() as u32);
        let (rows, before) = (start..start + owners.len(), before.to_vec());
        let single = starts.windows(2).all(|ends| ends[1] - ends[0] <= 1);
        let (first, numbers) = (references.start, Some(0));
        let mut part = Self { columns, rows, layer, first, owners, starts, before, single, numbers };
        let bit = |row| 1_u64.checked_shl(part.number(row) as u32);
        part.numbers = (0..part.rows.len()).try_fold(0, |numbers, row| Some(numbers | bit(row)?));
        part
    }

    /// The rows of a reference, by their places in the part.
    pub(super) fn of(&self, reference: usize) -> Range<usize> {
        self.starts[reference] as usize..self.starts[reference + 1] as usize
    }

    /// The reference that a row of the part belongs to.
    pub(super) fn owner(&self, row: usize) -> usize {
        self.owners[row] as usize
    }

    /// Whether the reference that a row of the part belongs to was removed; its template may be there no more.
    pub(super) fn is_removed(&self, row: usize) -> bool {
        self.layer.is_removed(self.first + self.owners[row])
    }

    /// The place of a row of the part among all templates of its reference.
    pub(super) fn number(&self, row: usize) -> usize {
        let reference = self.owner(row);
        self.before[reference] as usize + row - self.starts[reference] as usize
    }
}
