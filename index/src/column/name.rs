//! Which columns there are.

use whorl_types::Position;

use crate::kind::Kind;
use crate::storage::Access;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ColumnName {
    /// The ids of the segment's references, sorted.
    Ids,
    /// The numbers of the keys of the segment's references, where they have keys.
    Keys,
    /// A part of what is known of the fingers, the eyes or the faces of one position.
    Of(Kind, Position, Part),
}

/// What is kept of every template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// What the first stage scans.
    Coarse,
    /// Whose template a row is, and what is known of it beside its fine part.
    Rows,
    /// What is compared in full.
    Fine,
}

impl ColumnName {
    /// Every column that a segment may have, in the order in which it lists them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let places = Kind::ALL.into_iter().flat_map(|kind| kind.positions().map(move |position| (kind, position)));
        let parts = places.flat_map(|(kind, position)| Part::ALL.map(|part| Self::Of(kind, position, part)));
        [Self::Ids, Self::Keys].into_iter().chain(parts)
    }

    /// The name of its file.
    pub(crate) fn file(self) -> String {
        match self {
            Self::Ids => "ids".into(),
            Self::Keys => "keys".into(),
            Self::Of(kind, position, part) => format!("{}-{position}.{}", kind.modality(), part.name()),
        }
    }

    /// How it is read.
    pub(super) fn access(self) -> Access {
        match self {
            Self::Ids | Self::Keys | Self::Of(_, _, Part::Coarse) => Access::Scan,
            Self::Of(_, _, Part::Rows | Part::Fine) => Access::Lookup,
        }
    }

    /// What the header says of it: kind of rows, modality, position.
    pub(crate) fn codes(self) -> [u8; 3] {
        match self {
            Self::Ids => [1, 0, 0],
            Self::Keys => [5, 0, 0],
            Self::Of(kind, position, part) => [part.code(), kind.code(), position.code()],
        }
    }
}

impl Part {
    const ALL: [Self; 3] = [Self::Coarse, Self::Rows, Self::Fine];

    fn name(self) -> &'static str {
        match self {
            Self::Coarse => "coarse",
            Self::Rows => "rows",
            Self::Fine => "fine",
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Coarse => 2,
            Self::Rows => 3,
            Self::Fine => 4,
        }
    }
}
