//! Stage 1: every row against every finger of the pass, block by block.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;

use whorl_engine::finger::coarse::{CoarseProbe, scan};
use whorl_types::Position;

use super::best::{Best, merge};
use super::share::share;
use super::{Pass, Shortlist};
use crate::segment::FingerColumns;
use crate::snapshot::{Place, Snapshot};

/// How many rows are scanned at a time: about 400 KiB, which the second-level cache of a server's core holds while one
/// finger after the other goes over them.
pub(super) const BLOCK_ROWS: usize = 256;

/// A row of the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowPlace {
    pub(super) segment: u32,
    pub(super) column: u32,
    pub(super) row: u32,
}

impl RowPlace {
    pub(super) fn columns(self, snapshot: &Snapshot) -> &FingerColumns {
        &snapshot.segments()[self.segment as usize].fingers()[self.column as usize]
    }

    /// The reference that the row belongs to.
    pub(super) fn place(self, snapshot: &Snapshot) -> Place {
        Place { segment: self.segment, reference: self.columns(snapshot).owner(self.row as usize) }
    }
}

/// A row that is like a finger of the pass.
#[derive(Debug, Clone, Copy)]
struct Hit {
    score: u32,
    row: RowPlace,
}

/// Bytes of what is kept of a row that is like a finger.
pub(super) const HIT_BYTES: usize = size_of::<Hit>();

/// Rows that are scanned at a time.
struct Block {
    segment: usize,
    column: usize,
    rows: Range<usize>,
}

/// The fingers of the pass that are compared with those of one position.
struct Lane {
    probes: Vec<CoarseProbe>,
    /// Their places in the pass.
    fingers: Vec<usize>,
}

impl Pass<'_> {
    /// For each finger of the pass the rows most like it, in no order.
    pub(super) fn scan(&self, shortlist: Shortlist) -> Vec<Vec<RowPlace>> {
        let lanes = self.lanes();
        let found = share(
            &self.blocks(),
            || self.shortlists(shortlist),
            |best, block| {
                self.scan_block(block, &lanes, |finger, hit| best[finger].push(hit));
                Ok::<_, Infallible>(())
            },
        );
        let Ok(found) = found;
        let rows = |best: Best<Hit, _>| best.into_unsorted().into_iter().map(|hit| hit.row).collect();
        merge(found).into_iter().map(rows).collect()
    }

    fn shortlists(&self, shortlist: Shortlist) -> Vec<Best<Hit, impl Fn(&Hit, &Hit) -> Ordering>> {
        let most = |position| shortlist.rows.max(self.rows_for(position).div_ceil(shortlist.one_in.max(1)));
        let order = |one: &Hit, other: &Hit| other.score.cmp(&one.score).then_with(|| self.order(one.row, other.row));
        self.sought.iter().map(|sought| Best::new(most(sought.position), order)).collect()
    }

    /// How many rows a finger of this label is compared with.
    pub(super) fn rows_for(&self, position: Position) -> usize {
        let allowed = self.columns().filter(|(_, columns, _)| self.limits.positions.allow(position, columns.position));
        allowed.map(|(_, _, rows)| rows).sum()
    }

    /// The order of rows that are equally like a finger: by id, so that it does not depend on how the gallery is cut up.
    fn order(&self, one: RowPlace, other: RowPlace) -> Ordering {
        let key = |row: RowPlace| {
            let place = row.place(self.snapshot);
            (self.snapshot.id_bytes(place), row.columns(self.snapshot).position, row)
        };
        key(one).cmp(&key(other))
    }

    fn lanes(&self) -> BTreeMap<Position, Lane> {
        let lane = |position| {
            let allowed = |at: &usize| self.limits.positions.allow(self.sought[*at].position, position);
            let fingers = (0..self.sought.len()).filter(allowed).collect::<Vec<_>>();
            let probes = fingers.iter().map(|&at| CoarseProbe::new(self.sought[at].template)).collect();
            (position, Lane { probes, fingers })
        };
        crate::finger::POSITIONS.into_iter().map(lane).collect()
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        for ((segment, column), _, rows) in self.columns() {
            let starts = (0..rows).step_by(self.block_rows);
            let blocks_here = starts.map(|start| start..rows.min(start + self.block_rows));
            blocks.extend(blocks_here.map(|rows| Block { segment, column, rows }));
        }
        blocks
    }

    fn scan_block(&self, block: &Block, lanes: &BTreeMap<Position, Lane>, mut found: impl FnMut(usize, Hit)) {
        let columns = &self.snapshot.segments()[block.segment].fingers()[block.column];
        let lane = &lanes[&columns.position];
        let (segment, column) = (block.segment as u32, block.column as u32);
        scan(&lane.probes, &columns.coarse()[block.rows.clone()], &mut |probe, row, score| {
            let finger = lane.fingers[probe];
            let row = RowPlace { segment, column, row: (block.rows.start + row) as u32 };
            let limited = self.until[self.sought[finger].probe].is_some();
            if !limited || self.reaches(self.sought[finger].probe, row.place(self.snapshot)) {
                found(finger, Hit { score, row });
            }
        });
    }
}
