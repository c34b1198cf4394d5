//! What a run with a server measured.

use serde::Serialize;

use crate::clock::percentile;
use crate::composition::Composition;

/// The figures of a run with a server, as it prints them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// What was searched for: a modality, or several with `+` between.
    pub modality: String,
    /// How many templates of each modality a person has.
    #[serde(flatten)]
    pub composition: Composition,
    /// Persons in the gallery.
    pub persons: usize,
    /// Searches of each turn.
    pub probes: usize,
    /// Clients at the same time.
    pub clients: usize,
    /// Threads that compared.
    pub threads: usize,
    /// Whether clients and server encrypted what they said.
    pub tls: bool,
    /// A verification whose request has templates, by one client.
    pub verify_template: Latency,
    /// A verification whose request has a picture of a finger, by one client.
    pub verify_image: Latency,
    /// A search, by one client.
    pub identify: Latency,
    /// Searches a second of one client, each after the answer to the one before.
    pub identifications_alone: f64,
    /// Searches by all clients, each with one under way.
    pub identifications_clients: Rate,
    /// Searches by one client in one stream.
    pub identifications_stream: Rate,
    /// The same searches by direct calls of the library, in full passes.
    pub identifications_library: Rate,
    /// By how much longer the clients took than the library.
    pub overhead_clients: Overhead,
    /// By how much longer the stream took than the library.
    pub overhead_stream: Overhead,
    /// How many of the probes of a turn had their mate first, by clients.
    pub mates_clients: usize,
    /// The same by the stream.
    pub mates_stream: usize,
    /// The same by the library.
    pub mates_library: usize,
    /// Persons who became durable by all clients, without a search for duplicates.
    pub enrolments: Rate,
    /// An enrolment while all clients enrol.
    pub enrol: Latency,
    /// Memory of the process at the end, where the system says it.
    pub resident_bytes: Option<u64>,
    /// Whether the gallery was there before.
    pub reused: bool,
    /// How long it took to build, or to open what was there, in seconds.
    pub build_s: f64,
}

/// How long answers took, in milliseconds, from the request to the whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// The median.
    pub ms_p50: f64,
    /// What 99 of 100 did not exceed.
    pub ms_p99: f64,
}

impl Latency {
    pub(super) fn of(ms: &[f64]) -> Self {
        Self { ms_p50: percentile(ms, 50), ms_p99: percentile(ms, 99) }
    }
}

/// How much was done in a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// In a second.
    pub per_second: f64,
    /// In a second of the processor, clients included; none where the system does not say.
    pub per_cpu_second: Option<f64>,
}

/// By which part more was spent: 0.1 is a tenth more. The median of turns, each held against the one beside it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Overhead {
    /// Of the time.
    pub time: f64,
    /// Of the processor's time, clients included; none where the system does not say.
    pub cpu: Option<f64>,
}

impl Rate {
    pub(super) fn new(count: usize, elapsed_s: f64, cpu_s: Option<f64>) -> Self {
        let count = count as f64;
        Self { per_second: count / elapsed_s, per_cpu_second: cpu_s.map(|spent| count / spent) }
    }

    pub(super) fn median(rates: &[Self]) -> Self {
        let (per_second, per_cpu_second) = columns(rates);
        Self {
            per_second: percentile(&per_second, 50),
            per_cpu_second: per_cpu_second.map(|rates| percentile(&rates, 50)),
        }
    }

    pub(super) fn overhead(rates: &[Self], of: &[Self]) -> Overhead {
        let ((time, cpu), (of_time, of_cpu)) = (columns(rates), columns(of));
        let more = |rates: Vec<f64>, of: Vec<f64>| {
            let more = of.iter().zip(rates).map(|(of, rate)| of / rate - 1.0).collect::<Vec<_>>();
            percentile(&more, 50)
        };
        Overhead { time: more(time, of_time), cpu: cpu.zip(of_cpu).map(|(rates, of)| more(rates, of)) }
    }
}

/// The rates in seconds, and those in seconds of the processor where all are known.
fn columns(rates: &[Rate]) -> (Vec<f64>, Option<Vec<f64>>) {
    (rates.iter().map(|rate| rate.per_second).collect(), rates.iter().map(|rate| rate.per_cpu_second).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overhead_is_the_median_of_neighbouring_turns() {
        let rates = |per_second: [f64; 3]| per_second.map(|rate| Rate { per_second: rate, per_cpu_second: None });
        let overhead = Rate::overhead(&rates([50.0, 100.0, 80.0]), &rates([100.0, 100.0, 100.0]));
        assert_eq!((overhead.time.to_bits(), overhead.cpu), (0.25_f64.to_bits(), None));
    }
}
