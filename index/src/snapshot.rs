//! A gallery as it was at one moment.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use whorl_types::ReferenceId;

use crate::flaw::Flawed;
use crate::gallery::GalleryError;
use crate::kind::Kind;
use crate::manifest::Manifest;
use crate::reference::Reference;
use crate::segment::{Columns, Segment};
use crate::storage::Storage;

/// What a gallery held at one moment: cheap to clone, unmoved by later writing, shared by any number of readers.
#[derive(Debug, Clone)]
pub struct Snapshot {
    segments: Arc<[Arc<Segment>]>,
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
    /// Segments.
    pub segments: u64,
    /// Bytes that every search reads.
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
        let manifest = Manifest::load(storage)?.ok_or_else(|| GalleryError::absent(storage))?;
        Self::of(storage, &manifest)
    }

    pub(crate) fn of(storage: &dyn Storage, manifest: &Manifest) -> Result<Self, GalleryError> {
        let segments = manifest.segments.iter().map(|entry| Segment::open(storage, entry).map(Arc::new));
        Ok(Self { segments: segments.collect::<Result<_, _>>()? })
    }

    pub(crate) fn with(&self, segment: Segment) -> Self {
        Self { segments: self.segments.iter().cloned().chain([Arc::new(segment)]).collect() }
    }

    pub(crate) fn segments(&self) -> &[Arc<Segment>] {
        &self.segments
    }

    /// The columns of all segments.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Columns> {
        self.segments.iter().flat_map(|segment| segment.columns())
    }

    /// How many references there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.references())).sum()
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

    /// The size of the gallery.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let mut stats = Stats { references: self.len(), segments: self.segments.len() as u64, ..Stats::default() };
        for segment in self.segments.iter() {
            for columns in segment.columns() {
                *(match columns.kind {
                    Kind::Finger => &mut stats.fingers,
                    Kind::Iris => &mut stats.irises,
                    Kind::Face => &mut stats.faces,
                }) += columns.len() as u64;
            }
            for (column, hot) in segment.files() {
                *(if hot { &mut stats.hot_bytes } else { &mut stats.cold_bytes }) += column.file_bytes();
            }
        }
        stats
    }

    /// Fetches the gallery into memory: what every search reads, then the rest while all is no more than `most_bytes`. Says
    /// how many bytes that was. Without it the first searches wait for the disk, so it is for who searches again and again, or
    /// measures: a single scan goes over its columns from end to end, which the system reads ahead by itself.
    #[must_use = "a part may not fit"]
    pub fn preload(&self, most_bytes: u64) -> u64 {
        let (hot, cold): (Vec<_>, Vec<_>) =
            self.segments.iter().flat_map(|segment| segment.files()).partition(|(_, hot)| *hot);
        let mut bytes = 0;
        for (column, _) in hot.into_iter().chain(cold) {
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
        let flaws = self.segments.iter().flat_map(|segment| {
            let ids = (0..segment.references()).filter(|&reference| !seen.insert(*segment.id_bytes(reference)));
            let twice =
                ids.map(|reference| segment.flawed_id("id, which is there twice,", reference)).collect::<Vec<_>>();
            segment.flaws().into_iter().chain(twice)
        });
        flaws.take(Self::MAX_FLAWS).collect()
    }

    /// The most flaws that [`Snapshot::verify`] lists.
    pub const MAX_FLAWS: usize = 1_000;

    /// The first of some ids that is enrolled. Ids are often handed out in order: most segments then have none within reach.
    pub(crate) fn first_of<'a>(&self, ids: &BTreeSet<&'a ReferenceId>) -> Option<&'a ReferenceId> {
        let (first, last) = (ids.first()?, ids.last()?);
        let near = self.segments.iter().filter(|segment| segment.reaches(first, last)).collect::<Vec<_>>();
        ids.iter().copied().find(|id| near.iter().any(|segment| segment.find(id).is_some()))
    }

    pub(crate) fn find(&self, id: &ReferenceId) -> Option<Place> {
        let found = |(number, segment): (usize, &Arc<Segment>)| {
            Some(Place { segment: number as u32, reference: segment.find(id)? })
        };
        self.segments.iter().enumerate().find_map(found)
    }

    /// The id at a place as stored: sorts as the id does.
    pub(crate) fn id_bytes(&self, place: Place) -> &[u8] {
        self.segments[place.segment as usize].id_bytes(place.reference)
    }

    pub(crate) fn reference(&self, place: Place) -> Result<Reference, Flawed> {
        let segment = &self.segments[place.segment as usize];
        let mut templates = Vec::new();
        for columns in segment.columns() {
            for row in columns.of(place.reference) {
                templates.push((columns.position, columns.template(row)?));
            }
        }
        Ok(Reference { id: segment.id(place.reference)?, templates })
    }
}
