//! Fingerprints of fingers that nobody has.
//!
//! ```
//! use whorl_datasets::synthetic::fingerprint::{Conditions, Finger, Sensor};
//! use whorl_types::Position;
//!
//! let finger = Finger::new(7, Position::RightIndex);
//! let first = finger.print(&Conditions::ideal(Sensor::Optical), 1);
//! let second = finger.print(&Conditions::draw(Sensor::Optical, 1.0, 2), 2);
//! assert_ne!(first, second);
//! ```

mod conditions;
mod flow;
mod pattern;
mod print;
mod ridges;
mod sensor;
mod skin;
#[cfg(test)]
mod tests;
mod warp;

use whorl_types::{GreyImage, Position};

use self::flow::Flow;
use super::plane::Plane;
use super::random::{Random, derive};

pub use conditions::Conditions;
pub use pattern::Pattern;
pub use sensor::Sensor;

/// A finger: the same person and position give the same ridges, on every machine.
pub struct Finger {
    pattern: Pattern,
    skin: Plane,
}

impl Finger {
    /// The finger at `position` of the person whose number is `person`.
    #[must_use]
    pub fn new(person: u64, position: Position) -> Self {
        let seed = derive(person, u64::from(position.code()));
        let random = &mut Random::new(seed, 1);
        let pattern = Pattern::draw(position, random);
        let flow = Flow::new(pattern, random);
        let period_px = 9.0 + Random::new(person, 2).normal(0.0, 0.5) + random.normal(0.0, 0.25);
        let ridges = ridges::grow(&flow, period_px, random);
        Self { pattern, skin: skin::finish(ridges, random) }
    }

    /// What its ridges form.
    #[must_use]
    pub fn pattern(&self) -> Pattern {
        self.pattern
    }

    /// A print of it at 500 ppi, taken under the conditions `how`; `seed` decides what the conditions leave to chance.
    #[must_use]
    pub fn print(&self, how: &Conditions, seed: u64) -> GreyImage {
        print::take(&self.skin, how, &mut Random::new(seed, 4))
    }
}
