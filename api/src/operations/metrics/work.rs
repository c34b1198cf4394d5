//! What the server did for its callers, and what it holds.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::labels::{EnrolOutcome, Gallery, Names, Outcome, Reason};

/// Galleries that are told apart; a server with more is watched by other means.
const MAX_GALLERIES: usize = 1000;

/// Reasons that are told apart; there are about forty.
const MAX_REASONS: usize = 128;

/// How large a gallery is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GallerySize {
    /// References.
    pub references: u64,
    /// Sealed segments.
    pub segments: u64,
    /// Bytes that searches scan and candidates need.
    pub bytes: u64,
}

/// Everything about work.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) queue: Gauge,
    pub(super) audit_failures: Counter,
    rows_scanned: Counter,
    rows_compared: Counter,
    searches: Counter,
    references: Family<Gallery, Gauge>,
    segments: Family<Gallery, Gauge>,
    bytes: Family<Gallery, Gauge>,
    galleries: Names,
    refusals: Family<Reason, Counter>,
    reasons: Names,
    enrolments: Family<Outcome, Counter>,
}

impl Work {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let work = Self {
            queue: Gauge::default(),
            audit_failures: Counter::default(),
            rows_scanned: Counter::default(),
            rows_compared: Counter::default(),
            searches: Counter::default(),
            references: Family::default(),
            segments: Family::default(),
            bytes: Family::default(),
            galleries: Names::at_most(MAX_GALLERIES),
            refusals: Family::default(),
            reasons: Names::at_most(MAX_REASONS),
            enrolments: Family::default(),
        };
        registry.register("jobs_waiting", "Jobs that wait for a thread", work.queue.clone());
        registry.register(
            "audit_failures",
            "Entries of the audit that could not be written",
            work.audit_failures.clone(),
        );
        registry.register("rows_scanned", "Templates that a first stage scanned", work.rows_scanned.clone());
        registry.register("rows_compared", "Templates that were compared in full", work.rows_compared.clone());
        registry.register("searches", "Searches that were answered", work.searches.clone());
        registry.register("gallery_references", "References of a gallery", work.references.clone());
        registry.register("gallery_segments", "Sealed segments of a gallery", work.segments.clone());
        registry.register_with_unit("gallery_size", "Size of a gallery", Unit::Bytes, work.bytes.clone());
        registry.register("samples_refused", "Samples that gave no template, by reason", work.refusals.clone());
        registry.register("enrolments", "Enrolments, by how they ended", work.enrolments.clone());
        work
    }

    pub(super) fn searched(&self, rows_scanned: u64, rows_compared: u64) {
        self.searches.inc();
        self.rows_scanned.inc_by(rows_scanned);
        self.rows_compared.inc_by(rows_compared);
    }

    pub(super) fn gallery_has(&self, gallery: &str, size: GallerySize) {
        let label = Gallery { gallery: self.galleries.bounded(gallery) };
        self.references.get_or_create(&label).set(size.references as i64);
        self.segments.get_or_create(&label).set(size.segments as i64);
        self.bytes.get_or_create(&label).set(size.bytes as i64);
    }

    pub(super) fn refused(&self, reason: &str) {
        self.refusals.get_or_create(&Reason { reason: self.reasons.bounded(reason) }).inc();
    }

    pub(super) fn enrolment_ended(&self, outcome: EnrolOutcome) {
        self.enrolments.get_or_create(&Outcome { outcome }).inc();
    }
}
