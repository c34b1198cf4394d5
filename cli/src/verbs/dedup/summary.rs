//! The figures of a deduplication.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;
use whorl_service::deduplicate::{Finding, TruthReport};

use super::Results;
use crate::console::{Counts, LeftOut, Show};

/// The figures, for people, programs and the head of the report.
#[derive(Debug, Serialize)]
pub(in crate::verbs) struct Summary {
    pub(super) manifest: PathBuf,
    pub(in crate::verbs) report: PathBuf,
    pub(in crate::verbs) references: usize,
    pub(super) subjects: usize,
    #[serde(flatten)]
    pub(super) counts: Counts,
    /// Samples that took part by what was reported of their liveness; empty where nobody reported anything.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) liveness: BTreeMap<&'static str, usize>,
    /// References that each was held against.
    pub(super) compared_with: u64,
    pub(super) target_fpir: f64,
    /// Clusters with more than one subject: one person under several names.
    pub(super) clusters: usize,
    /// Pairs of references of different subjects.
    pub(super) duplicates: usize,
    pub(super) to_adjudicate: usize,
    /// Pairs of which one finger, eye or face agrees and the others do not.
    pub(super) mixed: usize,
    /// Pairs within a cluster that speak against it.
    pub(super) contradictions: usize,
    /// Pairs of encounters of one subject.
    pub(super) confirmed: usize,
    pub(super) unconfirmed: usize,
    pub(super) contradicted: usize,
    pub(super) extract_s: f64,
    pub(super) search_s: f64,
    pub(super) samples_per_second: f64,
    /// Pairs of templates that were compared, in full or by the first stage alone.
    pub(super) comparisons: u64,
    /// Of these, in full.
    pub(super) compared_in_full: u64,
    pub(super) comparisons_per_second: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) truth: Option<TruthFigures>,
    pub(in crate::verbs) left_out: LeftOut,
}

/// The result held against the truth, in pairs of subjects.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TruthFigures {
    pub(super) duplicates: usize,
    pub(super) found: usize,
    pub(super) to_adjudicate: usize,
    pub(super) missed: usize,
    pub(super) false_duplicates: usize,
    pub(super) false_adjudications: usize,
    pub(super) unknown_subjects: usize,
}

impl Summary {
    pub(super) fn new(results: &Results<'_>, left_out: LeftOut) -> Self {
        let found = &results.found;
        let comparisons = found.effort.scanned.max(found.effort.compared);
        let (extract_s, search_s) = (results.extracting.as_secs_f64(), results.searching.as_secs_f64());
        let subjects: BTreeSet<&str> = results.enrolees.iter().map(|enrolee| enrolee.subject.as_str()).collect();
        Self {
            manifest: results.verb.manifest.clone(),
            report: results.verb.out.join("report.html"),
            references: results.enrolees.len(),
            subjects: subjects.len(),
            counts: Counts::of(results.enrolees.iter().flat_map(|enrolee| &enrolee.instances)),
            liveness: liveness(results),
            compared_with: found.gallery_size,
            target_fpir: results.verb.searched.target_fpir,
            clusters: found.clusters.iter().filter(|members| results.subjects_of(members).len() > 1).count(),
            duplicates: results.count(Finding::Duplicate),
            to_adjudicate: results.to_adjudicate().len(),
            mixed: results.count(Finding::Mixed),
            contradictions: results.count(Finding::Contradiction),
            confirmed: results.count(Finding::Confirmed),
            unconfirmed: results.count(Finding::Unconfirmed),
            contradicted: results.count(Finding::Contradicted),
            extract_s,
            search_s,
            samples_per_second: results.samples as f64 / extract_s.max(f64::MIN_POSITIVE),
            comparisons,
            compared_in_full: found.effort.compared,
            comparisons_per_second: comparisons as f64 / search_s.max(f64::MIN_POSITIVE),
            truth: results.truth.as_ref().map(TruthFigures::of),
            left_out,
        }
    }
}

/// The reports of liveness, by outcome.
fn liveness(results: &Results<'_>) -> BTreeMap<&'static str, usize> {
    let instances = results.enrolees.iter().flat_map(|enrolee| &enrolee.instances);
    let mut reports = BTreeMap::new();
    for liveness in instances.filter_map(|instance| instance.liveness.as_ref()) {
        *reports.entry(liveness.outcome().name()).or_default() += 1;
    }
    reports
}

impl TruthFigures {
    fn of(report: &TruthReport) -> Self {
        Self {
            duplicates: report.duplicates,
            found: report.found,
            to_adjudicate: report.to_adjudicate,
            missed: report.missed.len(),
            false_duplicates: report.false_duplicates.len(),
            false_adjudications: report.false_adjudications,
            unknown_subjects: report.unknown_subjects,
        }
    }
}

impl Show for Summary {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { references, subjects, counts, .. } = self;
        writeln!(out, "{references} references of {subjects} subjects, {counts}")?;
        if !self.liveness.is_empty() {
            let reports: Vec<String> =
                self.liveness.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
            writeln!(out, "liveness as reported: {}", reports.join(", "))?;
        }
        writeln!(
            out,
            "extracted in {:.1} s ({:.0} samples/s), compared in {:.1} s ({} comparisons, {:.0}/s)",
            self.extract_s, self.samples_per_second, self.search_s, self.comparisons, self.comparisons_per_second
        )?;
        writeln!(out)?;
        writeln!(out, "{:>6}  clusters of one person under several names", self.clusters)?;
        writeln!(out, "{:>6}  duplicate pairs, decided at a target FPIR of {}", self.duplicates, self.target_fpir)?;
        writeln!(out, "{:>6}  pairs for a human to look at", self.to_adjudicate)?;
        writeln!(out, "{:>6}  pairs of which one finger, eye or face agrees and the others do not", self.mixed)?;
        writeln!(out, "{:>6}  contradictions within clusters", self.contradictions)?;
        let encounters = self.confirmed + self.unconfirmed + self.contradicted;
        if encounters > 0 {
            let Self { confirmed, unconfirmed, contradicted, .. } = self;
            writeln!(
                out,
                "{encounters:>6}  pairs of encounters of one subject: {confirmed} confirmed, {unconfirmed} unconfirmed, {contradicted} contradicted"
            )?;
        }
        if let Some(truth) = &self.truth {
            truth.show(out)?;
        }
        writeln!(out, "\nreport  {}", self.report.display())
    }
}

impl Show for TruthFigures {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\nheld against the truth, in pairs of subjects that are one person:")?;
        writeln!(out, "{:>6}  are there", self.duplicates)?;
        writeln!(out, "{:>6}  found", self.found)?;
        writeln!(out, "{:>6}  put before a human", self.to_adjudicate)?;
        writeln!(out, "{:>6}  missed", self.missed)?;
        let strangers = self.false_adjudications;
        writeln!(out, "{:>6}  false (and {strangers} pairs of strangers put before a human)", self.false_duplicates)?;
        if self.unknown_subjects > 0 {
            writeln!(out, "{:>6}  subjects that the truth does not know were not counted", self.unknown_subjects)?;
        }
        Ok(())
    }
}
