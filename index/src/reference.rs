//! What is enrolled under one id.

use whorl_types::Position;
use whorl_types::{FingerTemplate, ReferenceId};

/// All templates of one reference. Several of one position are several captures of that finger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its name.
    pub id: ReferenceId,
    /// Its fingers, at most [`Reference::MAX_FINGERS`].
    pub fingers: Vec<(Position, FingerTemplate)>,
}

impl Reference {
    /// The most templates of a reference: ten fingers, six times each, and a few to spare.
    pub const MAX_FINGERS: usize = 64;
}
