//! `[engine]`

use std::time::Duration;

use super::section::Section;

/// The work of the processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    /// The networks that make templates of faces, by name or file; none for those that ship with whorl.
    pub face_model: Option<String>,
    /// Threads that extract and compare, 0 to 1,024; 0 is one a core.
    pub threads: usize,
    /// The most jobs that wait for a thread, 1 to 100,000.
    pub queue: usize,
    /// How long a search waits for others to share its pass, 0 to 2 ms.
    pub batch_wait: Duration,
    /// The most searches that share a pass, 1 to 256.
    pub batch_probes: usize,
}

impl Default for Engine {
    fn default() -> Self {
        Self { face_model: None, threads: 0, queue: 1024, batch_wait: Duration::from_millis(2), batch_probes: 16 }
    }
}

impl Engine {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            face_model: section.optional_text("face_model"),
            threads: section.whole("threads", 0..=1024),
            queue: section.whole("queue", 1..=100_000),
            batch_wait: Duration::from_millis(section.whole("batch_wait_ms", 0..=2)),
            batch_probes: section.whole("batch_probes", 1..=256),
        }
    }
}
