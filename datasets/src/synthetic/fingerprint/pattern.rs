//! The classes of patterns and how often each is found.

use whorl_types::Position;

use crate::synthetic::random::Random;

/// What the ridges of a finger form, seen as a print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Waves from side to side without a core.
    Arch,
    /// A wave with an upright core.
    TentedArch,
    /// Ridges enter and leave on the left.
    LeftLoop,
    /// Ridges enter and leave on the right.
    RightLoop,
    /// Ridges run round, two deltas.
    Whorl,
    /// Two loops round each other, two deltas.
    DoubleLoop,
}

/// In percent: arch, tented arch, radial loop, ulnar loop, whorl of any kind; for thumb, index, middle, ring, little finger.
///
/// The mean over the fingers is the natural distribution of Wilson, Candela & Watson (1994): 3.7 % arches, 2.9 % tented
/// arches, 65.5 % loops, 27.9 % whorls. The differences between fingers follow the known tendencies (whorls on thumb and
/// ring finger, radial loops and arches on the index, ulnar loops on the little finger) and are approximate.
const PERCENT: [[f32; 5]; 5] = [
    [3.0, 0.5, 0.5, 56.0, 40.0],
    [7.5, 9.5, 18.0, 34.0, 31.0],
    [5.5, 3.0, 3.0, 70.5, 18.0],
    [1.5, 1.0, 1.0, 57.0, 39.5],
    [1.0, 0.5, 0.5, 86.5, 11.5],
];

/// Of the whorls, those that are two loops.
const DOUBLE_LOOPS: f32 = 0.2;

impl Pattern {
    /// The pattern of a finger at `position`; an unknown position is an index finger of either hand.
    pub(super) fn draw(position: Position, random: &mut Random) -> Self {
        let (kind, right) = match position.code() {
            code @ 1..=5 => (code - 1, true),
            code @ 6..=10 => (code - 6, false),
            _ => (1, random.chance(0.5)),
        };
        // Seen as a print, the little finger of the right hand is on the right: ulnar loops open towards it.
        let (ulnar, radial) = if right { (Self::RightLoop, Self::LeftLoop) } else { (Self::LeftLoop, Self::RightLoop) };
        let whorl = if random.chance(DOUBLE_LOOPS) { Self::DoubleLoop } else { Self::Whorl };
        [Self::Arch, Self::TentedArch, radial, ulnar, whorl][random.weighted(&PERCENT[usize::from(kind)])]
    }
}
