//! What two templates have in common.

use whorl_engine::{face, finger, iris};
use whorl_types::Template;

/// What a comparison found in common, for people to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// Of two fingers.
    Finger {
        /// The minutiae that were matched: index in the probe, index in the reference.
        matched: Vec<(usize, usize)>,
    },
    /// Of two eyes.
    Iris {
        /// The bits, cell by cell.
        comparison: iris::Comparison,
        /// Whether the probe was seen in a mirror.
        mirrored: bool,
    },
    /// Of two faces.
    Face {
        /// The angle between their embeddings.
        comparison: face::Comparison,
    },
}

impl Agreement {
    /// What `probe` and `reference` have in common, a probe of an eye seen in a mirror where `mirrored`; nothing where they
    /// show different characteristics.
    #[must_use]
    pub fn of(probe: &Template, reference: &Template, mirrored: bool) -> Option<Self> {
        match (probe, reference) {
            (Template::Finger(probe), Template::Finger(reference)) => {
                let pairs = finger::compare(&finger::Probe::new(probe), reference).pairs;
                let matched = pairs.iter().map(|pair| (usize::from(pair.probe), usize::from(pair.reference)));
                Some(Self::Finger { matched: matched.collect() })
            }
            (Template::Iris(probe), Template::Iris(reference)) => {
                let probe = if mirrored { iris::Probe::mirrored(probe) } else { iris::Probe::new(probe) };
                Some(Self::Iris { comparison: iris::compare(&probe, reference), mirrored })
            }
            (Template::Face(probe), Template::Face(reference)) => {
                Some(Self::Face { comparison: face::compare(&face::Probe::new(probe), reference) })
            }
            (
                Template::Finger(_) | Template::Iris(_) | Template::Face(_),
                Template::Finger(_) | Template::Iris(_) | Template::Face(_),
            ) => None,
        }
    }
}
