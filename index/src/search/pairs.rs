//! Comparing all templates of a probe with all that there are of a reference.

use whorl_engine::face::EmbeddingRow;
use whorl_engine::iris::CodeRow;
use whorl_types::{FingerTemplate, Position, Similarity, Template};

use super::sought::{Likeness, Sought};
use super::{Pair, Pass, Positions};
use crate::flaw::Flawed;
use crate::kind::{Kind, version};
use crate::reference::Instances;
use crate::segment::{Columns, Kept};
use crate::snapshot::Place;

/// A template of a reference, with its label.
pub(super) struct Other<'a> {
    kind: Kind,
    position: Position,
    kept: Kept<'a>,
}

/// Compares a probe with a reference outside of any gallery, as [`Mode::Exact`](super::Mode::Exact) does within: all that
/// `positions` allow, eyes also as a mirror shows them where that is wanted. By the probe's template and then the reference's.
#[must_use]
pub fn compare(probe: &Instances, reference: &Instances, positions: Positions, mirrored: bool) -> Vec<Pair> {
    let rows: Vec<Row<'_>> = reference.iter().map(|(_, template)| Row::of(template)).collect();
    let others = reference.iter().zip(&rows).map(|((position, template), row)| Other {
        kind: Kind::of(template),
        position: *position,
        kept: row.kept(),
    });
    let others: Vec<Other<'_>> = others.collect();
    let sought = probe.iter().enumerate().map(|(place, instance)| Sought::new(0, place, instance, mirrored));
    let mut pairs = Vec::new();
    for sought in sought {
        compare_one(&sought, &others, positions, &mut pairs);
    }
    // A gallery holds irises of one encoding and faces of one model alone; here two may meet that have nothing in common.
    let said = |(_, template): &(Position, Template)| version(template).filter(|_| template.as_finger().is_none());
    for pair in &mut pairs {
        if said(&probe[pair.probe]) != said(&reference[pair.reference]) {
            (pair.similarity, pair.mirrored) = (Similarity::NONE, false);
        }
    }
    pairs
}

/// A template outside of any gallery, as a gallery would hold it.
enum Row<'a> {
    Finger(&'a FingerTemplate),
    Iris(Box<CodeRow>),
    Face(Box<EmbeddingRow>),
}

impl<'a> Row<'a> {
    fn of(template: &'a Template) -> Self {
        match template {
            Template::Finger(finger) => Self::Finger(finger),
            Template::Iris(iris) => Self::Iris(Box::new(iris.code().into())),
            Template::Face(face) => Self::Face(Box::new(face.into())),
        }
    }

    fn kept(&self) -> Kept<'_> {
        match self {
            Self::Finger(finger) => Kept::Finger((*finger).clone()),
            Self::Iris(code) => Kept::Iris(code),
            Self::Face(embedding) => Kept::Face(embedding),
        }
    }
}

/// Adds all comparisons of one template to `pairs`.
fn compare_one(sought: &Sought<'_>, others: &[Other<'_>], positions: Positions, pairs: &mut Vec<Pair>) {
    let meets = |other: &Other<'_>| sought.meets(other.kind, other.position, positions);
    for (number, other) in others.iter().enumerate().filter(|(_, other)| meets(other)) {
        let likeness = sought.likeness(&other.kept);
        pairs.extend(likeness.map(|likeness| pair(sought, number, other.position, likeness)));
    }
}

impl Pass<'_> {
    /// The templates of a probe.
    pub(super) fn sought_of(&self, probe: usize) -> &[Sought<'_>] {
        let start = self.sought.partition_point(|sought| sought.probe < probe);
        let end = self.sought.partition_point(|sought| sought.probe <= probe);
        &self.sought[start..end]
    }

    /// Whether a template of the pass is compared with those in some columns.
    pub(super) fn meets(&self, sought: &Sought<'_>, columns: &Columns) -> bool {
        sought.meets(columns.kind, columns.position, self.limits.positions)
    }

    /// All templates of a reference, in the order in which it is fetched.
    pub(super) fn others(&self, place: Place) -> Result<Vec<Other<'_>>, Flawed> {
        let segment = &self.snapshot.segments()[place.segment as usize];
        let rows = segment.columns().iter().flat_map(|columns| {
            let (kind, position) = (columns.kind, columns.position);
            columns.of(place.reference).map(move |row| Ok(Other { kind, position, kept: columns.kept(row)? }))
        });
        rows.collect()
    }

    /// Adds all comparisons of a probe with a reference to `pairs`.
    pub(super) fn compare(&self, probe: usize, reference: &[Other<'_>], pairs: &mut Vec<Pair>) {
        for sought in self.sought_of(probe) {
            compare_one(sought, reference, self.limits.positions, pairs);
        }
    }
}

/// What is said of a comparison with the template of this number and label of a reference.
pub(super) fn pair(sought: &Sought<'_>, reference: usize, position: Position, likeness: Likeness) -> Pair {
    Pair {
        modality: sought.kind.modality(),
        probe: sought.place,
        reference,
        probe_position: sought.position,
        reference_position: position,
        similarity: likeness.similarity,
        mirrored: likeness.mirrored,
    }
}
