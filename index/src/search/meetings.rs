//! Who is compared with what in a stretch, and from which similarity on it matters.

use std::cmp::Ordering;

use whorl_types::{Position, Similarity};

use super::Pass;
use super::best::Best;
use super::candidates::Weighed;
use super::sought::Likeness;
use super::stretch::Part;
use crate::kind::Kind;

/// A template of the pass, and a part of a stretch that it is compared with.
pub(super) struct Meeting {
    pub(super) sought: usize,
    pub(super) part: usize,
    /// Whether its pairs are the only ones of its probe with their references.
    pub(super) alone: bool,
    /// How like it the rows of the part are; not kept where it is alone.
    pub(super) likenesses: Vec<Likeness>,
}

/// From which similarity on a lone pair of a template counts, and what that follows from.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Bar {
    due: Option<f32>,
    position: Position,
    numbers: Option<u64>,
    least: Similarity,
}

impl Bar {
    /// Everything counts.
    pub(super) const NONE: Self =
        Self { due: None, position: Position::Unknown, numbers: None, least: Similarity::NONE };
}

impl Pass<'_> {
    /// Who is compared with which part, by the templates of the pass and then the parts.
    pub(super) fn meetings(&self, parts: &[Part<'_>]) -> Vec<Meeting> {
        let of_template = |number: usize| {
            let met = parts.iter().enumerate().filter(move |(_, part)| self.meets(&self.sought[number], part.columns));
            met.map(move |(part, _)| Meeting { sought: number, part, alone: false, likenesses: Vec::new() })
        };
        let mut meetings = (0..self.sought.len()).flat_map(of_template).collect::<Vec<_>>();
        let probe = |meeting: &Meeting| self.sought[meeting.sought].probe;
        for meetings in meetings.chunk_by_mut(|one, other| probe(one) == probe(other)) {
            let lone = meetings.len() == 1 && parts[meetings[0].part].single;
            for meeting in meetings {
                meeting.alone = lone;
                if !lone {
                    let nothing = Likeness { similarity: Similarity::NONE, mirrored: false };
                    meeting.likenesses = vec![nothing; parts[meeting.part].rows.len()];
                }
            }
        }
        meetings
    }

    /// The least similarity at which a pair may lead to a candidate, given the strongest so far and what followed last time.
    pub(super) fn least(
        &self,
        meeting: &Meeting,
        part: &Part<'_>,
        strongest: &Best<Weighed, impl Fn(&Weighed, &Weighed) -> Ordering>,
        bar: &mut Bar,
    ) -> Similarity {
        let sought = &self.sought[meeting.sought];
        // What a mirrored pair is worth, and what a finger's similarity may be, no table says.
        let tabulated = sought.kind == Kind::Face || sought.kind == Kind::Iris && !self.limits.mirrored;
        if !meeting.alone || !tabulated {
            return Similarity::NONE;
        }
        let (due, numbers, position) = (self.due(strongest), part.numbers, part.columns.position);
        if (bar.due, bar.numbers, bar.position) != (due, numbers, position) {
            let least_of = |due, numbers: u64| {
                let there = (0..u64::BITS as usize).filter(|number| numbers >> number & 1 == 1);
                there.map(|number| self.worth.least(sought, (number, position), due)).min()
            };
            let least = due.zip(numbers).and_then(|(due, numbers)| least_of(due, numbers));
            *bar = Bar { due, position, numbers, least: least.unwrap_or_default() };
        }
        bar.least
    }

    /// How many nats a candidate must be worth at least, by what is known so far; none where anything may do.
    fn due(&self, strongest: &Best<Weighed, impl Fn(&Weighed, &Weighed) -> Ordering>) -> Option<f32> {
        // As large as the least is enough, and both zeros are.
        let least = self.limits.least.map(|least| if least.nats() == 0.0 { -0.0 } else { least.nats() });
        let worst = strongest.worst().map(|weighed| weighed.llr.nats());
        least.into_iter().chain(worst).max_by(f32::total_cmp)
    }
}
