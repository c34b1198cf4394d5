//! Extraction of synthetic eyes of each kind of camera, one core:
//! `cargo bench -p whorl-benches --bench iris_extract`. `WHORL_ISA` chooses the instruction set.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use whorl_datasets::synthetic::iris::{Camera, Conditions, Iris};
use whorl_extractors::iris::{NoTrace, extract};
use whorl_kernels::Kernels;
use whorl_types::{GreyImage, Position};

const SEED: u64 = 20;

fn photograph(camera: Camera) -> GreyImage {
    Iris::new(SEED, Position::LeftEye).photograph(&Conditions::draw(camera, 1.0, SEED), SEED)
}

fn extractions(criterion: &mut Criterion) {
    let isa = Kernels::best().isa();
    let mut group = criterion.benchmark_group(format!("iris_extract/{isa}"));
    for camera in Camera::ALL {
        let image = photograph(camera);
        let name = format!("{camera:?} {} x {}", image.width_px(), image.height_px()).to_lowercase();
        group.bench_function(name, |bencher| bencher.iter(|| extract(black_box(&image), &mut NoTrace)));
    }
    group.finish();
}

criterion_group!(iris_extract, extractions);
criterion_main!(iris_extract);
