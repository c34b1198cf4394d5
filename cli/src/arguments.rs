//! The command line: what all verbs share. The arguments of a verb stand in its own file.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser};
use whorl_engine::calibrate::Calibration;
use whorl_service::Engine;
use whorl_types::{Capture, Modality, Position, Ppi};

use crate::outcome::EXIT_CODES;
use crate::verbs::Verb;

const ABOUT: &str = "\
Whorl finds out who is enrolled twice, and whether two samples are of one person.

Start here:
  whorl demo --out demo-out                     a synthetic population, deduplicated, with a report to open
  whorl compare a.png b.png --svg both.svg      two prints: how alike, how sure, and which minutiae say so
  whorl dedup --manifest people.csv --out out   your own population; see `whorl help dedup` for the manifest";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "whorl", version, about = "Find who is enrolled twice, and verify who somebody is", long_about = ABOUT)]
#[command(after_help = EXIT_CODES, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,

    /// Print results as one JSON document on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Show no progress bars and no notes; what was left out is still said
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,

    /// Processor threads to use [default: all]
    #[arg(long, global = true, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

impl Arguments {
    /// Threads of the pool: as asked, or one a processor.
    pub(crate) fn threads(&self) -> usize {
        self.threads.map_or_else(processors, usize::from)
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// What is known of image files that come without a manifest.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Captured {
    /// The characteristic shown: fingerprint (iris and face are planned)
    #[arg(long, default_value = "fingerprint", value_name = "MODALITY")]
    pub(crate) modality: Modality,

    /// Which finger: right-thumb, right-index, right-middle, right-ring, right-little, left-thumb, ... or unknown
    #[arg(long, default_value = "unknown", value_name = "POSITION")]
    pub(crate) position: Position,

    /// Pixels per inch of the images, where their files do not say it or say it wrongly
    #[arg(long, value_name = "N", value_parser = ppi)]
    pub(crate) ppi: Option<Ppi>,
}

impl From<Captured> for Capture {
    fn from(captured: Captured) -> Self {
        let Captured { modality, position, ppi } = captured;
        Self { modality, position, ppi }
    }
}

/// What scores mean.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Meaning {
    /// What scores mean, as fitted by `whorl calibrate` [default: the calibration that ships with whorl]
    #[arg(long, value_name = "FILE")]
    calibration: Option<PathBuf>,
}

impl Meaning {
    /// The calibration that was asked for; none where the one that ships is meant.
    ///
    /// # Errors
    /// Where the file cannot be read or is no calibration.
    pub(crate) fn read(&self) -> anyhow::Result<Option<Calibration>> {
        let Some(path) = &self.calibration else { return Ok(None) };
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read the calibration {}", path.display()))?;
        Calibration::parse(&text).map(Some).with_context(|| format!("{} is no calibration", path.display()))
    }

    /// An engine that means this by its scores.
    ///
    /// # Errors
    /// As [`Meaning::read`], and where the calibration was fitted for another version.
    pub(crate) fn engine(&self, threads: usize) -> anyhow::Result<Engine> {
        let engine = Engine::new(threads)?;
        Ok(match self.read()? {
            Some(calibration) => engine.with_calibration(calibration)?,
            None => engine,
        })
    }
}

/// A sampling rate on the command line.
pub(crate) fn ppi(text: &str) -> Result<Ppi, String> {
    let rate: f32 = text.parse().map_err(|_| format!("\"{text}\" is not a number of pixels per inch"))?;
    Ppi::new(rate).map_err(|error| error.to_string())
}

/// A rate on the command line: over 0, at most 1.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate <= 1.0 => Ok(rate),
        _ => Err(format!("\"{text}\" is not a rate: a number over 0 and at most 1, such as 0.001 or 1e-4")),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_verb_explains_itself_with_an_example() {
        for verb in Arguments::command().get_subcommands() {
            let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(verb.get_about().is_some(), "{} has no description", verb.get_name());
            let grouped = verb.has_subcommands();
            assert!(grouped || help.contains("whorl "), "{} has no example", verb.get_name());
        }
    }

    #[test]
    fn rates_lie_between_0_and_1() {
        assert_eq!(rate("1e-4"), Ok(1e-4));
        for text in ["0", "-1", "1.5", "nan", "inf", "", "often"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }
}
