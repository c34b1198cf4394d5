//! Counters, gauges and histograms, fed by methods that read like what happened.
//!
//! The values of labels are bounded: methods are those of the API, codes those of gRPC, and of other names so many that a client
//! who makes them up fills no memory. Whatever comes beyond is counted as `other`.

mod calls;
mod labels;
mod work;

use std::sync::Arc;
use std::time::{Duration, Instant};

use prometheus_client::encoding::text;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub use calls::CallInProgress;
pub use labels::EnrolOutcome;
pub(crate) use labels::code_name;
pub use work::GallerySize;

use calls::Calls;
use work::Work;

/// What `/metrics` shows. Its type of content is [`Metrics::CONTENT_TYPE`].
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    began: Instant,
    uptime_s: Gauge,
    calls: Arc<Calls>,
    work: Work,
}

impl Metrics {
    /// The type of what [`Metrics::text`] gives.
    pub const CONTENT_TYPE: &'static str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// Nothing has happened yet. Calls of other methods than `methods` (such as `/whorl.v1.EnrolmentService/Enrol`) are counted as
    /// `other`.
    #[must_use]
    pub fn new(methods: impl IntoIterator<Item = String>) -> Self {
        let mut registry = Registry::with_prefix("whorl");
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "What runs", build);
        let uptime_s = Gauge::default();
        registry.register_with_unit("uptime", "How long it has run", Unit::Seconds, uptime_s.clone());
        let calls = Arc::new(Calls::new(methods, &mut registry));
        let work = Work::new(&mut registry);
        Self { began: Instant::now(), uptime_s, calls, work, registry }
    }

    /// A call of `method` began. It is in progress until the value is dropped; say by [`CallInProgress::ended`] how it ended, else
    /// the client has gone away, which counts as cancelled.
    #[must_use]
    pub fn call_began(&self, method: &str) -> CallInProgress {
        CallInProgress::new(Arc::clone(&self.calls), method)
    }

    /// So many jobs wait for a thread.
    pub fn jobs_wait(&self, count: usize) {
        self.work.queue.set(count as i64);
    }

    /// A search scanned so many rows and compared so many in full.
    pub fn searched(&self, rows_scanned: u64, rows_compared: u64) {
        self.work.searched(rows_scanned, rows_compared);
    }

    /// A gallery has this size now.
    pub fn gallery_has(&self, gallery: &str, size: GallerySize) {
        self.work.gallery_has(gallery, size);
    }

    /// A sample gave no template, for `reason`, such as `too-blurred`.
    pub fn sample_refused(&self, reason: &str) {
        self.work.refused(reason);
    }

    /// An enrolment ended so.
    pub fn enrolment_ended(&self, outcome: EnrolOutcome) {
        self.work.enrolment_ended(outcome);
    }

    /// The record of who did what could not be written.
    pub fn audit_failed(&self) {
        self.work.audit_failures.inc();
    }

    /// How long it has run.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.began.elapsed()
    }

    /// All of it as `OpenMetrics` text.
    #[must_use]
    pub fn text(&self) -> String {
        self.uptime_s.set(self.uptime().as_secs() as i64);
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::*;

    const ENROL: &str = "/whorl.v1.EnrolmentService/Enrol";

    fn check(happened: impl FnOnce(&Metrics), expected: &[&str]) {
        let metrics = Metrics::new([ENROL.to_owned()]);
        happened(&metrics);
        let text = metrics.text();
        for line in expected {
            assert!(text.lines().any(|found| found == *line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn a_call_is_counted_by_method_and_code_and_is_in_progress_until_it_ends() {
        let method = |what: &str| format!("whorl_{what}{{method=\"{ENROL}\"");
        check(
            |metrics| {
                metrics.call_began(ENROL).ended(Code::Ok);
                metrics.call_began(ENROL).ended(Code::Ok);
                metrics.call_began(ENROL).ended(Code::PermissionDenied);
                drop(metrics.call_began(ENROL));
                std::mem::forget(metrics.call_began(ENROL));
            },
            &[
                &format!("{},code=\"OK\"}} 2", method("calls_total")),
                &format!("{},code=\"PERMISSION_DENIED\"}} 1", method("calls_total")),
                &format!("{},code=\"CANCELLED\"}} 1", method("calls_total")),
                &format!("{}}} 4", method("call_seconds_count")),
                "whorl_calls_in_progress 1",
            ],
        );
    }

    #[test]
    fn names_that_a_client_makes_up_are_counted_as_other() {
        check(
            |metrics| {
                (0..1000).for_each(|at| metrics.call_began(&format!("/made.up/{at}")).ended(Code::Unimplemented));
                (0..1000).for_each(|at| metrics.sample_refused(&format!("reason-{at}")));
                (0..2000).for_each(|at| metrics.gallery_has(&format!("gallery-{at}"), GallerySize::default()));
            },
            &["whorl_calls_total{method=\"other\",code=\"UNIMPLEMENTED\"} 1000"],
        );
        let metrics = Metrics::new([]);
        (0..5000).for_each(|at| metrics.sample_refused(&format!("reason-{at}")));
        (0..5000).for_each(|at| metrics.gallery_has(&format!("gallery-{at}"), GallerySize::default()));
        let lines = |start: &str| metrics.text().lines().filter(|line| line.starts_with(start)).count();
        assert!(lines("whorl_samples_refused_total{") <= 129, "{}", lines("whorl_samples_refused_total{"));
        assert!(lines("whorl_gallery_references{") <= 1001, "{}", lines("whorl_gallery_references{"));
    }

    #[test]
    fn work_is_counted() {
        let size = GallerySize { references: 7, segments: 2, bytes: 4096 };
        check(
            |metrics| {
                metrics.searched(100, 10);
                metrics.searched(50, 5);
                metrics.jobs_wait(4);
                metrics.gallery_has("national", GallerySize::default());
                metrics.gallery_has("national", size);
                metrics.sample_refused("too-blurred");
                metrics.enrolment_ended(EnrolOutcome::Enrolled);
                metrics.enrolment_ended(EnrolOutcome::Duplicate);
                metrics.audit_failed();
            },
            &[
                "whorl_rows_scanned_total 150",
                "whorl_rows_compared_total 15",
                "whorl_searches_total 2",
                "whorl_jobs_waiting 4",
                "whorl_gallery_references{gallery=\"national\"} 7",
                "whorl_gallery_segments{gallery=\"national\"} 2",
                "whorl_gallery_size_bytes{gallery=\"national\"} 4096",
                "whorl_samples_refused_total{reason=\"too-blurred\"} 1",
                "whorl_enrolments_total{outcome=\"enrolled\"} 1",
                "whorl_enrolments_total{outcome=\"duplicate\"} 1",
                "whorl_audit_failures_total 1",
                concat!("whorl_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
                "# EOF",
            ],
        );
    }
}
