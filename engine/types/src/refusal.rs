//! Why a readable sample gave no template.

use thiserror::Error;

/// Why a readable sample yields no template. A refusal is a result to count (failure to acquire, failure to enrol), not a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
pub enum Refusal {
    /// Nothing but one shade.
    #[error("the image is blank")]
    Blank,
    /// No friction ridges where a fingerprint should be.
    #[error("no friction ridges were found")]
    NoRidges,
    /// Ridges, but over too small an area to tell fingers apart.
    #[error("the ridge area is too small")]
    TooSmallArea,
    /// Too few minutiae to tell fingers apart.
    #[error("too few minutiae were found")]
    TooFewMinutiae,
    /// The picture is too small, at its resolution, to show what it should.
    #[error("the image is too small for its resolution")]
    ImageTooSmall,
    /// The picture is too large, at its resolution, to show one instance.
    #[error("the image is too large for one sample at its resolution")]
    ImageTooLarge,
    /// Nothing that has the parts of an eye.
    #[error("no eye was found")]
    NoEye,
    /// No dark disc where a pupil should be.
    #[error("no pupil was found")]
    NoPupil,
    /// A pupil, but no edge around it where the iris meets the white of the eye.
    #[error("no outer edge of the iris was found")]
    NoLimbus,
    /// The iris is a ring too thin to be told apart.
    #[error("the pupil is too dilated")]
    TooDilated,
    /// Lids, lashes and reflections leave too little of the iris.
    #[error("too little of the iris is visible")]
    TooLittleVisible,
    /// The picture cuts off too much of the iris.
    #[error("the iris is out of the frame")]
    OutOfFrame,
    /// Too few pixels from pupil to limbus.
    #[error("the iris is too small in the image")]
    IrisTooSmall,
    /// No texture is left.
    #[error("the image is too blurred")]
    TooBlurred,
    /// A colour picture, where a near-infrared one is needed: dark irises show no texture in visible light.
    #[error("the image was taken in visible light; a near-infrared one is needed")]
    VisibleLight,
    /// Nothing that has the parts of a face.
    #[error("no face was found")]
    NoFace,
    /// More than one face, where one is asked for.
    #[error("several faces were found where one is wanted: crop the picture, or ask for the largest")]
    SeveralFaces,
    /// Too few pixels from eye to eye.
    #[error("the face is too small in the image")]
    FaceTooSmall,
    /// The head is turned too far from the camera.
    #[error("the head is turned too far away")]
    Pose,
    /// What was found does not look like a face once it is aligned.
    #[error("what was found is no face when it is aligned")]
    NotAligned,
    /// Too dark to tell anything.
    #[error("the face is under-exposed")]
    UnderExposed,
    /// Too bright to tell anything.
    #[error("the face is over-exposed")]
    OverExposed,
}

impl Refusal {
    /// A short name for tables and programs, such as `too-small-area`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::NoRidges => "no-ridges",
            Self::TooSmallArea => "too-small-area",
            Self::TooFewMinutiae => "too-few-minutiae",
            Self::ImageTooSmall => "image-too-small",
            Self::ImageTooLarge => "image-too-large",
            Self::NoEye => "no-eye",
            Self::NoPupil => "no-pupil",
            Self::NoLimbus => "no-limbus",
            Self::TooDilated => "too-dilated",
            Self::TooLittleVisible => "too-little-visible",
            Self::OutOfFrame => "out-of-frame",
            Self::IrisTooSmall => "iris-too-small",
            Self::TooBlurred => "too-blurred",
            Self::VisibleLight => "visible-light",
            Self::NoFace => "no-face",
            Self::SeveralFaces => "several-faces",
            Self::FaceTooSmall => "face-too-small",
            Self::Pose => "pose",
            Self::NotAligned => "not-aligned",
            Self::UnderExposed => "under-exposed",
            Self::OverExposed => "over-exposed",
        }
    }
}
