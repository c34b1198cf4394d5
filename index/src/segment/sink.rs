//! Where the columns of a new segment go: to files, or into memory.

use whorl_types::Position;

use super::columns::Columns;
use super::{IDS_VERSION, IdRow, Segment};
use crate::column::{Column, ColumnName, Listed, Part, RowKind};
use crate::contents::{self, Contents};
use crate::gallery::GalleryError;
use crate::kind::Kind;
use crate::sealed;
use crate::storage::Storage;

/// Takes the columns of a segment, in the order in which a segment lists them.
pub(super) trait Sink {
    fn take(&mut self, name: ColumnName, row: RowKind, data: &[u8]) -> Result<(), GalleryError>;
}

/// A place in a sink.
pub(super) struct Place<'a> {
    pub(super) sink: &'a mut dyn Sink,
    pub(super) kind: Kind,
    pub(super) position: Position,
}

impl Place<'_> {
    pub(super) fn put(&mut self, part: Part, row: RowKind, data: &[u8]) -> Result<(), GalleryError> {
        self.sink.take(ColumnName::Of(self.kind, self.position, part), row, data)
    }
}

/// Puts the ids of the references of a segment first.
pub(super) fn put_ids(sink: &mut dyn Sink, ids: &[IdRow]) -> Result<(), GalleryError> {
    sink.take(ColumnName::Ids, RowKind::of::<IdRow>(IDS_VERSION), bytemuck::cast_slice(ids))
}

/// A segment's directory that is being written.
pub(super) struct Directory<'a> {
    storage: &'a dyn Storage,
    number: u64,
    name: String,
    columns: Vec<Listed>,
}

impl<'a> Directory<'a> {
    pub(super) fn create(storage: &'a dyn Storage, number: u64, name: String) -> Result<Self, GalleryError> {
        storage.create_dir(&name)?;
        Ok(Self { storage, number, name, columns: Vec::new() })
    }

    /// Lists what was written, makes it durable, and says the checksum of the list.
    pub(super) fn close(self) -> Result<u32, GalleryError> {
        let Self { storage, number, name, columns } = self;
        let body = Contents { number, columns }.render();
        storage.write(&format!("{name}/{}", contents::FILE), &[sealed::seal(&body).as_bytes()])?;
        storage.sync_dir(&name)?;
        storage.sync_dir("")?;
        Ok(sealed::checksum(&body))
    }
}

impl Sink for Directory<'_> {
    fn take(&mut self, name: ColumnName, row: RowKind, data: &[u8]) -> Result<(), GalleryError> {
        self.columns.push(Column::write(self.storage, (self.number, &self.name), name, row, data)?);
        Ok(())
    }
}

/// A segment that is made in memory.
#[derive(Default)]
pub(super) struct InMemory {
    columns: Vec<(ColumnName, Column)>,
}

impl InMemory {
    /// The segment; none where it was given no ids.
    pub(super) fn close(self) -> Result<Option<Segment>, GalleryError> {
        let mut taken = self.columns.into_iter();
        let Some((ColumnName::Ids, ids)) = taken.next() else { return Ok(None) };
        let mut columns = Vec::new();
        while let (Some((ColumnName::Of(kind, position, _), coarse)), Some((_, rows)), Some((_, fine))) =
            (taken.next(), taken.next(), taken.next())
        {
            columns.push(Columns::joined((kind, position), [coarse, rows, fine])?);
        }
        Ok(Some(Segment { listed: None, ids, columns }))
    }
}

impl Sink for InMemory {
    fn take(&mut self, name: ColumnName, row: RowKind, data: &[u8]) -> Result<(), GalleryError> {
        self.columns.push((name, Column::in_memory(name, row, data)));
        Ok(())
    }
}
