//! The fine comparison of two prepared fingerprints on synthetic templates, one core:
//! `cargo bench -p whorl-benches --bench finger_compare`. `WHORL_ISA` chooses the instruction set.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use whorl_datasets::synthetic::templates::template;
use whorl_engine::finger::{Probe, similarity};
use whorl_kernels::Kernels;

const SEED: u64 = 20;

/// References that are gone through, so that branches are not learned by heart.
const REFERENCES: u64 = 64;

fn comparisons(criterion: &mut Criterion) {
    let isa = Kernels::best().isa();
    let mut group = criterion.benchmark_group(format!("finger_similarity/{isa}"));
    for (name, first) in [("mates", 0), ("strangers", 1000)] {
        let probes: Vec<_> = (0..REFERENCES).map(|finger| Probe::new(&template(SEED, finger, 1))).collect();
        let references: Vec<_> = (0..REFERENCES).map(|finger| template(SEED, first + finger, 0)).collect();
        let mut pairs = probes.iter().zip(&references).cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| pairs.next().map(|(probe, reference)| similarity(black_box(probe), black_box(reference))));
        });
    }
    group.finish();
    let template = template(SEED, 0, 0);
    criterion.bench_function("finger_probe", |bencher| bencher.iter(|| Probe::new(black_box(&template))));
}

criterion_group!(finger_compare, comparisons);
criterion_main!(finger_compare);
