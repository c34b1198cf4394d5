//! The kernels, each on every instruction set that this processor has: `cargo bench -p whorl-benches --bench kernels`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use whorl_kernels::{Kernels, MAX_PAIRS, Pairs, Slack, octets};

/// Minutiae of a probe and of an enrolled finger.
const PROBE: usize = 24;
/// See [`PROBE`].
const ENROLLED: usize = 40;

fn strings<const W: usize>(count: usize) -> Vec<[u64; W]> {
    let mut random = Pcg64::seed_from_u64(7);
    (0..count).map(|_| std::array::from_fn(|_| random.next_u64())).collect()
}

fn nearest(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("nearest_b256");
    group.throughput(Throughput::Elements((PROBE * ENROLLED) as u64));
    let (probe, enrolled) = (octets(&strings(PROBE)), strings(ENROLLED));
    let mut keys = vec![[0; 8]; probe.len()];
    for kernels in Kernels::available() {
        group.bench_function(kernels.isa().name(), |bencher| {
            bencher.iter(|| kernels.nearest_b256(black_box(&probe), black_box(&enrolled), &mut keys));
        });
    }
}

fn distances(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("distances_b256");
    group.throughput(Throughput::Elements((PROBE * ENROLLED) as u64));
    let (probe, enrolled) = (octets(&strings(PROBE)), strings(ENROLLED));
    let mut matrix = vec![[0; 8]; probe.len() * ENROLLED];
    for kernels in Kernels::available() {
        group.bench_function(kernels.isa().name(), |bencher| {
            bencher.iter(|| kernels.distances_b256(black_box(&probe), black_box(&enrolled), &mut matrix));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("distances_b512");
    group.throughput(Throughput::Elements((PROBE * ENROLLED) as u64));
    let (probe, enrolled) = (octets(&strings(PROBE)), strings(ENROLLED));
    for kernels in Kernels::available() {
        group.bench_function(kernels.isa().name(), |bencher| {
            bencher.iter(|| kernels.distances_b512(black_box(&probe), black_box(&enrolled), &mut matrix));
        });
    }
}

fn consensus(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("consensus_i16");
    group.throughput(Throughput::Elements((PROBE * PROBE) as u64));
    let mut random = Pcg64::seed_from_u64(8);
    let mut lane = |bits: u32| std::array::from_fn(|_| (random.next_u32() % (1 << bits)) as i16);
    let pairs = Pairs {
        from_x: lane(11),
        from_y: lane(11),
        to_x: lane(11),
        to_y: lane(11),
        turn: lane(15),
        cos: lane(15),
        sin: lane(15),
        weight: lane(6),
    };
    let slack = Slack { shift: [[100; MAX_PAIRS]; MAX_PAIRS], turn: 16 << 8 };
    for kernels in Kernels::available() {
        group.bench_function(kernels.isa().name(), |bencher| {
            bencher.iter(|| kernels.consensus_i16(black_box(&pairs), black_box(&slack), PROBE));
        });
    }
}

criterion_group!(kernels, nearest, distances, consensus);
criterion_main!(kernels);
