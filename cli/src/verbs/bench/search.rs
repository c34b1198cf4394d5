//! `whorl bench search`: how fast a large gallery is searched, and whether mates are found.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;
use whorl_benches::Composition;
use whorl_benches::search::{Figures, Settings, run};
use whorl_index::{Mode, Shortlist};
use whorl_kernels::Isa;
use whorl_types::Modality;

use super::watch;
use crate::arguments::{Composed, Encrypt, Sited, amount};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl bench search --fingers 10 --irises 2 --faces 1 --persons 20k --probes 64 --json
  whorl bench search --modality fingerprint --rows 1M --probes 64 --threads 1 --json
  whorl bench search --modality iris --rows 1000000 --probes 64 --threads 1 --json
  whorl bench search --modality face --rows 1000000 --probes 64 --threads 1 --json
  whorl bench search --rows 100k --probes 32 --isa avx2
  whorl bench search --rows 10k --probes 100 --exact
  whorl bench search --fingers 10 --irises 2 --faces 1 --persons 1M --probes 64 --fingers-first 1 --folder data

A gallery of synthetic persons is written to a folder, or the one in --folder is taken, searched in batches for the throughput and
person by person for the latency; without --folder it is removed. A finger takes some 5 kB of disk, an eye 1.5 kB, a face 0.7 kB. Where nothing is
said of them, a person has one finger. mate_recall is the part of the probes whose mate came first.";

/// Search a large gallery of synthetic persons
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Search {
    #[command(flatten)]
    composed: Composed,

    /// Persons in the gallery
    #[arg(long, visible_alias = "rows", value_name = "N", value_parser = amount::count)]
    persons: usize,

    /// Persons to look for, each with one mate in the gallery
    #[arg(long, value_name = "Q", value_parser = amount::count)]
    probes: usize,

    /// Instruction set [default: the best that this processor has]
    #[arg(long, value_enum)]
    isa: Option<IsaName>,

    /// Compare everything in full, without the first stage of the cascade
    #[arg(long)]
    exact: bool,

    #[command(flatten)]
    encrypt: Encrypt,

    /// How many fingers of everybody are looked at first, with eyes and faces [default: 2]
    #[arg(long, value_name = "N", conflicts_with = "exact")]
    fingers_first: Option<usize>,

    #[command(flatten)]
    sited: Sited,
}

/// The instruction sets by the names that people know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum IsaName {
    #[value(alias = "portable")]
    Scalar,
    Avx2,
    Avx512,
}

/// The figures of a run.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Measured(Figures);

impl Search {
    fn mode(&self) -> Mode {
        let shortlist = Shortlist::default();
        let fingers = self.fingers_first.unwrap_or(shortlist.fingers);
        if self.exact { Mode::Exact } else { Mode::Cascade(Shortlist { fingers, ..shortlist }) }
    }

    pub(super) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let settings = Settings {
            composition: self.composed.composition(Composition::one(Modality::Fingerprint))?,
            persons: self.persons,
            probes: self.probes,
            threads,
            isa: self.isa.map(IsaName::isa),
            mode: self.mode(),
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

impl IsaName {
    fn isa(self) -> Isa {
        match self {
            Self::Scalar => Isa::Portable,
            Self::Avx2 => Isa::Avx2,
            Self::Avx512 => Isa::Avx512,
        }
    }
}

impl Show for Measured {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Figures { modality, persons, rows, probes, threads, isa, mode, .. } = &self.0;
        let Figures { comparisons_per_second, comparisons_per_cpu_second, persons_per_second, .. } = &self.0;
        let Figures { turned_comparisons_per_second, compared_in_full, mate_recall, .. } = &self.0;
        let Figures { probe_ms_p50, probe_ms_p99, hot_bytes_per_person, cold_bytes_per_person, .. } = &self.0;
        let Figures { resident_bytes, reused, build_s, open_s, preload_s, preloaded_bytes, .. } = &self.0;
        writeln!(
            out,
            "{probes} probes in {persons} persons with {rows} templates ({modality}) on {threads} threads, {isa}, {mode}"
        )?;
        writeln!(out, "persons      {persons_per_second:.0} a second")?;
        writeln!(out, "comparisons  {comparisons_per_second:.0} a second")?;
        if let Some(per_cpu_second) = comparisons_per_cpu_second {
            writeln!(out, "             {per_cpu_second:.0} a second of the processor")?;
        }
        writeln!(out, "turned       {turned_comparisons_per_second:.0} a second")?;
        writeln!(out, "in full      {:.3} % of the templates", compared_in_full * 100.0)?;
        writeln!(out, "one probe    {probe_ms_p50:.2} ms (median), {probe_ms_p99:.2} ms (99 %)")?;
        writeln!(out, "mate recall  {mate_recall:.4}")?;
        writeln!(out, "hot bytes    {hot_bytes_per_person:.0} a person")?;
        writeln!(out, "cold bytes   {cold_bytes_per_person:.0} a person")?;
        if let Some(bytes) = resident_bytes {
            writeln!(out, "resident     {} MiB", bytes >> 20)?;
        }
        writeln!(out, "{}        {build_s:.1} s", if *reused { "taken" } else { "build" })?;
        writeln!(out, "open         {open_s:.3} s")?;
        writeln!(out, "preload      {preload_s:.1} s, {} MiB", preloaded_bytes >> 20)
    }
}
