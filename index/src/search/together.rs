//! The first stage decides of persons: who passes follows from all that was scanned of him.
//!
//! Of eyes the scan of a column passes one stranger in sixty, of fingers and faces up to one in twenty. Of persons who have several
//! of them far more pass by one alone, and nearly all that is compared in full, and fetched from a disk, would be theirs. Yet what
//! one stranger in sixty has in one column hardly anybody has in two. So for every row that the scan found the *share* of rows is
//! taken that are as alike, and the shares of all that was found of a reference are multiplied; what was not found counts neither
//! for nor against (the truncated product of Zaykin et al., Genetic Epidemiology 22:170, 2002). A reference passes where the product
//! is at most one in [`Shortlist::together`], or among the [`Shortlist::rows`] least, or where no second finger, eye or face of his was
//! scanned that could have been found. Shares are of the gallery that is searched, so that nothing is fitted to one population.
//!
//! # What it keeps
//!
//! Strangers passed by whatever one instance passes them (1), and together with one in so many; and what that misses of the mates
//! whose full comparison matches at FMR 1e-4, all in %. Eyes are of real persons; fingers, eyes and faces of different sets are put
//! together, person by person (`cargo run --release -p whorl-eval --example retention -- persons`, 30 November 2026):
//!
//! | persons | mates | passed, one in 1 / 100 / 500 / 1000 / 5000 | missed |
//! |---|---|---|---|
//! | two eyes, casia-interval | 4,790 | 2.28 / 1.92 / **0.40** / 0.21 / 0.05 | none |
//! | two eyes, mmu1 | 900 | 4.66 / 1.97 / **0.46** / 0.27 / 0.09 | 0.44 at 5,000 |
//! | the same eyes; a face of celeba | 3,050 | 25.4 / 3.03 / **1.01** / 0.62 / 0.21 | none |
//! | the same eyes; a face of orl | 800 | 44.4 / 4.09 / **1.37** / 0.88 / 0.26 | none |
//! | two fingers, `fvc2002_db1b` | 210 | 14.1 / **1.94** / 0.51 / 0.41 / 0.10 | none |
//! | two fingers, `fvc2002_db3b` | 210 | 9.49 / **1.84** / 0.20 / 0.00 / 0.00 | none |
//! | two fingers, `fvc2004_db1b` | 210 | 12.7 / **2.14** / 0.61 / 0.10 / 0.00 | 3.33 at 1,000, 3.81 at 5,000 |
//! | two fingers, `fvc2004_db3b` | 210 | 8.88 / **1.73** / 0.20 / 0.00 / 0.00 | none |
//! | two fingers, fcj2020 | 950 | 3.91 / **1.94** / 0.54 / 0.36 / 0.22 | none |
//! | two fingers of these sets; a face of celeba | 1,734 | 22.8 / 3.27 / **1.15** / 0.72 / 0.24 | none |
//! | the same; two eyes of mmu1; a face of orl | 800 | 47.2 / 7.06 / **2.75** / 1.89 / 0.79 | none |
//!
//! What is kept is in bold, five to ten times more than what first misses anybody. Bounds on what that says: shares
//! are here of the strangers of all probes of a set together, for of one probe there are few, where a search takes those of each probe; the
//! faces of celeba are in part of persons whom the model learnt from, which is the one that ships (`whorl-face 4`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use whorl_types::Position;

use super::order::Round;
use super::scan::{Hit, RowPlace};
use super::sought::Sought;
use super::{Pass, Shortlist};
use crate::kind::Kind;
use crate::segment::Columns;
use crate::snapshot::Place;

/// Of who has fingers only so many times as many pass: of a bad hand one finger alone is found, and barely.
const BY_FINGERS: f64 = 5.0;

/// A row that the scan found for a template of the pass.
#[derive(Debug, Clone, Copy)]
struct Standing {
    place: Place,
    sought: u32,
    row: RowPlace,
    /// The share of the rows that the template is compared with which are as alike.
    share: f64,
}

/// A reference of whom rows were found.
#[derive(Clone, Copy)]
struct Person<'a> {
    place: Place,
    /// The share of strangers of whom as much is found; 0 where no more than one finger, eye or face could have been.
    share: f64,
    standings: &'a [Standing],
}

impl Pass<'_> {
    /// Of what the scan found for each template of the pass, the rows of references that pass.
    pub(super) fn passing(&self, hits: Vec<Vec<Hit>>, shortlist: Shortlist) -> Vec<Vec<RowPlace>> {
        let mut passing = vec![Vec::new(); hits.len()];
        let standings = self.standings(hits);
        let probe = |standing: &Standing| self.sought[standing.sought as usize].probe;
        let of_probes = standings.par_chunk_by(|one, other| probe(one) == probe(other));
        let persons = of_probes.map(|standings| self.persons_passing(probe(&standings[0]), standings, shortlist));
        for standing in persons.collect::<Vec<_>>().into_iter().flatten().flat_map(|person| person.standings) {
            passing[standing.sought as usize].push(standing.row);
        }
        passing
    }

    /// What was found, by the probe, the reference and the template, of each the most alike row first.
    fn standings(&self, hits: Vec<Vec<Hit>>) -> Vec<Standing> {
        let of_sought = hits.into_par_iter().enumerate().flat_map_iter(|(number, mut hits)| {
            hits.sort_unstable_by_key(|hit| Reverse(hit.score));
            let (rows, mut as_alike) = (self.rows_for(&self.sought[number]) as f64, 0);
            let mut standings = Vec::with_capacity(hits.len());
            for equals in hits.chunk_by(|one, other| one.score == other.score) {
                as_alike += equals.len();
                let share = as_alike as f64 / rows;
                standings.extend(equals.iter().map(|&Hit { row, .. }| Standing {
                    place: row.place(self.snapshot),
                    sought: number as u32,
                    row,
                    share,
                }));
            }
            standings
        });
        let mut standings = of_sought.collect::<Vec<_>>();
        standings.par_sort_unstable_by(|one, other| {
            let key =
                |standing: &Standing| (self.sought[standing.sought as usize].probe, standing.place, standing.sought);
            key(one).cmp(&key(other)).then(one.share.total_cmp(&other.share))
        });
        standings
    }

    /// The references that pass for a probe.
    fn persons_passing<'a>(&self, probe: usize, standings: &'a [Standing], shortlist: Shortlist) -> Vec<Person<'a>> {
        let most = 1.0 / shortlist.together.max(1) as f64;
        let mut several = Several::default();
        let persons = standings.chunk_by(|one, other| one.place == other.place).map(|standings| {
            let place = standings[0].place;
            let found = standings.chunk_by(|one, other| one.sought == other.sought);
            let share = found.map(|of_template| of_template[0].share).product::<f64>();
            let share = if share <= most { share } else { share / several.leniency(self, probe, place) };
            Person { place, share, standings }
        });
        let mut persons = persons.collect::<Vec<_>>();
        let passing = persons.iter().filter(|person| person.share <= most).count();
        let passing = passing.max(shortlist.rows).min(persons.len());
        if passing < persons.len() {
            persons.select_nth_unstable_by(passing, |one, other| {
                let id = |person: &Person<'_>| self.snapshot.id_bytes(person.place);
                one.share.total_cmp(&other.share).then_with(|| id(one).cmp(id(other)))
            });
            persons.truncate(passing);
        }
        persons
    }
}

/// By how much the share is divided of references of whom several fingers, eyes and faces could be found: the same for all who have
/// the same.
#[derive(Default)]
struct Several(BTreeMap<(u32, Vec<bool>), f64>);

impl Several {
    fn leniency(&mut self, pass: &Pass<'_>, probe: usize, place: Place) -> f64 {
        let (segment, reference) = (place.segment as usize, place.reference);
        let layer = &pass.snapshot.segments()[segment];
        let left = pass.left().of(segment, probe).is_some_and(|left| left.contains(reference));
        let rounds: &[Round] = if left { &[Round::First, Round::Rest] } else { &[Round::First] };
        let scanned = |columns: &Columns| {
            let met = || rounds.iter().any(|&round| pass.is_met_in(probe, round, columns));
            columns.owners().contains(reference) && !pass.is_indexed(segment, columns) && met()
        };
        let has = layer.columns().iter().map(scanned).collect::<Vec<_>>();
        *self.0.entry((place.segment, has)).or_insert_with_key(|(_, has)| {
            let theirs = layer.columns().iter().zip(has).filter(|(_, has)| **has).map(|(columns, _)| columns);
            let theirs = theirs.collect::<Vec<_>>();
            match Kind::ALL.map(|kind| instances(pass, probe, &theirs, kind)) {
                [fingers, eyes, faces] if fingers + eyes + faces < 2 => f64::INFINITY,
                [_, 0, 0] => BY_FINGERS,
                [..] => 1.0,
            }
        })
    }
}

/// How many of a kind in these columns of one reference could be found by different ones of a probe.
fn instances(pass: &Pass<'_>, probe: usize, theirs: &[&Columns], kind: Kind) -> usize {
    let theirs = || theirs.iter().filter(|columns| columns.kind == kind);
    let ours = pass.sought_of(probe).iter().filter(|sought| theirs().any(|columns| pass.meets(sought, columns)));
    // One without a label may be another each time.
    let unlike =
        |sought: &Sought<'_>| (sought.position, if sought.position == Position::Unknown { sought.place } else { 0 });
    theirs().count().min(ours.map(unlike).collect::<BTreeSet<_>>().len())
}
