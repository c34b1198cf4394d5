//! A search for an iris on synthetic templates, one core: `cargo bench -p whorl-benches --bench iris_scan`.
//!
//! Elements are comparisons of one probe with one eye, each at all 21 turns of the head. `coarse` is the first stage alone,
//! `cascade` with every eye that passes compared in full, `exact` everything in full; `block` rows stay in cache, `gallery`
//! rows come from memory.

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use whorl_datasets::synthetic::templates::iris::template;
use whorl_engine::iris::coarse::{CoarseBlock, CoarseProbe, scan_on};
use whorl_engine::iris::{CodeRow, Probe, compare, similarities_on, similarity};
use whorl_kernels::Kernels;
use whorl_types::IrisTemplate;

const SEED: u64 = 20;

/// Eyes of the gallery: 20 MiB of blocks and 144 MiB of codes.
const EYES: u64 = 131_072;

/// Eyes that a core's second cache holds.
const FEW: usize = 512;

/// The two forms of a gallery.
struct Gallery {
    blocks: Vec<CoarseBlock>,
    rows: Vec<CodeRow>,
}

impl Gallery {
    fn new() -> Self {
        let templates: Vec<_> = (0..EYES).map(|eye| template(SEED, eye, 0)).collect();
        let codes: Vec<_> = templates.iter().map(IrisTemplate::code).collect();
        let blocks = codes.chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect();
        Self { blocks, rows: codes.into_iter().map(CodeRow::from).collect() }
    }
}

fn probes<P>(count: u64, prepare: fn(&IrisTemplate) -> P) -> Vec<P> {
    (0..count).map(|eye| prepare(&template(SEED, eye, 1))).collect()
}

fn group(criterion: &mut Criterion, name: String, comparisons: usize) -> BenchmarkGroup<'_, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(comparisons as u64)).sample_size(10);
    group
}

fn scans(criterion: &mut Criterion) {
    let gallery = Gallery::new();
    for (name, eyes) in [("block", FEW), ("gallery", gallery.rows.len())] {
        let (blocks, rows) = (&gallery.blocks[..eyes / CoarseBlock::LANES], &gallery.rows[..eyes]);
        for batch in [1, 4, 16] {
            let (coarse, fine) = (probes(batch, CoarseProbe::new), probes(batch, Probe::new));
            let comparisons = eyes * batch as usize;
            for kernels in Kernels::available() {
                let isa = kernels.isa().name();
                let mut coarse_group = group(criterion, format!("coarse/{name}/{batch}_probes"), comparisons);
                coarse_group.bench_function(isa, |bencher| {
                    bencher.iter(|| passing(kernels, black_box(&coarse), black_box(blocks)).len());
                });
                coarse_group.finish();
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
                let mut cascade_group = group(criterion, format!("cascade/{name}/{batch}_probes"), comparisons);
                cascade_group.bench_function(isa, |bencher| {
                    bencher.iter(|| cascade(kernels, (black_box(&coarse), &fine), (black_box(blocks), rows)));
                });
                cascade_group.finish();
            }
        }
    }
}

/// Probe and row of every eye that passes.
fn passing(kernels: &Kernels, probes: &[CoarseProbe], blocks: &[CoarseBlock]) -> Vec<(usize, usize)> {
    let mut passed = Vec::new();
    scan_on(kernels, probes, blocks, &mut |probe, row, _| passed.push((probe, row)));
    passed
}

/// The most similar of the eyes that pass.
fn cascade(
    kernels: &Kernels,
    (coarse, fine): (&[CoarseProbe], &[Probe]),
    (blocks, rows): (&[CoarseBlock], &[CodeRow]),
) -> u32 {
    let mut most = 0;
    for (probe, row) in passing(kernels, coarse, blocks) {
        let (probe, row) = (&fine[probe..=probe], &rows[row..=row]);
        similarities_on(kernels, probe, row, &mut |_, _, similarity| most = most.max(similarity.get()));
    }
    most
}

fn one_to_one(criterion: &mut Criterion) {
    let (one, other) = (template(SEED, 0, 0), template(SEED, 0, 1));
    criterion.bench_function("verify", |bencher| {
        bencher.iter(|| similarity(&Probe::new(black_box(&one)), black_box(other.code())));
    });
    let probe = Probe::new(&one);
    criterion.bench_function("evidence", |bencher| bencher.iter(|| compare(black_box(&probe), black_box(&other))));
    criterion.bench_function("coarse_probe", |bencher| bencher.iter(|| CoarseProbe::new(black_box(&one))));
    criterion.bench_function("coarse_block", |bencher| bencher.iter(|| CoarseBlock::new(&[black_box(one.code()); 8])));
}

criterion_group!(iris_scan, scans, one_to_one);
criterion_main!(iris_scan);
