//! No first stage: everything is compared in full.
//!
//! References are taken a stretch at a time, and of a stretch one column after the other, so that rows are compared where they
//! lie and with all probes together. Where a probe and each reference have one pair at most, a pair that cannot be among the
//! strongest is never made ([`super::worth`]); else all likenesses of the stretch are kept until its pairs can be weighed.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use whorl_engine::face;
use whorl_types::{Coverage, Guarantee, Position, Similarity};

use super::best::{Best, merge};
use super::candidates::Weighed;
use super::meetings::{Bar, Meeting};
use super::pairs::pair;
use super::share::share;
use super::sought::Likeness;
use super::stretch::{Part, Stretch};
use super::{Findings, Pair, Pass, SearchError};
use crate::kind::Kind;
use crate::segment::Typed;

/// How many references a thread takes at a time where there are many: enough that rows are compared in bulk, few enough that the
/// likenesses of a stretch stay in a core's second cache.
const MOST_REFERENCES: u32 = 256;

/// The same where there are few: taking them still costs nothing, and all threads end together.
const LEAST_REFERENCES: u32 = 16;

/// Stretches for each thread that make all end together.
const STRETCHES_A_THREAD: u32 = 8;

/// What a thread has found.
struct Mine<Order> {
    strongest: Vec<Best<Weighed, Order>>,
    /// For each template of the pass, what its pairs must reach when they are alone.
    bars: Vec<Bar>,
    pairs: Vec<Pair>,
}

/// The faces of a pass that are compared with those of one label, in their order.
type Faces<'a> = BTreeMap<Position, face::Batch<'a>>;

impl Pass<'_> {
    pub(super) fn compare_everything(&self) -> Result<Vec<Findings>, SearchError> {
        let nobody =
            || Mine { strongest: self.strongest_of_all(), bars: vec![Bar::NONE; self.sought.len()], pairs: Vec::new() };
        let faces = self.faces();
        let found = share(&self.stretches(), nobody, |mine, stretch| self.compare_stretch(stretch, &faces, mine))?;
        let found = merge(found.into_iter().map(|mine| mine.strongest).collect());
        let findings = found.into_iter().enumerate().map(|(probe, strongest)| {
            let all = self.coverage(probe, 0, Guarantee::Exhaustive);
            let coverage = Coverage { rows_compared: all.rows_scanned, rows_scanned: 0, ..all };
            self.findings(strongest.into_sorted(), coverage)
        });
        findings.collect()
    }

    fn faces(&self) -> Faces<'_> {
        let mut all = BTreeMap::new();
        for (_, columns, _) in self.columns().filter(|(_, columns, _)| columns.kind == Kind::Face) {
            all.entry(columns.position).or_insert_with(|| {
                let meeting = self.sought.iter().filter(|sought| self.meets(sought, columns));
                face::Batch::new(meeting.filter_map(|sought| sought.face()).collect())
            });
        }
        all
    }

    fn stretches(&self) -> Vec<Stretch> {
        let ends = || self.segments().map(|(segment, open, end)| (segment, end.unwrap_or(open.references())));
        let references = ends().map(|(_, end)| u64::from(end)).sum::<u64>();
        let each = references / (u64::from(STRETCHES_A_THREAD) * rayon::current_num_threads() as u64);
        let each = each.clamp(LEAST_REFERENCES.into(), MOST_REFERENCES.into()) as u32;
        let stretches = ends().flat_map(|(segment, end)| {
            let starts = (0..end).step_by(each as usize);
            starts.map(move |start| Stretch { segment: segment as u32, references: start..end.min(start + each) })
        });
        stretches.collect()
    }

    fn compare_stretch(
        &self,
        stretch: &Stretch,
        faces: &Faces<'_>,
        mine: &mut Mine<impl Fn(&Weighed, &Weighed) -> Ordering>,
    ) -> Result<(), SearchError> {
        self.in_time()?;
        let segment = &self.snapshot.segments()[stretch.segment as usize];
        let parts = stretch.parts(segment, |columns| self.sought.iter().any(|sought| self.meets(sought, columns)));
        let mut meetings = self.meetings(&parts);
        for (number, part) in parts.iter().enumerate() {
            let mut here = meetings.iter_mut().filter(|meeting| meeting.part == number).collect::<Vec<_>>();
            let least = here.iter().map(|meeting| {
                let strongest = &mine.strongest[self.sought[meeting.sought].probe];
                self.least(meeting, part, strongest, &mut mine.bars[meeting.sought])
            });
            let least = least.collect::<Vec<_>>();
            self.compare_part(part, (&mut here, &least), faces, &mut |meeting, row, likeness| {
                if meeting.alone {
                    self.offer_alone((meeting.sought, likeness), (stretch, part, row), mine);
                } else {
                    meeting.likenesses[row] = likeness;
                }
            })?;
        }
        let several = meetings.iter().filter(|meeting| !meeting.alone).collect::<Vec<_>>();
        for meetings in several.chunk_by(|one, other| self.sought[one.sought].probe == self.sought[other.sought].probe)
        {
            self.offer_collected(meetings, (stretch, &parts), mine);
        }
        Ok(())
    }

    /// Compares all rows of a part with those who meet it and reports what is as like as `least` asks for.
    fn compare_part(
        &self,
        part: &Part<'_>,
        (here, least): (&mut [&mut Meeting], &[Similarity]),
        faces: &Faces<'_>,
        report: &mut impl FnMut(&mut Meeting, usize, Likeness),
    ) -> Result<(), SearchError> {
        if let Typed::Face(columns) = part.columns.typed() {
            let rows = &columns.embeddings()[part.rows.clone()];
            faces[&part.columns.position].similarities_from(rows, least, &mut |meeting, row, similarity| {
                report(here[meeting], row, Likeness { similarity, mirrored: false });
            });
            return Ok(());
        }
        for (offset, row) in part.rows.clone().enumerate().filter(|(offset, _)| !part.is_removed(*offset)) {
            let kept = part.columns.kept(row)?;
            for (meeting, &least) in here.iter_mut().zip(least) {
                let likeness = self.sought[meeting.sought].likeness(&kept);
                if let Some(likeness) = likeness.filter(|likeness| likeness.similarity >= least) {
                    report(meeting, offset, likeness);
                }
            }
        }
        Ok(())
    }

    /// Weighs the only pair of a probe with a reference.
    fn offer_alone<Order: Fn(&Weighed, &Weighed) -> Ordering>(
        &self,
        (sought, likeness): (usize, Likeness),
        (stretch, part, row): (&Stretch, &Part<'_>, usize),
        mine: &mut Mine<Order>,
    ) {
        let (sought, place) = (&self.sought[sought], stretch.place(part.owner(row)));
        if self.reaches(sought.probe, place) {
            let alone = pair(sought, part.number(row), part.columns.position, likeness);
            self.offer(&mut mine.strongest[sought.probe], place, &[alone]);
        }
    }

    /// Weighs all pairs of a probe with each reference of a stretch.
    fn offer_collected<Order: Fn(&Weighed, &Weighed) -> Ordering>(
        &self,
        meetings: &[&Meeting],
        (stretch, parts): (&Stretch, &[Part<'_>]),
        mine: &mut Mine<Order>,
    ) {
        let probe = self.sought[meetings[0].sought].probe;
        for reference in (0..stretch.len()).filter(|&reference| self.reaches(probe, stretch.place(reference))) {
            mine.pairs.clear();
            for meeting in meetings {
                let (sought, part) = (&self.sought[meeting.sought], &parts[meeting.part]);
                let rows = part.of(reference);
                mine.pairs.extend(
                    rows.map(|row| pair(sought, part.number(row), part.columns.position, meeting.likenesses[row])),
                );
            }
            self.offer(&mut mine.strongest[probe], stretch.place(reference), &mine.pairs);
        }
    }
}
