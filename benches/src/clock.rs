//! Times, and what is said of many of them.

use std::time::Instant;

use crate::cpu::process_time;

/// What `work` gives, and how long it took, in seconds.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64())
}

/// The same with what all threads of the process had of the processor meanwhile, in seconds, where the system says it.
pub(crate) fn timed_both<T>(work: impl FnOnce() -> T) -> (T, f64, Option<f64>) {
    let before = process_time();
    let (done, elapsed_s) = timed(work);
    let spent = before.and_then(|before| Some(process_time()?.saturating_sub(before).as_secs_f64()));
    (done, elapsed_s, spent)
}

/// The value that `percent` of 100 of `values` do not exceed (nearest rank); 0 of none.
pub(crate) fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0.0)
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
