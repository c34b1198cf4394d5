//! Exhaustive searches over vectors in files, one core, a JSON line for each kind, instruction set and batch: our side of
//! `benches/peers/scan.py`, which says what is compared.
//!
//! `cargo run --release -p whorl-benches --example peer_scans -- DIRECTORY BATCH...`: the directory holds `rows.i8` and
//! `probes.i8`, 512 signed bytes a vector, and `rows.b512` and `probes.b512`, 64 bytes a string. Rates are comparisons a second
//! of the processor's time; each search also says which rows it found nearest to the first probe, so that its answer can be
//! checked.

use std::hint::black_box;
use std::ops::Range;
use std::path::Path;

use whorl_benches::cpu::rate;
use whorl_engine::face::{Batch, EmbeddingRow, Probe};
use whorl_kernels::{Kernels, StoredOctet};
use whorl_types::{FaceMeasures, FaceModelId, FacePoints, FaceTemplate, Quality, Similarity};

/// Bytes of a vector of signed bytes.
const NUMBERS: usize = 512;

/// Bytes of a bit string.
const STRING: usize = 64;

/// How many rows each probe looks for.
const NEAREST: usize = 20;

/// Rows that all probes go over before the bounds are looked at again.
const ROWS_AT_ONCE: usize = 256;

/// Octets of strings likewise, and probes that go over them together: the first cache holds both and their distances.
const OCTETS_AT_ONCE: usize = 16;
/// See [`OCTETS_AT_ONCE`].
const STRINGS_AT_ONCE: usize = 32;

/// The distance of strings of which all bits differ.
const FARTHEST: u32 = 512;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().expect("a directory of vectors");
    let batches = arguments.map(|batch| batch.parse().expect("a number of probes")).collect::<Vec<usize>>();
    let read = |name: &str| std::fs::read(Path::new(&directory).join(name));
    let rows = templates(&read("rows.i8")?).iter().map(EmbeddingRow::from).collect::<Vec<_>>();
    let probes = templates(&read("probes.i8")?).iter().map(Probe::new).collect::<Vec<_>>();
    let (octets, strings) = (octets(&read("rows.b512")?), strings(&read("probes.b512")?));
    for kernels in Kernels::available() {
        for &batch in &batches {
            let probes = Batch::new(probes[..batch].iter().collect());
            told(kernels, "dot_i8_512", (rows.len(), batch), || nearest_faces(kernels, &probes, black_box(&rows)));
            let (octets, strings) = (black_box(&octets), &strings[..batch]);
            let comparisons = (octets.len() * StoredOctet::LANES, batch);
            told(kernels, "hamming_512", comparisons, || nearest_strings(kernels, strings, octets));
        }
    }
    Ok(())
}

fn templates(bytes: &[u8]) -> Vec<FaceTemplate> {
    let template = |bytes: &[u8]| {
        let embedding = bytes.iter().map(|byte| byte.cast_signed()).collect::<Vec<_>>();
        let (points, quality) = (FacePoints { px8: [[0; 2]; 5] }, Quality::new(50).expect("a percentage"));
        FaceTemplate::new(FaceModelId(1), &embedding, points, FaceMeasures::default(), quality).expect("a direction")
    };
    bytes.chunks_exact(NUMBERS).map(template).collect()
}

fn strings(bytes: &[u8]) -> Vec<[u64; StoredOctet::WORDS]> {
    let words = |string: &[u8; STRING]| {
        let (words, _) = string.as_chunks();
        std::array::from_fn(|word| u64::from_le_bytes(words[word]))
    };
    bytes.as_chunks().0.iter().map(words).collect()
}

/// The strings side by side, as many as fill whole octets.
fn octets(bytes: &[u8]) -> Vec<StoredOctet> {
    let octet = |strings: &[[u64; StoredOctet::WORDS]; StoredOctet::LANES]| StoredOctet {
        words: std::array::from_fn(|word| strings.map(|string| string[word])),
    };
    strings(bytes).as_chunks().0.iter().map(octet).collect()
}

fn told(kernels: &Kernels, work: &str, (rows, probes): (usize, usize), mut search: impl FnMut() -> Vec<Nearest>) {
    let found = search().swap_remove(0).sorted();
    let per_second = rate(1, || _ = black_box(search())) * (rows * probes) as f64;
    println!(
        "{{\"work\": \"{work}\", \"isa\": \"{}\", \"probes\": {probes}, \"comparisons_per_second\": {per_second:.0}, \
         \"nearest\": {found:?}}}",
        kernels.isa()
    );
}

/// The rows farthest up by some score, the first of equals.
struct Nearest {
    /// How far each is under the highest number there is, and the row.
    rows: Vec<(u32, usize)>,
    /// The least score that may still be among the nearest, as far as is known.
    least: u32,
}

impl Nearest {
    fn new() -> Self {
        Self { rows: Vec::with_capacity(2 * NEAREST), least: 0 }
    }

    fn push(&mut self, score: u32, row: usize) {
        self.rows.push((u32::MAX - score, row));
        if self.rows.len() == 2 * NEAREST {
            let (_, worst, _) = self.rows.select_nth_unstable(NEAREST - 1);
            self.least = u32::MAX - worst.0;
            self.rows.truncate(NEAREST);
        }
    }

    fn sorted(mut self) -> Vec<usize> {
        self.rows.sort_unstable();
        self.rows.iter().take(NEAREST).map(|&(_, row)| row).collect()
    }
}

fn nearest_faces(kernels: &Kernels, batch: &Batch<'_>, rows: &[EmbeddingRow]) -> Vec<Nearest> {
    let mut nearest = (0..batch.len()).map(|_| Nearest::new()).collect::<Vec<_>>();
    for (number, some) in rows.chunks(ROWS_AT_ONCE).enumerate() {
        let least = nearest.iter().map(|nearest| Similarity::new(nearest.least)).collect::<Vec<_>>();
        batch.similarities_from_on(kernels, some, &least, &mut |probe, row, similarity| {
            nearest[probe].push(similarity.get(), number * ROWS_AT_ONCE + row);
        });
    }
    nearest
}

fn nearest_strings(kernels: &Kernels, strings: &[[u64; 8]], octets: &[StoredOctet]) -> Vec<Nearest> {
    let mut nearest = strings.iter().map(|_| Nearest::new()).collect::<Vec<_>>();
    let places = OCTETS_AT_ONCE * STRINGS_AT_ONCE;
    let (mut near, mut distances) = (vec![0; places], vec![[0; 8]; places]);
    for (number, some) in octets.chunks(OCTETS_AT_ONCE).enumerate() {
        for (strings, nearest) in strings.chunks(STRINGS_AT_ONCE).zip(nearest.chunks_mut(STRINGS_AT_ONCE)) {
            let places = some.len() * strings.len();
            let (near, distances) = (&mut near[..places], &mut distances[..places]);
            // One bound for all: what the probe with the farthest neighbours asks for.
            let least = nearest.iter().map(|nearest| nearest.least).min().unwrap_or(0);
            kernels.near_b512(some, strings, (FARTHEST - least) as u16, near, distances);
            let first = number * OCTETS_AT_ONCE * StoredOctet::LANES;
            for (group, near) in near.chunks(StoredOctet::LANES).enumerate() {
                if near.iter().any(|&lanes| lanes != 0) {
                    let places = group * StoredOctet::LANES..group * StoredOctet::LANES + near.len();
                    keep(nearest, first, places, distances);
                }
            }
        }
    }
    nearest
}

/// Keeps what is near enough at some places of `distances`, of which each octet has one for each probe.
fn keep(nearest: &mut [Nearest], first: usize, places: Range<usize>, distances: &[[u16; StoredOctet::LANES]]) {
    for place in places {
        let (octet, which) = (place / nearest.len(), place % nearest.len());
        for (lane, &distance) in distances[place].iter().enumerate() {
            let score = FARTHEST - u32::from(distance);
            if score >= nearest[which].least {
                nearest[which].push(score, first + octet * StoredOctet::LANES + lane);
            }
        }
    }
}
