//! A template of a probe, ready to be compared.

use whorl_engine::{face, finger, iris};
use whorl_types::{Position, Similarity, Template};

use super::Positions;
use crate::kind::Kind;
use crate::segment::Kept;

/// A template to look for.
pub(super) struct Sought<'a> {
    /// Whose it is, by the probe's place in the pass.
    pub(super) probe: usize,
    /// Its place among the probe's templates.
    pub(super) place: usize,
    pub(super) kind: Kind,
    pub(super) position: Position,
    pub(super) template: &'a Template,
    prepared: Prepared,
}

enum Prepared {
    Finger(Box<finger::Probe>),
    /// The eye as it is; then, where it is looked for, as a mirror shows it.
    Iris(Vec<iris::Probe>),
    Face(Box<face::Probe>),
}

/// How alike two templates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Likeness {
    pub(super) similarity: Similarity,
    /// Whether the mirror image of the one is more like the other than it is itself.
    pub(super) mirrored: bool,
}

impl<'a> Sought<'a> {
    pub(super) fn new(probe: usize, place: usize, instance: &'a (Position, Template), mirrored: bool) -> Self {
        let (position, template) = instance;
        let prepared = match template {
            Template::Finger(template) => Prepared::Finger(Box::new(finger::Probe::new(template))),
            Template::Iris(template) if mirrored => {
                Prepared::Iris(vec![iris::Probe::new(template), iris::Probe::mirrored(template)])
            }
            Template::Iris(template) => Prepared::Iris(vec![iris::Probe::new(template)]),
            Template::Face(template) => Prepared::Face(Box::new(face::Probe::new(template))),
        };
        Self { probe, place, kind: Kind::of(template), position: *position, template, prepared }
    }

    /// What is compared in full, if it is of a face.
    pub(super) fn face(&self) -> Option<&face::Probe> {
        match &self.prepared {
            Prepared::Face(probe) => Some(probe),
            Prepared::Finger(_) | Prepared::Iris(_) => None,
        }
    }

    /// Whether it is compared with templates of this kind and label.
    pub(super) fn meets(&self, kind: Kind, position: Position, positions: Positions) -> bool {
        self.kind == kind && positions.allow(self.position, position)
    }

    /// How alike it is to what a gallery keeps; nothing where that is of another kind.
    pub(super) fn likeness(&self, kept: &Kept<'_>) -> Option<Likeness> {
        match (&self.prepared, kept) {
            (Prepared::Finger(probe), Kept::Finger(template)) => {
                Some(Likeness { similarity: finger::similarity(probe, template), mirrored: false })
            }
            (Prepared::Iris(probes), Kept::Iris(row)) => {
                let mut best = Likeness { similarity: Similarity::NONE, mirrored: false };
                iris::similarities(probes, std::slice::from_ref(*row), &mut |which, _, similarity| {
                    if similarity > best.similarity {
                        best = Likeness { similarity, mirrored: which > 0 };
                    }
                });
                Some(best)
            }
            (Prepared::Face(probe), Kept::Face(row)) => {
                Some(Likeness { similarity: face::similarity(probe, row), mirrored: false })
            }
            (
                Prepared::Finger(_) | Prepared::Iris(_) | Prepared::Face(_),
                Kept::Finger(_) | Kept::Iris(_) | Kept::Face(_),
            ) => None,
        }
    }
}
