//! What is captured of a person.

use serde::Serialize;
use thiserror::Error;
use whorl_index::Shortlist;
use whorl_types::{Modality, Position};

const EYES: [Position; 2] = [Position::LeftEye, Position::RightEye];

/// How many templates of each modality a person has: at least one of any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Composition {
    fingers: u8,
    irises: u8,
    faces: u8,
}

/// Numbers of templates that nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CompositionError {
    /// None at all.
    #[error("a person without a template cannot be found: ask for fingers, irises or a face")]
    Nothing,
    /// More than people have.
    #[error("a person has at most 10 fingers, 2 irises and 1 face, not {0}, {1} and {2}")]
    TooMany(u8, u8, u8),
}

impl Composition {
    /// Ten fingers, two irises and a face: what a national register takes.
    pub const WHOLE: Self = Self { fingers: 10, irises: 2, faces: 1 };

    /// Two irises and a face.
    pub const EYES_AND_FACE: Self = Self { fingers: 0, irises: 2, faces: 1 };

    /// So many `fingers` (0 to 10), `irises` (0 to 2) and `faces` (0 or 1).
    ///
    /// # Errors
    /// [`CompositionError`] where that is nothing, or more than a person has.
    pub fn new(fingers: u8, irises: u8, faces: u8) -> Result<Self, CompositionError> {
        match (fingers, irises, faces) {
            (0, 0, 0) => Err(CompositionError::Nothing),
            (0..=10, 0..=2, 0..=1) => Ok(Self { fingers, irises, faces }),
            _ => Err(CompositionError::TooMany(fingers, irises, faces)),
        }
    }

    /// One template of one modality.
    #[must_use]
    pub fn one(modality: Modality) -> Self {
        let count = |of| u8::from(of == modality);
        Self { fingers: count(Modality::Fingerprint), irises: count(Modality::Iris), faces: count(Modality::Face) }
    }

    /// How many templates of `modality` a person has.
    #[must_use]
    pub fn count(self, modality: Modality) -> usize {
        usize::from(match modality {
            Modality::Fingerprint => self.fingers,
            Modality::Iris => self.irises,
            Modality::Face => self.faces,
        })
    }

    /// How many templates of `modality` of a probe the first stage scans for everybody, as searches do it unless told otherwise.
    #[must_use]
    pub fn scanned(self, modality: Modality) -> usize {
        match modality {
            Modality::Fingerprint => self.count(modality).min(Shortlist::default().fingers),
            Modality::Iris | Modality::Face => self.count(modality),
        }
    }

    /// How many templates a person has: 1 to 13.
    #[must_use]
    pub fn templates(self) -> usize {
        usize::from(self.fingers + self.irises + self.faces)
    }

    /// The modalities that it has, each with how many templates.
    pub fn modalities(self) -> impl Iterator<Item = (Modality, usize)> {
        let all = [Modality::Fingerprint, Modality::Iris, Modality::Face];
        all.into_iter().map(move |modality| (modality, self.count(modality))).filter(|(_, count)| *count > 0)
    }

    /// Where the templates come from, each with its number among those of its modality.
    pub(crate) fn places(self) -> impl Iterator<Item = (Modality, Position, usize)> {
        self.modalities().flat_map(|(modality, count)| {
            (0..count).map(move |number| {
                let position = match modality {
                    Modality::Fingerprint => Position::FINGERS[number],
                    Modality::Iris => EYES[number],
                    Modality::Face => Position::Face,
                };
                (modality, position, number)
            })
        })
    }

    /// What it is called: the modality where there is one template, else the modalities with `+` between.
    #[must_use]
    pub fn name(self) -> String {
        self.modalities().map(|(modality, _)| modality.name()).collect::<Vec<_>>().join("+")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_at_least_one_template_and_no_more_than_people_have() {
        assert_eq!(Composition::new(0, 0, 0), Err(CompositionError::Nothing));
        for (fingers, irises, faces) in [(11, 0, 0), (0, 3, 0), (0, 0, 2), (255, 255, 255)] {
            assert!(matches!(Composition::new(fingers, irises, faces), Err(CompositionError::TooMany(..))));
        }
        assert_eq!(Composition::new(10, 2, 1), Ok(Composition::WHOLE));
    }

    #[test]
    fn the_templates_of_a_person_come_from_as_many_places() {
        let places = Composition::WHOLE.places().map(|(_, position, _)| position).collect::<Vec<_>>();
        let distinct = places.iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!((places.len(), distinct.len()), (13, 13));
        assert_eq!(Composition::WHOLE.templates(), 13);
        assert_eq!(Composition::WHOLE.name(), "fingerprint+iris+face");
    }

    #[test]
    fn one_template_of_a_modality_is_a_person_too() {
        for modality in [Modality::Fingerprint, Modality::Iris, Modality::Face] {
            let one = Composition::one(modality);
            assert_eq!((one.templates(), one.count(modality), one.name().as_str()), (1, 1, modality.name()));
        }
    }
}
