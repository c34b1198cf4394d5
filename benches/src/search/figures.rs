//! What a scale run measured.

use serde::Serialize;

use crate::at_rest::AtRest;
use crate::composition::Composition;

/// The figures of a scale run, as it prints them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// What was searched for: a modality, or several with `+` between.
    pub modality: String,
    /// How many templates of each modality a person has.
    #[serde(flatten)]
    pub composition: Composition,
    /// Persons in the gallery.
    pub persons: usize,
    /// Templates in the gallery.
    pub rows: usize,
    /// Probes.
    pub probes: usize,
    /// Threads that searched.
    pub threads: usize,
    /// The instruction set: `scalar`, `avx2` or `avx512`.
    pub isa: &'static str,
    /// What of the gallery is encrypted.
    pub at_rest: AtRest,
    /// `cascade` or `exact`.
    pub mode: &'static str,
    /// How many fingers of a person were scanned for everybody.
    pub fingers_first: usize,
    /// Rows times probes over the time that the batches took, from probe templates to candidates.
    pub comparisons_per_second: f64,
    /// The same over the time of the processor, of all threads together, that the batches took: what counts on a machine that
    /// does other work too. None where the system does not say.
    pub comparisons_per_cpu_second: Option<f64>,
    /// Rows times probes over the time that the batches took, each as often as it is held against the probe turned: 21 times of an eye,
    /// of a finger and a face once.
    pub turned_comparisons_per_second: f64,
    /// Persons that probes were compared with, all their templates together, over the time that the batches took.
    pub persons_per_second: f64,
    /// The same over the time of the processor.
    pub persons_per_cpu_second: Option<f64>,
    /// The part of the rows that were compared in full with a probe of a batch.
    pub compared_in_full: f64,
    /// The median time of a probe that is searched for alone, in milliseconds.
    pub probe_ms_p50: f64,
    /// The time that 99 of 100 such probes stay under, in milliseconds.
    pub probe_ms_p99: f64,
    /// The fraction of probes whose mate came first.
    pub mate_recall: f64,
    /// Bytes of a template that a first stage scans.
    pub hot_bytes_per_row: f64,
    /// Bytes of a template that are read of candidates only, its part of the id included.
    pub cold_bytes_per_row: f64,
    /// Bytes of a person that first stages scan, of all its fingers.
    pub hot_bytes_per_person: f64,
    /// Bytes of a person that are read of candidates only, the id included.
    pub cold_bytes_per_person: f64,
    /// Memory of the process at the end, mapped files included; none where the system does not say.
    pub resident_bytes: Option<u64>,
    /// Whether the gallery was there before.
    pub reused: bool,
    /// How long it took to build, the making of its templates included, or to open what was there, in seconds.
    pub build_s: f64,
    /// How long the finished gallery took to open, in seconds.
    pub open_s: f64,
    /// How long it took to fetch it into memory, in seconds.
    pub preload_s: f64,
    /// How much of it was fetched: all, unless memory is short.
    pub preloaded_bytes: u64,
}
