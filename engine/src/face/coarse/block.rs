//! What the first stage keeps of eight enrolled faces.

use bytemuck::{Pod, TransparentWrapper, Zeroable};
use whorl_kernels::StoredOctet;

use super::super::EmbeddingRow;
use super::signs::signs;

/// The sign codes of eight faces side by side, laid out for [`super::scan()`]: 512 bytes, 64 for each face, little-endian, the
/// same in memory and on disk.
#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable, TransparentWrapper)]
#[repr(transparent)]
pub struct CoarseBlock(StoredOctet);

impl CoarseBlock {
    /// Faces of a block.
    pub const LANES: usize = StoredOctet::LANES;

    /// The block of these faces; where there are fewer than [`CoarseBlock::LANES`], the codes of the others are zeros.
    ///
    /// # Panics
    /// Where there are more.
    #[must_use]
    pub fn new(faces: &[EmbeddingRow]) -> Self {
        assert!(faces.len() <= Self::LANES, "a block of {} faces", Self::LANES);
        let mut octet = StoredOctet::zeroed();
        for (lane, face) in faces.iter().enumerate() {
            octet.words.iter_mut().zip(signs(face.values())).for_each(|(out, word)| out[lane] = word);
        }
        Self(octet)
    }
}

impl std::fmt::Debug for CoarseBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CoarseBlock")
    }
}
