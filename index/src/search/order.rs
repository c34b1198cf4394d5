//! Which templates of a probe are scanned for everybody, and for whom the others are.

use std::collections::BTreeMap;
use std::sync::Arc;

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

/// For each segment and each probe those who are left for the second round; none where nobody is, or the probe has none.
#[derive(Debug, Default)]
pub(super) struct Left(Vec<Vec<Option<Arc<RoaringBitmap>>>>);

impl Left {
    /// Who of a segment is left for a probe.
    pub(super) fn of(&self, segment: usize, probe: usize) -> Option<&RoaringBitmap> {
        self.0.get(segment)?.get(probe)?.as_deref()
    }
}

impl Pass<'_> {
    /// Who is left for the second round.
    pub(super) fn left(&self) -> &Left {
        self.left.get_or_init(|| self.find_left())
    }

    fn find_left(&self) -> Left {
        let probes = 0..self.until.len();
        let has_rest =
            probes.clone().map(|probe| self.in_round(probe, Round::Rest).next().is_some()).collect::<Vec<_>>();
        if !has_rest.contains(&true) {
            return Left::default();
        }
        let segments = self.segments().map(|(_, layer, _)| {
            // Probes that bring the same fingers, eyes and faces, as nearly all do, leave the same people.
            let mut known = BTreeMap::new();
            let left = probes.clone().map(|probe| {
                let same = layer.columns().iter().map(|columns| self.is_same_in_first(probe, columns));
                let same = same.collect::<Vec<_>>();
                let left = || known.entry(same).or_insert_with_key(|same| left_of(layer, same)).clone();
                has_rest[probe].then(left).flatten()
            });
            left.collect()
        });
        Left(segments.collect())
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
