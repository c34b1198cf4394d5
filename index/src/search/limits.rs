//! How a gallery is searched.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use whorl_types::{LogLikelihoodRatio, Position};

/// How a gallery is searched.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most candidates of a probe.
    pub candidates: usize,
    /// The least evidence of a candidate; none where the best are wanted, however weak.
    pub least: Option<LogLikelihoodRatio>,
    /// What is compared in full.
    pub mode: Mode,
    /// Which fingers, and which eyes, are compared with which.
    pub positions: Positions,
    /// Whether an eye is also looked for as a mirror shows it: who turns a picture over is else not found under it.
    pub mirrored: bool,
    /// When a search that is not done is given up; none where it may take what it takes.
    pub deadline: Option<Instant>,
    /// Whether somebody still wants the answer; none where that is never in question.
    pub wanted: Option<Wanted>,
}

/// Whether anybody still waits for an answer: what is shared by several is given up when the last of them is gone.
#[derive(Debug, Clone, Default)]
pub struct Wanted(Vec<Arc<AtomicBool>>);

impl Wanted {
    /// What somebody waits for until the second of these is dropped.
    #[must_use]
    pub fn by_one() -> (Self, Waiting) {
        let waits = Arc::new(AtomicBool::new(true));
        (Self(vec![Arc::clone(&waits)]), Waiting(waits))
    }

    /// What all who want any of `several` wait for.
    #[must_use]
    pub fn by_all(several: impl IntoIterator<Item = Self>) -> Self {
        Self(several.into_iter().flat_map(|wanted| wanted.0).collect())
    }

    /// Whether somebody waits.
    #[must_use]
    pub fn by_anybody(&self) -> bool {
        self.0.iter().any(|waits| waits.load(Ordering::Relaxed))
    }
}

/// One who waits for an answer.
#[derive(Debug)]
pub struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Limits {
    /// The most candidates that may be asked for.
    pub const MAX_CANDIDATES: usize = 10_000;

    /// The most references that a search may be confined to: more are found faster by the first stage.
    pub const MAX_AMONG: usize = 1_000_000;
}

impl Default for Limits {
    fn default() -> Self {
        let mode = Mode::Cascade(Shortlist::default());
        let (deadline, wanted) = (None, None);
        Self { candidates: 20, least: None, mode, positions: Positions::Labelled, mirrored: false, deadline, wanted }
    }
}

/// What is compared in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    Exact,
    /// What the first stage finds most alike.
    Cascade(Shortlist),
    /// As by the cascade, but of the faces that the snapshot's index covers only those that it finds nearest
    /// ([`Snapshot::with_index`](crate::Snapshot::with_index)). Faces that it does not cover are compared in full; fingers and
    /// eyes, also those of a probe that has a face, go through the cascade.
    Ann(Shortlist),
}

impl Mode {
    /// What passes the first stage, where there is one.
    pub(super) fn shortlist(self) -> Option<Shortlist> {
        match self {
            Self::Exact => None,
            Self::Cascade(shortlist) | Self::Ann(shortlist) => Some(shortlist),
        }
    }
}

/// What passes the first stage.
///
/// The most rows, of those that a template is compared with, are the larger of two figures. So many
/// fingers do pass; of irises and faces those that reach the first stage's least score,
/// which are far fewer.
///
/// Eyes and faces are cheap to scan and tell people apart well; a few fingers of a probe, the index fingers and thumbs before others, are
/// scanned with them. Its other fingers are scanned only for references that have none of all these, and are compared in full
/// with those who stand out: so every reference is met by the first stage, and most of the fingers of a gallery are not read.
///
/// Of a reference of whom several fingers, eyes or faces were scanned, what was found in all of them decides: whoever passes by
/// one of them alone must be more alike in that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortlist {
    /// How many fingers of a probe are scanned for everybody.
    pub fingers: usize,
    /// So many; a gallery of fewer rows is compared in full.
    pub rows: usize,
    /// One in so many.
    pub one_in: usize,
    /// A reference that could be found by several fingers, eyes and faces passes where no more than one stranger in so many is as
    /// alike in all of them together, and so do the `rows` most alike; where this is 1, whoever passes by one of them.
    pub together: usize,
}

impl Shortlist {
    /// How many of `rows` rows pass at most.
    pub(super) fn most(self, rows: usize) -> usize {
        self.rows.max(rows.div_ceil(self.one_in.max(1)))
    }
}

impl Default for Shortlist {
    /// Room for the 5 % of strangers that the first stage passes on real prints, where it misses 0.7 % of mates (mean over the
    /// FVC2002, FVC2004 and FCJ2020 captures of development; `retention`, an example of `whorl-eval`). On the same captures, and
    /// those of irises and faces, nobody was missed who passed together with one stranger in 500.
    fn default() -> Self {
        Self { fingers: 2, rows: 2_000, one_in: 20, together: 500 }
    }
}

/// Which fingers, and which eyes, are compared with which. A finger is never compared with an eye or a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Positions {
    /// Those of one position, and those of unknown position with all: labels are trusted.
    Labelled,
    /// All with all, which finds swapped hands and eyes and mislabelled fingers, at ten times the work for fingers.
    Blind,
}

impl Positions {
    /// Whether two templates so labelled are compared.
    pub(crate) fn allow(self, probe: Position, reference: Position) -> bool {
        match self {
            Self::Labelled => probe.may_equal(reference),
            Self::Blind => true,
        }
    }
}
