//! A snapshot after changes: what was enrolled is searched at once, in small segments in memory that are merged as they pile up.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;
use whorl_types::ReferenceId;

use crate::change::Change;
use crate::flaw::Flaw;
use crate::gallery::GalleryError;
use crate::journal::Replayed;
use crate::keys::{Held, KeyError, TABLE, slot_offset};
use crate::layer::Layer;
use crate::reference::Reference;
use crate::segment::{MAX_REFERENCES, Segment};
use crate::snapshot::Snapshot;
use crate::storage::Storage;

/// The segment in memory of what changes bring, with their keys; none where they bring nobody. Runs in the rayon pool of the caller.
pub(crate) fn segment_of<'a>(
    changes: impl Iterator<Item = (&'a Change, Option<Held>)>,
) -> Result<Option<Segment>, GalleryError> {
    let brought = changes.filter_map(|(change, held)| Some((change.reference()?, held)));
    let mut brought = brought.collect::<Vec<(&Reference, _)>>();
    brought.sort_unstable_by(|(one, _), (other, _)| one.id.cmp(&other.id));
    let (references, held): (Vec<_>, Vec<_>) = brought.into_iter().unzip();
    if references.is_empty() { Ok(None) } else { Segment::in_memory(&references, held.into_iter().collect()) }
}

impl Snapshot {
    /// This snapshot after `changes` of different references, who are in `segment`. The first `kept` layers stay where they are.
    pub(crate) fn changed<'a>(
        &self,
        changes: impl ExactSizeIterator<Item = &'a Change>,
        segment: Option<Segment>,
        kept: usize,
    ) -> Result<Self, GalleryError> {
        let mut layers = self.segments().to_vec();
        let sequence = self.sequence() + changes.len() as u64;
        let gone = changes.filter(|change| change.takes_away()).filter_map(|change| self.find(change.id()));
        let mut of_layer = BTreeMap::<u32, Vec<u32>>::new();
        for place in gone {
            of_layer.entry(place.segment).or_default().push(place.reference);
        }
        for (number, gone) in of_layer {
            let layer = &mut layers[number as usize];
            *layer = layer.without(gone);
        }
        layers.extend(segment.map(Layer::whole));
        pile_up(&mut layers, kept, MERGED_BYTES)?;
        Ok(self.with_layers(layers, self.sealed()).at_sequence(sequence))
    }

    /// This snapshot after what journals say was done to it.
    pub(crate) fn replayed(self, changes: &[Replayed]) -> Result<Self, GalleryError> {
        let (mut snapshot, runs) = (self, runs(changes));
        let kept = snapshot.sealed();
        // Side by side, for they do not know of each other, and making them is most of the work of a start.
        let segments =
            runs.par_iter().map(|run| segment_of(run.iter().map(|Replayed { change, held }| (change, held.clone()))));
        for (run, segment) in runs.iter().zip(segments.collect::<Result<Vec<_>, _>>()?) {
            let changes = run.iter().map(|replayed| &replayed.change).collect::<Vec<_>>();
            snapshot.check(&changes)?;
            snapshot = snapshot.changed(changes.into_iter(), segment, kept)?;
        }
        Ok(snapshot)
    }

    /// This snapshot without those whose keys were destroyed: they were removed, and some file does not know it yet, or never will. Only
    /// at the end of a replay, for it may be about to say so.
    pub(crate) fn without_keyless(self, storage: &dyn Storage) -> Result<Self, GalleryError> {
        let mut layers = self.segments().to_vec();
        for layer in &mut layers {
            let keyless = layer.without_key().filter(|(reference, _)| !layer.is_removed(*reference));
            let mut gone = Vec::new();
            for (reference, held) in keyless {
                match held {
                    Held::Damaged(number) => return Err(Flaw::Checksum.at(TABLE, slot_offset(*number)).into()),
                    Held::Unknown(_) => return Err(KeyError::Stale(storage.place()).into()),
                    Held::Key(_) | Held::Destroyed(_) => gone.push(reference),
                }
            }
            if !gone.is_empty() {
                *layer = layer.without(gone);
            }
        }
        let sealed = self.sealed();
        Ok(self.with_layers(layers, sealed))
    }

    /// The keys of those whom changes take away.
    pub(crate) fn keys_taken<'a>(&self, changes: impl Iterator<Item = &'a Change>) -> Vec<u64> {
        let gone = changes.filter(|change| change.takes_away()).filter_map(|change| self.find(change.id()));
        let held = gone.filter_map(|place| self.segments()[place.segment as usize].key(place.reference));
        held.map(Held::number).collect()
    }

    /// The keys of those who were removed, whom sealed segments or the journals still have, whose keys are `journalled`: a writer that died
    /// may not have come to destroy them.
    pub(crate) fn keys_removed(&self, journalled: Vec<u64>) -> Vec<u64> {
        let (sealed, unsealed) = self.segments().split_at(self.sealed());
        let key = |layer: &Layer, reference: u32| layer.key(reference).map(Held::number);
        let live = unsealed.iter().flat_map(|layer| layer.live().filter_map(|reference| key(layer, reference)));
        let live = live.collect::<HashSet<_>>();
        let sealed =
            sealed.iter().flat_map(|layer| layer.removed().iter().filter_map(|reference| key(layer, reference)));
        journalled.into_iter().filter(|number| !live.contains(number)).chain(sealed).collect()
    }
}

/// How many bytes are merged at a time, about: who waits for an acknowledgement may wait for a merge, too.
const MERGED_BYTES: u64 = 16 << 20;

/// Merges the last layers while the last is not much smaller than the one before, so that there are few, and nobody is
/// copied often (Bentley and Saxe, "Decomposable searching problems", 1980); those that have become large stay, until they are sealed.
fn pile_up(layers: &mut Vec<Layer>, kept: usize, most_bytes: u64) -> Result<(), GalleryError> {
    while layers.len() >= kept + 2 {
        let start = layers.len() - 2;
        let (before, after) = (layers[start].live_before(None), layers[start + 1].live_before(None));
        let bytes = layers[start..].iter().map(Layer::live_bytes).sum::<u64>();
        if after * 2 < before || before + after > MAX_REFERENCES as u64 || bytes > most_bytes {
            break;
        }
        let merged = if before + after == 0 { None } else { Segment::merged(&layers[start..])? };
        layers.truncate(start);
        layers.extend(merged.map(Layer::whole));
    }
    Ok(())
}

/// Cuts changes into runs in which no id is there twice, each small enough for a segment; where one is too few, into runs of about the
/// same size.
fn runs(changes: &[Replayed]) -> Vec<&[Replayed]> {
    let most = changes.len().div_ceil(changes.len().div_ceil(MAX_REFERENCES).max(1));
    let (mut runs, mut start, mut seen) = (Vec::new(), 0, HashSet::<&ReferenceId>::with_capacity(most));
    for (at, Replayed { change, .. }) in changes.iter().enumerate() {
        if seen.len() == most || !seen.insert(change.id()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A layer of references without templates.
    fn layer(first: usize, count: usize) -> Layer {
        let id = |number| ReferenceId::new(format!("{number:04}")).unwrap();
        let nameless = (first..first + count).map(|number| Reference { id: id(number), templates: Vec::new() });
        let nameless = nameless.collect::<Vec<_>>();
        Layer::whole(Segment::in_memory(&nameless.iter().collect::<Vec<_>>(), None).unwrap().unwrap())
    }

    /// How many references the layers have that come of a thousand, one added after the other.
    fn piled_up(most_bytes: u64) -> Vec<u64> {
        let mut layers = Vec::new();
        for number in 0..1000 {
            layers.push(layer(number, 1));
            pile_up(&mut layers, 0, most_bytes).unwrap();
        }
        layers.iter().map(|layer| layer.live_before(None)).collect()
    }

    #[test]
    fn layers_are_few_and_none_is_large() {
        let without_bound = piled_up(u64::MAX);
        assert!(without_bound.iter().sum::<u64>() == 1000 && without_bound.len() <= 10, "{without_bound:?}");
        let bounded = piled_up(layer(0, 100).live_bytes());
        assert!(bounded.iter().sum::<u64>() == 1000 && bounded.len() <= 1000 / 25 + 7, "{bounded:?}");
        assert!(bounded.iter().all(|references| *references <= 100), "{bounded:?}");
    }
}
