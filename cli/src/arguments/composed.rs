//! What synthetic persons have.

use clap::Args;
use whorl_benches::{Composition, CompositionError};
use whorl_types::Modality;

/// What synthetic persons have: one template of one modality, or some of several.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Composed {
    /// One template of this for each person: fingerprint, iris or face
    #[arg(long, value_name = "MODALITY", conflicts_with_all = ["fingers", "irises", "faces"])]
    modality: Option<Modality>,

    /// Fingers of a person
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(0..=10))]
    fingers: Option<u8>,

    /// Irises of a person
    #[arg(long, value_name = "E", value_parser = clap::value_parser!(u8).range(0..=2))]
    irises: Option<u8>,

    /// Faces of a person
    #[arg(long, value_name = "F", value_parser = clap::value_parser!(u8).range(0..=1))]
    faces: Option<u8>,
}

impl Composed {
    /// What was asked for; where nothing was, `default`.
    ///
    /// # Errors
    /// [`CompositionError`] where persons would have nothing.
    pub(crate) fn composition(self, default: Composition) -> Result<Composition, CompositionError> {
        match (self.modality, self.fingers, self.irises, self.faces) {
            (Some(modality), ..) => Ok(Composition::one(modality)),
            (None, None, None, None) => Ok(default),
            (None, fingers, irises, faces) => {
                Composition::new(fingers.unwrap_or(0), irises.unwrap_or(0), faces.unwrap_or(0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_is_not_there_unless_nothing_is_named() {
        let none = Composed { modality: None, fingers: None, irises: None, faces: None };
        assert_eq!(none.composition(Composition::WHOLE), Ok(Composition::WHOLE));
        let eyes = Composed { irises: Some(2), ..none };
        assert_eq!(eyes.composition(Composition::WHOLE), Composition::new(0, 2, 0));
        let nothing = Composed { fingers: Some(0), ..none };
        assert_eq!(nothing.composition(Composition::WHOLE), Err(CompositionError::Nothing));
        let face = Composed { modality: Some(Modality::Face), ..none };
        assert_eq!(face.composition(Composition::WHOLE), Ok(Composition::one(Modality::Face)));
    }
}
