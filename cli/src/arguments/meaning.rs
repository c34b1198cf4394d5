//! What scores mean.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use whorl_engine::calibrate::Calibration;
use whorl_service::Engine;

/// What scores mean.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Meaning {
    /// What scores mean, as fitted by `whorl calibrate`; once for each modality [default: the calibrations that ship with
    /// whorl]
    #[arg(long = "calibration", value_name = "FILE")]
    calibrations: Vec<PathBuf>,
}

impl Meaning {
    /// The calibrations that were asked for.
    ///
    /// # Errors
    /// Where a file cannot be read or is no calibration.
    pub(crate) fn read(&self) -> anyhow::Result<Vec<Calibration>> {
        self.calibrations.iter().map(|path| read_calibration(path)).collect()
    }

    /// An engine that means this by its scores.
    ///
    /// # Errors
    /// As [`Meaning::read`], and where a calibration was fitted for another version.
    pub(crate) fn engine(&self, threads: usize) -> anyhow::Result<Engine> {
        let with = |engine: Engine, calibration| Ok(engine.with_calibration(calibration)?);
        self.read()?.into_iter().try_fold(Engine::new(threads)?, with)
    }
}

fn read_calibration(path: &Path) -> anyhow::Result<Calibration> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the calibration {}", path.display()))?;
    Calibration::parse(&text).with_context(|| format!("{} is no calibration", path.display()))
}
