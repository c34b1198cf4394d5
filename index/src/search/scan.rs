//! Stage 1: every row against every template of the pass, block by block.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use whorl_engine::{face, finger, iris};
use whorl_types::{Position, Template};

use roaring::RoaringBitmap;

use super::best::{Best, merge};
use super::order::{People, Round};
use super::share::share;
use super::sought::Sought;
use super::{Pass, SearchError, Shortlist};
use crate::kind::Kind;
use crate::segment::{Columns, Typed};
use crate::snapshot::{Place, Snapshot};

/// How many rows of a coarse column are scanned at a time: 320 to 400 KiB, which the second-level cache of a server's core
/// holds while one template after the other goes over them.
pub(super) const BLOCK_ROWS: usize = 256;

/// A row of the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowPlace {
    pub(super) segment: u32,
    pub(super) column: u32,
    pub(super) row: u32,
}

impl RowPlace {
    pub(super) fn columns(self, snapshot: &Snapshot) -> &Columns {
        &snapshot.segments()[self.segment as usize].columns()[self.column as usize]
    }

    /// The reference that the row belongs to.
    pub(super) fn place(self, snapshot: &Snapshot) -> Place {
        Place { segment: self.segment, reference: self.columns(snapshot).owner(self.row as usize) }
    }
}

/// A row that is like a template of the pass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) score: u32,
    pub(super) row: RowPlace,
}

/// Bytes of what is kept of a row that is like a template.
pub(super) const HIT_BYTES: usize = size_of::<Hit>();

/// Rows of a coarse column that are scanned at a time.
struct Block {
    segment: usize,
    column: usize,
    coarse_rows: Range<usize>,
    round: Round,
}

/// The forms that are compared with those of one kind and position, in each round.
type AllForms<'a> = BTreeMap<(Kind, Position, Round), Forms<'a>>;

/// The templates of the pass that are compared with those of one kind and position. An eye may take several forms, what is
/// like any of which is like the eye.
#[derive(Default)]
struct Forms<'a> {
    fingers: Vec<finger::coarse::CoarseProbe>,
    irises: Vec<iris::coarse::CoarseProbe>,
    faces: (Vec<face::coarse::CoarseProbe>, Vec<&'a face::Probe>),
    /// For each form the place of its template in the pass.
    places: Vec<usize>,
}

impl<'a> Forms<'a> {
    fn add(&mut self, place: usize, sought: &'a Sought<'_>, mirrored: bool) {
        self.places.push(place);
        match sought.template {
            Template::Finger(template) => self.fingers.push(finger::coarse::CoarseProbe::new(template)),
            Template::Iris(template) => {
                self.irises.push(iris::coarse::CoarseProbe::new(template));
                if mirrored {
                    self.places.push(place);
                    self.irises.push(iris::coarse::CoarseProbe::mirrored(template));
                }
            }
            Template::Face(template) => {
                self.faces.0.push(face::coarse::CoarseProbe::new(template));
                self.faces.1.extend(sought.face());
            }
        }
    }
}

impl Pass<'_> {
    /// For each template of the pass the rows most like it, in no order, some twice.
    pub(super) fn scan(&self, shortlist: Shortlist) -> Result<Vec<Vec<Hit>>, SearchError> {
        let forms = self.forms();
        let (left, beside) = (self.left(), self.beside());
        let found = share(
            &self.blocks(&forms, left),
            || self.shortlists(shortlist),
            |best, block| {
                self.scan_block(block, (&forms, left, beside), |place, hit| best[place].push(hit));
                self.in_time()
            },
        )?;
        Ok(merge(found).into_iter().map(Best::into_unsorted).collect())
    }

    fn shortlists(&self, shortlist: Shortlist) -> Vec<Best<Hit, impl Fn(&Hit, &Hit) -> Ordering>> {
        let order = |one: &Hit, other: &Hit| other.score.cmp(&one.score).then_with(|| self.order(one.row, other.row));
        self.sought.iter().map(|sought| Best::new(shortlist.most(self.rows_for(sought)), order)).collect()
    }

    /// How many rows a template is compared with.
    pub(super) fn rows_for(&self, sought: &Sought<'_>) -> usize {
        self.live_rows(|columns| self.meets(sought, columns))
    }

    /// The order of rows that are equally like a template: by id, so that it does not depend on how the gallery is cut up.
    fn order(&self, one: RowPlace, other: RowPlace) -> Ordering {
        let key = |row: RowPlace| {
            let place = row.place(self.snapshot);
            (self.snapshot.id_bytes(place), row.columns(self.snapshot).position, row)
        };
        key(one).cmp(&key(other))
    }

    fn forms(&self) -> AllForms<'_> {
        let mut all = BTreeMap::new();
        for (_, columns, _) in self.columns() {
            for round in [Round::First, Round::Rest] {
                all.entry((columns.kind, columns.position, round)).or_insert_with(|| {
                    let mut forms = Forms::default();
                    let there = self.sought.iter().zip(&self.rounds).enumerate();
                    let here = |sought: &Sought<'_>, of: Round| of == round && self.meets(sought, columns);
                    for (place, (sought, _)) in there.filter(|(_, (sought, of))| here(sought, **of)) {
                        forms.add(place, sought, self.limits.mirrored);
                    }
                    forms
                });
            }
        }
        all
    }

    fn blocks(&self, forms: &AllForms<'_>, left: &People) -> Vec<Block> {
        let mut blocks = Vec::new();
        for ((segment, column), columns, rows) in self.columns() {
            let wanted = |round| !forms[&(columns.kind, columns.position, round)].places.is_empty();
            let end = rows.div_ceil(columns.lanes());
            let starts = (0..end).step_by(self.block_rows);
            let here = starts.map(|start| start..end.min(start + self.block_rows));
            let of_round = |round| move |coarse_rows| Block { segment, column, coarse_rows, round };
            if wanted(Round::First) && !self.is_indexed(segment, columns) {
                blocks.extend(here.clone().map(of_round(Round::First)));
            }
            if wanted(Round::Rest) {
                let anybody_left = self.rows_left(segment, columns, left);
                let in_block = |coarse_rows: &Range<usize>| {
                    let rows = coarse_rows.start * columns.lanes()..(coarse_rows.end * columns.lanes()).min(rows);
                    anybody_left(rows)
                };
                blocks.extend(here.filter(in_block).map(of_round(Round::Rest)));
            }
        }
        blocks
    }

    /// Whether some rows of columns belong to somebody who is left for the second round of any probe.
    fn rows_left<'a>(&self, segment: usize, columns: &'a Columns, left: &People) -> impl Fn(Range<usize>) -> bool + 'a {
        let probes = (0..self.until.len()).filter_map(|probe| left.of(segment, probe));
        let anybody = probes.fold(RoaringBitmap::new(), |all, left| all | (left & columns.owners()));
        move |rows| {
            let owners = |rows: Range<usize>| columns.owner(rows.start)..=columns.owner(rows.end - 1);
            !rows.is_empty() && !anybody.is_empty() && anybody.range_cardinality(owners(rows)) > 0
        }
    }

    fn scan_block(
        &self,
        block: &Block,
        (forms, left, beside): (&AllForms<'_>, &People, &People),
        mut found: impl FnMut(usize, Hit),
    ) {
        let columns = &self.snapshot.segments()[block.segment].columns()[block.column];
        let forms = &forms[&(columns.kind, columns.position, block.round)];
        let first = block.coarse_rows.start * columns.lanes();
        let (segment, column) = (block.segment as u32, block.column as u32);
        let mut report = |form: usize, offset: usize, score| {
            let place = forms.places[form];
            let (probe, row) = (self.sought[place].probe, RowPlace { segment, column, row: (first + offset) as u32 });
            let in_round = |place: Place| match block.round {
                Round::First => true,
                Round::Rest => left.of(block.segment, probe).is_some_and(|left| left.contains(place.reference)),
            };
            let reached = |place| self.reaches(probe, place) && in_round(place);
            // Only a damaged block has something where no template is.
            if first + offset < columns.len() && reached(row.place(self.snapshot)) {
                found(place, Hit { score, row });
            }
        };
        let coarse_rows = block.coarse_rows.clone();
        match columns.typed() {
            Typed::Finger(fingers) => finger::coarse::scan(&forms.fingers, &fingers.coarse()[coarse_rows], &mut report),
            Typed::Iris(irises) => iris::coarse::scan(&forms.irises, &irises.coarse()[coarse_rows], &mut report),
            // Few rows, and an answer that states what its index loses shall lose nothing beside it.
            Typed::Face(faces) if self.index.is_some() => {
                let end = (coarse_rows.end * columns.lanes()).min(columns.len());
                for (form, probe) in forms.faces.1.iter().enumerate() {
                    let probe = std::slice::from_ref(*probe);
                    let rows = faces.embeddings().get(first..end).unwrap_or_default();
                    face::similarities(probe, rows, &mut |_, offset, similarity| {
                        report(form, offset, similarity.get());
                    });
                }
            }
            Typed::Face(faces) => {
                let (codes, probes) = &forms.faces;
                let there = (&faces.coarse()[coarse_rows], &faces.embeddings()[first..]);
                let others_speak = |form: usize, row: usize| {
                    let people = beside.of(block.segment, self.sought[forms.places[form]].probe);
                    people.is_some_and(|people| people.contains(columns.owner(row)))
                };
                let takes = |form: usize, offset: usize, agreeing| {
                    agreeing >= face::coarse::BESIDE_SCORE || !others_speak(form, first + offset)
                };
                face::coarse::sift((codes, probes), there, &takes, &mut |form, offset, similarity| {
                    report(form, offset, similarity.get());
                });
            }
        }
    }
}
