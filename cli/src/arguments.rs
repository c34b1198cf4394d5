//! The command line: what all verbs share. The arguments of a verb stand in its own file.

pub(crate) mod amount;
mod captured;
mod chosen;
mod composed;
mod face_model;
mod keyed;
mod meaning;
pub(crate) mod moment;
mod remote;
mod searched;
mod sited;

use clap::Parser;

use crate::outcome::EXIT_CODES;
use crate::verbs::Verb;

pub(crate) use captured::Captured;
pub(crate) use chosen::{Chosen, NAMED_WARNINGS, Reports};
pub(crate) use composed::Composed;
pub(crate) use face_model::FaceModel;
pub(crate) use keyed::{Encrypt, Founded, Keyed};
pub(crate) use meaning::Meaning;
pub(crate) use remote::{Remote, name_of};
pub(crate) use searched::Searched;
pub(crate) use sited::Sited;

const ABOUT: &str = "\
Whorl finds out who is enrolled twice, and whether two samples are of one person.

Start here:
  whorl demo --out demo-out                     a synthetic population, deduplicated, with a report to open
  whorl compare a.png b.png --svg both.svg      two prints: how alike, how sure, and which minutiae say so
  whorl compare a.png b.png --modality iris     two eyes; --modality face: two faces
  whorl dedup --manifest people.csv --out out   your own population; see `whorl help dedup` for the manifest
  whorl plan --persons 60M --enrolments-per-day 100k --latency 5m    what a population would need of machines like this";

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
