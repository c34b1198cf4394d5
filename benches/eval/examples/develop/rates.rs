//! Error rates of one set of scores, counted exactly.

/// The figures that development watches.
pub(crate) struct Rates {
    /// Equal error rate.
    pub(crate) eer: f64,
    /// FNMR where the FMR is at most 1e-2, 1e-3, 1e-4.
    pub(crate) fnmr_at_fmr: [f64; 3],
    /// FNMR where no impostor passes.
    pub(crate) fnmr_at_zero_fmr: f64,
}

impl Rates {
    /// The rates of `genuine` and `impostor` scores, where higher means more alike.
    pub(crate) fn of(mut genuine: Vec<u32>, mut impostor: Vec<u32>) -> Self {
        genuine.sort_unstable();
        impostor.sort_unstable();
        let fnmr_above = |fmr: f64| {
            let passing = (fmr * impostor.len() as f64 + 1e-9) as usize;
            let highest_rejected = impostor[impostor.len() - 1 - passing];
            rate_up_to(&genuine, highest_rejected)
        };
        let eer = equal_error_rate(&genuine, &impostor);
        Self { eer, fnmr_at_fmr: [1e-2, 1e-3, 1e-4].map(fnmr_above), fnmr_at_zero_fmr: fnmr_above(0.0) }
    }
}

/// The fraction of `sorted` scores at or below `score`.
fn rate_up_to(sorted: &[u32], score: u32) -> f64 {
    sorted.partition_point(|&other| other <= score) as f64 / sorted.len() as f64
}

/// Where the two error curves cross; between thresholds the mean of both rates.
fn equal_error_rate(genuine: &[u32], impostor: &[u32]) -> f64 {
    let mut best = (f64::INFINITY, 1.0);
    for &threshold in genuine.iter().chain(impostor) {
        let (fnmr, fmr) = (rate_up_to(genuine, threshold), 1.0 - rate_up_to(impostor, threshold));
        if (fnmr - fmr).abs() < best.0 {
            best = ((fnmr - fmr).abs(), f64::midpoint(fnmr, fmr));
        }
    }
    best.1
}
