//! What a population needs: cores, memory, disk and their price, from rates that were measured ([`rates`]) and a demand.
//!
//! Arithmetic only, each step told with its formula. Every enrolment is one search of everybody (1:N) and one durable change.

mod assumption;
pub mod rates;
mod steps;

use serde::Serialize;
use thiserror::Error;
use whorl_types::Modality;

use crate::composition::Composition;
pub use assumption::{ASSUMED, NOT_MODELLED};
use assumption::{
    DISK_HEADROOM, HOURS_A_MONTH, ID_BYTES, JOURNALS_BYTES, MEMORY_HEADROOM, READ_BYTES_PER_CORE_S, SECONDS_A_DAY, TAIL,
};
use rates::Rates;
use steps::Steps;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Demand {
    /// What a person has.
    #[serde(flatten)]
    pub composition: Composition,
    /// Persons in the gallery, when it is largest.
    pub persons: f64,
    /// Persons who come in a day, each of whom is searched for among all and enrolled.
    pub enrolments_per_day: f64,
    /// Seconds after which 99 of 100 searches are to be answered.
    pub latency_s: f64,
    /// How many times the mean rate of a day the busiest hours bring, at least 1.
    pub peak: f64,
    /// The part of the cores that may be at work at the peak, over 0 and below 1.
    pub utilisation: f64,
    /// Machines that each hold everything, so that one may fail.
    pub copies: f64,
}

/// Prices, in whatever currency; what has none is not added up.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Prices {
    /// Of a core for an hour.
    pub core_hour: Option<f64>,
    /// Of a GiB of memory for a month.
    pub memory_gib_month: Option<f64>,
    /// Of a GiB of disk for a month.
    pub disk_gib_month: Option<f64>,
}

/// A figure of the plan, and how it came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// What it is.
    pub name: &'static str,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// From what: names of rates, of the demand and of earlier figures, with their numbers.
    pub formula: String,
}

/// What the demand needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// What was asked for.
    pub demand: Demand,
    /// What was measured.
    pub rates: Rates,
    /// Prices that were given.
    pub prices: Prices,
    /// Cores of this kind, of all copies together.
    pub cores: f64,
    /// Memory of all copies together, in GiB.
    pub memory_gib: f64,
    /// Disk of all copies together, in GiB.
    pub disk_gib: f64,
    /// What these cost a month; none where no price was given.
    pub cost_per_month: Option<f64>,
    /// How each figure came about, one from the other.
    pub steps: Vec<Step>,
    /// What was assumed.
    pub assumed: &'static [&'static str],
    /// What was left out.
    pub not_modelled: &'static [&'static str],
}

/// A number that no demand can have.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("{what} must be {allowed}, not {found}")]
pub struct DemandError {
    /// Which.
    pub what: &'static str,
    /// Those that can be.
    pub allowed: &'static str,
    /// Given.
    pub found: f64,
}

const GIB: f64 = (1_u64 << 30) as f64;

impl Demand {
    /// Whether anybody can demand this: worth asking before minutes are spent on rates.
    ///
    /// # Errors
    /// [`DemandError`] where a number is out of its range.
    pub fn check(&self) -> Result<(), DemandError> {
        let bound =
            |what, allowed, found, fits: bool| if fits { Ok(()) } else { Err(DemandError { what, allowed, found }) };
        let positive = |number: f64| number > 0.0 && number.is_finite();
        bound("persons", "1 to 10 thousand million", self.persons, (1.0..=1e10).contains(&self.persons))?;
        bound("enrolments a day", "over 0", self.enrolments_per_day, positive(self.enrolments_per_day))?;
        bound("the latency in seconds", "over 0", self.latency_s, positive(self.latency_s))?;
        bound("the peak", "1 to 1000", self.peak, (1.0..=1_000.0).contains(&self.peak))?;
        let partial = self.utilisation > 0.0 && self.utilisation < 1.0;
        bound("the utilisation", "over 0 and below 1", self.utilisation, partial)?;
        bound("copies", "1 to 100", self.copies, (1.0..=100.0).contains(&self.copies))
    }
}

impl Prices {
    /// Whether these are prices.
    ///
    /// # Errors
    /// [`DemandError`] where one is negative or no number.
    pub fn check(&self) -> Result<(), DemandError> {
        let all = [self.core_hour, self.memory_gib_month, self.disk_gib_month];
        match all.into_iter().flatten().find(|price| !price.is_finite() || *price < 0.0) {
            Some(found) => Err(DemandError { what: "a price", allowed: "0 or more", found }),
            None => Ok(()),
        }
    }
}

/// What `demand` needs at these `rates`.
///
/// # Errors
/// [`DemandError`] where a number of the demand or a price is out of its range.
pub fn plan(demand: Demand, rates: Rates, prices: Prices) -> Result<Plan, DemandError> {
    demand.check()?;
    prices.check()?;
    let mut steps = Steps::default();
    let cores = cores(&demand, &rates, &mut steps);
    let memory_gib = memory(&demand, &rates, cores, &mut steps);
    let disk_gib = disk(&demand, &rates, &mut steps);
    journal(&demand, &rates, &mut steps);
    let copies = demand.copies;
    let (cores, memory_gib, disk_gib) = (cores * copies, memory_gib * copies, disk_gib * copies);
    let cost_per_month = cost(&prices, (cores, memory_gib, disk_gib), &mut steps);
    let steps = steps.taken();
    Ok(Plan {
        demand,
        rates,
        prices,
        cores,
        memory_gib,
        disk_gib,
        cost_per_month,
        steps,
        assumed: ASSUMED,
        not_modelled: NOT_MODELLED,
    })
}

/// Cores of one copy.
fn cores(demand: &Demand, rates: &Rates, steps: &mut Steps) -> f64 {
    let Demand { persons, enrolments_per_day, peak, utilisation, latency_s, .. } = *demand;
    let arrivals = steps.take(
        "searches at the peak",
        enrolments_per_day / SECONDS_A_DAY * peak,
        "a second",
        format!("{enrolments_per_day} a day / {SECONDS_A_DAY} s x peak {peak}"),
    );
    let shares = rates.modalities.iter().map(|rate| (rate, demand.composition.scanned(rate.modality) as f64));
    let shares = shares.collect::<Vec<_>>();
    for (rate, _) in &shares {
        let (measured, more) = (rate.one_core.min(rate.each_of_all), (rate.passing - rate.in_full).max(0.0));
        let told = format!("1 / (1 / {measured:.0} + {more:.4} / {:.0})", rate.in_full_one_core);
        steps.take(rate_name(rate.modality), rate.per_core_second(), "a core-second", told);
    }
    let told = shares.iter().map(|(rate, count)| format!("{count} x {persons} / {:.0}", rate.per_core_second()));
    let work = steps.take(
        "work of a search",
        shares.iter().map(|(rate, count)| count * persons / rate.per_core_second()).sum(),
        "core-seconds",
        told.collect::<Vec<_>>().join(" + "),
    );
    let throughput = steps.take(
        "cores for the rate",
        arrivals * work / utilisation,
        "",
        format!("{arrivals:.3} x {work:.3} / utilisation {utilisation}"),
    );
    let prompt = steps.take(
        "cores for the latency",
        arrivals * work + TAIL * work / latency_s,
        "",
        format!("{arrivals:.3} x {work:.3} + ln 100 x {work:.3} / {latency_s} s"),
    );
    let most = throughput.max(prompt).ceil();
    let cores = steps.take("cores of a copy", most, "", "the larger of the two, rounded up".to_owned());
    steps.take("a search alone", work / cores, "seconds", format!("{work:.3} / {cores}"));
    let free = cores - arrivals * work;
    let tail = format!("ln 100 x {work:.3} / ({cores} - {arrivals:.3} x {work:.3})");
    steps.take("99 of 100 searches within", TAIL * work / free, "seconds", tail);
    cores
}

fn rate_name(modality: Modality) -> &'static str {
    match modality {
        Modality::Fingerprint => "fingers compared",
        Modality::Iris => "irises compared",
        Modality::Face => "faces compared",
    }
}

/// GiB of memory of one copy.
fn memory(demand: &Demand, rates: &Rates, cores: f64, steps: &mut Steps) -> f64 {
    let Demand { persons, .. } = *demand;
    let shares = rates.modalities.iter().map(|rate| (rate, demand.composition.scanned(rate.modality) as f64));
    let shares = shares.collect::<Vec<_>>();
    let told = shares.iter().map(|(rate, count)| format!("{count} x {:.0}", rate.hot_bytes));
    let hot = steps.take(
        "searched bytes of a person",
        shares.iter().map(|(rate, count)| count * rate.hot_bytes).sum(),
        "bytes",
        told.collect::<Vec<_>>().join(" + "),
    );
    let others = rates.modalities.iter().map(|rate| {
        let [all, scanned] =
            [Composition::count, Composition::scanned].map(|of| of(demand.composition, rate.modality) as f64);
        (all * rate.cold_bytes + (all - scanned) * rate.hot_bytes, all, all - scanned, rate)
    });
    let others = others.collect::<Vec<_>>();
    let told = others.iter().map(|(_, all, more, rate)| {
        let more = if *more > 0.0 { format!(" + {more} x {:.0}", rate.hot_bytes) } else { String::new() };
        format!("{all} x {:.0}{more}", rate.cold_bytes)
    });
    let cold = steps.take(
        "other bytes of a person",
        others.iter().map(|(bytes, ..)| bytes).sum::<f64>() + ID_BYTES,
        "bytes",
        format!("{} + id {ID_BYTES}", told.collect::<Vec<_>>().join(" + ")),
    );
    let arrivals = demand.enrolments_per_day / SECONDS_A_DAY * demand.peak;
    let told = shares.iter().map(|(rate, count)| format!("{count} x {:.4} x {:.0}", rate.passing, rate.cold_bytes));
    let candidates = shares.iter().map(|(rate, count)| count * rate.passing * rate.cold_bytes).sum::<f64>();
    let read = steps.take(
        "read of candidates",
        arrivals * persons * candidates / GIB,
        "GiB a second",
        format!("{arrivals:.3} x {persons} x ({}) bytes", told.collect::<Vec<_>>().join(" + ")),
    );
    let disks = steps.take(
        "read that disks bear",
        cores * READ_BYTES_PER_CORE_S / GIB,
        "GiB a second",
        format!("{cores} cores x {:.0} MiB a second", READ_BYTES_PER_CORE_S / f64::from(1 << 20)),
    );
    let (held, why) = if read > disks {
        (hot + cold, format!("all of it, for {read:.2} is more than {disks:.2}"))
    } else {
        (hot, format!("what is searched, for {read:.2} is no more than {disks:.2}"))
    };
    let value = persons * held * MEMORY_HEADROOM / GIB;
    steps.take("memory of a copy", value, "GiB", format!("{persons} x {held:.0} x {MEMORY_HEADROOM}: {why}"))
}

/// GiB of disk of one copy.
fn disk(demand: &Demand, rates: &Rates, steps: &mut Steps) -> f64 {
    let per = |rate: &rates::ModalityRate| rate.hot_bytes + rate.cold_bytes;
    let bytes = rates.modalities.iter().map(|rate| demand.composition.count(rate.modality) as f64 * per(rate));
    let person = bytes.sum::<f64>() + ID_BYTES;
    let persons = demand.persons;
    let value = (persons * person * DISK_HEADROOM + JOURNALS_BYTES) / GIB;
    let journals = JOURNALS_BYTES / f64::from(1 << 20);
    steps.take(
        "disk of a copy",
        value,
        "GiB",
        format!("{persons} x {person:.0} x {DISK_HEADROOM} + journals {journals} MiB"),
    )
}

fn journal(demand: &Demand, rates: &Rates, steps: &mut Steps) {
    let arrivals = demand.enrolments_per_day / SECONDS_A_DAY * demand.peak;
    let durable = rates.durable_persons_per_second;
    let told = format!("{arrivals:.3} / {durable:.0} persons a second that became durable");
    steps.take("the journal at the peak", arrivals / durable * 100.0, "% busy", told);
}

/// What all copies cost a month, with what has a price.
fn cost(prices: &Prices, (cores, memory_gib, disk_gib): (f64, f64, f64), steps: &mut Steps) -> Option<f64> {
    let parts = [
        ("cores", prices.core_hour.map(|price| price * HOURS_A_MONTH), cores),
        ("GiB of memory", prices.memory_gib_month, memory_gib),
        ("GiB of disk", prices.disk_gib_month, disk_gib),
    ];
    let priced = parts.into_iter().filter_map(|(what, price, amount)| Some((what, price?, amount)));
    let priced = priced.collect::<Vec<_>>();
    let told = priced.iter().map(|(what, price, amount)| format!("{amount:.0} {what} x {price:.4}"));
    let formula = told.collect::<Vec<_>>().join(" + ");
    let sum = priced.iter().map(|(_, price, amount)| price * amount).sum();
    (!priced.is_empty()).then(|| steps.take("cost", sum, "a month", formula))
}

#[cfg(test)]
mod tests;
