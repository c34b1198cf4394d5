//! `whorl demo`: a population that is nobody's, deduplicated.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;
use whorl_datasets::synthetic::population::Population;
use whorl_service::Engine;

use super::dedup::{Dedup, Summary};
use super::synth;
use crate::arguments::{Chosen, FaceModel, Keyed, Meaning, Reports, Searched};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Example:
  whorl demo --out demo-out        # then open demo-out/report.html

The same as these two commands, and nothing is opened or sent anywhere:
  whorl synth --out demo-out/people --persons 200 --fingers 4 --irises 2 --faces 1 \\
    --seed 1 --twice 0.1 --thrice 0.03 --exceptions 0.1
  whorl dedup --manifest demo-out/people/manifest.csv --out demo-out --truth demo-out/people/truth.csv";

/// Part of the people who are enrolled under a second name.
const TWICE: f32 = 0.1;

/// Part of the people who are enrolled under a second and a third name.
const THRICE: f32 = 0.03;

/// Part of the people who lack their fingers, an eye or both eyes; a quarter as many show no face.
const EXCEPTIONS: f32 = 0.1;

/// See it work: make a synthetic population, deduplicate it, compare the result with the truth
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Demo {
    /// Folder for the population and the result; made where it is missing
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    out: PathBuf,

    /// How many people
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    persons: u32,

    /// Decides who the people are
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,
}

/// What the demonstration showed.
#[derive(Debug, Serialize)]
struct Shown {
    prints: u64,
    photographs: u64,
    portraits: u64,
    make_s: f64,
    total_s: f64,
    dedup: Summary,
}

impl Demo {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let began = Instant::now();
        let population = Population {
            irises: 2,
            faces: 1,
            twice: TWICE,
            thrice: THRICE,
            exceptions: EXCEPTIONS,
            ..Population::new(self.persons, self.seed)
        };
        let bars = console.bars();
        let made = synth::write(&population, &self.out.join("people"), &Engine::new(threads)?, &bars)?;
        drop(bars);
        let make_s = began.elapsed().as_secs_f64();
        let dedup = Dedup {
            manifest: made.manifest,
            out: self.out.clone(),
            gallery: None,
            keyed: Keyed::default(),
            truth: Some(made.truth),
            searched: Searched::default(),
            meaning: Meaning::default(),
            faces: FaceModel::default(),
            chosen: Chosen::default(),
            reports: Reports::default(),
            server: None,
        };
        let summary = dedup.deduplicate(console, threads)?;
        let total_s = began.elapsed().as_secs_f64();
        console.print(&Shown {
            prints: made.prints,
            photographs: made.photographs,
            portraits: made.portraits,
            make_s,
            total_s,
            dedup: summary,
        })?;
        // Some synthetic samples are as bad as real ones and are refused: that is a part of the show.
        Ok(Outcome::Complete)
    }
}

impl Show for Shown {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { prints, photographs, portraits, make_s, .. } = self;
        writeln!(out, "made {prints} synthetic prints, {photographs} eyes and {portraits} faces in {make_s:.1} s")?;
        self.dedup.show(out)?;
        writeln!(out, "all in  {:.1} s", self.total_s)
    }
}
