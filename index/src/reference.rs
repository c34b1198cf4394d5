//! What is enrolled under one id.

use whorl_types::{Position, ReferenceId, Template};

/// Templates, each with the finger or the eye that it is said to be of.
pub type Instances = Vec<(Position, Template)>;

/// All templates of one reference. Several of one position are several captures of that finger or eye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its name.
    pub id: ReferenceId,
    /// Its templates, at most [`Reference::MAX_TEMPLATES`].
    pub templates: Instances,
}

impl Reference {
    /// The most templates of a reference: ten fingers and two eyes, five times each, and a few to spare.
    pub const MAX_TEMPLATES: usize = 64;
}
