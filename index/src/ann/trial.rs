//! How the recall of an index is measured: on altered copies of the gallery's own faces.
//!
//! A gallery has one capture of most people, so the second captures that searches will bring must be made up. A copy is turned
//! away from its face until the cosine of the two is one between [`LEAST_COSINE`] and [`MOST_COSINE`], evenly, which is where mates
//! lie for networks of about a million parameters on photographs in the wild; with better networks or cameras mates are nearer, and an
//! index misses fewer. It is turned in a direction mixed at random from other faces of the gallery, so that dimensions
//! vary among captures as they do among people. An untouched copy would be found always, and say nothing.
//!
//! The confidence that is stated with a recall is that of the sample. That copies are not captures comes on top: on synthetic faces
//! the two recalls lay within four points of each other, either way (`benches/results/ann-face.md`).
//!
//! Only copies count for which comparing everything puts the copied face first: what no search would find is no loss.

use rayon::prelude::*;
use whorl_engine::face::{Probe, similarities};
use whorl_types::{FaceTemplate, Similarity};

use super::covered::{Covered, direction};
use super::{AnnError, FaissError, Recall};
use crate::flaw::Flawed;
use crate::snapshot::Snapshot;

/// How many copies are looked for: a recall of 99 % is then known within half a per cent.
const COPIES: u64 = 1_000;

/// The cosines of a copy and its face.
const LEAST_COSINE: f32 = 0.35;
/// See [`LEAST_COSINE`].
const MOST_COSINE: f32 = 0.75;

/// How many other faces a direction is mixed from: many, so that the copy is like none of them.
const MIXED: usize = 64;

/// Rows that a thread compares at a time.
const ROWS: usize = 4_096;

/// Measures what `nearest` finds of the faces that are `covered`.
pub(super) fn measure(
    snapshot: &Snapshot,
    covered: &Covered,
    nearest: impl Fn(&FaceTemplate) -> Result<Vec<u64>, FaissError> + Sync,
) -> Result<Recall, AnnError> {
    let count = COPIES.min(covered.rows());
    let copies = covered
        .spread(count)
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|label| Ok((label, copy(snapshot, covered, label)?)));
    let copies = copies.collect::<Result<Vec<_>, Flawed>>()?;
    let first = first_of_all(snapshot, covered, &copies);
    let due = copies.iter().zip(first).filter(|((label, _), first)| label == first).map(|(copy, _)| copy);
    let due = due.collect::<Vec<_>>();
    let found = due.par_iter().map(|(label, face)| Ok(u32::from(nearest(face)?.contains(label))));
    let found = found.try_reduce(|| 0, |one, other| Ok::<_, FaissError>(one + other))?;
    Ok(Recall { copies: count as u32, first: due.len() as u32, found })
}

/// The label of the face most like each of the copies, by comparing everything in full; ties go to the lower label.
fn first_of_all(snapshot: &Snapshot, covered: &Covered, copies: &[(u64, FaceTemplate)]) -> Vec<u64> {
    let probes = copies.iter().map(|(_, face)| Probe::new(face)).collect::<Vec<_>>();
    let parts = covered.embeddings(snapshot).flat_map(|(start, rows)| {
        rows.chunks(ROWS).enumerate().map(move |(number, rows)| (start + (number * ROWS) as u64, rows))
    });
    let nobody = || vec![(Similarity::NONE, u64::MAX); probes.len()];
    let better = |mut one: Vec<(Similarity, u64)>, other: Vec<(Similarity, u64)>| {
        for (best, candidate) in one.iter_mut().zip(other) {
            if candidate.0 > best.0 || candidate.0 == best.0 && candidate.1 < best.1 {
                *best = candidate;
            }
        }
        one
    };
    let best_of = |(start, rows)| {
        let mut best = nobody();
        similarities(&probes, rows, &mut |probe, row, similarity| {
            if similarity > best[probe].0 {
                best[probe] = (similarity, start + row as u64);
            }
        });
        best
    };
    let best = parts.collect::<Vec<_>>().into_par_iter().map(best_of).reduce(nobody, better);
    best.into_iter().map(|(_, label)| label).collect()
}

/// A copy of the face of a label.
fn copy(snapshot: &Snapshot, covered: &Covered, label: u64) -> Result<FaceTemplate, Flawed> {
    let face = covered.template(snapshot, label)?;
    let mut random = SplitMix(label);
    let cosine = LEAST_COSINE + (MOST_COSINE - LEAST_COSINE) * random.fraction();
    let away = away(snapshot, covered, &face, &mut random);
    let own = direction(face.embedding(), face.dimension());
    let sine = (1.0 - cosine * cosine).sqrt();
    let turned = own.iter().zip(away).map(|(own, away)| cosine * own + sine * away).collect::<Vec<_>>();
    let most = turned.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
    let embedding = turned.iter().map(|value| (value / most * 127.0).round() as i8).collect::<Vec<_>>();
    // The largest value is 127, so there is a direction; if not, the face itself is as good a probe as any.
    let copy = FaceTemplate::new(face.model(), &embedding, face.points(), *face.measures(), face.quality());
    Ok(copy.unwrap_or(face))
}

/// A direction at right angles to a face, of length 1, mixed from other faces.
fn away(snapshot: &Snapshot, covered: &Covered, face: &FaceTemplate, random: &mut SplitMix) -> Vec<f32> {
    let own = direction(face.embedding(), face.dimension());
    let mut mixed = vec![0.0; own.len()];
    for _ in 0..MIXED {
        let (weight, label) = (2.0 * random.fraction() - 1.0, random.below(covered.rows()));
        let Some(other) = covered.embedding(snapshot, label) else { continue };
        for (sum, value) in mixed.iter_mut().zip(direction(other.values(), own.len())) {
            *sum += weight * value;
        }
    }
    let along = mixed.iter().zip(&own).map(|(one, other)| one * other).sum::<f32>();
    let across = mixed.iter().zip(&own).map(|(sum, own)| sum - along * own).collect::<Vec<_>>();
    let length = across.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    across.into_iter().map(|value| value / length).collect()
}

/// A stream of pseudo-random numbers (`SplitMix64`, Steele, Lea and Flood, 2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// 0 to 1, 1 left out.
    fn fraction(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 24) as f32
    }

    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}
