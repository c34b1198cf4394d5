//! What is enrolled under one id.

use whorl_types::{Position, ReferenceId, Template};

/// Templates, each with the finger, the eye or the face that it is said to be of.
pub type Instances = Vec<(Position, Template)>;

/// All templates of one reference. Several of one position are several captures of that finger, eye or face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its name.
    pub id: ReferenceId,
    /// Its templates, at most [`Reference::MAX_TEMPLATES`].
    pub templates: Instances,
}

impl Reference {
    /// The most templates of a reference: ten fingers, two eyes and a face, four times each, and a few to spare.
    pub const MAX_TEMPLATES: usize = 64;
}
