//! The nouns of biometric recognition, always valid.
//!
//! Everything else in Whorl speaks in these words, taken from ISO/IEC 2382-37 where it has one: a [`Sample`] is read from a
//! sensor or a file, an extractor turns it into a [`Template`] or a [`Refusal`], the engine compares templates and
//! answers with a raw score and a [`LogLikelihoodRatio`], and a search says what it covered ([`Coverage`]).
//!
//! What this crate is not: it computes nothing on images, reads no files and knows no file format.

mod candidate;
mod capture;
mod decision;
mod descriptor;
mod face;
mod finger;
mod image;
mod iris;
mod liveness;
mod quality;
mod reference;
mod refusal;
mod score;
mod template;

pub use candidate::{Coverage, Guarantee, InstanceScore};
pub use capture::{Capture, Modality, ParsePositionError, Position, Ppi, PpiOutOfRange, Sample};
pub use decision::{Decision, Verdict};
pub use descriptor::{Descriptor, DescriptorBasis, Descriptors, NothingToDescribe, TooManyDescriptors};
pub use face::{FaceMeasures, FaceModelId, FacePoints, FaceTemplate, FaceTemplateError};
pub use finger::{
    FingerTemplate, FingerTemplateError, Minutia, MinutiaKind, PpiSource, RidgeCell, RidgeField, Singularity,
    SingularityKind,
};
pub use image::{GreyImage, ImageError, Pixels, RgbImage};
pub use iris::{EyeCircle, IrisCode, IrisMeasures, IrisTemplate, IrisTemplateError};
pub use liveness::{Liveness, LivenessError, LivenessOutcome};
pub use quality::{Quality, QualityOutOfRange};
pub use reference::{ReferenceId, ReferenceIdError};
pub use refusal::Refusal;
pub use score::{Fmr, Fnir, Fnmr, Fpir, LogLikelihoodRatio, RateOutOfRange, ScoreError, Similarity};
pub use template::Template;
