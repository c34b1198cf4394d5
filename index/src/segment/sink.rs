//! Where the columns of a new segment go: to files, or into memory.

use whorl_types::Position;

use std::sync::Arc;

use super::columns::Columns;
use super::keyed::SegmentKeys;
use super::{IDS_VERSION, IdRow, Segment};
use crate::column::{Column, ColumnName, Image, Listed, Part, RowKind};
use crate::contents::{self, Contents};
use crate::gallery::GalleryError;
use crate::keys::Held;
use crate::kind::Kind;
use crate::sealed;
use crate::storage::Storage;
use crate::workers::Workers;

/// Takes the columns of a segment, in the order in which a segment lists them.
pub(super) trait Sink {
    /// The ids of its references, and their keys, where they have keys.
    fn begin(&mut self, ids: &[IdRow], keys: Option<Vec<Held>>) -> Result<(), GalleryError>;

    /// Coarse, rows and fine of one place.
    fn take(&mut self, place: (Kind, Position), parts: [(RowKind, &[u8]); 3]) -> Result<(), GalleryError>;
}

/// A place in a sink.
pub(super) struct Place<'a> {
    pub(super) sink: &'a mut dyn Sink,
    pub(super) kind: Kind,
    pub(super) position: Position,
}

impl Place<'_> {
    pub(super) fn put(&mut self, parts: [(RowKind, &[u8]); 3]) -> Result<(), GalleryError> {
        self.sink.take((self.kind, self.position), parts)
    }
}

/// What the rows of ids are.
fn of_ids() -> RowKind {
    RowKind::of::<IdRow>(IDS_VERSION)
}

/// The three columns of a place.
fn named((kind, position): (Kind, Position)) -> [ColumnName; 3] {
    [Part::Coarse, Part::Rows, Part::Fine].map(|part| ColumnName::Of(kind, position, part))
}

/// A segment's directory that is being written.
pub(super) struct Directory<'a> {
    storage: &'a dyn Storage,
    number: u64,
    name: String,
    columns: Vec<Listed>,
    /// Who encrypts templates; nobody where they are in the clear.
    encrypting: Option<&'a Workers>,
    keys: Option<SegmentKeys>,
}

impl<'a> Directory<'a> {
    pub(super) fn create(
        storage: &'a dyn Storage,
        number: u64,
        name: String,
        encrypting: Option<&'a Workers>,
    ) -> Result<Self, GalleryError> {
        storage.create_dir(&name)?;
        Ok(Self { storage, number, name, columns: Vec::new(), encrypting, keys: None })
    }

    /// Lists what was written, makes it durable, and says the checksum of the list.
    pub(super) fn close(self) -> Result<u32, GalleryError> {
        let Self { storage, number, name, columns, .. } = self;
        let body = Contents { number, columns }.render();
        storage.write(&format!("{name}/{}", contents::FILE), &[sealed::seal(&body).as_bytes()])?;
        storage.sync_dir(&name)?;
        storage.sync_dir("")?;
        Ok(sealed::checksum(&body))
    }
}

impl Directory<'_> {
    fn write(&self, name: ColumnName, row: RowKind, data: &[u8]) -> Result<Listed, GalleryError> {
        Column::write(self.storage, &self.name, name, &Image::new(self.number, name, row, data))
    }
}

impl Sink for Directory<'_> {
    fn begin(&mut self, ids: &[IdRow], keys: Option<Vec<Held>>) -> Result<(), GalleryError> {
        self.columns.push(self.write(ColumnName::Ids, of_ids(), bytemuck::cast_slice(ids))?);
        if let Some(keys) = keys.map(SegmentKeys::new) {
            self.columns.push(keys.write(self.storage, (self.number, &self.name), ids)?);
            self.keys = Some(keys);
        }
        Ok(())
    }

    fn take(&mut self, place: (Kind, Position), parts: [(RowKind, &[u8]); 3]) -> Result<(), GalleryError> {
        match self.keys.as_ref().zip(self.encrypting) {
            Some((keys, workers)) => {
                let written = keys.write_columns(self.storage, workers, (self.number, &self.name), place, parts)?;
                self.columns.extend(written);
            }
            None => {
                for (name, (row, data)) in named(place).into_iter().zip(parts) {
                    self.columns.push(self.write(name, row, data)?);
                }
            }
        }
        Ok(())
    }
}

/// A segment that is made in memory.
#[derive(Default)]
pub(super) struct InMemory {
    ids: Option<Column>,
    keys: Option<Arc<SegmentKeys>>,
    columns: Vec<Columns>,
}

impl InMemory {
    /// The segment; none where it was given no ids.
    pub(super) fn close(self) -> Option<Segment> {
        let Self { ids, keys, columns } = self;
        ids.map(|ids| Segment { listed: None, ids, keys, keys_column: None, columns })
    }
}

impl Sink for InMemory {
    fn begin(&mut self, ids: &[IdRow], keys: Option<Vec<Held>>) -> Result<(), GalleryError> {
        self.ids = Some(Column::in_memory(ColumnName::Ids, of_ids(), bytemuck::cast_slice(ids)));
        self.keys = keys.map(SegmentKeys::new).map(Arc::new);
        Ok(())
    }

    fn take(&mut self, place: (Kind, Position), parts: [(RowKind, &[u8]); 3]) -> Result<(), GalleryError> {
        let [coarse, rows, fine] = named(place);
        let column = |name, (row, data): (RowKind, &[u8])| Column::in_memory(name, row, data);
        let columns = [column(coarse, parts[0]), column(rows, parts[1]), column(fine, parts[2])];
        self.columns.push(Columns::joined(place, columns)?);
        Ok(())
    }
}
