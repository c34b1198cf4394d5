use thiserror::Error;
use whorl_types::{FaceTemplateError, FingerTemplateError, IrisTemplateError, NothingToDescribe, TooManyDescriptors};

use crate::{InvalidField, Truncated};

/// Why bytes are no template of Whorl's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// Something else altogether.
    #[error(
        "this is no template of Whorl's of the kind that is wanted here: a finger's begins with WHFT, an iris' with WHIT, \
         a face's with WHCT"
    )]
    NotATemplate,
    /// Written by a later version.
    #[error(
        "the template has layout {found}, this version reads layout {known}: use a newer version, or extract it again"
    )]
    UnknownLayout {
        /// Layout of the template.
        found: u8,
        /// The layout that is read here.
        known: u8,
    },
    /// Cut short.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// A field that cannot be.
    #[error(transparent)]
    Invalid(#[from] InvalidField),
    /// The stated length is not that of the data.
    #[error("the template says it has {stated} bytes and has {found}")]
    Length {
        /// Length that the template states.
        stated: u32,
        /// Length of the data.
        found: usize,
    },
    /// Damaged.
    #[error("the template is damaged: its checksum is {stated:08x}, its bytes give {found:08x}")]
    Checksum {
        /// Checksum that the template states.
        stated: u32,
        /// Checksum of its bytes.
        found: u32,
    },
    /// Parts that make no finger template.
    #[error(transparent)]
    Finger(#[from] FingerTemplateError),
    /// More descriptors than a finger template holds.
    #[error(transparent)]
    TooManyDescriptors(#[from] TooManyDescriptors),
    /// More descriptors than minutiae.
    #[error(transparent)]
    NothingToDescribe(#[from] NothingToDescribe),
    /// Parts that make no iris template.
    #[error(transparent)]
    Iris(#[from] IrisTemplateError),
    /// Parts that make no face template.
    #[error(transparent)]
    Face(#[from] FaceTemplateError),
}
