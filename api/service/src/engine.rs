//! What every operation needs: a bounded pool of threads and the meaning of scores.

use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use thiserror::Error;
use whorl_engine::calibrate::{Calibration, Calibrations, VersionMismatch};
use whorl_engine::{face, finger, iris};
use whorl_extractors as extractors;
use whorl_types::Modality;

use crate::sample::Faces;

/// The operations, on a bounded number of threads.
#[derive(Debug)]
pub struct Engine {
    pool: Arc<ThreadPool>,
    pub(crate) calibrations: Calibrations,
    faces: Faces,
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
        Ok(Self { pool: Arc::new(pool), calibrations: Calibrations::default(), faces: Faces::default() })
    }

    /// The same with faces extracted as `faces` says. The shipped calibration of faces stays where it was fitted for that model;
    /// else scores of faces say nothing until [`Engine::with_calibration`] brings one that was.
    #[must_use]
    pub fn with_faces(mut self, faces: Faces) -> Self {
        let shipped = Calibration::face();
        self.calibrations = match shipped.check(&faces.model().extractor(), face::COMPARATOR) {
            Ok(()) => self.calibrations.with(shipped.clone()),
            Err(_) => self.calibrations.without(Modality::Face),
        };
        self.faces = faces;
        self
    }

    /// The same with another calibration of its modality, such as one fitted on an authority's own population.
    ///
    /// # Errors
    /// [`EngineError::Calibration`] where it was fitted for another extractor or comparator.
    pub fn with_calibration(mut self, calibration: Calibration) -> Result<Self, EngineError> {
        let (extractor, comparator) = match calibration.scope().modality {
            Modality::Fingerprint => (extractors::fingerprint::EXTRACTOR.to_owned(), finger::COMPARATOR),
            Modality::Iris => (extractors::iris::EXTRACTOR.to_owned(), iris::COMPARATOR),
            Modality::Face => (self.faces.model().extractor(), face::COMPARATOR),
        };
        calibration.check(&extractor, comparator)?;
        self.calibrations = self.calibrations.with(calibration);
        Ok(self)
    }

    /// What scores mean to this engine.
    #[must_use]
    pub fn calibrations(&self) -> &Calibrations {
        &self.calibrations
    }

    /// How faces are extracted.
    #[must_use]
    pub fn faces(&self) -> &Faces {
        &self.faces
    }

    /// How many threads work.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Its threads, for a gallery to work on while its callers wait elsewhere.
    #[must_use]
    pub fn pool(&self) -> Arc<ThreadPool> {
        Arc::clone(&self.pool)
    }

    /// Runs `work` on the threads of this engine; everything that is parallel inside uses them and no others. What waits for a gallery
    /// that others change too does not run there.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.pool.install(work)
    }
}
