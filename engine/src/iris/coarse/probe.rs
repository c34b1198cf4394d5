//! A template prepared for many blocks.

use bytemuck::TransparentWrapper;
use whorl_kernels::{POSES, Poses};
use whorl_types::{IrisCode, IrisTemplate};

use super::super::probe::mirrored;
use super::block::coarse;

/// The coarse bits of a probe at every turn of the head that is looked at, laid out for [`super::scan()`].
#[derive(Clone, TransparentWrapper)]
#[repr(transparent)]
pub struct CoarseProbe(Poses);

impl CoarseProbe {
    /// Prepares `template`.
    #[must_use]
    pub fn new(template: &IrisTemplate) -> Self {
        Self::of_code(template.code())
    }

    /// Prepares `template` as the eye looks in a mirror.
    #[must_use]
    pub fn mirrored(template: &IrisTemplate) -> Self {
        Self::of_code(&mirrored(template.code()))
    }

    fn of_code(code: &IrisCode) -> Self {
        let first = |pose: usize| IrisCode::ANGLES + pose - POSES / 2;
        Self(Poses::new(&std::array::from_fn(|pose| coarse(code, first(pose) % IrisCode::ANGLES))))
    }
}

impl std::fmt::Debug for CoarseProbe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CoarseProbe")
    }
}
