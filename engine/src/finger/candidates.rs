//! Which minutiae of two templates look alike: the pairs whose descriptors differ least.

use whorl_types::Descriptor;

use super::side::Side;

/// Descriptors of each side that are compared with one another: the best ones.
const MOST_A_SIDE: usize = 56;

/// Pairs that go on.
pub(super) const MOST: usize = 64;

/// Pairs that differ in more bits than this are no evidence.
const FARTHEST: u32 = 216;

/// A minutia of the probe and one of the reference that may be the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) probe: u8,
    pub(super) reference: u8,
    /// Bits in which the descriptors differ.
    pub(super) distance: u32,
    /// How alike they look: bits short of [`FARTHEST`], as a fraction.
    pub(super) weight: f32,
}

/// The distances between the best descriptors of two sides.
pub(super) struct Distances {
    columns: usize,
    rows: Vec<u16>,
}

impl Distances {
    pub(super) fn between(probe: &Side, reference: &Side) -> Self {
        let (rows, columns) = (best(probe), best(reference));
        let distances = rows.iter().flat_map(|a| columns.iter().map(|b| differing_bits(a, b) as u16));
        Self { columns: columns.len(), rows: distances.collect() }
    }

    /// Between minutia `i` of the probe and `j` of the reference, where both are described.
    pub(super) fn get(&self, i: usize, j: usize) -> Option<u32> {
        if j >= self.columns {
            return None;
        }
        self.rows.get(i * self.columns + j).map(|&bits| u32::from(bits))
    }

    /// The nearest [`MOST`] pairs, nearest first; of equal ones those of the better minutiae.
    pub(super) fn nearest(&self) -> Vec<Candidate> {
        let mut histogram = [0_u16; FARTHEST as usize];
        for &bits in &self.rows {
            if u32::from(bits) < FARTHEST {
                histogram[usize::from(bits)] += 1;
            }
        }
        let mut within = 0;
        let last = histogram.iter().position(|&count| {
            within += usize::from(count);
            within >= MOST
        });
        let last = last.unwrap_or(FARTHEST as usize - 1) as u16;
        let near = self.rows.iter().enumerate().filter(|&(_, &bits)| bits <= last);
        let mut found: Vec<Candidate> = near.map(|(at, &bits)| self.candidate(at, u32::from(bits))).collect();
        found.sort_by_key(|candidate| (candidate.distance, candidate.probe, candidate.reference));
        found.truncate(MOST);
        found
    }

    fn candidate(&self, at: usize, distance: u32) -> Candidate {
        let weight = (FARTHEST - distance) as f32 / FARTHEST as f32;
        Candidate { probe: (at / self.columns) as u8, reference: (at % self.columns) as u8, distance, weight }
    }
}

fn best(side: &Side) -> &[Descriptor] {
    &side.descriptors[..side.descriptors.len().min(MOST_A_SIDE)]
}

fn differing_bits(a: &Descriptor, b: &Descriptor) -> u32 {
    a.words.iter().zip(&b.words).map(|(a, b)| (a ^ b).count_ones()).sum()
}
