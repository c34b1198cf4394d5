//! The captures of the development sets.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use whorl_datasets::manifest::{Entry, Manifest};
use whorl_eval::Matcher;
use whorl_types::Position;

/// A capture that has a template.
pub(crate) struct Capture<T> {
    pub(crate) subject: String,
    pub(crate) position: Position,
    pub(crate) template: T,
}

impl<T> Capture<T> {
    /// Whether two captures are of one finger, eye or face.
    pub(crate) fn is_mate_of(&self, other: &Self) -> bool {
        self.subject == other.subject && self.position == other.position
    }
}

/// The captures of `set` that can be extracted, without those whose label is known to be wrong.
pub(crate) fn captures<M: Matcher>(matcher: &M, set: &str) -> Vec<Capture<M::Template>> {
    let manifest = folder().join(format!("{}-{set}.csv", matcher.modality()));
    let manifest = Manifest::read(&manifest, Some(matcher.modality())).expect("a manifest that can be read");
    let suspects = suspect_labels();
    let named = |entry: &Entry| entry.path.file_stem().map(|name| name.to_string_lossy().into_owned());
    let trusted = manifest.entries.par_iter().filter(|entry| named(entry).is_none_or(|name| !suspects.contains(&name)));
    trusted.filter_map(|entry| capture(matcher, entry)).collect()
}

fn capture<M: Matcher>(matcher: &M, entry: &Entry) -> Option<Capture<M::Template>> {
    let bytes = std::fs::read(&entry.path).expect("an image that can be read");
    let template = matcher.extract(&bytes, entry).ok()?.template;
    Some(Capture { subject: entry.subject.clone(), position: entry.position, template })
}

/// The names of captures whose label is wrong, by the agreement of three matchers.
fn suspect_labels() -> HashSet<String> {
    let list = std::fs::read_to_string(folder().join("fingerprint/fcj2020/suspect_labels.csv")).unwrap_or_default();
    list.lines()
        .filter_map(|line| line.split(',').next())
        .map(|name| name.trim_end_matches(".bmp").to_owned())
        .collect()
}

/// Where the samples are: `WHORL_DATA`, else beside the checkout.
fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from)
}
