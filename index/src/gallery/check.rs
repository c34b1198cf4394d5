//! Whether changes can be made, before anything is written.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use whorl_types::{FaceModelId, Modality, Position, ReferenceId, Template};

use super::{Gallery, GalleryError};
use crate::change::Change;
use crate::kind::{Kind, Version, version};
use crate::reference::Reference;
use crate::snapshot::Snapshot;

/// Whether `changes` make sense by themselves: no id is there twice, no bound is exceeded.
pub(super) fn check_alone(changes: &[Change]) -> Result<(), GalleryError> {
    if changes.len() > Gallery::MAX_CHANGES {
        return Err(GalleryError::TooManyChanges(changes.len()));
    }
    let mut ids = BTreeSet::new();
    for change in changes {
        if !ids.insert(change.id()) {
            return Err(GalleryError::Duplicate(change.id().clone()));
        }
    }
    for Reference { id, templates } in changes.iter().filter_map(Change::reference) {
        if templates.len() > Reference::MAX_TEMPLATES {
            return Err(GalleryError::TooManyTemplates { id: id.clone(), found: templates.len() });
        }
    }
    Ok(())
}

impl Snapshot {
    /// Whether `changes`, of different references, can be made to this.
    pub(crate) fn check<C: Borrow<Change>>(&self, changes: &[C]) -> Result<(), GalleryError> {
        let mut versions = self.columns().map(|columns| (columns.kind, columns.version())).collect::<BTreeMap<_, _>>();
        for Reference { id, templates } in changes.iter().map(C::borrow).filter_map(Change::reference) {
            for (position, template) in templates {
                check_template(id, *position, template, &mut versions)?;
            }
        }
        let enrolled = self.enrolled_of(&changes.iter().map(C::borrow).map(Change::id).collect());
        for change in changes.iter().map(C::borrow) {
            match (change.takes_away(), enrolled.contains(change.id())) {
                (false, true) => return Err(GalleryError::Duplicate(change.id().clone())),
                (true, false) => return Err(GalleryError::NotEnrolled(change.id().clone())),
                (true, true) | (false, false) => (),
            }
        }
        Ok(())
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
