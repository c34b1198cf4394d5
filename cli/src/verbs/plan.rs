//! `whorl plan`: what a population would need of machines like this one.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use whorl_benches::Composition;
use whorl_benches::plan::{Demand, Plan, Prices, plan, rates};

use super::bench::watch;
use crate::arguments::{Composed, amount};
use crate::console::{Console, Show, Table};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl plan --persons 60M --enrolments-per-day 100k --latency 5m
  whorl plan --persons 60M --enrolments-per-day 100k --latency 5m --fingers 10 --irises 2 --faces 1 --peak 4 --copies 2
  whorl plan --persons 5M --enrolments-per-day 20k --latency 2s --irises 2 --faces 1 --json
  whorl plan --persons 60M --enrolments-per-day 100k --latency 5m --price-core-hour 0.02 --price-gib-month 1.5

First this machine is measured, for some ten seconds: how many comparisons a core does in a second, alone and beside the others, how
many bytes a person has, and how many persons become durable. Then every figure is told with its formula, with what was assumed
and what was left out. Where nothing is said of them, persons have ten fingers, two irises and a face. Run it on a machine of
the kind that you would buy, with nothing else at work.";

/// Plan cores, memory, disk and cost for a population, from rates measured here
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PlanVerb {
    #[command(flatten)]
    composed: Composed,

    /// Persons in the gallery when it is largest, such as 60M
    #[arg(long, value_name = "N", value_parser = amount::count)]
    persons: usize,

    /// Persons who come in a day, such as 100k: each is searched for among all, and enrolled
    #[arg(long, value_name = "N", value_parser = amount::count)]
    enrolments_per_day: usize,

    /// Within which time 99 of 100 searches are to be answered, such as 5m or 2s
    #[arg(long, value_name = "TIME", value_parser = amount::seconds)]
    latency: f64,

    /// How many times the mean rate of a day the busiest hours bring
    #[arg(long, value_name = "X", default_value = "3")]
    peak: f64,

    /// Part of the cores that may be at work at the peak
    #[arg(long, value_name = "PART", default_value = "0.7")]
    utilisation: f64,

    /// Copies of everything, so that one may fail
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=100))]
    copies: u16,

    /// Price of a core for an hour
    #[arg(long, value_name = "PRICE")]
    price_core_hour: Option<f64>,

    /// Price of a GiB of memory for a month
    #[arg(long, value_name = "PRICE")]
    price_gib_month: Option<f64>,

    /// Price of a GiB of disk for a month
    #[arg(long, value_name = "PRICE")]
    price_disk_gib_month: Option<f64>,

    /// Folder on the disk that is measured [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,

    /// Measure on galleries of so many per cent of the usual size, to try the command out: small galleries are compared in full, and
    /// the cores come out many times too many
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = clap::value_parser!(u8).range(1..=100))]
    effort: u8,
}

/// The plan as it is printed.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Planned(Plan);

impl PlanVerb {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        let composition = self.composed.composition(Composition::WHOLE)?;
        let demand = Demand {
            composition,
            persons: self.persons as f64,
            enrolments_per_day: self.enrolments_per_day as f64,
            latency_s: self.latency,
            peak: self.peak,
            utilisation: self.utilisation,
            copies: f64::from(self.copies),
        };
        let prices = Prices {
            core_hour: self.price_core_hour,
            memory_gib_month: self.price_gib_month,
            disk_gib_month: self.price_disk_gib_month,
        };
        demand.check()?;
        prices.check()?;
        let percent = usize::from(self.effort);
        let settings = rates::Settings { composition, threads, percent, directory: self.folder.clone() };
        let bars = console.bars();
        let measured = rates::measure(&settings, &mut watch(&bars))?;
        drop(bars);
        console.print(&Planned(plan(demand, measured, prices)?))?;
        Ok(Outcome::Complete)
    }
}

impl Show for Planned {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Plan { demand, rates, cores, memory_gib, disk_gib, cost_per_month, steps, assumed, not_modelled, .. } =
            &self.0;
        writeln!(out, "For {} persons, {} enrolments a day:", demand.persons, demand.enrolments_per_day)?;
        writeln!(out, "  {cores:.0} cores, {memory_gib:.0} GiB of memory, {disk_gib:.0} GiB of disk")?;
        if let Some(cost) = cost_per_month {
            writeln!(out, "  {cost:.0} a month at the prices given")?;
        }
        if rates.percent < 100 {
            writeln!(out, "ROUGH: measured with --effort {}: the cores may be many times too many", rates.percent)?;
        }
        show_rates(out, rates)?;
        writeln!(out, "\nHow that follows:")?;
        let mut table = Table::new(["what", "value", "unit", "from"]);
        for step in steps {
            table.push([step.name.into(), rounded(step.value), step.unit.into(), step.formula.clone()]);
        }
        table.write(out)?;
        for (title, lines) in [("Assumed", assumed), ("Not in here", not_modelled)] {
            writeln!(out, "\n{title}:")?;
            lines.iter().try_for_each(|line| writeln!(out, "- {line}"))?;
        }
        Ok(())
    }
}

fn show_rates(out: &mut dyn Write, rates: &rates::Rates) -> io::Result<()> {
    writeln!(
        out,
        "\nMeasured on {}, {} threads:",
        rates.processor.as_deref().unwrap_or("this processor"),
        rates.threads
    )?;
    if let Some(load) = rates.load {
        writeln!(out, "(load {load:.1} before; rates are per second of the processor, the journal's by the clock)")?;
    }
    let mut table =
        Table::new(["modality", "one core/s", "each of all/s", "passed", "in full/s", "hot bytes", "cold bytes"]);
    for rate in &rates.modalities {
        table.push([
            rate.modality.name().into(),
            rounded(rate.one_core),
            rounded(rate.each_of_all),
            format!("{:.2} %", rate.in_full * 100.0),
            rounded(rate.in_full_one_core),
            rounded(rate.hot_bytes),
            rounded(rate.cold_bytes),
        ]);
    }
    table.write(out)?;
    let (durable, bytes) = (rates.durable_persons_per_second, rates.journal_bytes_per_person);
    writeln!(out, "journal: {} persons a second durable, {} bytes each", rounded(durable), rounded(bytes))
}

/// Three digits that tell, or all before the point.
fn rounded(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 1.0 => 2,
        _ => 4,
    };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_the_digits_that_tell() {
        assert_eq!([4_218_123.4, 244.0, 3.472, 0.01234, 0.0].map(rounded), ["4218123", "244", "3.47", "0.0123", "0"]);
    }
}
