//! Going over the lines of a log, from one file to the next.

use serde::Serialize;

use super::anchor::{Anchor, Hash};
use super::flaw::{Flaw, Place};
use super::line::{self, Line, Record};

/// The most flaws that are told: a log with more of them is beyond reading.
const MOST_FLAWS: usize = 1_000;

/// Bytes at the end of what was written, of lines that nobody was told were safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// Where they begin.
    pub at: Place,
    /// How many there are.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: Hash,
}

/// What is found on the way.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    /// Lines that are known to have been there.
    known: &'a [Anchor],
    /// The last line; none before the first, where the way does not begin with the log.
    pub(super) last: Option<Anchor>,
    pub(super) records: u64,
    pub(super) flaws: Vec<Flaw>,
    /// What crashes left unfinished, and a later line tells of.
    pub(super) set_aside: Vec<SetAside>,
    /// Lines since the last whole one.
    damaged: Vec<(Place, Vec<u8>)>,
}

impl<'a> Walk<'a> {
    /// A way that begins after `last`.
    pub(super) fn new(last: Option<Anchor>, known: &'a [Anchor]) -> Self {
        Self { known, last, records: 0, flaws: Vec::new(), set_aside: Vec::new(), damaged: Vec::new() }
    }

    /// Goes over the file of this number.
    pub(super) fn file(&mut self, file: u64, bytes: &[u8]) {
        for (line, at) in bytes.split_inclusive(|byte| *byte == b'\n').zip(1..) {
            let at = Place { file, line: at };
            match line::check(line) {
                Some(line) => self.whole(at, &line),
                None => self.damaged.push((at, line.to_vec())),
            }
        }
    }

    /// Ends the way. What was damaged since the last whole line is what a crash leaves, unless a line that is known is among it.
    pub(super) fn end(&mut self) -> Option<SetAside> {
        let last = self.last.map_or(0, |last| last.sequence);
        let gone: Vec<_> = self.known.iter().filter(|known| known.sequence > last).collect();
        if gone.is_empty() {
            return self.take_damaged();
        }
        self.blame_damaged();
        for known in gone {
            self.flaw(Flaw::CutOff { last, known: *known });
        }
        None
    }

    fn whole(&mut self, at: Place, line: &Line) {
        if let Some(record) = line.set_aside() {
            self.explained(at, record);
        }
        // After a damaged line it is no wonder that the next does not follow.
        if !self.blame_damaged() {
            self.follow(at, line);
        }
        let anchor = line.anchor();
        let other = |known: &&Anchor| known.sequence == anchor.sequence && known.hash != anchor.hash;
        if let Some(known) = self.known.iter().find(other) {
            self.flaw(Flaw::Replaced { known: *known });
        }
        self.records += 1;
        self.last = Some(anchor);
    }

    /// Whether `line` follows the last one; tells where it does not.
    fn follow(&mut self, at: Place, line: &Line) {
        let Some(last) = self.last else { return };
        let (expected, found) = (last.sequence + 1, line.anchor().sequence);
        if found > expected {
            self.flaw(Flaw::Missing { at, expected, found });
        } else if found < expected {
            self.flaw(Flaw::Moved { at, expected, found });
        } else if line.previous() != last.hash {
            self.flaw(Flaw::Unchained { at, sequence: found });
        }
    }

    /// Holds the damaged lines against what `record` tells of them.
    fn explained(&mut self, at: Place, record: &Record) {
        match self.take_damaged() {
            // What it tells of is in files before those that are gone over.
            _ if self.last.is_none() => (),
            Some(left) if record.detail_sha256 == Some(left.sha256) => self.set_aside.push(left),
            Some(_) | None => self.flaw(Flaw::SetAsideGone(at)),
        }
    }

    fn damaged_hash(&self) -> Hash {
        Hash::of(&self.damaged.iter().flat_map(|(_, bytes)| bytes).copied().collect::<Vec<_>>())
    }

    fn take_damaged(&mut self) -> Option<SetAside> {
        let (at, _) = self.damaged.first()?;
        let bytes = self.damaged.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        let left = SetAside { at: *at, bytes, sha256: self.damaged_hash() };
        self.damaged.clear();
        Some(left)
    }

    /// Takes damaged lines for what they are; false where there are none.
    fn blame_damaged(&mut self) -> bool {
        let damaged = std::mem::take(&mut self.damaged);
        for (at, _) in &damaged {
            self.flaw(Flaw::Changed(*at));
        }
        !damaged.is_empty()
    }

    fn flaw(&mut self, flaw: Flaw) {
        if self.flaws.len() < MOST_FLAWS {
            self.flaws.push(flaw);
        }
    }
}
