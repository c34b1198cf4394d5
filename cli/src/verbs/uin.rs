//! `whorl uin`: the numbers that rules permit.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use whorl_identity::numbers::{Capacity, Filter, Rules};

use crate::console::{Console, Show};
use crate::outcome::Outcome;

const CAPACITY_EXAMPLE: &str = "\
Example:
  whorl uin capacity                      MOSIP's rules: ten digits, of which few are left
  whorl uin capacity --length 12          the same rules, two digits more
  whorl uin capacity --rules rules.json

A country never gives a number twice: choose a length that leaves several times as many as it will ever have people.";
const DRAW_EXAMPLE: &str = "\
Example:
  whorl uin draw --count 5
  whorl uin draw --kind vid

Numbers that are drawn here are given to nobody: a server draws its own and keeps them apart.";
const CHECK_EXAMPLE: &str = "\
Example:
  whorl uin check 5273140941";

/// The most numbers that are drawn at once.
const MOST_DRAWN: u32 = 1_000_000;

/// The most bytes of a file of rules.
const MOST_RULES_BYTES: u64 = 1 << 20;

/// Count, draw and check numbers of persons
#[derive(Debug, Args)]
pub(crate) struct UinVerb {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Say how many numbers the rules leave: counted up to ten digits, else estimated
    #[command(after_help = CAPACITY_EXAMPLE)]
    Capacity(Ruled),
    /// Draw numbers
    #[command(after_help = DRAW_EXAMPLE)]
    Draw {
        #[command(flatten)]
        ruled: Ruled,

        /// How many
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_DRAWN)))]
        count: u32,
    },
    /// Say whether a number is permitted, and if not, why
    #[command(after_help = CHECK_EXAMPLE)]
    Check {
        /// The number
        #[arg(value_name = "NUMBER")]
        number: String,

        #[command(flatten)]
        ruled: Ruled,
    },
}

/// Which rules.
#[derive(Debug, Args)]
struct Ruled {
    /// MOSIP's rules for this kind of number
    #[arg(long, value_enum, default_value_t = Kind::Uin, conflicts_with = "rules")]
    kind: Kind,

    /// Rules of your own: a JSON file as the settings of a server have them
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,

    /// How many digits, the check digit included, instead of what the rules say
    #[arg(long, value_name = "N")]
    length: Option<usize>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Uin,
    Vid,
}

impl Ruled {
    fn filter(&self) -> anyhow::Result<Filter> {
        let mut rules = match (&self.rules, self.kind) {
            (Some(file), _) => read(file)?,
            (None, Kind::Uin) => Rules::uin(),
            (None, Kind::Vid) => Rules::vid(),
        };
        rules.length = self.length.unwrap_or(rules.length);
        Ok(Filter::new(rules)?)
    }
}

fn read(file: &Path) -> anyhow::Result<Rules> {
    let named = || format!("the rules \"{}\"", file.display());
    let length = fs::metadata(file).with_context(named)?.len();
    anyhow::ensure!(
        length <= MOST_RULES_BYTES,
        "{} have {length} bytes, and at most {MOST_RULES_BYTES} are read",
        named()
    );
    serde_json::from_slice(&fs::read(file).with_context(named)?).with_context(named)
}

/// What was found.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Found {
    Exact { length: usize, numbers: u64 },
    Estimate { length: usize, numbers: f64, low_95: f64, high_95: f64, samples: u64 },
    Drawn { numbers: Vec<String> },
    Checked { is_permitted: bool, reason: Option<String> },
}

impl UinVerb {
    pub(crate) fn run(&self, console: Console) -> anyhow::Result<Outcome> {
        let found = match &self.task {
            Task::Capacity(ruled) => capacity(&ruled.filter()?)?,
            Task::Draw { ruled, count } => {
                let filter = ruled.filter()?;
                Found::Drawn { numbers: (0..*count).map(|_| filter.draw()).collect::<Result<_, _>>()? }
            }
            Task::Check { number, ruled } => {
                let broken = ruled.filter()?.check(number).err();
                Found::Checked { is_permitted: broken.is_none(), reason: broken.map(|broken| broken.to_string()) }
            }
        };
        console.print(&found)?;
        Ok(match found {
            Found::Checked { is_permitted: false, .. } => Outcome::Failed,
            Found::Checked { .. } | Found::Exact { .. } | Found::Estimate { .. } | Found::Drawn { .. } => {
                Outcome::Complete
            }
        })
    }
}

fn capacity(filter: &Filter) -> anyhow::Result<Found> {
    let length = filter.rules().length;
    Ok(match filter.capacity()? {
        Capacity::Exact(numbers) => Found::Exact { length, numbers },
        Capacity::Estimate { likely, low, high, samples, .. } => {
            Found::Estimate { length, numbers: likely, low_95: low, high_95: high, samples }
        }
    })
}

impl Show for Found {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Exact { length, numbers } => {
                writeln!(out, "{numbers} numbers of {length} digits are permitted (counted)")
            }
            Self::Estimate { length, numbers, low_95, high_95, samples } => writeln!(
                out,
                "about {numbers:.3e} numbers of {length} digits are permitted: {low_95:.3e} to {high_95:.3e} with 95 % confidence, \
                 from {samples} random numbers"
            ),
            Self::Drawn { numbers } => numbers.iter().try_for_each(|number| writeln!(out, "{number}")),
            Self::Checked { is_permitted: true, .. } => writeln!(out, "permitted"),
            Self::Checked { reason, .. } => writeln!(out, "not permitted: {}", reason.as_deref().unwrap_or_default()),
        }
    }
}
