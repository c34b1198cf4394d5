//! Calls, by method and by how they ended.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use tonic::Code;

use super::labels::{Ended, Method, OTHER, code_name};

/// Latencies are counted from a millisecond to a minute, by doublings.
const LEAST_LATENCY_S: f64 = 1e-3;
const LATENCY_BUCKETS: u16 = 17;

/// Everything about calls.
#[derive(Debug)]
pub(super) struct Calls {
    methods: BTreeSet<String>,
    ended: Family<Ended, Counter>,
    took_s: Family<Method, Histogram, fn() -> Histogram>,
    in_progress: Gauge,
}

/// A call that is in progress until this is dropped.
#[derive(Debug)]
pub struct CallInProgress {
    calls: Arc<Calls>,
    method: String,
    began: Instant,
    code: Code,
}

impl Calls {
    pub(super) fn new(methods: impl IntoIterator<Item = String>, registry: &mut Registry) -> Self {
        let latencies: fn() -> Histogram =
            || Histogram::new(exponential_buckets(LEAST_LATENCY_S, 2.0, LATENCY_BUCKETS));
        let calls = Self {
            methods: methods.into_iter().collect(),
            ended: Family::default(),
            took_s: Family::new_with_constructor(latencies),
            in_progress: Gauge::default(),
        };
        registry.register("calls", "Calls that ended, by method and code of gRPC", calls.ended.clone());
        registry.register_with_unit("call", "How long calls took, by method", Unit::Seconds, calls.took_s.clone());
        registry.register("calls_in_progress", "Calls that have not ended", calls.in_progress.clone());
        calls
    }
}

impl CallInProgress {
    pub(super) fn new(calls: Arc<Calls>, method: &str) -> Self {
        let method = calls.methods.get(method).map_or(OTHER, String::as_str).to_owned();
        calls.in_progress.inc();
        Self { calls, method, began: Instant::now(), code: Code::Cancelled }
    }

    /// It ended so, now.
    pub fn ended(mut self, code: Code) {
        self.code = code;
    }
}

impl Drop for CallInProgress {
    fn drop(&mut self) {
        self.calls.in_progress.dec();
        let ended = Ended { method: self.method.clone(), code: code_name(self.code) };
        self.calls.ended.get_or_create(&ended).inc();
        let method = Method { method: std::mem::take(&mut self.method) };
        self.calls.took_s.get_or_create(&method).observe(self.began.elapsed().as_secs_f64());
    }
}
