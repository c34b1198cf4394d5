//! Sealing what only journals hold into segments, and making new segments of those that have many holes or are small.

use std::sync::Arc;

use super::{Gallery, GalleryError, Writer, remove_leftovers};
use crate::change::Change;
use crate::flaw::Flawed;
use crate::layer::Layer;
use crate::manifest::{MAX_SEGMENTS, Manifest, SegmentEntry};
use crate::segment::{self, MAX_REFERENCES, Segment};
use crate::snapshot::Snapshot;
use crate::storage::Storage;
use crate::tombstones;
use crate::workers::Workers;

/// Of so many segments of about the same size one is made.
const FAN_IN: usize = 8;

/// A segment is made anew when one in so many of its references is removed.
const ONE_REMOVED_IN: u64 = 5;

/// What [`Gallery::tend`] and [`Gallery::compact`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tended {
    /// References that only journals held and that segments hold now.
    pub sealed: u64,
    /// Segments, on the disk before, that others took the place of.
    pub merged: u64,
    /// Segments that were written.
    pub written: u64,
}

impl Tended {
    fn and(self, other: Self) -> Self {
        let (sealed, merged) = (self.sealed + other.sealed, self.merged + other.merged);
        Self { sealed, merged, written: self.written + other.written }
    }
}

/// What becomes of a group with a damaged segment.
#[derive(Clone, Copy)]
enum Damaged {
    /// It is left as it is.
    Left,
    /// Nothing more is done.
    Refused,
}

/// The layers that each new segment is made of, as places in a snapshot.
type Groups = Vec<Vec<usize>>;

/// What the writer was when sealing began.
struct Frozen {
    snapshot: Snapshot,
    manifest: Manifest,
    /// The journal that takes what changes from then on.
    journal: u64,
    journalled: u64,
}

/// New segments, written and opened.
struct Sealed {
    manifest: Manifest,
    /// Places of the layers that stay.
    kept: Vec<usize>,
    groups: Groups,
    segments: Vec<Option<Arc<Segment>>>,
}

impl Gallery {
    /// When journals hold more bytes, they are sealed: what a start replays in a second or two, and small against the memory of a
    /// server.
    pub const SEALED_FROM_BYTES: u64 = 256 << 20;

    /// Seals what is due, and merges segments that are due, while others go on changing the gallery: to be called now and then
    /// where no [`Keeper`](super::Keeper) does.
    ///
    /// # Errors
    /// [`GalleryError`] where the storage fails.
    pub fn tend(&self) -> Result<Tended, GalleryError> {
        self.seal(due, Self::SEALED_FROM_BYTES, Damaged::Left)
    }

    /// Seals all that only journals hold, so that the next start has nothing to replay.
    ///
    /// # Errors
    /// [`GalleryError`] where the storage fails.
    pub fn settle(&self) -> Result<Tended, GalleryError> {
        self.seal(due, 0, Damaged::Left)
    }

    /// As [`Gallery::settle`], and makes new segments of all from which anything was removed, and of those that are small:
    /// afterwards no file holds anything of a reference that was removed before.
    ///
    /// # Errors
    /// [`GalleryError::Flawed`] where a segment is damaged: what is wrong with it would else become unknown.
    /// [`GalleryError`] where the storage fails.
    pub fn compact(&self) -> Result<Tended, GalleryError> {
        self.seal(improvable, 0, Damaged::Refused)
    }

    /// Whether there is so much in journals that it should be sealed.
    pub(super) fn is_due(&self) -> bool {
        self.writer().is_ok_and(|writer| writer.journalled > Self::SEALED_FROM_BYTES)
    }

    /// Makes new segments of the sealed ones that are due by `plan`, and of all that journals hold, if that is over `most` bytes or
    /// a plan makes it necessary. One group after the other, so that the disk needs room for one more segment and no more.
    fn seal(&self, plan: impl Fn(&Snapshot) -> Groups, most: u64, damaged: Damaged) -> Result<Tended, GalleryError> {
        Workers::expect_no_worker();
        let _turn = self.tending.lock().map_err(|_| GalleryError::Unsettled)?;
        let mut tended = Tended::default();
        loop {
            // Sealed layers stay where they are while it is this thread's turn.
            let sealed = self.writer()?.snapshot.clone();
            let group = next_group(&sealed, plan(&sealed), damaged)?;
            let is_last = group.is_none();
            let frozen = {
                let mut writer = self.writer()?;
                if is_last && (writer.journalled <= most || tended.written > 0) {
                    return Ok(tended);
                }
                writer.freeze()
            };
            let sealed = frozen.seal(self, group.into_iter().collect());
            tended = tended.and(self.install(&frozen, sealed)?);
            if is_last {
                return Ok(tended);
            }
        }
    }

    fn install(&self, frozen: &Frozen, sealed: Result<Sealed, GalleryError>) -> Result<Tended, GalleryError> {
        let mut writer = self.writer()?;
        writer.unsettled = true;
        let tended = writer.install(&*self.storage, frozen, &sealed?)?;
        writer.unsettled = false;
        self.publish(&writer.snapshot);
        Ok(tended)
    }

    /// Makes changes durable in segments, not in a journal; everybody else who writes waits.
    pub(super) fn seal_directly(&self, changes: &[Change], segment: Option<Segment>) -> Result<u64, GalleryError> {
        let _turn = self.tending.lock().map_err(|_| GalleryError::Unsettled)?;
        let mut writer = self.writer()?;
        writer.snapshot.check(changes)?;
        writer.unsettled = true;
        let gone = writer.snapshot.keys_taken(changes.iter());
        if !gone.is_empty() {
            // Whom a segment has, and not a journal, is known to have been removed until his key is destroyed, whatever happens here.
            self.seal_all(&mut writer)?;
        }
        let kept = writer.snapshot.segments().len();
        writer.snapshot = writer.snapshot.changed(changes.iter(), segment, kept)?;
        self.seal_all(&mut writer)?;
        self.keys.destroy(&*self.storage, &gone)?;
        writer.unsettled = false;
        self.publish(&writer.snapshot);
        Ok(writer.snapshot.sequence())
    }

    fn seal_all(&self, writer: &mut Writer) -> Result<(), GalleryError> {
        let frozen = writer.freeze();
        let sealed = frozen.seal(self, Groups::new())?;
        writer.install(&*self.storage, &frozen, &sealed).map(|_| ())
    }
}

impl Writer {
    /// Lets all layers be as they are, and what changes from now on go into another journal.
    fn freeze(&mut self) -> Frozen {
        self.journal = None;
        self.frozen = self.snapshot.segments().len();
        Frozen {
            snapshot: self.snapshot.clone(),
            manifest: self.manifest.clone(),
            journal: self.next_journal,
            journalled: self.journalled,
        }
    }

    /// Commits new segments, and puts them in the place of the layers that they are made of.
    fn install(&mut self, storage: &dyn Storage, frozen: &Frozen, sealed: &Sealed) -> Result<Tended, GalleryError> {
        sealed.manifest.commit(storage)?;
        self.manifest = sealed.manifest.clone();
        self.snapshot = sealed.rebase(frozen, &self.snapshot)?.at_epoch(self.manifest.epoch);
        self.frozen = self.snapshot.sealed();
        self.journalled -= frozen.journalled;
        // Nobody else makes segments and sets while it is this thread's turn.
        remove_leftovers(storage, &self.manifest)?;
        let merged = sealed.groups.iter().flatten().filter(|place| **place < frozen.snapshot.sealed()).count() as u64;
        let unsealed = frozen.snapshot.segments()[frozen.snapshot.sealed()..].iter();
        let written = sealed.segments.iter().flatten().count() as u64;
        Ok(Tended { sealed: unsealed.map(|layer| layer.live_before(None)).sum(), merged, written })
    }
}

impl Frozen {
    /// Writes a segment of each group and of all that journals hold, and the sets of those who were removed from the layers that
    /// stay: the manifest that lists them goes on from another journal.
    fn seal(&self, gallery: &Gallery, mut groups: Groups) -> Result<Sealed, GalleryError> {
        let storage = &*gallery.storage;
        let layers = self.snapshot.segments();
        groups.extend(filled(layers, (self.snapshot.sealed()..layers.len()).collect()));
        let grouped = groups.iter().flatten().copied().collect::<Vec<_>>();
        let kept = (0..self.snapshot.sealed()).filter(|place| !grouped.contains(place)).collect::<Vec<_>>();
        let mut manifest = self.manifest.successor();
        (manifest.sequence, manifest.journal) = (self.snapshot.sequence(), self.journal);
        manifest.segments.clear();
        for &place in &kept {
            let entry = self.manifest.segments[place];
            let removed = tombstones::write(storage, manifest.epoch, &entry, &layers[place])?;
            manifest.segments.push(SegmentEntry { removed, ..entry });
        }
        let mut segments = Vec::new();
        for group in &groups {
            let sources = group.iter().map(|&place| layers[place].clone()).collect::<Vec<_>>();
            segments.push(manifest.write_segment(gallery, &sources)?);
        }
        if manifest.segments.len() > MAX_SEGMENTS {
            return Err(GalleryError::TooManySegments);
        }
        storage.sync_dir("")?;
        Ok(Sealed { manifest, kept, groups, segments })
    }
}

impl Manifest {
    /// Writes and lists a segment of all that was not removed from `layers`; none where there is nobody left.
    fn write_segment(
        &mut self,
        Gallery { storage, keys, workers, .. }: &Gallery,
        layers: &[Layer],
    ) -> Result<Option<Arc<Segment>>, GalleryError> {
        let storage = &**storage;
        let references = layers.iter().map(|layer| layer.live_before(None)).sum();
        if references == 0 {
            return Ok(None);
        }
        let number = self.next_segment;
        let encrypted = self.encryption.is_some_and(|encryption| encryption.segments);
        let checksum = segment::write(storage, number, layers, encrypted.then_some(workers))?;
        let entry = SegmentEntry { number, references, checksum, removed: None };
        self.next_segment += 1;
        self.segments.push(entry);
        // Opened before it is listed, so that a segment which cannot be read is never part of the gallery.
        Ok(Some(Arc::new(workers.run(|| Segment::open(storage, &entry, keys))?)))
    }
}

impl Sealed {
    /// The snapshot that `now` has become since it was frozen, with the new segments.
    fn rebase(&self, frozen: &Frozen, now: &Snapshot) -> Result<Snapshot, GalleryError> {
        let (then, now_layers) = (frozen.snapshot.segments(), now.segments());
        let mut layers = self.kept.iter().map(|&place| now_layers[place].clone()).collect::<Vec<_>>();
        for (group, segment) in self.groups.iter().zip(&self.segments) {
            let Some(segment) = segment else { continue };
            let whole = Layer::sharing(segment);
            let mut gone = Vec::new();
            for &place in group {
                // Who was removed since is in the new segment, and in the journal that goes on from it.
                for reference in now_layers[place].removed() - then[place].removed() {
                    gone.extend(whole.find(&now_layers[place].id(reference)?));
                }
            }
            layers.push(whole.without(gone));
        }
        let sealed = layers.len();
        layers.extend_from_slice(&now_layers[then.len()..]);
        Ok(now.with_layers(layers, sealed))
    }
}

/// The first of `groups` of which a segment can be made: none with a damaged one, which stays as it is until somebody restores it, for
/// a new segment made of it would have checksums that fit what is wrong.
fn next_group(snapshot: &Snapshot, groups: Groups, damaged: Damaged) -> Result<Option<Vec<usize>>, GalleryError> {
    for group in groups {
        match (group.iter().find_map(|&place| damage(snapshot, place)), damaged) {
            (None, _) => return Ok(Some(group)),
            (Some(flawed), Damaged::Refused) => return Err(flawed.into()),
            (Some(_), Damaged::Left) => {}
        }
    }
    Ok(None)
}

fn damage(snapshot: &Snapshot, place: usize) -> Option<Flawed> {
    snapshot.segments()[place].files().find_map(|(column, _)| column.damaged_blocks().next())
}

/// Which sealed segments are due to be made anew: those with many holes, and [`FAN_IN`] of about the same size.
fn due(snapshot: &Snapshot) -> Groups {
    let layers = snapshot.segments();
    let holes =
        |place: &usize| layers[*place].removed().len() * ONE_REMOVED_IN > u64::from(layers[*place].references());
    let (with_holes, sound): (Vec<_>, Vec<_>) = (0..snapshot.sealed()).partition(holes);
    let mut groups = filled(layers, with_holes);
    for class in 0..=size_class(MAX_REFERENCES as u64) {
        let of_class = |place: &usize| size_class(layers[*place].live_before(None)) == class;
        let alike = sound.iter().copied().filter(of_class).collect::<Vec<_>>();
        if alike.len() >= FAN_IN {
            groups.extend(filled(layers, alike).into_iter().filter(|group| group.len() > 1));
        }
    }
    groups
}

/// The sealed segments with holes, and those that are not half full where there are several.
fn improvable(snapshot: &Snapshot) -> Groups {
    let layers = snapshot.segments();
    let has_holes = |place: usize| !layers[place].removed().is_empty();
    let is_small = |place: usize| layers[place].live_before(None) < MAX_REFERENCES as u64 / 2;
    let places = (0..snapshot.sealed()).filter(|place| has_holes(*place) || is_small(*place)).collect();
    let is_new = |group: &Vec<usize>| group.len() > 1 || group.iter().any(|place| has_holes(*place));
    filled(layers, places).into_iter().filter(is_new).collect()
}

/// Cuts places into groups, none of which is more than a segment takes.
fn filled(layers: &[Layer], places: Vec<usize>) -> Groups {
    let (mut groups, mut references) = (Groups::new(), 0);
    for place in places {
        let more = layers[place].live_before(None);
        match groups.last_mut() {
            Some(group) if references + more <= MAX_REFERENCES as u64 => group.push(place),
            Some(_) | None => {
                groups.push(vec![place]);
                references = 0;
            }
        }
        references += more;
    }
    groups
}

/// Segments of one class have between them and the next [`FAN_IN`] times as many references.
fn size_class(references: u64) -> u32 {
    references.max(1).ilog(FAN_IN as u64)
}
