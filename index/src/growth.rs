//! A snapshot after changes: what was enrolled is searched at once, in small segments in memory that are merged as they pile up.

use std::collections::{BTreeMap, HashSet};

use whorl_types::ReferenceId;

use crate::change::Change;
use crate::gallery::GalleryError;
use crate::layer::Layer;
use crate::reference::Reference;
use crate::segment::{MAX_REFERENCES, Segment};
use crate::snapshot::Snapshot;

/// The segment in memory of what `changes` bring; none where they bring nobody. Runs in the rayon pool of the caller.
pub(crate) fn segment_of(changes: &[Change]) -> Result<Option<Segment>, GalleryError> {
    let mut references = changes.iter().filter_map(Change::reference).collect::<Vec<&Reference>>();
    references.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    if references.is_empty() { Ok(None) } else { Segment::in_memory(&references) }
}

impl Snapshot {
    /// This snapshot after `changes` of different references, who are in `segment`. The first `kept` layers stay where they are.
    pub(crate) fn changed(
        &self,
        changes: &[Change],
        segment: Option<Segment>,
        kept: usize,
    ) -> Result<Self, GalleryError> {
        let mut layers = self.segments().to_vec();
        let gone = changes.iter().filter(|change| change.takes_away()).filter_map(|change| self.find(change.id()));
        let mut of_layer = BTreeMap::<u32, Vec<u32>>::new();
        for place in gone {
            of_layer.entry(place.segment).or_default().push(place.reference);
        }
        for (number, gone) in of_layer {
            let layer = &mut layers[number as usize];
            *layer = layer.without(gone);
        }
        layers.extend(segment.map(Layer::whole));
        pile_up(&mut layers, kept)?;
        let sequence = self.sequence() + changes.len() as u64;
        Ok(self.with_layers(layers, self.sealed()).at_sequence(sequence))
    }

    /// This snapshot after what journals say was done to it.
    pub(crate) fn replayed(self, changes: &[Change]) -> Result<Self, GalleryError> {
        let mut snapshot = self;
        let kept = snapshot.sealed();
        for run in runs(changes) {
            snapshot.check(run)?;
            snapshot = snapshot.changed(run, segment_of(run)?, kept)?;
        }
        Ok(snapshot)
    }
}

/// Merges the last layers while the last is not much smaller than the one before, so that there are few, and nobody is
/// copied often (Bentley and Saxe, "Decomposable searching problems", 1980).
fn pile_up(layers: &mut Vec<Layer>, kept: usize) -> Result<(), GalleryError> {
    while layers.len() >= kept + 2 {
        let start = layers.len() - 2;
        let (before, after) = (layers[start].live_before(None), layers[start + 1].live_before(None));
        if after * 2 < before || before + after > MAX_REFERENCES as u64 {
            break;
        }
        let merged = if before + after == 0 { None } else { Segment::merged(&layers[start..])? };
        layers.truncate(start);
        layers.extend(merged.map(Layer::whole));
    }
    Ok(())
}

/// Cuts changes into runs in which no id is there twice, each small enough for a segment.
fn runs(changes: &[Change]) -> Vec<&[Change]> {
    let (mut runs, mut start, mut seen) = (Vec::new(), 0, HashSet::<&ReferenceId>::new());
    for (at, change) in changes.iter().enumerate() {
        if seen.len() == MAX_REFERENCES || !seen.insert(change.id()) {
            runs.push(&changes[start..at]);
            start = at;
            seen = HashSet::from([change.id()]);
        }
    }
    if start < changes.len() {
        runs.push(&changes[start..]);
    }
    runs
}
