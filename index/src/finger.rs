//! Which fingers a gallery keeps.

use whorl_types::Position;

/// Where a fingerprint may come from: the ten fingers, or nobody knows.
pub(crate) const POSITIONS: [Position; 11] = [
    Position::Unknown,
    Position::RightThumb,
    Position::RightIndex,
    Position::RightMiddle,
    Position::RightRing,
    Position::RightLittle,
    Position::LeftThumb,
    Position::LeftIndex,
    Position::LeftMiddle,
    Position::LeftRing,
    Position::LeftLittle,
];
