//! Which minutiae of two templates look alike: for each the one of the other side that differs least.

use whorl_kernels::{Kernels, Octet};
use whorl_types::Descriptor;

/// Descriptors of each side that are compared with one another: the best ones.
pub(super) const MOST_A_SIDE: usize = 48;

/// Pairs that go on.
pub(super) const MOST: usize = 32;

/// Pairs that differ in more bits than this are no evidence.
const FARTHEST: u16 = 216;

/// Octets of one side.
const OCTETS: usize = MOST_A_SIDE / 8;

/// Bits of a key that hold the place of a descriptor.
const PLACE_BITS: u32 = 6;

/// The distances between the best descriptors of two sides, in bits.
pub(super) struct Distances {
    probe: usize,
    reference: usize,
    /// For each descriptor of the reference those to all of the probe.
    rows: [[[u16; 8]; OCTETS]; MOST_A_SIDE],
}

impl Distances {
    #[inline(always)]
    pub(super) fn between(
        kernels: &Kernels,
        probe: (&[Octet<{ Descriptor::WORDS }>], usize),
        reference: &[Descriptor],
    ) -> Self {
        let mut words = [[0; Descriptor::WORDS]; MOST_A_SIDE];
        let strings = &mut words[..reference.len()];
        for (words, descriptor) in strings.iter_mut().zip(reference) {
            *words = descriptor.words;
        }
        let (octets, described) = probe;
        let mut flat = [[0; 8]; OCTETS * MOST_A_SIDE];
        kernels.distances_b512(octets, strings, &mut flat[..octets.len() * reference.len()]);
        let mut rows = [[[u16::MAX; 8]; OCTETS]; MOST_A_SIDE];
        if !octets.is_empty() {
            for (row, flat) in rows.iter_mut().zip(flat.chunks(octets.len())).take(reference.len()) {
                row[..octets.len()].copy_from_slice(flat);
            }
        }
        Self { probe: described, reference: reference.len(), rows }
    }

    /// Between minutia `i` of the probe and `j` of the reference, where both are described.
    #[inline(always)]
    pub(super) fn get(&self, i: usize, j: usize) -> Option<u16> {
        (i < self.probe && j < self.reference).then(|| self.rows[j][i / 8][i % 8])
    }

    /// The pairs of which each is the other's nearest or nearest but not so the other way, nearest first; of equally near ones
    /// those of the better minutiae.
    #[inline(always)]
    pub(super) fn nearest(&self) -> Candidates {
        let mut best_of_probe = [[u16::MAX; 8]; OCTETS];
        let mut best_of_reference = [u16::MAX; MOST_A_SIDE];
        for (j, row) in self.rows.iter().enumerate().take(self.reference) {
            let mut nearest = [u16::MAX; 8];
            for (octet, (row, best)) in row.iter().zip(&mut best_of_probe).enumerate() {
                for (lane, (&bits, best)) in row.iter().zip(best).enumerate() {
                    *best = (*best).min(key(bits, j));
                    nearest[lane] = nearest[lane].min(key(bits, octet * 8 + lane));
                }
            }
            best_of_reference[j] = nearest.iter().copied().fold(u16::MAX, u16::min);
        }
        let of_probe = best_of_probe.as_flattened()[..self.probe].iter().enumerate();
        let of_probe = of_probe.map(|(i, &key)| order(key >> PLACE_BITS, i, place(key)));
        let only = |&(j, key): &(usize, u16)| key != u16::MAX && place(best_of_probe.as_flattened()[place(key)]) != j;
        let of_reference = best_of_reference[..self.reference].iter().copied().enumerate().filter(only);
        let of_reference = of_reference.map(|(j, key)| order(key >> PLACE_BITS, place(key), j));
        let mut orders = [u32::MAX; 2 * MOST_A_SIDE];
        let mut found = 0;
        for order in of_probe.chain(of_reference).filter(|order| order >> 16 < u32::from(FARTHEST)) {
            orders[found] = order;
            found += 1;
        }
        if found > MOST {
            orders[..found].select_nth_unstable(MOST);
        }
        let nearest = &mut orders[..found.min(MOST)];
        nearest.sort_unstable();
        Candidates::new(nearest)
    }
}

/// Distance and place in one number, so that the nearest is the smallest and ties go to the better minutia.
#[inline(always)]
fn key(bits: u16, place: usize) -> u16 {
    if bits >= FARTHEST { u16::MAX } else { bits << PLACE_BITS | place as u16 }
}

fn place(key: u16) -> usize {
    usize::from(key) % (1 << PLACE_BITS)
}

fn order(bits: u16, probe: usize, reference: usize) -> u32 {
    u32::from(bits) << 16 | (probe as u32) << 8 | reference as u32
}

/// Minutiae of the probe and the reference that may be the same, the most alike first.
pub(super) struct Candidates {
    pub(super) len: usize,
    pub(super) probe: [u8; MOST],
    pub(super) reference: [u8; MOST],
    /// How alike they look: bits short of [`FARTHEST`], as a fraction of it.
    pub(super) weight: [f32; MOST],
}

impl Candidates {
    fn new(orders: &[u32]) -> Self {
        let mut candidates = Self { len: orders.len(), probe: [0; MOST], reference: [0; MOST], weight: [0.0; MOST] };
        for (at, &order) in orders.iter().enumerate() {
            candidates.probe[at] = (order >> 8) as u8;
            candidates.reference[at] = order as u8;
            candidates.weight[at] = (f32::from(FARTHEST) - (order >> 16) as f32) / f32::from(FARTHEST);
        }
        candidates
    }
}
