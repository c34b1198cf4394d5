//! What a run of enrolments measured.

use serde::Serialize;

use crate::at_rest::AtRest;
use crate::composition::Composition;

/// The figures of a run of enrolments, as it prints them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// What was enrolled: a modality, or several with `+` between.
    pub modality: String,
    /// How many templates of each modality a person has.
    #[serde(flatten)]
    pub composition: Composition,
    /// Persons that were enrolled, one at a time.
    pub references: usize,
    /// Templates of all of them.
    pub templates: usize,
    /// Threads that enrolled, each waiting for its acknowledgement.
    pub writers: usize,
    /// What of the gallery is encrypted.
    pub at_rest: AtRest,
    /// Persons acknowledged a second.
    pub references_per_second: f64,
    /// Templates acknowledged a second.
    pub templates_per_second: f64,
    /// The same over the time of the processor, sealing beside it included; none where the system does not say.
    pub templates_per_cpu_second: Option<f64>,
    /// How many processors the run had, of those it could have had; none where the system does not say.
    pub processors_used: Option<f64>,
    /// The median time from a request to its acknowledgement, in milliseconds.
    pub ack_ms_p50: f64,
    /// The time that 99 of 100 acknowledgements stay under, in milliseconds.
    pub ack_ms_p99: f64,
    /// Entries of the journal that became durable a second.
    pub commits_per_second: f64,
    /// How many persons share an entry.
    pub references_per_commit: f64,
    /// Waits for the disk a second: of the journal, of segments that were sealed beside it, and of directories.
    pub syncs_per_second: f64,
    /// How long the journal took to write an entry and to wait for the disk, in milliseconds, a mean.
    pub commit_ms: f64,
    /// Bytes of journals written for a template.
    pub journal_bytes_per_template: f64,
    /// Bytes of all files written for a template until all was sealed: journals, segments, segments merged from others.
    pub written_bytes_per_template: f64,
    /// Bytes that a template has in the settled gallery, its part of the id included.
    pub kept_bytes_per_template: f64,
    /// Seconds from the first request to the last acknowledgement.
    pub enrol_s: f64,
    /// Seconds from there until journals held nothing any more.
    pub settle_s: f64,
    /// Whether the gallery, opened again, holds everybody and every byte of it is sound.
    pub verified: bool,
}
