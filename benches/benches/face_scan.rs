//! A search for a face on synthetic templates, one core: `cargo bench -p whorl-benches --bench face_scan`.
//!
//! Elements are comparisons of one probe with one face. `hamming` and `dot` are the kernels alone, `dot` over all 512 dimensions;
//! `coarse` is the first stage by sign codes, `sift` with every face that they pass compared in full, `exact` everything in full;
//! `block` rows stay in cache, `gallery` rows come from memory.

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use whorl_datasets::synthetic::templates::face::template;
use whorl_engine::face::coarse::{CoarseBlock, CoarseProbe, scan_on, sift_on};
use whorl_engine::face::{EmbeddingRow, Probe, compare, similarities_on, similarity};
use whorl_kernels::{Factors, Kernels, Numbers, StoredOctet};
use whorl_types::FaceTemplate;

const SEED: u64 = 20;

/// Faces of the gallery: 16 MiB of codes and 128 MiB of embeddings.
const FACES: u64 = 262_144;

/// Faces that a core's second cache holds.
const FEW: usize = 1_024;

/// Rows that a kernel goes over at a time.
const AT_ONCE: usize = 64;

fn group(criterion: &mut Criterion, name: String, comparisons: usize) -> BenchmarkGroup<'_, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(comparisons as u64)).sample_size(10);
    group
}

fn hamming(criterion: &mut Criterion) {
    let mut random = Pcg64::seed_from_u64(7);
    let octet =
        |random: &mut Pcg64| StoredOctet { words: std::array::from_fn(|_| std::array::from_fn(|_| random.next_u64())) };
    let octets: Vec<_> = (0..FACES as usize / StoredOctet::LANES).map(|_| octet(&mut random)).collect();
    for (name, faces) in [("block", FEW), ("gallery", FACES as usize)] {
        for probes in [1, 4, 16] {
            let strings: Vec<[u64; 8]> = (0..probes).map(|_| std::array::from_fn(|_| random.next_u64())).collect();
            let mut group = group(criterion, format!("hamming/{name}/{probes}_probes"), faces * probes);
            let (mut near, mut distances) = (vec![0; AT_ONCE / 8 * probes], vec![[0; 8]; AT_ONCE / 8 * probes]);
            for kernels in Kernels::available() {
                group.bench_function(kernels.isa().name(), |bencher| {
                    bencher.iter(|| {
                        for octets in black_box(&octets[..faces / 8]).chunks(AT_ONCE / 8) {
                            kernels.near_b512(octets, black_box(&strings), 200, &mut near, &mut distances);
                        }
                        near[0]
                    });
                });
            }
            group.finish();
        }
    }
}

fn dot(criterion: &mut Criterion) {
    let mut random = Pcg64::seed_from_u64(8);
    let mut numbers = |count| {
        let one = |_| Numbers::new(&std::array::from_fn::<_, 512, _>(|_| random.next_u32() as i8));
        (0..count).map(one).collect::<Vec<_>>()
    };
    let rows = numbers(FACES as usize);
    for (name, faces) in [("block", FEW), ("gallery", FACES as usize)] {
        for probes in [1, 16] {
            let factors: Vec<_> = numbers(probes).iter().map(Factors::new).collect();
            let factors: Vec<_> = factors.iter().collect();
            let mut group = group(criterion, format!("dot/{name}/{probes}_probes"), faces * probes);
            let mut products = vec![0; AT_ONCE * probes];
            for kernels in Kernels::available() {
                group.bench_function(kernels.isa().name(), |bencher| {
                    bencher.iter(|| {
                        for rows in black_box(&rows[..faces]).chunks(AT_ONCE) {
                            kernels.products_i8(black_box(&factors), rows, Numbers::BLOCKS, &mut products);
                        }
                        products[0]
                    });
                });
            }
            group.finish();
        }
    }
}

/// The two forms of a gallery.
struct Gallery {
    blocks: Vec<CoarseBlock>,
    rows: Vec<EmbeddingRow>,
}

impl Gallery {
    fn new() -> Self {
        let rows: Vec<_> = (0..FACES).map(|person| EmbeddingRow::from(&template(SEED, person, 0))).collect();
        Self { blocks: rows.chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect(), rows }
    }
}

fn probes<P>(count: u64, prepare: fn(&FaceTemplate) -> P) -> Vec<P> {
    (0..count).map(|person| prepare(&template(SEED, person, 1))).collect()
}

fn scans(criterion: &mut Criterion) {
    let gallery = Gallery::new();
    for (name, faces) in [("block", FEW), ("gallery", gallery.rows.len())] {
        let (blocks, rows) = (&gallery.blocks[..faces / CoarseBlock::LANES], &gallery.rows[..faces]);
        for batch in [1, 4, 16] {
            let (codes, fine) = (probes(batch, CoarseProbe::new), probes(batch, Probe::new));
            let probes: Vec<_> = fine.iter().collect();
            let comparisons = faces * batch as usize;
            for kernels in Kernels::available() {
                let isa = kernels.isa().name();
                let mut coarse_group = group(criterion, format!("coarse/{name}/{batch}_probes"), comparisons);
                coarse_group.bench_function(isa, |bencher| {
                    bencher.iter(|| {
                        let mut passed = 0;
                        scan_on(kernels, black_box(&codes), black_box(blocks), &mut |_, _, _| passed += 1);
                        passed
                    });
                });
                coarse_group.finish();
                let mut sift_group = group(criterion, format!("sift/{name}/{batch}_probes"), comparisons);
                sift_group.bench_function(isa, |bencher| {
                    bencher.iter(|| {
                        let mut passed = 0;
                        let there = (black_box(blocks), rows);
                        sift_on(kernels, (black_box(&codes), &probes), there, &|_, _, _| true, &mut |_, _, _| {
                            passed += 1;
                        });
                        passed
                    });
                });
                sift_group.finish();
                let mut exact_group = group(criterion, format!("exact/{name}/{batch}_probes"), comparisons);
                exact_group.bench_function(isa, |bencher| {
                    bencher.iter(|| {
                        let mut most = 0;
                        similarities_on(kernels, black_box(&fine), black_box(rows), &mut |_, _, similarity| {
                            most = most.max(similarity.get());
                        });
                        most
                    });
                });
                exact_group.finish();
            }
        }
    }
}

fn one_to_one(criterion: &mut Criterion) {
    let (one, other) = (template(SEED, 0, 0), template(SEED, 0, 1));
    let (probe, row) = (Probe::new(&one), EmbeddingRow::from(&other));
    criterion.bench_function("verify", |bencher| {
        bencher.iter(|| similarity(&Probe::new(black_box(&one)), &EmbeddingRow::from(black_box(&other))));
    });
    criterion.bench_function("similarity", |bencher| bencher.iter(|| similarity(black_box(&probe), black_box(&row))));
    criterion.bench_function("evidence", |bencher| bencher.iter(|| compare(black_box(&probe), black_box(&other))));
    criterion.bench_function("coarse_probe", |bencher| bencher.iter(|| CoarseProbe::new(black_box(&one))));
    criterion.bench_function("coarse_block", |bencher| bencher.iter(|| CoarseBlock::new(black_box(&[row; 8]))));
}

criterion_group!(face_scan, hamming, dot, scans, one_to_one);
criterion_main!(face_scan);
