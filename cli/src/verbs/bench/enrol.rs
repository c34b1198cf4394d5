//! `whorl bench enrol`: how many persons a second become durable.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use whorl_benches::Composition;
use whorl_benches::enrol::{Figures, Settings, run};

use super::watch;
use crate::arguments::{Composed, Encrypt, amount};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl bench enrol --references 20k --writers 32 --json
  whorl bench enrol --fingers 10 --irises 2 --faces 1 --references 20k --writers 64 --folder data
  whorl bench enrol --modality iris --references 100k --writers 64 --json

Writers enrol one person at a time, each waiting until it is durable, as the requests of a server do, into a new gallery on
disk that is removed at the end; a keeper seals segments beside them. Where nothing is said of them, persons have ten fingers,
two irises and a face. The disk is that of --folder: a folder in memory tells nothing about it. The exit code is 3 if the gallery is
not what was acknowledged.";

/// Enrol synthetic persons one by one, durably, by many writers
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Enrol {
    #[command(flatten)]
    composed: Composed,

    /// Persons to enrol
    #[arg(long, visible_alias = "persons", value_name = "N", value_parser = amount::count)]
    references: usize,

    /// Threads that enrol, 1 to 1024
    #[arg(long, value_name = "W", default_value = "32", value_parser = amount::count)]
    writers: usize,

    #[command(flatten)]
    encrypt: Encrypt,

    /// Decides the templates
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,

    /// Folder in which the gallery is made [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// The figures of a run.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Measured(Figures);

impl Enrol {
    pub(super) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let settings = Settings {
            composition: self.composed.composition(Composition::WHOLE)?,
            references: self.references,
            writers: self.writers,
            threads,
            seed: self.seed,
            at_rest: self.encrypt.at_rest(),
            directory: self.folder.clone(),
        };
        let bars = console.bars();
        let figures = run(&settings, &mut watch(&bars))?;
        drop(bars);
        let outcome = if figures.verified { Outcome::Complete } else { Outcome::Failed };
        console.print(&Measured(figures))?;
        Ok(outcome)
    }
}

impl Show for Measured {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Figures { modality, references, templates, writers, references_per_second, templates_per_second, .. } =
            &self.0;
        let Figures { templates_per_cpu_second, processors_used, ack_ms_p50, ack_ms_p99, commits_per_second, .. } =
            &self.0;
        let Figures { references_per_commit, syncs_per_second, commit_ms, journal_bytes_per_template, .. } = &self.0;
        let Figures { written_bytes_per_template, kept_bytes_per_template, enrol_s, settle_s, verified, .. } = &self.0;
        writeln!(
            out,
            "{references} persons with {templates} templates ({modality}) by {writers} writers in {enrol_s:.1} s"
        )?;
        writeln!(out, "durable      {references_per_second:.0} persons, {templates_per_second:.0} templates a second")?;
        if let (Some(rate), Some(used)) = (templates_per_cpu_second, processors_used) {
            writeln!(out, "             {rate:.0} templates a second of the processor; {used:.2} processors were had")?;
        }
        writeln!(out, "answered     in {ack_ms_p50:.1} ms (median), {ack_ms_p99:.1} ms (99 %)")?;
        writeln!(
            out,
            "commits      {commits_per_second:.0} a second of {references_per_commit:.1} persons, {commit_ms:.1} ms each"
        )?;
        writeln!(out, "syncs        {syncs_per_second:.0} a second")?;
        writeln!(out, "journal      {journal_bytes_per_template:.0} bytes a template")?;
        writeln!(
            out,
            "written      {written_bytes_per_template:.0} bytes a template, of which {kept_bytes_per_template:.0} stay"
        )?;
        writeln!(out, "settled      after {settle_s:.1} s more")?;
        writeln!(out, "verified     {}", if *verified { "yes" } else { "NO: the gallery is not what was acknowledged" })
    }
}
