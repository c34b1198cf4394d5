//! One pass over the gallery, with as many templates as are worth looking for at once.

use std::sync::OnceLock;
use std::time::Instant;

use super::order::{People, Round, rounds};
use super::scan::{BLOCK_ROWS, HIT_BYTES};
use super::sought::Sought;
use super::survivors::COMPARED_BYTES;
use super::worth::{PAIRS_A_TABLE, Worth};
use super::{Asked, Findings, Limits, Mode, SearchError, Weigh};
use crate::ann::AnnIndex;
use crate::layer::Layer;
use crate::segment::Columns;
use crate::snapshot::{Place, Snapshot};

/// The most templates of a pass, and the fewest where there are as many: from four on, a pass is bound by arithmetic and no
/// longer by memory; more than 32 gain nothing.
const TEMPLATES: std::ops::RangeInclusive<usize> = 4..=32;

/// What the lists of a pass may occupy, were every shortlist to be full: bounds the templates of a pass over a large gallery.
const LISTED_BYTES: usize = 1 << 30;

/// How the work of a search is cut up, which changes no answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// How many rows of a coarse column are scanned at a time.
    pub(super) block_rows: usize,
    /// How many pairs are compared for each table of what lone ones are worth.
    pub(super) pairs_a_table: u64,
}

impl Default for Cut {
    fn default() -> Self {
        Self { block_rows: BLOCK_ROWS, pairs_a_table: PAIRS_A_TABLE }
    }
}

/// One pass over the gallery: what is looked for, and how.
pub(super) struct Pass<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) limits: &'a Limits,
    pub(super) weigh: &'a Weigh<'a>,
    pub(super) worth: &'a Worth<'a>,
    /// The index that is asked for faces, where one is.
    pub(super) index: Option<&'a AnnIndex>,
    /// How many rows of a coarse column are scanned at a time.
    pub(super) block_rows: usize,
    pub(super) sought: Vec<Sought<'a>>,
    /// When each of them is scanned.
    pub(super) rounds: Vec<Round>,
    /// Who is left for the second round, once that was asked for.
    pub(super) left: OnceLock<People>,
    /// Who has fingers or eyes beside the face that a probe is compared with, once that was asked for.
    pub(super) beside: OnceLock<People>,
    /// For each probe, where the references end that it is compared with; none where all are.
    pub(super) until: Vec<Option<Place>>,
}

/// The first probes of a batch that fit into a pass over `rows` rows, at least one, and the others.
pub(super) fn split<'a, 'b>(
    asked: &'b [Asked<'a>],
    limits: &Limits,
    rows: usize,
) -> (&'b [Asked<'a>], &'b [Asked<'a>]) {
    let shortlist = limits.mode.shortlist();
    let listed = shortlist.map_or(0, |shortlist| shortlist.most(rows));
    // Every thread lists up to twice as many hits as pass.
    let bytes = listed.saturating_mul(2 * HIT_BYTES * rayon::current_num_threads() + COMPARED_BYTES);
    let most = (LISTED_BYTES / bytes.max(1)).clamp(*TEMPLATES.start(), *TEMPLATES.end());
    let mut templates = 0;
    let fitting = asked.iter().take_while(|(probe, _)| {
        let fingers = probe.iter().filter(|(_, template)| template.as_finger().is_some()).count();
        // The others of them are scanned for few, if for anybody.
        templates +=
            probe.len() - fingers + shortlist.map_or(fingers, |shortlist| fingers.min(shortlist.fingers.max(1)));
        templates <= most
    });
    asked.split_at(fitting.count().max(1).min(asked.len()))
}

impl<'a> Pass<'a> {
    /// A pass for these probes.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        asked: &[Asked<'a>],
        limits: &'a Limits,
        (weigh, worth): (&'a Weigh<'a>, &'a Worth<'a>),
        cut: Cut,
    ) -> Self {
        let sought = asked.iter().enumerate().flat_map(|(probe, (instances, _))| {
            let numbered = instances.iter().enumerate();
            numbered.map(move |(place, instance)| Sought::new(probe, place, instance, limits.mirrored))
        });
        let until = asked.iter().map(|(_, until)| *until).collect();
        let (sought, block_rows) = (sought.collect::<Vec<_>>(), cut.block_rows);
        let (rounds, left, beside) = (rounds(&sought, limits), OnceLock::new(), OnceLock::new());
        let mut pass =
            Self { snapshot, limits, weigh, worth, index: None, block_rows, sought, rounds, left, beside, until };
        // A gallery that is compared in full needs none.
        if let Mode::Ann(shortlist) = limits.mode
            && pass.rows() > shortlist.rows
        {
            pass.index = snapshot.index();
        }
        pass
    }
}

impl Pass<'_> {
    pub(super) fn run(&self) -> Result<Vec<Findings>, SearchError> {
        match self.limits.mode {
            Mode::Exact => self.compare_everything(),
            Mode::Cascade(shortlist) | Mode::Ann(shortlist) if self.rows() <= shortlist.rows => {
                self.compare_everything()
            }
            Mode::Cascade(shortlist) | Mode::Ann(shortlist) => {
                let mut rows = self.passing(self.scan(shortlist)?, shortlist);
                self.add_nearest(&mut rows)?;
                self.compare_survivors(rows)
            }
        }
    }

    /// Whether there is time left, and somebody who waits: asked before each stretch of work, of a fraction of a millisecond to a few.
    pub(super) fn in_time(&self) -> Result<(), SearchError> {
        let Limits { deadline, wanted, .. } = self.limits;
        if deadline.is_some_and(|deadline| Instant::now() > deadline) {
            return Err(SearchError::DeadlinePassed);
        }
        if wanted.as_ref().is_some_and(|wanted| !wanted.by_anybody()) {
            return Err(SearchError::Unwanted);
        }
        Ok(())
    }

    /// How many rows the gallery has, up to where the last probe looks.
    fn rows(&self) -> usize {
        self.live_rows(|_| true)
    }

    /// How many rows of some columns are looked at.
    pub(super) fn live_rows(&self, of: impl Fn(&Columns) -> bool) -> usize {
        let rows = self.segments().flat_map(|(_, layer, end)| {
            let columns = layer.columns().iter().enumerate().filter(|(_, columns)| of(columns));
            columns.map(move |(number, _)| layer.rows_before(number, end)).collect::<Vec<_>>()
        });
        rows.sum()
    }

    /// The segments that are looked at, each with the reference at which the last probe stops; none where it goes on.
    pub(super) fn segments(&self) -> impl Iterator<Item = (usize, &Layer, Option<u32>)> {
        let ends = self.until.iter().copied().collect::<Option<Vec<_>>>();
        let end = ends.map(|ends| ends.into_iter().max().unwrap_or(Place { segment: 0, reference: 0 }));
        self.snapshot.segments().iter().enumerate().map_while(move |(number, segment)| match end {
            Some(end) if number > end.segment as usize => None,
            Some(end) if number == end.segment as usize => Some((number, segment, Some(end.reference))),
            Some(_) | None => Some((number, segment, None)),
        })
    }

    /// The columns of these segments, each with its place and the number of its rows up to there, removed ones too.
    pub(super) fn columns(&self) -> impl Iterator<Item = ((usize, usize), &Columns, usize)> {
        self.segments().flat_map(|(segment, open, end)| {
            open.columns()
                .iter()
                .enumerate()
                .map(move |(column, columns)| ((segment, column), columns, columns.len_before(end)))
        })
    }

    /// Whether a probe is compared with the reference at a place: not where it was removed.
    pub(super) fn reaches(&self, probe: usize, place: Place) -> bool {
        let layer = &self.snapshot.segments()[place.segment as usize];
        self.until[probe].is_none_or(|end| place < end) && !layer.is_removed(place.reference)
    }
}
