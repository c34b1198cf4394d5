//! Why a gallery did not do what it was asked.

use std::sync::Arc;

use thiserror::Error;
use whorl_types::{FaceModelId, Modality, Position, ReferenceId};

use super::{Gallery, is_foreign};
use crate::flaw::Flawed;
use crate::keys::KeyError;
use crate::manifest::MAX_SEGMENTS;
use crate::reference::Reference;
use crate::storage::{Storage, StorageError};

/// Why a gallery did not do what it was asked.
#[derive(Debug, Error)]
pub enum GalleryError {
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A file is damaged, or of another version.
    #[error(transparent)]
    Flawed(#[from] Flawed),
    /// A key is missing or another, or the table of keys is.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// Nothing to open.
    #[error("there is no gallery at \"{0}\": check the path, or create one by enrolling into it")]
    Absent(String),
    /// What journals held became segments while they were read, time after time.
    #[error("the gallery at \"{0}\" is sealed faster than it can be read: try again when less is written to it")]
    Sealed(String),
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
    /// More than are made at once.
    #[error("{0} changes at once are more than the most, {max}: make them in parts", max = Gallery::MAX_CHANGES)]
    TooManyChanges(usize),
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
    /// Nobody to remove or replace.
    #[error("reference \"{0}\" is not enrolled")]
    NotEnrolled(ReferenceId),
    /// More than a gallery takes.
    #[error("the gallery has {MAX_SEGMENTS} segments, the most it may have: compact it, or enrol into another")]
    TooManySegments,
    /// Of changes that became durable together, none did.
    #[error("the changes were written together with others, and that failed: {0}")]
    Together(Arc<GalleryError>),
    /// An earlier write failed halfway.
    #[error(
        "an earlier write to the gallery failed, and what of it is durable is unknown: see to its disk, then \
         open the gallery again, on a server by `whorl gallery reopen`"
    )]
    Unsettled,
}

impl GalleryError {
    /// An error where a gallery cannot be made, because something else is there.
    pub(crate) fn refuse_foreign(storage: &dyn Storage) -> Result<(), Self> {
        let foreign = storage.list("")?.iter().any(|name| is_foreign(name));
        if foreign { Err(Self::Foreign(storage.place())) } else { Ok(()) }
    }

    /// There is no gallery in `storage`: nothing at all, or something else.
    pub(crate) fn absent(storage: &dyn Storage) -> Self {
        let foreign = storage.list("").is_ok_and(|names| names.iter().any(|name| is_foreign(name)));
        if foreign { Self::Foreign(storage.place()) } else { Self::Absent(storage.place()) }
    }
}
