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
    /// Whether it is that of the calibrations that ship with whorl.
    pub(crate) fn is_default(&self) -> bool {
        self.calibrations.is_empty()
    }

    /// `engine`, which means this by its scores.
    ///
    /// # Errors
    /// Where a file cannot be read or is no calibration, or was fitted for another version.
    pub(crate) fn of(&self, engine: Engine) -> anyhow::Result<Engine> {
        let with = |engine: Engine, path: &PathBuf| Ok(engine.with_calibration(read_calibration(path)?)?);
        self.calibrations.iter().try_fold(engine, with)
    }
}

/// The calibration in a file.
///
/// # Errors
/// Where it cannot be read or is none.
pub(super) fn read_calibration(path: &Path) -> anyhow::Result<Calibration> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the calibration {}", path.display()))?;
    Calibration::parse(&text).with_context(|| format!("{} is no calibration", path.display()))
}
