//! `whorl bench server`: what a server costs beside the library that does its work.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;
use whorl_benches::Composition;
use whorl_benches::server::{Figures, Latency, Overhead, Rate, Settings, run};

use super::watch;
use crate::arguments::{Composed, Sited, amount};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl bench server --persons 100k --json
  whorl bench server --persons 100k --probes 256 --clients 32 --threads 2 --folder data
  whorl bench server --irises 2 --persons 10k
  whorl bench server --persons 100k --tls

A server in this process on 127.0.0.1, over a gallery of synthetic persons, and clients that speak gRPC with it. The same
searches go to the library directly, turn about, for the overhead. Where nothing is said of them, persons have two irises and a
face. Processor times include the clients. Without --folder the gallery is removed.";

/// Ask a server of synthetic persons, by one client and by many at once, and compare it with the library
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Server {
    #[command(flatten)]
    composed: Composed,

    /// Persons in the gallery
    #[arg(long, value_name = "N", value_parser = amount::count)]
    persons: usize,

    /// Searches of each turn, and verifications
    #[arg(long, value_name = "Q", default_value = "256", value_parser = amount::count)]
    probes: usize,

    /// Clients at the same time, 1 to 256
    #[arg(long, value_name = "C", default_value = "16", value_parser = amount::count)]
    clients: usize,

    /// Persons to enrol
    #[arg(long, value_name = "N", default_value = "2000", value_parser = amount::count)]
    enrolments: usize,

    /// Encrypt connections, with keys that are made for the run: clients and server both encrypt on this machine
    #[arg(long)]
    tls: bool,

    #[command(flatten)]
    sited: Sited,
}

/// The figures of a run.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Measured(Figures);

impl Server {
    pub(super) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let settings = Settings {
            composition: self.composed.composition(Composition::EYES_AND_FACE)?,
            persons: self.persons,
            probes: self.probes,
            clients: self.clients,
            enrolments: self.enrolments,
            threads,
            tls: self.tls,
            seed: self.sited.seed,
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
        let Figures { modality, persons, probes, clients, threads, tls, identifications_alone, .. } = &self.0;
        let encrypted = if *tls { " with TLS" } else { "" };
        writeln!(
            out,
            "{persons} persons ({modality}), {clients} clients{encrypted}, {threads} threads, {probes} probes a turn"
        )?;
        let latencies = [
            ("verify, templates", self.0.verify_template),
            ("verify, picture", self.0.verify_image),
            ("identify", self.0.identify),
            ("enrol", self.0.enrol),
        ];
        for (name, Latency { ms_p50, ms_p99 }) in latencies {
            writeln!(out, "{name:18} {ms_p50:.2} ms (median), {ms_p99:.2} ms (99 %)")?;
        }
        writeln!(out, "{:18} {identifications_alone:.1} a second", "one client")?;
        let rates = [
            ("all clients", self.0.identifications_clients),
            ("one stream", self.0.identifications_stream),
            ("library", self.0.identifications_library),
            ("enrolled", self.0.enrolments),
        ];
        for (name, Rate { per_second, per_cpu_second }) in rates {
            let cpu = per_cpu_second.map_or_else(String::new, |rate| format!(", {rate:.1} a second of the processor"));
            writeln!(out, "{name:18} {per_second:.1} a second{cpu}")?;
        }
        for (name, overhead) in [("clients", self.0.overhead_clients), ("stream", self.0.overhead_stream)] {
            let Overhead { time, cpu } = overhead;
            let cpu = cpu.map_or_else(String::new, |cpu| format!(", {:.1} % of the processor's", cpu * 100.0));
            writeln!(out, "{:18} {:.1} % of the library's time{cpu}", format!("overhead, {name}"), time * 100.0)?;
        }
        let Figures { mates_clients, mates_stream, mates_library, .. } = &self.0;
        writeln!(out, "{:18} {mates_clients}, {mates_stream}, {mates_library} of {probes}", "mates first")
    }
}
