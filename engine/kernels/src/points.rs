//! Pairs of points, one point of each in one plane and the other in another.

/// The most pairs that are weighed at once: one 16-bit lane of the widest vector for each.
pub const MAX_PAIRS: usize = 32;

/// One number of each pair; 64-byte aligned so that it loads as one vector.
pub type PairsLane = [i16; MAX_PAIRS];

/// Pairs of points that may be related by one turn and one shift of the plane.
///
/// Coordinates are in any unit, y axis down, and at most 4,095 in size, so that no sum of them leaves 16 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Pairs {
    /// The points of the first plane.
    pub from_x: PairsLane,
    /// See `from_x`.
    pub from_y: PairsLane,
    /// The points of the second plane.
    pub to_x: PairsLane,
    /// See `to_x`.
    pub to_y: PairsLane,
    /// How far each pair says that the second plane is turned, counter-clockwise: 65,536ths of a turn, wrapping.
    pub turn: PairsLane,
    /// Cosine of `turn`, in 32,768ths.
    pub cos: PairsLane,
    /// Sine of `turn`, in 32,768ths.
    pub sin: PairsLane,
    /// What each pair counts for, 0 to [`Pairs::MOST_WEIGHT`].
    pub weight: PairsLane,
}

impl Pairs {
    /// The most that a pair counts for: what keeps two rounds of adding up within 16 bits.
    pub const MOST_WEIGHT: i16 = 127;

    /// Pairs that count for nothing.
    pub const NONE: Self = Self {
        from_x: [0; MAX_PAIRS],
        from_y: [0; MAX_PAIRS],
        to_x: [0; MAX_PAIRS],
        to_y: [0; MAX_PAIRS],
        turn: [0; MAX_PAIRS],
        cos: [0; MAX_PAIRS],
        sin: [0; MAX_PAIRS],
        weight: [0; MAX_PAIRS],
    };
}

/// How far two pairs may disagree and still support one another, once; within half the distance they do so twice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Slack {
    /// The largest error along either axis: `shift[voter][root]`, in the unit of the coordinates.
    pub shift: [PairsLane; MAX_PAIRS],
    /// The largest difference of `turn`, in 65,536ths of a turn.
    pub turn: u16,
}
