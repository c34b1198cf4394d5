//! References that were written together and never change again.

use std::ops::Range;

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use whorl_engine::finger::coarse::CoarseRow;
use whorl_formats::template;
use whorl_types::{Descriptors, FingerTemplate, Position, ReferenceId};

use crate::column::{Column, ColumnName, Listed, Part, RowKind};
use crate::contents::{self, Contents};
use crate::finger;
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::manifest::SegmentEntry;
use crate::reference::Reference;
use crate::sealed;
use crate::storage::Storage;

/// The most references of a segment, so that a reference and a row of one position each fit into 32 bits, and that writing
/// a segment of ten fingers a reference takes a few hundred megabytes of memory.
pub(crate) const MAX_REFERENCES: usize = 1 << 16;

/// The most bytes of one template; the largest that Whorl makes has a tenth of it.
const MAX_TEMPLATE_BYTES: usize = 1 << 16;

/// The version of the rows of ids, and of those that say whose a finger is.
const ROWS_VERSION: u32 = 1;

/// The version of the fine column: templates, each of which says its own layout.
const TEMPLATES_VERSION: u32 = 1;

type IdRow = [u8; ReferenceId::MAX_BYTES];

/// Whose finger a row is, and where its template lies among the fine bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct FingerRow {
    owner: u32,
    fine_bytes: u32,
    fine_offset: u64,
}

/// An open segment. References are numbered from zero in the order of their ids.
#[derive(Debug)]
pub(crate) struct Segment {
    ids: Column,
    fingers: Vec<FingerColumns>,
}

/// The fingers of one position, in the order of their owners.
#[derive(Debug)]
pub(crate) struct FingerColumns {
    pub(crate) position: Position,
    coarse: Column,
    rows: Column,
    fine: Column,
}

/// Writes the segment `number` of `references`, which are sorted by id, and says the checksum of its list.
pub(crate) fn write(
    storage: &dyn Storage,
    number: u64,
    directory: &str,
    references: &[Reference],
) -> Result<u32, GalleryError> {
    storage.create_dir(directory)?;
    let place = (number, directory);
    let ids = references.iter().flat_map(|reference| id_row(&reference.id)).collect::<Vec<_>>();
    let mut columns = vec![Column::write(storage, place, ColumnName::Ids, kind::<IdRow>(ROWS_VERSION), &ids)?];
    for position in finger::POSITIONS {
        columns.extend(write_fingers(storage, place, position, references)?);
    }
    let body = Contents { number, columns }.render();
    storage.write(&format!("{directory}/{}", contents::FILE), &[sealed::seal(&body).as_bytes()])?;
    storage.sync_dir(directory)?;
    storage.sync_dir("")?;
    Ok(sealed::checksum(&body))
}

/// Writes the columns of one position; none where nobody has such a finger.
fn write_fingers(
    storage: &dyn Storage,
    segment: (u64, &str),
    position: Position,
    references: &[Reference],
) -> Result<Vec<Listed>, GalleryError> {
    let owned = references.iter().enumerate().flat_map(|(owner, reference)| {
        let here = reference.templates.iter().filter(|(labelled, _)| *labelled == position);
        here.filter_map(move |(_, template)| Some((owner as u32, template.as_finger()?)))
    });
    let owned = owned.collect::<Vec<_>>();
    if owned.is_empty() {
        return Ok(Vec::new());
    }
    let coarse = owned.par_iter().map(|(_, template)| CoarseRow::new(template)).collect::<Vec<_>>();
    let templates = owned.par_iter().map(|(_, template)| template::finger::encode(template)).collect::<Vec<_>>();
    let fine = templates.concat();
    let mut fine_offset = 0;
    let rows = owned.iter().zip(&templates).map(|((owner, _), template)| {
        let row = FingerRow { owner: *owner, fine_bytes: template.len() as u32, fine_offset };
        fine_offset += template.len() as u64;
        row
    });
    let rows = rows.collect::<Vec<_>>();
    let write = |part, kind, data| Column::write(storage, segment, ColumnName::Finger(position, part), kind, data);
    let description = owned[0].1.descriptors().map_or(0, Descriptors::version);
    Ok(vec![
        write(Part::Coarse, kind::<CoarseRow>(description.into()), bytemuck::cast_slice(&coarse))?,
        write(Part::Rows, kind::<FingerRow>(ROWS_VERSION), bytemuck::cast_slice(&rows))?,
        write(Part::Fine, kind::<u8>(TEMPLATES_VERSION), &fine)?,
    ])
}

fn kind<Row>(version: u32) -> RowKind {
    RowKind { bytes: size_of::<Row>() as u32, version }
}

/// An id, filled up with zeros: no id has a zero byte, and rows sort as ids do.
fn id_row(id: &ReferenceId) -> IdRow {
    let mut row = [0; ReferenceId::MAX_BYTES];
    row[..id.as_str().len()].copy_from_slice(id.as_str().as_bytes());
    row
}

impl Segment {
    /// Opens the segment that a manifest lists, checking everything but the data of its columns.
    pub(crate) fn open(storage: &dyn Storage, entry: &SegmentEntry) -> Result<Self, GalleryError> {
        let directory = entry.directory();
        let file = format!("{directory}/{}", contents::FILE);
        let (contents, checksum) = Contents::parse(&file, &storage.read(&file, sealed::MAX_BYTES)?)?;
        if checksum != entry.checksum || contents.number != entry.number {
            return Err(Flaw::Value("list, which is not the one that the manifest names,").at(&file, 0).into());
        }
        let unfit = || Flaw::Value("list of columns").at(&file, 0);
        let place = (entry.number, directory.as_str());
        let Some((ids, fingers)) = contents.columns.split_first() else { return Err(unfit().into()) };
        if ids.name != ColumnName::Ids || ids.rows != entry.references {
            return Err(unfit().into());
        }
        let ids = Column::open(storage, place, *ids, size_of::<IdRow>() as u32)?.of_version(ROWS_VERSION)?;
        let fingers = fingers.chunks(3).map(|three| FingerColumns::open(storage, place, three)?.ok_or(unfit().into()));
        Ok(Self { ids, fingers: fingers.collect::<Result<_, GalleryError>>()? })
    }

    /// How many references it has.
    pub(crate) fn references(&self) -> u32 {
        self.id_rows().len() as u32
    }

    /// The fingers, by position.
    pub(crate) fn fingers(&self) -> &[FingerColumns] {
        &self.fingers
    }

    /// The number of the reference of this id.
    pub(crate) fn find(&self, id: &ReferenceId) -> Option<u32> {
        self.id_rows().binary_search(&id_row(id)).ok().map(|found| found as u32)
    }

    /// The id of a reference as stored: sorts as the id does. Empty for a reference that is not there, as only a damaged
    /// row names it.
    pub(crate) fn id_bytes(&self, reference: u32) -> &IdRow {
        self.id_rows().get(reference as usize).unwrap_or(&[0; ReferenceId::MAX_BYTES])
    }

    /// The id of a reference.
    pub(crate) fn id(&self, reference: u32) -> Result<ReferenceId, Flawed> {
        let row = self.id_bytes(reference);
        let length = row.iter().position(|&byte| byte == 0).unwrap_or(row.len());
        let padded = row[length..].iter().all(|&byte| byte == 0);
        let text = std::str::from_utf8(&row[..length]).ok().filter(|_| padded);
        let id = text.and_then(|text| ReferenceId::new(text).ok());
        id.ok_or_else(|| self.flawed_id("id", reference))
    }

    /// The place of a row among all fingers of its reference.
    pub(crate) fn finger_number(&self, reference: u32, column: usize, row: usize) -> usize {
        let before = self.fingers[..column].iter().map(|columns| columns.of(reference).len()).sum::<usize>();
        before + row.saturating_sub(self.fingers[column].of(reference).start)
    }

    /// A flaw of the id of a reference.
    pub(crate) fn flawed_id(&self, what: &'static str, reference: u32) -> Flawed {
        self.ids.flawed(Flaw::Value(what), reference as usize * size_of::<IdRow>())
    }

    /// All columns, with what of them is scanned in every search.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&Column, bool)> {
        let fingers = self
            .fingers
            .iter()
            .flat_map(|finger| [(&finger.coarse, true), (&finger.rows, false), (&finger.fine, false)]);
        std::iter::once((&self.ids, false)).chain(fingers)
    }

    fn id_rows(&self) -> &[IdRow] {
        self.ids.rows()
    }
}

impl FingerColumns {
    /// The columns of one position; none where the list has them wrong.
    fn open(storage: &dyn Storage, segment: (u64, &str), listed: &[Listed]) -> Result<Option<Self>, GalleryError> {
        let &[coarse, rows, fine] = listed else { return Ok(None) };
        let ColumnName::Finger(position, Part::Coarse) = coarse.name else { return Ok(None) };
        let due = |part| ColumnName::Finger(position, part);
        if rows.name != due(Part::Rows) || fine.name != due(Part::Fine) || coarse.rows != rows.rows {
            return Ok(None);
        }
        let open = |listed, row_bytes: usize| Column::open(storage, segment, listed, row_bytes as u32);
        let coarse = open(coarse, size_of::<CoarseRow>())?;
        let rows = open(rows, size_of::<FingerRow>())?.of_version(ROWS_VERSION)?;
        let fine = open(fine, 1)?.of_version(TEMPLATES_VERSION)?;
        Ok(Some(Self { position, coarse, rows, fine }))
    }

    /// What the first stage scans, one row for each finger.
    pub(crate) fn coarse(&self) -> &[CoarseRow] {
        self.coarse.rows()
    }

    /// The version of the description of the fingers' minutiae.
    pub(crate) fn description(&self) -> u32 {
        self.coarse.version()
    }

    /// The flaw of having fingers that are described otherwise than a probe.
    pub(crate) fn flawed_description(&self, probe: u32) -> Flawed {
        self.coarse.flawed_version(probe)
    }

    /// How many fingers there are.
    pub(crate) fn len(&self) -> usize {
        self.rows().len()
    }

    /// How many fingers there are of the references before one; of all where none is named.
    pub(crate) fn len_before(&self, reference: Option<u32>) -> usize {
        reference.map_or(self.len(), |reference| self.of(reference).start)
    }

    /// The rows of a reference.
    pub(crate) fn of(&self, reference: u32) -> Range<usize> {
        let rows = self.rows();
        rows.partition_point(|row| row.owner < reference)..rows.partition_point(|row| row.owner <= reference)
    }

    /// Whose finger a row is.
    pub(crate) fn owner(&self, row: usize) -> u32 {
        self.rows()[row].owner
    }

    /// The template of a row.
    pub(crate) fn template(&self, row: usize) -> Result<FingerTemplate, Flawed> {
        let range = self.fine_range(row);
        let bytes = self.fine.data().get(range.clone()).filter(|bytes| bytes.len() <= MAX_TEMPLATE_BYTES);
        let bytes = bytes.ok_or_else(|| self.flawed_row(Flaw::Value("place of a template"), row))?;
        template::finger::decode(bytes).map_err(|error| self.fine.flawed(Flaw::Template(error), range.start))
    }

    /// Where the template of a row is stated to lie.
    pub(crate) fn fine_range(&self, row: usize) -> Range<usize> {
        let FingerRow { fine_bytes, fine_offset, .. } = self.rows()[row];
        fine_offset as usize..(fine_offset as usize).saturating_add(fine_bytes as usize)
    }

    /// The flaw of a first stage that does not follow from its template.
    pub(crate) fn flawed_coarse(&self, row: usize) -> Flawed {
        self.coarse.flawed(Flaw::Value("first stage, which is not its template's,"), row * size_of::<CoarseRow>())
    }

    /// A flaw of a row.
    pub(crate) fn flawed_row(&self, flaw: Flaw, row: usize) -> Flawed {
        self.rows.flawed(flaw, row * size_of::<FingerRow>())
    }

    fn rows(&self) -> &[FingerRow] {
        self.rows.rows()
    }
}
