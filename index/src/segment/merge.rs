//! The rows of several segments made one segment's: how what was enrolled in memory is sealed, and segments are compacted.

use super::columns::Columns;
use super::sink::{Place, Sink};
use super::{IdRow, face, finger, iris};
use crate::gallery::GalleryError;
use crate::kind::Kind;
use crate::layer::Layer;

/// A row of another segment, and its owner in the new one.
pub(super) struct Picked<'a> {
    pub(super) columns: &'a Columns,
    pub(super) row: usize,
    pub(super) owner: u32,
}

/// A reference that goes into the new segment.
struct Kept<'a> {
    id: &'a IdRow,
    layer: &'a Layer,
    reference: u32,
}

/// Puts everything that was not removed from `layers` into `sink`. Ids are in one layer only.
pub(super) fn merge(sink: &mut dyn Sink, layers: &[Layer]) -> Result<(), GalleryError> {
    let mut kept = layers.iter().flat_map(of_layer).collect::<Vec<_>>();
    kept.sort_unstable_by_key(|one| one.id);
    let keys = kept.iter().map(|one| one.layer.segment.key(one.reference).cloned());
    sink.begin(&kept.iter().map(|one| *one.id).collect::<Vec<_>>(), keys.collect())?;
    for kind in Kind::ALL {
        for position in kind.positions() {
            let owners = kept.iter().zip(0..);
            let picked = owners.flat_map(|(one, owner)| {
                let here = |columns: &&Columns| columns.kind == kind && columns.position == position;
                let columns = one.layer.segment.columns().iter().find(here);
                columns
                    .into_iter()
                    .flat_map(move |columns| columns.of(one.reference).map(move |row| Picked { columns, row, owner }))
            });
            let (picked, mut place) = (picked.collect::<Vec<_>>(), Place { sink, kind, position });
            match kind {
                Kind::Finger => finger::merge(&mut place, &picked)?,
                Kind::Iris => iris::merge(&mut place, &picked)?,
                Kind::Face => face::merge(&mut place, &picked)?,
            }
        }
    }
    Ok(())
}

fn of_layer(layer: &Layer) -> impl Iterator<Item = Kept<'_>> {
    layer.live().map(move |reference| Kept { id: layer.segment.id_bytes(reference), layer, reference })
}
