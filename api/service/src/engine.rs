//! What every operation needs: a bounded pool of threads and the meaning of scores.

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use thiserror::Error;
use whorl_engine::calibrate::{Calibration, Calibrations, VersionMismatch};
use whorl_engine::{finger, iris};
use whorl_extractors as extractors;
use whorl_types::Modality;

/// The operations, on a bounded number of threads.
#[derive(Debug)]
pub struct Engine {
    pool: ThreadPool,
    pub(crate) calibrations: Calibrations,
}

/// Why there is no engine.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The operating system gives no threads.
    #[error("{threads} threads cannot be started: ask for fewer with --threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// Why.
        source: ThreadPoolBuildError,
    },
    /// The calibration speaks of other scores.
    #[error(transparent)]
    Calibration(#[from] VersionMismatch),
}

impl Engine {
    /// An engine on `threads` threads, with the calibrations that ship with this version.
    ///
    /// # Errors
    /// [`EngineError::Threads`] where the threads cannot be started.
    pub fn new(threads: usize) -> Result<Self, EngineError> {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|source| EngineError::Threads { threads, source })?;
        Ok(Self { pool, calibrations: Calibrations::default() })
    }

    /// The same with another calibration of its modality, such as one fitted on an authority's own population.
    ///
    /// # Errors
    /// [`EngineError::Calibration`] where it was fitted for another extractor or comparator.
    pub fn with_calibration(mut self, calibration: Calibration) -> Result<Self, EngineError> {
        let (extractor, comparator) = match calibration.scope().modality {
            Modality::Fingerprint => (extractors::fingerprint::EXTRACTOR, finger::COMPARATOR),
            Modality::Iris => (extractors::iris::EXTRACTOR, iris::COMPARATOR),
            Modality::Face => ("nothing", "nothing"),
        };
        calibration.check(extractor, comparator)?;
        self.calibrations = self.calibrations.with(calibration);
        Ok(self)
    }

    /// What scores mean to this engine.
    #[must_use]
    pub fn calibrations(&self) -> &Calibrations {
        &self.calibrations
    }

    /// How many threads work.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Runs `work` on the threads of this engine; everything that is parallel inside uses them and no others.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.pool.install(work)
    }
}
