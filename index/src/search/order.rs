//! Which templates of a probe are scanned for everybody, and for whom the others are.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use roaring::RoaringBitmap;
use whorl_types::Position;

use super::Pass;
use super::limits::{Limits, Positions};
use super::sought::Sought;
use crate::kind::Kind;
use crate::layer::Layer;
use crate::segment::Columns;

/// When a template is scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Round {
    /// For everybody.
    First,
    /// For those who have nothing that is compared with a template of the first round.
    Rest,
}

/// The round of each of the templates of a pass: of the fingers of a probe so many are in the first, different ones before further
/// captures of the same. Without a label a finger may be any, so it is scanned for everybody.
pub(super) fn rounds(sought: &[Sought<'_>], limits: &Limits) -> Vec<Round> {
    let mut rounds = vec![Round::First; sought.len()];
    let (Some(shortlist), Positions::Labelled) = (limits.mode.shortlist(), limits.positions) else { return rounds };
    let mut places = 0..;
    for of_probe in sought.chunk_by(|one, other| one.probe == other.probe) {
        let mut captures = BTreeMap::<Position, usize>::new();
        let mut ranked = Vec::new();
        for (sought, place) in of_probe.iter().zip(places.by_ref()) {
            let preferred =
                Position::FINGERS.iter().position(|&finger| sought.kind == Kind::Finger && finger == sought.position);
            if let Some(preferred) = preferred {
                let capture = captures.entry(sought.position).or_default();
                ranked.push((*capture, preferred, place));
                *capture += 1;
            }
        }
        ranked.sort_unstable();
        // A probe of fingers alone is scanned by one of them at least.
        let most = if ranked.len() == of_probe.len() { shortlist.fingers.max(1) } else { shortlist.fingers };
        for (.., place) in ranked.into_iter().skip(most) {
            rounds[place] = Round::Rest;
        }
    }
    rounds
}

/// For each segment and each probe some of the references; none where nobody is meant.
#[derive(Debug, Default)]
pub(super) struct People(Vec<Vec<Option<Arc<RoaringBitmap>>>>);

impl People {
    /// Who of a segment is meant for a probe.
    pub(super) fn of(&self, segment: usize, probe: usize) -> Option<&RoaringBitmap> {
        self.0.get(segment)?.get(probe)?.as_deref()
    }
}

impl Pass<'_> {
    /// Who is left for the second round of a probe that has one.
    pub(super) fn left(&self) -> &People {
        let has_rest = |probe| self.in_round(probe, Round::Rest).next().is_some();
        self.left.get_or_init(|| self.people(has_rest, |probe, columns| self.is_same_in_first(probe, columns), left_of))
    }

    /// Who has fingers or eyes that are scanned for everybody, for a probe that has a face, too, where all that is found of somebody
    /// decides.
    pub(super) fn beside(&self) -> &People {
        let together = self.limits.mode.shortlist().is_some_and(|shortlist| shortlist.together > 1);
        let has_face = |probe| together && self.sought_of(probe).iter().any(|sought| sought.kind == Kind::Face);
        let counts =
            |probe, columns: &Columns| columns.kind != Kind::Face && self.is_met_in(probe, Round::First, columns);
        self.beside.get_or_init(|| self.people(has_face, counts, owners_of))
    }

    /// For each of the `asked` probes those of each segment whom `people` names, given the columns that count for the probe.
    fn people(
        &self,
        asked: impl Fn(usize) -> bool,
        counts: impl Fn(usize, &Columns) -> bool + Sync,
        people: impl Fn(&Layer, &[bool]) -> Option<Arc<RoaringBitmap>> + Sync,
    ) -> People {
        let asked = (0..self.until.len()).map(asked).collect::<Vec<_>>();
        if !asked.contains(&true) {
            return People::default();
        }
        let segments = self.segments().map(|(_, layer, _)| layer).collect::<Vec<_>>();
        let segments = segments.into_par_iter().map(|layer| {
            // Probes that bring the same fingers, eyes and faces, as nearly all do, mean the same people.
            let mut known = BTreeMap::new();
            let of_probe = |(probe, asked): (usize, &bool)| {
                let counted = layer.columns().iter().map(|columns| counts(probe, columns)).collect::<Vec<_>>();
                let people = || known.entry(counted).or_insert_with_key(|counted| people(layer, counted)).clone();
                asked.then(people).flatten()
            };
            asked.iter().enumerate().map(of_probe).collect()
        });
        People(segments.collect())
    }

    /// Whether a probe has in the first round the very finger, eye or face that columns are of: what has no label may be another.
    fn is_same_in_first(&self, probe: usize, columns: &Columns) -> bool {
        let labelled = columns.kind == Kind::Face || columns.position != Position::Unknown;
        let same = |sought: &Sought<'_>| {
            let known = columns.kind == Kind::Face || sought.position == columns.position;
            known && self.meets(sought, columns)
        };
        labelled && self.in_round(probe, Round::First).any(same)
    }

    /// The templates of a probe that are scanned in a round.
    pub(super) fn in_round(&self, probe: usize, round: Round) -> impl Iterator<Item = &Sought<'_>> {
        let start = self.sought.partition_point(|sought| sought.probe < probe);
        let of_probe = self.sought_of(probe).iter().enumerate();
        of_probe.filter(move |(place, _)| self.rounds[start + place] == round).map(|(_, sought)| sought)
    }

    /// Whether a template that a probe has in a round is compared with those in some columns.
    pub(super) fn is_met_in(&self, probe: usize, round: Round, columns: &Columns) -> bool {
        self.in_round(probe, round).any(|sought| self.meets(sought, columns))
    }
}

/// Those of a layer who have no row in these of its columns.
fn left_of(layer: &Layer, columns: &[bool]) -> Option<Arc<RoaringBitmap>> {
    let mut left = (0..layer.references()).collect::<RoaringBitmap>() - layer.removed();
    for (columns, _) in layer.columns().iter().zip(columns).filter(|(_, counts)| **counts) {
        left -= columns.owners();
    }
    (!left.is_empty()).then(|| Arc::new(left))
}

/// Those of a layer who have a row in these of its columns.
fn owners_of(layer: &Layer, columns: &[bool]) -> Option<Arc<RoaringBitmap>> {
    let counted = layer.columns().iter().zip(columns).filter(|(_, counts)| **counts);
    let owners = counted.fold(RoaringBitmap::new(), |all, (columns, _)| all | columns.owners());
    (!owners.is_empty()).then(|| Arc::new(owners))
}
