//! What a scale run measured.

use serde::Serialize;

/// The figures of a scale run, as it prints them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// What was searched for.
    pub modality: &'static str,
    /// Templates in the gallery.
    pub rows: usize,
    /// Probes.
    pub probes: usize,
    /// Threads that searched.
    pub threads: usize,
    /// The instruction set: `scalar`, `avx2` or `avx512`.
    pub isa: &'static str,
    /// `cascade` or `exact`.
    pub mode: &'static str,
    /// Rows times probes over the time that the batches took, from probe templates to candidates.
    pub comparisons_per_second: f64,
    /// The same over the time of the processor, of all threads together, that the batches took: what counts on a machine that
    /// does other work too. None where the system does not say.
    pub comparisons_per_cpu_second: Option<f64>,
    /// Rows times probes over the time that the batches took, times the turns in which a comparison holds the probe against a row: 13 of an eye, of a finger one.
    pub turned_comparisons_per_second: f64,
    /// The part of the rows that were compared in full with a probe of a batch.
    pub compared_in_full: f64,
    /// The median time of a probe that is searched for alone, in milliseconds.
    pub probe_ms_p50: f64,
    /// The time that 99 of 100 such probes stay under, in milliseconds.
    pub probe_ms_p99: f64,
    /// The fraction of probes whose mate came first.
    pub mate_recall: f64,
    /// Bytes of the gallery that every search reads.
    pub hot_bytes_per_row: f64,
    /// Bytes that are read of candidates only, ids included.
    pub cold_bytes_per_row: f64,
    /// Memory of the process at the end, mapped files included; none where the system does not say.
    pub resident_bytes: Option<u64>,
    /// How long the gallery took to build, the making of its templates included, in seconds.
    pub build_s: f64,
    /// How long the finished gallery took to open, in seconds.
    pub open_s: f64,
    /// How long it took to fetch it into memory, in seconds.
    pub preload_s: f64,
    /// How much of it was fetched: all, unless memory is short.
    pub preloaded_bytes: u64,
}

/// The value that `percent` of 100 of `values` do not exceed (nearest rank); 0 of none.
pub(super) fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0.0)
}

/// How much memory this process occupies, as Linux tells.
pub(super) fn resident_bytes() -> Option<u64> {
    told("/proc/self/status", "VmRSS:")
}

/// How much memory can still be had, as Linux tells.
pub(super) fn available_bytes() -> Option<u64> {
    told("/proc/meminfo", "MemAvailable:")
}

fn told(file: &str, name: &str) -> Option<u64> {
    let told = std::fs::read_to_string(file).ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values = [4.0, 1.0, 3.0, 2.0];
        let percentiles = [50, 75, 99].map(|percent| percentile(&values, percent));
        assert_eq!(percentiles.map(f64::to_bits), [2.0, 3.0, 4.0].map(f64::to_bits));
        assert_eq!(percentile(&[], 50).to_bits(), 0.0f64.to_bits());
    }
}
