//! `whorl synth`: fingers, eyes and faces of nobody.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;
use whorl_datasets::synthetic::population::{self, MAX_IMPRESSIONS, MAX_PERSONS, Population};
use whorl_service::{Engine, Watch};

use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl synth --out people --persons 100 --fingers 4 --impressions 2 --seed 1
  whorl synth --out people --persons 200 --fingers 4 --irises 2 --seed 1 --twice 0.1 --thrice 0.03 --exceptions 0.1
  whorl synth --out people --persons 100 --fingers 2 --irises 2 --seed 1
  whorl synth --out faces --persons 100 --fingers 0 --faces 4 --seed 1
  whorl synth --out eyes --persons 100 --fingers 0 --irises 2 --impressions 4 --seed 1
  whorl eval --manifest eyes/manifest.csv --protocol all-pairs --out eyes-eval

DIR gets the pictures, manifest.csv (which is whose) and truth.csv (subject,person: which subjects are one person, as
with --twice some are enrolled again under other names). The same seed makes the same files on every machine.";

/// Make a population of synthetic fingerprints, eyes and faces, with the truth about who is who
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Synth {
    /// Folder for the pictures and their manifest; made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// How many people
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_PERSONS)))]
    persons: u32,

    /// Fingers of each
    #[arg(long, value_name = "K", default_value = "4", value_parser = clap::value_parser!(u32).range(0..=10))]
    fingers: u32,

    /// Eyes of each
    #[arg(long, value_name = "E", default_value = "0", value_parser = clap::value_parser!(u32).range(0..=2))]
    irises: u32,

    /// Portraits of each face; each is an encounter
    #[arg(long, value_name = "N", default_value = "0", value_parser = clap::value_parser!(u32).range(0..=i64::from(MAX_IMPRESSIONS)))]
    faces: u32,

    /// Samples of each finger and eye; each is an encounter
    #[arg(long, value_name = "J", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_IMPRESSIONS)))]
    impressions: u32,

    /// Decides everything: the same seed, the same pictures
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,

    /// Part of the people who are enrolled under a second name, 0 to 1
    #[arg(long, value_name = "PART", default_value = "0", value_parser = part)]
    twice: f32,

    /// Part of the people who are enrolled under a second and a third name, 0 to 1
    #[arg(long, value_name = "PART", default_value = "0", value_parser = part)]
    thrice: f32,

    /// Part of the people who lack their fingers, an eye or both eyes, 0 to 1; a quarter as many show no face
    #[arg(long, value_name = "PART", default_value = "0", value_parser = part)]
    exceptions: f32,
}

/// What was made.
#[derive(Debug, Serialize)]
struct Made {
    manifest: PathBuf,
    truth: PathBuf,
    subjects: u64,
    prints: u64,
    photographs: u64,
    portraits: u64,
    seconds: f64,
}

impl Synth {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let began = Instant::now();
        let Self { persons, fingers, irises, faces, impressions, seed, twice, thrice, exceptions, .. } = *self;
        let population = Population {
            fingers,
            irises,
            faces,
            impressions,
            twice,
            thrice,
            exceptions,
            ..Population::new(persons, seed)
        };
        let bars = console.bars();
        let made = write(&population, &self.out, &Engine::new(threads)?, &bars)?;
        drop(bars);
        let seconds = began.elapsed().as_secs_f64();
        let population::Made { manifest, truth, subjects, prints, photographs, portraits } = made;
        console.print(&Made { manifest, truth, subjects, prints, photographs, portraits, seconds })?;
        Ok(Outcome::Complete)
    }
}

/// Makes `population` in the folder `out` on the threads of `engine`.
pub(super) fn write(
    population: &Population,
    out: &std::path::Path,
    engine: &Engine,
    watch: &dyn Watch,
) -> anyhow::Result<population::Made> {
    let Population { persons, fingers, irises, faces, impressions, twice, thrice, .. } = *population;
    let names = persons as f32 * (1.0 + twice + 2.0 * thrice);
    watch.begin("making samples", names as usize * ((fingers + irises) * impressions + faces) as usize);
    let progress = |_: u64, _: u64| {
        watch.advance(1);
        ControlFlow::Continue(())
    };
    Ok(engine.install(|| population.write(out, &progress))?)
}

fn part(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(part) if (0.0..=1.0).contains(&part) => Ok(part),
        _ => Err(format!("\"{text}\" is not a part of the people: a number from 0 to 1")),
    }
}

impl Show for Made {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { manifest, truth, subjects, prints, photographs, portraits, seconds } = self;
        write!(out, "made {prints} prints")?;
        if *portraits > 0 {
            write!(out, ", {photographs} eyes and {portraits} faces")?;
        } else {
            write!(out, " and {photographs} eyes")?;
        }
        writeln!(out, " of {subjects} subjects in {seconds:.1} s")?;
        writeln!(out, "manifest  {}", manifest.display())?;
        writeln!(out, "truth     {}", truth.display())
    }
}
