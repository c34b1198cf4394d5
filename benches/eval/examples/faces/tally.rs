//! What became of a set.

use std::collections::BTreeMap;
use std::path::Path;

use whorl_types::{FaceTemplate, Refusal};

use crate::stopwatch::STAGES;

/// What the columns are.
pub(crate) const HEAD: &str = "set: pictures, templates, refusals; median quality; ms of a template: detect gate crop measure embed; ms of a refusal";

/// The outcomes of a set.
#[derive(Default)]
pub(crate) struct Tally {
    qualities: Vec<u8>,
    ms: [f64; STAGES.len()],
    refused_ms: f64,
    counts: BTreeMap<Refusal, usize>,
    /// Every refused picture with its refusal.
    pub(crate) refused: Vec<(String, &'static str)>,
}

impl Tally {
    pub(crate) fn add(&mut self, path: &Path, outcome: &Result<FaceTemplate, Refusal>, ms: &[f64; STAGES.len()]) {
        match outcome {
            Ok(template) => {
                self.qualities.push(template.quality().get());
                self.ms.iter_mut().zip(ms).for_each(|(sum, ms)| *sum += ms);
            }
            Err(refusal) => {
                *self.counts.entry(*refusal).or_default() += 1;
                self.refused_ms += ms.iter().sum::<f64>();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.refused.push((name, refusal.name()));
            }
        }
    }

    /// The set in one line.
    pub(crate) fn row(&self, set: &str) -> String {
        let (templates, refused) = (self.qualities.len(), self.refused.len());
        let refusals: Vec<String> =
            self.counts.iter().map(|(refusal, count)| format!("{count} {}", refusal.name())).collect();
        let mut sorted = self.qualities.clone();
        sorted.sort_unstable();
        let median = sorted.get(templates / 2).copied().unwrap_or(0);
        let ms: Vec<String> = self.ms.iter().map(|sum| format!("{:.1}", sum / templates.max(1) as f64)).collect();
        format!(
            "{set}: {} pictures, {templates} templates, refused {refused} ({}); quality {median}; {} ms; {:.1} ms",
            templates + refused,
            refusals.join(", "),
            ms.join(" "),
            self.refused_ms / refused.max(1) as f64
        )
    }
}
