//! `whorl bench restart`: how long a gallery takes to open.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;
use whorl_benches::Composition;
use whorl_benches::restart::{FULL_JOURNAL_BYTES, Figures, Settings, Start, run};

use super::watch;
use crate::arguments::{Composed, Encrypt, Sited, amount};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl bench restart --persons 1M --folder data --json
  whorl bench restart --persons 1M --folder data       # again, with the gallery that is there
  whorl bench restart --fingers 10 --irises 2 --faces 1 --persons 20k

Builds a gallery, or takes the one in --folder, asks the system to forget its files, and opens it: once with nothing in
journals, once with journals as full as they get before they are sealed. Where nothing is said of them, persons have two irises
and a face. cold says whether the system took the request; fetched bytes say what came from the disk. A gallery in --folder stays
as it was; without --folder it is removed.";

/// Open a large gallery as after a restart, with and without a journal to replay
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Restart {
    #[command(flatten)]
    composed: Composed,

    /// Persons in the gallery
    #[arg(long, value_name = "N", value_parser = amount::count)]
    persons: usize,

    /// MiB of journal to replay
    #[arg(long, value_name = "MIB", default_value_t = FULL_JOURNAL_BYTES >> 20,
          value_parser = clap::value_parser!(u64).range(1..=FULL_JOURNAL_BYTES >> 20))]
    journal_mib: u64,

    #[command(flatten)]
    encrypt: Encrypt,

    #[command(flatten)]
    sited: Sited,
}

/// The figures of a run.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Measured(Figures);

impl Restart {
    pub(super) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let settings = Settings {
            composition: self.composed.composition(Composition::EYES_AND_FACE)?,
            persons: self.persons,
            journal_bytes: self.journal_mib << 20,
            threads,
            seed: self.sited.seed,
            at_rest: self.encrypt.at_rest(),
            directory: self.sited.folder.clone(),
        };
        let bars = console.bars();
        let figures = run(&settings, &mut watch(&bars))?;
        drop(bars);
        console.print(&Measured(figures))?;
        Ok(Outcome::Complete)
    }
}

impl Show for Measured {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Figures { modality, persons, threads, reused, build_s, segments, files, bytes, cold, .. } = &self.0;
        let made = if *reused { "taken as it was" } else { "built" };
        writeln!(out, "{persons} persons ({modality}) in {segments} segments, {files} files, {} MiB", bytes >> 20)?;
        writeln!(out, "{made} in {build_s:.1} s; {threads} threads; files {}", if *cold { "cold" } else { "warm" })?;
        show_start(out, "nothing in journals", &self.0.settled)?;
        show_start(out, "journals full", &self.0.replaying)
    }
}

fn show_start(out: &mut dyn Write, name: &str, start: &Start) -> io::Result<()> {
    let Start { journal_bytes, journalled, open_s, open_cpu_s, open_fetched_bytes, .. } = start;
    writeln!(out, "{name}: {} MiB, {journalled} persons to replay", journal_bytes >> 20)?;
    writeln!(out, "  open          {open_s:.3} s")?;
    if let (Some(spent), Some(fetched)) = (open_cpu_s, open_fetched_bytes) {
        writeln!(out, "                {spent:.3} s of the processor, {} MiB from the disk", fetched >> 20)?;
    }
    writeln!(out, "  first search  {:.1} ms", start.first_search_ms)?;
    writeln!(out, "  next search   {:.1} ms", start.next_search_ms)
}
