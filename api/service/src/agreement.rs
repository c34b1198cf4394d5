//! What two templates have in common.

use whorl_engine::{finger, iris};
use whorl_types::{Similarity, Template};

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
            (Template::Finger(_) | Template::Iris(_), Template::Finger(_) | Template::Iris(_)) => None,
        }
    }
}

/// A template that is about to be compared with others.
pub(crate) enum Prepared {
    Finger(Box<finger::Probe>),
    /// As it is, and in a mirror where that is looked at.
    Iris(Box<iris::Probe>, Option<Box<iris::Probe>>),
}

impl Prepared {
    pub(crate) fn new(template: &Template, mirrored: bool) -> Self {
        match template {
            Template::Finger(template) => Self::Finger(Box::new(finger::Probe::new(template))),
            Template::Iris(template) => {
                let in_a_mirror = mirrored.then(|| Box::new(iris::Probe::mirrored(template)));
                Self::Iris(Box::new(iris::Probe::new(template)), in_a_mirror)
            }
        }
    }

    /// How alike they are, and whether that is so in a mirror; nothing where they show different characteristics.
    pub(crate) fn similarity(&self, reference: &Template) -> Option<(Similarity, bool)> {
        match (self, reference) {
            (Self::Finger(probe), Template::Finger(reference)) => Some((finger::similarity(probe, reference), false)),
            (Self::Iris(probe, in_a_mirror), Template::Iris(reference)) => {
                let similarity = |probe: &iris::Probe| iris::compare(probe, reference).similarity;
                let (plain, turned) = (similarity(probe), in_a_mirror.as_deref().map(similarity));
                Some(turned.filter(|turned| *turned > plain).map_or((plain, false), |turned| (turned, true)))
            }
            (Self::Finger(_) | Self::Iris(..), Template::Finger(_) | Template::Iris(_)) => None,
        }
    }
}
