//! A gallery as it was at one moment.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use whorl_types::ReferenceId;

use crate::ann::{AnnError, AnnIndex};
use crate::flaw::Flawed;
use crate::gallery::GalleryError;
use crate::journal::{Replay, Replayed};
use crate::keys::{KeyError, Keys, MasterKey};
use crate::kind::Kind;
use crate::layer::Layer;
use crate::manifest::Manifest;
use crate::reference::Reference;
use crate::segment::{Columns, Reading};
use crate::storage::{Files, Storage};
use crate::tombstones;

/// What a gallery held at one moment: cheap to clone, unmoved by later writing, shared by any number of readers.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// First those that are sealed on the disk, in the order of the manifest, then those that only journals hold.
    layers: Arc<[Layer]>,
    /// How many are sealed.
    sealed: usize,
    epoch: u64,
    sequence: u64,
    torn: Arc<[Flawed]>,
    /// An index over faces of these very segments, if one was opened.
    index: Option<Arc<AnnIndex>>,
}

/// How large a gallery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// References.
    pub references: u64,
    /// Fingers of all references.
    pub fingers: u64,
    /// Eyes of all references.
    pub irises: u64,
    /// Faces of all references.
    pub faces: u64,
    /// References that were removed and still take up room, until the next compaction.
    pub removed: u64,
    /// Segments on the disk.
    pub segments: u64,
    /// References that the journals hold and no segment yet.
    pub unsealed: u64,
    /// The number of the last change.
    pub sequence: u64,
    /// Bytes that first stages scan in every search: of eyes, faces and the fingers that are looked at first.
    pub hot_bytes: u64,
    /// Bytes that are read for a few candidates only.
    pub cold_bytes: u64,
}

/// Where a reference is kept: the place of its segment, and its number there. Sorts as references were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) segment: u32,
    pub(crate) reference: u32,
}

impl Snapshot {
    /// The gallery in `storage` as it is now, to read: needs no lock, and disturbs no writer.
    ///
    /// # Errors
    /// [`GalleryError`] where there is no gallery, or one of another version, or a damaged one.
    pub fn open(storage: &dyn Storage) -> Result<Self, GalleryError> {
        Self::open_with(storage, None)
    }

    /// As [`Snapshot::open`]; `master` reads an encrypted gallery, and is not needed for another.
    ///
    /// # Errors
    /// [`GalleryError::Keys`] where the key is missing or another, or the table of keys is; else as [`Snapshot::open`].
    pub fn open_with(storage: &dyn Storage, master: Option<&MasterKey>) -> Result<Self, GalleryError> {
        let open = || {
            Manifest::read_with(storage, |manifest| {
                let keys = manifest.keys(storage, master)?;
                let snapshot = Self::of(storage, manifest, &keys)?;
                manifest.check_journals(storage)?;
                Ok(snapshot)
            })
        };
        // A key that was made after the table was read, and before the journal was.
        match open() {
            Err(GalleryError::Keys(KeyError::Stale(_))) => open(),
            opened_or_failed => opened_or_failed,
        }
    }

    /// The gallery that a manifest lists, with what journals say beyond it.
    pub(crate) fn of(storage: &dyn Storage, manifest: &Manifest, keys: &Keys) -> Result<Self, GalleryError> {
        Self::replay(storage, manifest, keys).map(|(snapshot, _)| snapshot)
    }

    /// The same, and the keys of all whom journals brought.
    pub(crate) fn replay(
        storage: &dyn Storage,
        manifest: &Manifest,
        keys: &Keys,
    ) -> Result<(Self, Vec<u64>), GalleryError> {
        let (epoch, sequence) = (manifest.epoch, manifest.sequence);
        // Side by side, for opening waits for the disk: some ten files of a segment, hundreds of segments, and the journals.
        let opened = manifest.segments.par_iter().map(|entry| tombstones::open(storage, entry, keys));
        let (layers, replay) = rayon::join(
            || opened.collect::<Result<Vec<_>, _>>(),
            || Replay::read(storage, manifest.journal, sequence, keys),
        );
        let (layers, replay): (Arc<[Layer]>, _) = (layers?.into(), replay?);
        let sealed = Self { sealed: layers.len(), layers, epoch, sequence, torn: Arc::new([]), index: None };
        let replayed = Self { torn: replay.torn.into(), ..sealed.replayed(&replay.changes)? };
        let snapshot = if keys.ring().is_some() { replayed.without_keyless(storage)? } else { replayed };
        // Freed side by side, too: there are several allocations to every template.
        let keys = replay.changes.into_par_iter().filter_map(|Replayed { held, .. }| Some(held?.number()));
        Ok((snapshot, keys.collect()))
    }

    /// A snapshot of these layers, of which so many are sealed.
    pub(crate) fn with_layers(&self, layers: Vec<Layer>, sealed: usize) -> Self {
        Self { layers: layers.into(), sealed, ..self.clone() }
    }

    /// This snapshot with the index over faces that lies beside the gallery in `gallery`, for searches by
    /// [`Mode::Ann`](crate::Mode::Ann).
    ///
    /// # Errors
    /// [`AnnError::Absent`] where none was built, [`AnnError::Stale`] where it covers a segment that this snapshot has not,
    /// [`AnnError::Unavailable`] in a Whorl without the feature `faiss`, others where the index is damaged.
    pub fn with_index(self, gallery: &Files) -> Result<Self, AnnError> {
        let index = AnnIndex::open(&self, gallery)?;
        Ok(Self { index: Some(Arc::new(index)), ..self })
    }

    /// The index over faces, if one was opened.
    #[must_use]
    pub fn index(&self) -> Option<&AnnIndex> {
        self.index.as_deref()
    }

    /// The same under the manifest of this epoch.
    pub(crate) fn at_epoch(self, epoch: u64) -> Self {
        Self { epoch, ..self }
    }

    /// The same after the change of this number.
    pub(crate) fn at_sequence(self, sequence: u64) -> Self {
        Self { sequence, ..self }
    }

    pub(crate) fn segments(&self) -> &[Layer] {
        &self.layers
    }

    /// How many layers are sealed; the others are in memory.
    pub(crate) fn sealed(&self) -> usize {
        self.sealed
    }

    /// The number of the last change that this snapshot holds: changes are counted from 1.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// How often the files were made anew. Two snapshots of one gallery that are alike in this and in [`Snapshot::sequence`] hold
    /// the same references in the same order.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// What was passed over at the ends of journals when the gallery was opened: changes whose writer died before it said that they
    /// were safe.
    #[must_use]
    pub fn torn(&self) -> &[Flawed] {
        &self.torn
    }

    /// The columns of all segments.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Columns> {
        self.layers.iter().flat_map(|layer| layer.segment.columns())
    }

    /// How many references there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.layers.iter().map(|layer| layer.live_before(None)).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a reference of this id is enrolled.
    #[must_use]
    pub fn contains(&self, id: &ReferenceId) -> bool {
        self.find(id).is_some()
    }

    /// All templates of a reference; none where it is not enrolled.
    ///
    /// # Errors
    /// [`Flawed`] where its templates are damaged.
    pub fn fetch(&self, id: &ReferenceId) -> Result<Option<Reference>, Flawed> {
        self.find(id).map(|place| self.reference(place)).transpose()
    }

    /// All references, in the order in which the gallery keeps them.
    pub fn references(&self) -> impl Iterator<Item = Result<Reference, Flawed>> {
        let places = self
            .layers
            .iter()
            .zip(0..)
            .flat_map(|(layer, segment)| layer.live().map(move |reference| Place { segment, reference }));
        places.map(|place| self.reference(place))
    }

    /// The size of the gallery.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let unsealed = self.layers[self.sealed..].iter().map(|layer| layer.live_before(None)).sum();
        let (segments, sequence) = (self.sealed as u64, self.sequence);
        let mut stats = Stats { references: self.len(), segments, unsealed, sequence, ..Stats::default() };
        for layer in self.layers.iter() {
            stats.removed += layer.removed().len();
            for (number, columns) in layer.columns().iter().enumerate() {
                *(match columns.kind {
                    Kind::Finger => &mut stats.fingers,
                    Kind::Iris => &mut stats.irises,
                    Kind::Face => &mut stats.faces,
                }) += layer.rows_before(number, None) as u64;
            }
            for (column, reading) in layer.files() {
                *(match reading {
                    Reading::Scanned => &mut stats.hot_bytes,
                    Reading::Followed | Reading::Seldom => &mut stats.cold_bytes,
                }) += column.file_bytes();
            }
        }
        stats
    }

    /// Fetches the gallery into memory: what every search reads from end to end, then what it reads here and there, then the rest, while
    /// all is no more than `most_bytes`. Says
    /// how many bytes that was. Without it the first searches wait for the disk, so it is for who searches again and again, or
    /// measures: a single scan goes over its columns from end to end, which the system reads ahead by itself.
    #[must_use = "a part may not fit"]
    pub fn preload(&self, most_bytes: u64) -> u64 {
        let mut files = self.layers.iter().flat_map(|layer| layer.files()).collect::<Vec<_>>();
        files.sort_by_key(|(_, reading)| *reading);
        let mut bytes = 0;
        for (column, _) in files {
            if bytes + column.file_bytes() <= most_bytes {
                column.preload();
                bytes += column.file_bytes();
            }
        }
        bytes
    }

    /// Reads every byte and says what is wrong: checksums that do not fit, ids out of order or twice, rows that belong to
    /// nobody, templates that cannot be read. At most [`Snapshot::MAX_FLAWS`] are listed.
    #[must_use]
    pub fn verify(&self) -> Vec<Flawed> {
        let mut seen = HashSet::new();
        let flaws = self.layers.iter().flat_map(|layer| {
            let ids = layer.live().filter(|&reference| !seen.insert(*layer.id_bytes(reference)));
            let twice =
                ids.map(|reference| layer.flawed_id("id, which is there twice,", reference)).collect::<Vec<_>>();
            layer.flaws().into_iter().chain(twice)
        });
        flaws.take(Self::MAX_FLAWS).collect()
    }

    /// The most flaws that [`Snapshot::verify`] lists.
    pub const MAX_FLAWS: usize = 1_000;

    /// Which of some ids are enrolled. Ids are often handed out in order: most segments then have none within reach.
    ///
    /// On one thread: who leads a write asks this, and a thread that waited here for others of the pool could meanwhile be given another
    /// enrolment, which waits for that very write.
    pub(crate) fn enrolled_of<'a>(&self, ids: &BTreeSet<&'a ReferenceId>) -> BTreeSet<&'a ReferenceId> {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return BTreeSet::new() };
        let near = self.layers.iter().filter(|layer| layer.reaches(first, last));
        near.flat_map(|layer| layer.find_all(ids.iter().copied())).collect()
    }

    pub(crate) fn find(&self, id: &ReferenceId) -> Option<Place> {
        let found =
            |(number, layer): (usize, &Layer)| Some(Place { segment: number as u32, reference: layer.find(id)? });
        self.layers.iter().enumerate().find_map(found)
    }

    /// The id at a place as stored: sorts as the id does.
    pub(crate) fn id_bytes(&self, place: Place) -> &[u8] {
        self.layers[place.segment as usize].id_bytes(place.reference)
    }

    pub(crate) fn reference(&self, place: Place) -> Result<Reference, Flawed> {
        let segment = &self.layers[place.segment as usize];
        let mut templates = Vec::new();
        for columns in segment.columns() {
            for row in columns.of(place.reference) {
                templates.push((columns.position, columns.template(row)?));
            }
        }
        Ok(Reference { id: segment.id(place.reference)?, templates })
    }
}
