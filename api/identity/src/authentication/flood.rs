//! How often somebody asks.
//!
//! The counts are kept in memory: a record for each request would double what is written, and what a restart forgets is a minute at most.
//! Of several processes on one store each counts what it gets; set the limits accordingly.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::vault::Blinded;

const MINUTE_MS: u64 = 60_000;

/// The most that is counted in a minute, some 300 MiB; who comes then is refused.
const MOST_COUNTED: usize = 1 << 22;

/// Counts of the current minute.
#[derive(Default)]
pub(crate) struct Floods {
    counts: Mutex<(u64, HashMap<Blinded, u32>)>,
}

impl Floods {
    /// Whether one more may come in this minute, where `most` may.
    pub(super) fn admit(&self, now_ms: u64, who: Blinded, most: u32) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let (minute, seen) = &mut *counts;
        if *minute != now_ms / MINUTE_MS {
            *minute = now_ms / MINUTE_MS;
            seen.clear();
        }
        if seen.len() >= MOST_COUNTED && !seen.contains_key(&who) {
            return false;
        }
        let count = seen.entry(who).or_insert(0);
        *count = count.saturating_add(1);
        *count <= most
    }
}

impl fmt::Debug for Floods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Floods")
    }
}
