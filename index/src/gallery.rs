//! The writer of a gallery.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use thiserror::Error;
use whorl_types::{FaceModelId, Modality, Position, ReferenceId, Template};

use crate::flaw::Flawed;
use crate::kind::{Kind, Version, version};
use crate::manifest::{self, MAX_SEGMENTS, Manifest, segment_directory};
use crate::reference::Reference;
use crate::segment::{self, Segment};
use crate::snapshot::Snapshot;
use crate::storage::{LOCK_FILE, Storage, StorageError, WriterLock};

/// Why a gallery did not do what it was asked.
#[derive(Debug, Error)]
pub enum GalleryError {
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A file is damaged, or of another version.
    #[error(transparent)]
    Flawed(#[from] Flawed),
    /// Nothing to open.
    #[error("there is no gallery at \"{0}\": check the path, or create one by enrolling into it")]
    Absent(String),
    /// Something to open that is no gallery.
    #[error(
        "\"{0}\" is a directory but no gallery: it has no MANIFEST; choose another, or an empty one to create it in"
    )]
    Foreign(String),
    /// Nothing to create.
    #[error("there is a gallery at \"{0}\" already")]
    Exists(String),
    /// The id has its templates already.
    #[error("reference \"{0}\" is enrolled already")]
    Duplicate(ReferenceId),
    /// More than one segment takes.
    #[error("{0} references at once are more than a segment takes, {max}: append them in parts", max = Gallery::MAX_APPEND)]
    TooManyReferences(usize),
    /// More than one reference takes.
    #[error("reference \"{id}\" has {found} templates, the most is {max}", max = Reference::MAX_TEMPLATES)]
    TooManyTemplates {
        /// Whose.
        id: ReferenceId,
        /// How many.
        found: usize,
    },
    /// A fingerprint of an eye, an iris of a finger, or the like.
    #[error("reference \"{id}\": the template of {position} is of modality {modality}, which that has not")]
    Misplaced {
        /// Whose.
        id: ReferenceId,
        /// What the template is of.
        modality: Modality,
        /// The label.
        position: Position,
    },
    /// Minutiae without a description, which no search would find.
    #[error("reference \"{id}\": the minutiae of {position} are not described; extract or describe the template first")]
    Undescribed {
        /// Whose.
        id: ReferenceId,
        /// Which finger.
        position: Position,
    },
    /// Minutiae that are described, or an iris that is encoded, otherwise than those in the gallery, so that comparing them
    /// means nothing.
    #[error(
        "reference \"{id}\": {modality} {position} is of version {found}, those in the gallery of {known}: extract again"
    )]
    OtherVersion {
        /// Whose.
        id: ReferenceId,
        /// What the template is of.
        modality: Modality,
        /// Which finger, eye or face.
        position: Position,
        /// Its version.
        found: u32,
        /// That of the gallery.
        known: u32,
    },
    /// A face that another model made than those in the gallery, so that comparing them means nothing.
    #[error(
        "reference \"{id}\": its face was extracted with model {found}, those in the gallery with {known}: extract it again with \
         the gallery's model, or enrol into a gallery of its own"
    )]
    OtherModel {
        /// Whose.
        id: ReferenceId,
        /// The model of its template.
        found: FaceModelId,
        /// That of the gallery.
        known: FaceModelId,
    },
    /// A face of a model that has other dimensions elsewhere: one of the two templates is not what it says.
    #[error(
        "reference \"{id}\": the embedding of its face has {found} dimensions, those in the gallery by the same model {known}: \
         extract it again"
    )]
    OtherDimension {
        /// Whose.
        id: ReferenceId,
        /// Its dimensions.
        found: u16,
        /// Those of the gallery.
        known: u16,
    },
    /// More than a gallery takes.
    #[error("the gallery has {MAX_SEGMENTS} segments, the most it may have: append more references at once")]
    TooManySegments,
    /// An earlier write failed halfway.
    #[error("an earlier write to the gallery failed, and what of it is durable is unknown: open the gallery again")]
    Unsettled,
}

impl GalleryError {
    /// There is no gallery in `storage`: nothing at all, or something else.
    pub(crate) fn absent(storage: &dyn Storage) -> Self {
        let foreign = storage.list("").is_ok_and(|names| names.iter().any(|name| is_foreign(name)));
        if foreign { Self::Foreign(storage.place()) } else { Self::Absent(storage.place()) }
    }
}

/// A gallery open for writing: the only writer, beside any number of readers.
#[derive(Debug)]
pub struct Gallery {
    storage: Arc<dyn Storage>,
    manifest: Manifest,
    snapshot: Snapshot,
    /// Whether a write failed, so that the manifest on disk may be the old or the new one.
    unsettled: bool,
    _lock: WriterLock,
}

impl Gallery {
    /// The most references of one [`Gallery::append`].
    pub const MAX_APPEND: usize = segment::MAX_REFERENCES;

    /// Creates an empty gallery.
    ///
    /// # Errors
    /// [`GalleryError::Exists`] and [`GalleryError::Foreign`] where something is there already, [`GalleryError::Storage`].
    pub fn create(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        storage.create_dir("")?;
        let names = storage.list("")?;
        if names.iter().any(|name| name == manifest::FILE) {
            return Err(GalleryError::Exists(storage.place()));
        }
        if names.iter().any(|name| is_foreign(name)) {
            return Err(GalleryError::Foreign(storage.place()));
        }
        let lock = storage.lock()?;
        if Manifest::load(&*storage)?.is_some() {
            return Err(GalleryError::Exists(storage.place()));
        }
        remove_leftovers(&*storage, &Manifest::default())?;
        let manifest = Manifest::default();
        manifest.commit(&*storage)?;
        let snapshot = Snapshot::of(&*storage, &manifest)?;
        Ok(Self { storage, manifest, snapshot, unsettled: false, _lock: lock })
    }

    /// Opens a gallery to write to it, and removes what a crash left behind.
    ///
    /// # Errors
    /// [`GalleryError`] where there is none, another process writes to it, or it is damaged or of another version.
    pub fn open(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        if Manifest::load(&*storage)?.is_none() {
            return Err(GalleryError::absent(&*storage));
        }
        let lock = storage.lock()?;
        let manifest = Manifest::load(&*storage)?.ok_or_else(|| GalleryError::absent(&*storage))?;
        let snapshot = Snapshot::of(&*storage, &manifest)?;
        remove_leftovers(&*storage, &manifest)?;
        Ok(Self { storage, manifest, snapshot, unsettled: false, _lock: lock })
    }

    /// Opens the gallery, or creates it where nothing is.
    ///
    /// # Errors
    /// As [`Gallery::open`] and [`Gallery::create`].
    pub fn open_or_create(storage: Arc<dyn Storage>) -> Result<Self, GalleryError> {
        match Self::open(Arc::clone(&storage)) {
            Err(GalleryError::Absent(_)) => Self::create(storage),
            opened_or_failed => opened_or_failed,
        }
    }

    /// The gallery as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.snapshot.clone()
    }

    /// Enrols `references`: once this returns they survive a crash, all of them; when it fails, all or none do.
    ///
    /// # Errors
    /// [`GalleryError::Duplicate`] where an id is enrolled or there twice, other [`GalleryError`]s where a bound is exceeded
    /// or the storage fails. After a failure of the storage the gallery must be opened again before it takes more.
    pub fn append(&mut self, mut references: Vec<Reference>) -> Result<(), GalleryError> {
        if self.unsettled {
            return Err(GalleryError::Unsettled);
        }
        self.check(&references)?;
        if references.is_empty() {
            return Ok(());
        }
        references.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        self.unsettled = true;
        let number = self.manifest.next_segment;
        let checksum = segment::write(&*self.storage, number, &segment_directory(number), &references)?;
        let manifest = self.manifest.with_segment(references.len() as u64, checksum);
        // Opened before it is listed, so that a segment which cannot be read is never part of the gallery.
        let segment = Segment::open(&*self.storage, &manifest.segments[manifest.segments.len() - 1])?;
        manifest.commit(&*self.storage)?;
        self.manifest = manifest;
        self.snapshot = self.snapshot.with(segment);
        self.unsettled = false;
        Ok(())
    }

    fn check(&self, references: &[Reference]) -> Result<(), GalleryError> {
        if references.len() > Self::MAX_APPEND {
            return Err(GalleryError::TooManyReferences(references.len()));
        }
        if self.manifest.segments.len() >= MAX_SEGMENTS {
            return Err(GalleryError::TooManySegments);
        }
        let mut ids = BTreeSet::new();
        let mut versions =
            self.snapshot.columns().map(|columns| (columns.kind, columns.version())).collect::<BTreeMap<_, _>>();
        for Reference { id, templates } in references {
            if templates.len() > Reference::MAX_TEMPLATES {
                return Err(GalleryError::TooManyTemplates { id: id.clone(), found: templates.len() });
            }
            for (position, template) in templates {
                check_template(id, *position, template, &mut versions)?;
            }
            if !ids.insert(id) {
                return Err(GalleryError::Duplicate(id.clone()));
            }
        }
        match self.snapshot.first_of(&ids) {
            Some(id) => Err(GalleryError::Duplicate(id.clone())),
            None => Ok(()),
        }
    }
}

/// Whether a template can be enrolled beside those of these versions, and if it is the first of its kind, adds its own.
fn check_template(
    id: &ReferenceId,
    position: Position,
    template: &Template,
    versions: &mut BTreeMap<Kind, Version>,
) -> Result<(), GalleryError> {
    let (id, kind, modality) = (|| id.clone(), Kind::of(template), template.modality());
    if !kind.is_at(position) {
        return Err(GalleryError::Misplaced { id: id(), modality, position });
    }
    let found = version(template).ok_or_else(|| GalleryError::Undescribed { id: id(), position })?;
    let known = *versions.entry(kind).or_insert(found);
    if found == known { Ok(()) } else { Err(other_version((id(), position), modality, found, known)) }
}

/// The refusal of a template of another version than those in the gallery.
fn other_version(
    (id, position): (ReferenceId, Position),
    modality: Modality,
    found: Version,
    known: Version,
) -> GalleryError {
    match modality {
        Modality::Fingerprint | Modality::Iris => {
            GalleryError::OtherVersion { id, modality, position, found: found.number, known: known.number }
        }
        Modality::Face if found.number == known.number => {
            GalleryError::OtherDimension { id, found: found.dimension, known: known.dimension }
        }
        Modality::Face => {
            GalleryError::OtherModel { id, found: FaceModelId(found.number), known: FaceModelId(known.number) }
        }
    }
}

/// Whether a file is not what a crash while a gallery was created leaves.
fn is_foreign(name: &str) -> bool {
    name != LOCK_FILE && name != manifest::NEW_FILE
}

/// Removes segments and manifests that were being written when the last writer died.
fn remove_leftovers(storage: &dyn Storage, manifest: &Manifest) -> Result<(), GalleryError> {
    let listed = manifest.segments.iter().map(manifest::SegmentEntry::directory).collect::<BTreeSet<_>>();
    for name in storage.list("")? {
        if name == manifest::NEW_FILE || (name.starts_with("segment-") && !listed.contains(&name)) {
            storage.remove(&name)?;
        }
    }
    Ok(())
}
