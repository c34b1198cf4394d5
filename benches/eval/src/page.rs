//! `report.html`: the figures of an evaluation on one page.

use crate::figures::Report;

/// The page.
pub(crate) fn of(report: &Report) -> String {
    format!("<!doctype html><title>Accuracy of {}</title>", report.modality)
}
