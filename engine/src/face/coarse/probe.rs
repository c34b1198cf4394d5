//! A template prepared for many blocks.

use bytemuck::TransparentWrapper;
use whorl_types::FaceTemplate;

use super::signs::{WORDS, signs};

/// The sign code of a probe.
#[derive(Clone, Copy, PartialEq, Eq, TransparentWrapper)]
#[repr(transparent)]
pub struct CoarseProbe([u64; WORDS]);

impl CoarseProbe {
    /// Prepares `template`.
    #[must_use]
    pub fn new(template: &FaceTemplate) -> Self {
        Self(signs(template.embedding()))
    }
}

impl std::fmt::Debug for CoarseProbe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CoarseProbe")
    }
}
