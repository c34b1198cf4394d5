//! Exhaustive search for the nearest row with the raw kernels, one core, a JSON line for each kernel and instruction set: our
//! side of `benches/peers/compare.py`, which says what is compared.
//!
//! `cargo run --release -p whorl-benches --example raw_rates -- ROWS PROBES`, probes a multiple of eight.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use whorl_kernels::{Factors, Kernels, Numbers, Octet, octets};

/// Rows that all probes go over before the next ones: a core's first cache holds them and their distances.
const BLOCK_ROWS: usize = 256;

/// Probes that go over a row together.
const TOGETHER: usize = 16;

type Distances<const W: usize> = fn(&Kernels, &[Octet<W>], &[[u64; W]], &mut [[u16; 8]]);

fn main() {
    let count =
        |place: usize, otherwise| std::env::args().nth(place).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (rows, probes) = (count(1, 1 << 20), count(2, 16));
    for kernels in Kernels::available() {
        hamming::<4>(kernels, rows, probes, Kernels::distances_b256);
        hamming::<8>(kernels, rows, probes, Kernels::distances_b512);
        dots(kernels, rows, probes);
    }
}

fn report(kernels: &Kernels, work: &str, comparisons: usize, mut search: impl FnMut()) {
    search();
    let (started, mut rounds) = (Instant::now(), 0.0);
    while started.elapsed() < Duration::from_secs(1) {
        search();
        rounds += 1.0;
    }
    let per_second = rounds * comparisons as f64 / started.elapsed().as_secs_f64();
    println!("{{\"work\": \"{work}\", \"isa\": \"{}\", \"comparisons_per_second\": {per_second:.0}}}", kernels.isa());
}

fn hamming<const W: usize>(kernels: &Kernels, rows: usize, probes: usize, distances_of: Distances<W>) {
    let mut random = Pcg64::seed_from_u64(1);
    let mut strings = |count| (0..count).map(|_| std::array::from_fn(|_| random.next_u64())).collect::<Vec<[u64; W]>>();
    let (rows, probes) = (strings(rows), octets(&strings(probes)));
    let mut distances = vec![[0; 8]; BLOCK_ROWS * probes.len()];
    report(kernels, &format!("hamming_{}", 64 * W), rows.len() * probes.len() * 8, || {
        let mut nearest = vec![([u16::MAX; 8], [0_u32; 8]); probes.len()];
        for (block, strings) in rows.chunks(BLOCK_ROWS).enumerate() {
            let distances = &mut distances[..strings.len() * probes.len()];
            distances_of(kernels, &probes, strings, distances);
            kernels.run(
                #[inline(always)]
                || keep_nearest(&mut nearest, distances, (block * BLOCK_ROWS) as u32),
            );
        }
        black_box(nearest);
    });
}

#[expect(clippy::inline_always, reason = "compiled for the instruction set only where it is inlined")]
#[inline(always)]
fn keep_nearest(nearest: &mut [([u16; 8], [u32; 8])], distances: &[[u16; 8]], first: u32) {
    for (row, of_row) in (first..).zip(distances.chunks_exact(nearest.len())) {
        for ((best, which), distance) in nearest.iter_mut().zip(of_row) {
            for lane in 0..8 {
                which[lane] = if distance[lane] < best[lane] { row } else { which[lane] };
                best[lane] = best[lane].min(distance[lane]);
            }
        }
    }
}

fn dots(kernels: &Kernels, rows: usize, probes: usize) {
    let mut random = Pcg64::seed_from_u64(2);
    let mut numbers = |count: usize| {
        let one = |_| Numbers::new(&std::array::from_fn::<_, { Numbers::COUNT }, _>(|_| random.next_u32() as i8));
        (0..count).map(one).collect::<Vec<_>>()
    };
    let (rows, probes) = (numbers(rows), numbers(probes).iter().map(Factors::new).collect::<Vec<_>>());
    let probes: Vec<_> = probes.iter().collect();
    let mut products = vec![0; BLOCK_ROWS * TOGETHER];
    report(kernels, "dot_i8_512", rows.len() * probes.len(), || {
        let mut nearest = vec![i32::MIN; probes.len()];
        for block in rows.chunks(BLOCK_ROWS) {
            for (factors, nearest) in probes.chunks(TOGETHER).zip(nearest.chunks_mut(TOGETHER)) {
                let products = &mut products[..block.len() * factors.len()];
                kernels.products_i8(factors, block, Numbers::BLOCKS, products);
                for of_row in products.chunks_exact(factors.len()) {
                    nearest.iter_mut().zip(of_row).for_each(|(best, &product)| *best = product.max(*best));
                }
            }
        }
        black_box(nearest);
    });
}
