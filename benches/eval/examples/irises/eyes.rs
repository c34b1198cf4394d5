//! The development sets: manifests in, labelled templates out.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use whorl_datasets::manifest::{Entry, Manifest};
use whorl_eval::{Extracted, Failure, Irises, Matcher};
use whorl_types::{IrisTemplate, Modality};

/// The sets that development watches.
pub(crate) const SETS: [&str; 3] = ["casia1", "casia-interval", "mmu1"];

/// One capture.
pub(crate) struct Eye {
    /// File name without its extension.
    pub(crate) name: String,
    /// Which eye of whom: two captures are mates where this is equal.
    pub(crate) class: String,
    /// The template, or why there is none.
    pub(crate) outcome: Result<IrisTemplate, Failure>,
}

impl Eye {
    pub(crate) fn template(&self) -> Option<&IrisTemplate> {
        self.outcome.as_ref().ok()
    }
}

/// One set of captures.
pub(crate) struct Eyes {
    /// The manifest's name.
    pub(crate) set: &'static str,
    /// Every row of the manifest.
    pub(crate) captures: Vec<Eye>,
    /// Mean time from pixels to template on one core, in ms.
    pub(crate) extract_ms: f64,
}

impl Eyes {
    /// Reads a set, extracting every capture.
    pub(crate) fn read(set: &'static str) -> Self {
        let path = folder().join(format!("iris-{set}.csv"));
        let manifest = Manifest::read(&path, Some(Modality::Iris)).unwrap_or_else(|error| panic!("{error}"));
        let began = Instant::now();
        let captures: Vec<Eye> = manifest.entries.par_iter().map(eye).collect();
        let core_ms = began.elapsed().as_secs_f64() * 1e3 * rayon::current_num_threads() as f64;
        Self { set, extract_ms: core_ms / captures.len() as f64, captures }
    }
}

fn eye(entry: &Entry) -> Eye {
    let bytes = std::fs::read(&entry.path).unwrap_or_else(|error| panic!("{}: {error}", entry.path.display()));
    let outcome = Irises.extract(&bytes, entry).map(|Extracted { template, .. }| template);
    let name = entry.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Eye { name, class: format!("{} {}", entry.subject, entry.position), outcome }
}

/// Where the samples are: `WHORL_DATA`, else beside the checkout.
fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from)
}
