//! How faces are extracted: by which networks, and what is done with a picture of several.

use std::fmt;
use std::sync::Arc;

use whorl_extractors::face::{Model, Several};

/// How faces are extracted: the model, and the policy for pictures of several faces. Cheap to copy.
///
/// By default it is the model that ships with this version, which is loaded when the first face is met, and the largest face
/// of a picture is the one that is meant.
#[derive(Clone, Default)]
pub struct Faces {
    model: Option<Arc<Model>>,
    several: Several,
}

impl Faces {
    /// Faces by `model`.
    #[must_use]
    pub fn by(model: Arc<Model>) -> Self {
        Self { model: Some(model), several: Several::default() }
    }

    /// The same with another policy for pictures of several faces.
    #[must_use]
    pub fn with_several(self, several: Several) -> Self {
        Self { several, ..self }
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        self.model.as_deref().unwrap_or_else(|| Model::shipped())
    }

    /// What is done with a picture of several faces.
    #[must_use]
    pub fn several(&self) -> Several {
        self.several
    }
}

impl fmt::Debug for Faces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Faces({}, {:?})", self.model().extractor(), self.several)
    }
}
