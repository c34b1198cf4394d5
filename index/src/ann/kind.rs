//! What an index is, and its parameters.

use std::fmt;

use super::AnnError;

/// What an index is. In both the faces are kept with eight bits a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnKind {
    /// A graph of neighbours in layers, walked from afar to near (Malkov and Yashunin, 2018). Slow to build; nothing is ever
    /// removed from it.
    Hnsw {
        /// Neighbours of a face in the upper layers, twice as many in the lowest: 4 to 64. Each takes 4 bytes.
        links: u32,
        /// How many faces a walk keeps in view: 1 to 65,536. More find more, and take longer.
        effort: u32,
    },
    /// Lists of the faces around centres found by k-means, of which the lists nearest to the probe are read (Jégou et al., 2011).
    Ivf {
        /// Lists: 1 to 65,536, at most one for 39 faces (fewer make no mean worth the name, by faiss's own rule).
        lists: u32,
        /// How many lists are read: 1 to all. More find more, and take longer.
        effort: u32,
    },
}

/// Faces for each list that k-means asks for at least.
const FACES_PER_LIST: u64 = 39;

/// The most lists, and the most of any effort: beyond, an exhaustive search is faster.
const MOST: u32 = 65_536;

impl AnnKind {
    /// A graph that is walked far enough to find nearly all (`benches/results/ann-face.md`).
    pub const HNSW: Self = Self::Hnsw { links: Self::LINKS, effort: Self::HNSW_EFFORT };

    /// The links of [`AnnKind::HNSW`].
    pub const LINKS: u32 = 32;

    /// The effort of [`AnnKind::HNSW`].
    pub const HNSW_EFFORT: u32 = 512;

    /// Lists for so many faces: about four times the square root of their number, as faiss's guidelines have it for a million,
    /// of which one in eight is read.
    #[must_use]
    pub fn ivf(faces: u64) -> Self {
        let lists = Self::lists(faces);
        Self::Ivf { lists, effort: Self::ivf_effort(lists) }
    }

    /// The lists of [`AnnKind::ivf`].
    #[must_use]
    pub fn lists(faces: u64) -> u32 {
        let lists = (faces.isqrt() * 41 / 10).min(faces / FACES_PER_LIST).clamp(1, u64::from(MOST)) as u32;
        1 << lists.ilog2()
    }

    /// The effort of [`AnnKind::ivf`], for so many lists.
    #[must_use]
    pub fn ivf_effort(lists: u32) -> u32 {
        (lists / 8).max(1)
    }

    /// Whether such an index can be made of so many faces.
    pub(super) fn check(self, faces: u64) -> Result<(), AnnError> {
        let within = |what, found, least, most| {
            if (least..=most).contains(&found) { Ok(()) } else { Err(AnnError::Bound { what, found, least, most }) }
        };
        match self {
            Self::Hnsw { links, effort } => within("links", links, 4, 64).and(within("effort", effort, 1, MOST)),
            Self::Ivf { lists, effort } => {
                let most = (faces / FACES_PER_LIST).clamp(1, u64::from(MOST)) as u32;
                within("lists", lists, 1, most).and(within("effort", effort, 1, lists))
            }
        }
    }

    /// Whether two kinds differ in nothing but their effort.
    pub(super) fn is_made_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Hnsw { links, .. }, Self::Hnsw { links: others, .. }) => links == others,
            (Self::Ivf { lists, .. }, Self::Ivf { lists: others, .. }) => lists == others,
            (Self::Hnsw { .. } | Self::Ivf { .. }, _) => false,
        }
    }

    /// How many faces it is trained on at most: what k-means takes, and what shows the range of each dimension.
    pub(super) fn most_trained(self) -> u64 {
        /// Faces for each list: within faiss's bounds of 39 and 256.
        const PER_LIST: u64 = 64;
        const LEAST: u64 = 65_536;
        match self {
            Self::Hnsw { .. } => LEAST,
            Self::Ivf { lists, .. } => (u64::from(lists) * PER_LIST).max(LEAST),
        }
    }
}

impl fmt::Display for AnnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hnsw { links, effort } => write!(f, "hnsw links {links} effort {effort}"),
            Self::Ivf { lists, effort } => write!(f, "ivf lists {lists} effort {effort}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_made_of_any_number_of_faces() {
        for faces in [1, 38, 39, 1_000, 20_000, 1_000_000, 1 << 40] {
            assert!(AnnKind::HNSW.check(faces).is_ok());
            assert!(AnnKind::ivf(faces).check(faces).is_ok(), "{faces}");
        }
        assert_eq!(AnnKind::ivf(1_000_000), AnnKind::Ivf { lists: 4_096, effort: 512 });
    }

    #[test]
    fn parameters_out_of_bounds_are_refused_by_name() {
        let refused = |kind: AnnKind| kind.check(39_000).unwrap_err().to_string();
        assert_eq!(
            refused(AnnKind::Ivf { lists: 1_001, effort: 1 }),
            "lists must be 1 to 1000 for this gallery, not 1001"
        );
        assert!(refused(AnnKind::Ivf { lists: 10, effort: 11 }).starts_with("effort must be 1 to 10"));
        assert!(refused(AnnKind::Hnsw { links: 2, effort: 10 }).starts_with("links must be 4 to 64"));
    }
}
