//! `whorl bench`: how fast is it here.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use whorl_benches::search::{Figures, Progress, Settings, run};
use whorl_kernels::Isa;
use whorl_service::Watch;
use whorl_types::Modality;

use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl bench search --modality fingerprint --rows 1000000 --probes 64 --threads 1 --json
  whorl bench search --modality iris --rows 1000000 --probes 64 --threads 1 --json
  whorl bench search --modality face --rows 1000000 --probes 64 --threads 1 --json
  whorl bench search --rows 100000 --probes 32 --isa avx2
  whorl bench search --rows 10000 --probes 100 --exact

A gallery of synthetic templates is written to a folder for the time of the run, searched in batches for the throughput and
probe by probe for the latency, and removed. A finger takes some 5 kB of disk, an eye 1.5 kB, a face 0.7 kB. mate_recall is the part of the
probes whose mate came first.";

/// Measure speed on this machine
#[derive(Debug, Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Search(Search),
}

/// Search a large gallery of synthetic templates
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Search {
    /// What the templates are of
    #[arg(long, default_value = "fingerprint", value_name = "MODALITY")]
    modality: Modality,

    /// Templates in the gallery
    #[arg(long, value_name = "N")]
    rows: usize,

    /// Templates to look for, each with one mate in the gallery
    #[arg(long, value_name = "Q")]
    probes: usize,

    /// Instruction set [default: the best that this processor has]
    #[arg(long, value_enum)]
    isa: Option<IsaName>,

    /// Compare everything in full, without the first stage of the cascade
    #[arg(long)]
    exact: bool,

    /// Decides the templates
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,

    /// Folder in which the gallery is made [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
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

impl Bench {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let What::Search(search) = &self.what;
        let settings = Settings {
            modality: search.modality,
            rows: search.rows,
            probes: search.probes,
            threads,
            isa: search.isa.map(IsaName::isa),
            exact: search.exact,
            seed: search.seed,
            directory: search.folder.clone(),
        };
        let bars = console.bars();
        let (mut built, mut searched) = (0, 0);
        bars.begin("building the gallery", search.rows);
        let figures = run(&settings, &mut |progress| match progress {
            Progress::Built(rows) => {
                bars.advance(rows - built);
                built = rows;
            }
            Progress::Searched(probes) => {
                if searched == 0 {
                    bars.begin("searching", search.probes);
                }
                bars.advance(probes - searched);
                searched = probes;
            }
        })?;
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
        let Figures { rows, probes, threads, isa, mode, .. } = &self.0;
        let Figures { comparisons_per_second, comparisons_per_cpu_second, .. } = &self.0;
        let Figures { turned_comparisons_per_second, compared_in_full, .. } = &self.0;
        let Figures { probe_ms_p50, probe_ms_p99, mate_recall, hot_bytes_per_row, cold_bytes_per_row, .. } = &self.0;
        let Figures { resident_bytes, build_s, open_s, preload_s, preloaded_bytes, .. } = &self.0;
        writeln!(out, "{probes} probes in {rows} rows on {threads} threads, {isa}, {mode}")?;
        writeln!(out, "comparisons  {comparisons_per_second:.0} a second")?;
        if let Some(per_cpu_second) = comparisons_per_cpu_second {
            writeln!(out, "             {per_cpu_second:.0} a second of the processor")?;
        }
        writeln!(out, "turned       {turned_comparisons_per_second:.0} a second")?;
        writeln!(out, "in full      {:.3} % of the rows", compared_in_full * 100.0)?;
        writeln!(out, "one probe    {probe_ms_p50:.2} ms (median), {probe_ms_p99:.2} ms (99 %)")?;
        writeln!(out, "mate recall  {mate_recall:.4}")?;
        writeln!(out, "hot bytes    {hot_bytes_per_row:.0} a row")?;
        writeln!(out, "cold bytes   {cold_bytes_per_row:.0} a row")?;
        if let Some(bytes) = resident_bytes {
            writeln!(out, "resident     {} MiB", bytes >> 20)?;
        }
        writeln!(out, "build        {build_s:.1} s")?;
        writeln!(out, "open         {open_s:.3} s")?;
        writeln!(out, "preload      {preload_s:.1} s, {} MiB", preloaded_bytes >> 20)
    }
}
