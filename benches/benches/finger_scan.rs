//! The first stage of a fingerprint search on synthetic templates, one core: `cargo bench -p whorl-benches --bench finger_scan`.
//!
//! Elements are comparisons of one probe with one row. `block` rows stay in cache; `gallery` rows come from memory.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use whorl_datasets::synthetic::templates::template;
use whorl_engine::finger::coarse::{CoarseProbe, CoarseRow, scan_on};
use whorl_kernels::Kernels;

const SEED: u64 = 20;

fn probes(count: u64) -> Vec<CoarseProbe> {
    (0..count).map(|finger| CoarseProbe::new(&template(SEED, finger, 1))).collect()
}

fn rows(count: u64) -> Vec<CoarseRow> {
    (0..count).map(|finger| CoarseRow::new(&template(SEED, finger, 0))).collect()
}

fn scans(criterion: &mut Criterion) {
    let sizes = [("block", rows(128)), ("gallery", rows(65_536))];
    for (name, rows) in &sizes {
        for batch in [1, 16] {
            let probes = probes(batch);
            let mut group = criterion.benchmark_group(format!("coarse_scan/{name}/{batch}_probes"));
            group.throughput(Throughput::Elements(batch * rows.len() as u64)).sample_size(10);
            for kernels in Kernels::available() {
                group.bench_function(kernels.isa().name(), |bencher| {
                    bencher.iter(|| {
                        let mut passed = 0_u64;
                        scan_on(kernels, black_box(&probes), black_box(rows), &mut |_, _, _| passed += 1);
                        passed
                    });
                });
            }
        }
    }
}

fn preparation(criterion: &mut Criterion) {
    let template = template(SEED, 0, 0);
    criterion.bench_function("coarse_row", |bencher| bencher.iter(|| CoarseRow::new(black_box(&template))));
    criterion.bench_function("coarse_probe", |bencher| bencher.iter(|| CoarseProbe::new(black_box(&template))));
}

criterion_group!(finger_scan, scans, preparation);
criterion_main!(finger_scan);
