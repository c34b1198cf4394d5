//! References that were written together and never change again.

mod columns;
mod face;
mod finger;
mod iris;
mod keyed;
mod lanes;
mod merge;
mod owners;
mod sink;

use std::sync::Arc;

use whorl_types::{Position, ReferenceId, Template};

use crate::column::{Column, ColumnName};
use crate::contents::{self, Contents};
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::keys::{Held, Keys};
use crate::kind::Kind;
use crate::layer::Layer;
use crate::manifest::{SegmentEntry, segment_directory};
use crate::reference::Reference;
use crate::sealed;
use crate::storage::Storage;
use crate::workers::Workers;
pub(crate) use columns::{Columns, Kept, Reading, Typed};
use keyed::{KEYS_VERSION, KeyRow, SegmentKeys};
use sink::{Directory, InMemory, Place, Sink};

/// The most references of a segment, so that a reference and a row of one position each fit into 32 bits, and that one column
/// of a segment, as it is written, takes a few hundred megabytes of memory.
pub(crate) const MAX_REFERENCES: usize = 1 << 16;

/// The version of the rows of ids.
const IDS_VERSION: u32 = 1;

type IdRow = [u8; ReferenceId::MAX_BYTES];

/// An open segment. References are numbered from zero in the order of their ids.
#[derive(Debug)]
pub(crate) struct Segment {
    /// What the manifest says of it; nothing of one in memory.
    listed: Option<SegmentEntry>,
    ids: Column,
    /// The keys of its references, where they have keys and it was opened with them.
    keys: Option<Arc<SegmentKeys>>,
    /// The column that lists them; nothing in memory.
    keys_column: Option<Column>,
    columns: Vec<Columns>,
}

/// Writes the segment `number` of what was not removed from `layers`, and says the checksum of its list; `encrypting` are to encrypt it, if
/// anybody is.
///
/// The columns of one place are in memory at a time, and where they are encrypted another time one of them.
pub(crate) fn write(
    storage: &dyn Storage,
    number: u64,
    layers: &[Layer],
    encrypting: Option<&Workers>,
) -> Result<u32, GalleryError> {
    let mut directory = Directory::create(storage, number, segment_directory(number), encrypting)?;
    merge::merge(&mut directory, layers)?;
    directory.close()
}

/// The templates of one kind and position, each with the number of the reference that it belongs to.
fn owned<'a, T>(
    references: &[&'a Reference],
    position: Position,
    of_kind: impl Fn(&'a Template) -> Option<&'a T> + Copy,
) -> Vec<(u32, &'a T)> {
    let owned = references.iter().enumerate().flat_map(|(owner, reference)| {
        let here = reference.templates.iter().filter(move |(labelled, _)| *labelled == position);
        here.filter_map(move |(_, template)| Some((owner as u32, of_kind(template)?)))
    });
    owned.collect()
}

/// An id, filled up with zeros: no id has a zero byte, and rows sort as ids do.
fn id_row(id: &ReferenceId) -> IdRow {
    let mut row = [0; ReferenceId::MAX_BYTES];
    row[..id.as_str().len()].copy_from_slice(id.as_str().as_bytes());
    row
}

/// Puts the templates of `references`, which are sorted by id, into `sink`.
fn build(sink: &mut dyn Sink, references: &[&Reference], keys: Option<Vec<Held>>) -> Result<(), GalleryError> {
    sink.begin(&references.iter().map(|reference| id_row(&reference.id)).collect::<Vec<_>>(), keys)?;
    for kind in Kind::ALL {
        for position in kind.positions() {
            let mut place = Place { sink, kind, position };
            match kind {
                Kind::Finger => finger::build(&mut place, &owned(references, position, Template::as_finger))?,
                Kind::Iris => iris::build(&mut place, &owned(references, position, Template::as_iris))?,
                Kind::Face => face::build(&mut place, &owned(references, position, Template::as_face))?,
            }
        }
    }
    Ok(())
}

impl Segment {
    /// A segment in memory; `references` are sorted by id, and their keys as they are. Runs in the rayon pool of the caller.
    pub(crate) fn in_memory(references: &[&Reference], keys: Option<Vec<Held>>) -> Result<Option<Self>, GalleryError> {
        let mut memory = InMemory::default();
        build(&mut memory, references, keys)?;
        Ok(memory.close())
    }

    /// A segment in memory of what was not removed from `layers`.
    pub(crate) fn merged(layers: &[Layer]) -> Result<Option<Self>, GalleryError> {
        let mut memory = InMemory::default();
        merge::merge(&mut memory, layers)?;
        Ok(memory.close())
    }

    /// Opens the segment that a manifest lists, checking everything but the data of its columns; with keys, what is encrypted of that
    /// too.
    pub(crate) fn open(storage: &dyn Storage, entry: &SegmentEntry, keys: &Keys) -> Result<Self, GalleryError> {
        let directory = entry.directory();
        let file = format!("{directory}/{}", contents::FILE);
        let (contents, checksum) = Contents::parse(&file, &storage.read(&file, sealed::MAX_BYTES)?)?;
        if checksum != entry.checksum || contents.number != entry.number {
            return Err(Flaw::Value("list, which is not the one that the manifest names,").at(&file, 0).into());
        }
        let unfit = || Flaw::Value("list of columns").at(&file, 0);
        let place = (entry.number, directory.as_str());
        let Some((ids, listed)) = contents.columns.split_first() else { return Err(unfit().into()) };
        if ids.name != ColumnName::Ids || ids.rows != entry.references {
            return Err(unfit().into());
        }
        let ids = Column::open(storage, place, *ids, size_of::<IdRow>().into())?.of_version(IDS_VERSION)?;
        let (keyed, listed) =
            listed.split_at(listed.iter().take_while(|listed| listed.name == ColumnName::Keys).count());
        if keyed.is_empty() != matches!(keys, Keys::None) && !matches!(keys, Keys::Blind) {
            return Err(unfit().into());
        }
        let column = keyed.first().map(|keys| Column::open(storage, place, *keys, size_of::<KeyRow>().into()));
        let keys_column = column.transpose()?.map(|column| column.of_version(KEYS_VERSION)).transpose()?;
        let columns = listed.chunks(3).map(|three| Columns::open(storage, place, three)?.ok_or(unfit().into()));
        let columns = columns.collect::<Result<_, GalleryError>>()?;
        let segment = Self { listed: Some(*entry), ids, keys: None, keys_column, columns };
        Ok(segment.with_keys(entry.number, keys)?)
    }

    /// This segment, read with the keys that its column lists.
    fn with_keys(self, number: u64, keys: &Keys) -> Result<Self, Flawed> {
        let (Some(column), Some(ring)) = (&self.keys_column, keys.ring()) else { return Ok(self) };
        let keys = Arc::new(SegmentKeys::open(column, self.id_rows(), number, ring)?);
        let columns = self.columns.into_iter().map(|columns| columns.keyed(&keys));
        Ok(Self { columns: columns.collect::<Result<_, _>>()?, keys: Some(keys), ..self })
    }

    /// What is known of the key of a reference; nothing where there are no keys.
    pub(crate) fn key(&self, reference: u32) -> Option<&Held> {
        self.keys.as_ref()?.of(reference)
    }

    /// The references whose keys are not there.
    pub(crate) fn without_key(&self) -> impl Iterator<Item = (u32, &Held)> {
        self.keys.iter().flat_map(|keys| keys.missing())
    }

    /// What the manifest says of it; nothing of one in memory.
    pub(crate) fn listed(&self) -> Option<SegmentEntry> {
        self.listed
    }

    /// How many references it has.
    pub(crate) fn references(&self) -> u32 {
        self.id_rows().len() as u32
    }

    /// The templates, by kind and position.
    pub(crate) fn columns(&self) -> &[Columns] {
        &self.columns
    }

    /// The number of the reference of this id.
    pub(crate) fn find(&self, id: &ReferenceId) -> Option<u32> {
        self.id_rows().binary_search(&id_row(id)).ok().map(|found| found as u32)
    }

    /// Those of `ids`, which are in rising order, whose references are here, with their numbers. Each is looked for from where the one
    /// before would be on, in steps that double: many cost no more than reading all ids, and few no more than looking for each (Bentley
    /// and Yao, "An almost optimal algorithm for unbounded searching", 1976).
    pub(crate) fn find_all<'a>(
        &self,
        ids: impl Iterator<Item = &'a ReferenceId>,
    ) -> impl Iterator<Item = (&'a ReferenceId, u32)> {
        let (rows, mut start) = (self.id_rows(), 0);
        ids.filter_map(move |id| {
            let (sought, rest) = (id_row(id), &rows[start..]);
            let mut reach = 1;
            while rest.get(reach - 1).is_some_and(|row| *row < sought) {
                reach *= 2;
            }
            let from = reach / 2;
            start += from + rest[from..reach.min(rest.len())].partition_point(|row| *row < sought);
            rows.get(start).is_some_and(|row| *row == sought).then_some((id, start as u32))
        })
    }

    /// Whether an id from `first` to `last` may be here, by the first and the last that are.
    pub(crate) fn reaches(&self, first: &ReferenceId, last: &ReferenceId) -> bool {
        let rows = self.id_rows();
        rows.first().is_some_and(|row| *row <= id_row(last)) && rows.last().is_some_and(|row| *row >= id_row(first))
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

    /// The place of a row among all templates of its reference.
    pub(crate) fn template_number(&self, reference: u32, column: usize, row: usize) -> usize {
        let before = self.columns[..column].iter().map(|columns| columns.of(reference).len()).sum::<usize>();
        before + self.columns[column].before_of_same(row)
    }

    /// A flaw of the id of a reference.
    pub(crate) fn flawed_id(&self, what: &'static str, reference: u32) -> Flawed {
        self.ids.flawed(Flaw::Value(what), reference as usize * size_of::<IdRow>())
    }

    /// All files of columns, with how often they are read.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&Column, Reading)> {
        let whole = std::iter::once(&self.ids).chain(&self.keys_column).map(|column| (column, Reading::Followed));
        whole.chain(self.columns.iter().flat_map(Columns::files))
    }

    fn id_rows(&self) -> &[IdRow] {
        self.ids.rows()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn many_ids_are_found_as_each_is(
            here in proptest::collection::btree_set(0_u16..600, 1..200),
            sought in proptest::collection::btree_set(0_u16..600, 0..200),
        ) {
            let id = |number: &u16| ReferenceId::new(format!("{number:03}")).unwrap();
            let references = here.iter().map(|number| Reference { id: id(number), templates: Vec::new() });
            let references = references.collect::<Vec<_>>();
            let segment = Segment::in_memory(&references.iter().collect::<Vec<_>>(), None).unwrap().unwrap();
            let sought = sought.iter().map(id).collect::<Vec<_>>();
            let each = sought.iter().filter_map(|id| Some((id, segment.find(id)?)));
            prop_assert_eq!(segment.find_all(sought.iter()).collect::<Vec<_>>(), each.collect::<Vec<_>>());
        }
    }
}
