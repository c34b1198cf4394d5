//! Extraction of synthetic prints of four kinds of sensor, and the WSQ coding that many arrive in, one core:
//! `cargo bench -p whorl-benches --bench finger_extract`. `WHORL_ISA` chooses the instruction set.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use whorl_datasets::synthetic::fingerprint::{Conditions, Finger, Sensor};
use whorl_extractors::fingerprint::{NoTrace, extract};
use whorl_formats::wsq::{self, BitRate};
use whorl_kernels::Kernels;
use whorl_types::{GreyImage, Position, Ppi};

const SEED: u64 = 20;

fn print(sensor: Sensor) -> GreyImage {
    Finger::new(SEED, Position::RightIndex).print(&Conditions::draw(sensor, 1.0, SEED), SEED)
}

fn extractions(criterion: &mut Criterion) {
    let isa = Kernels::best().isa();
    let mut group = criterion.benchmark_group(format!("finger_extract/{isa}"));
    let sensors = [Sensor::Optical, Sensor::Capacitive, Sensor::Thermal, Sensor::Ink];
    for (name, sensor) in ["optical", "capacitive", "thermal", "ink"].into_iter().zip(sensors) {
        let image = print(sensor);
        let name = format!("{name} {} x {}", image.width_px(), image.height_px());
        group.bench_function(name, |bencher| {
            bencher.iter(|| extract(black_box(&image), Some(Ppi::STANDARD), &mut NoTrace));
        });
    }
    group.finish();
}

fn wsq_coding(criterion: &mut Criterion) {
    let image = print(Sensor::Optical);
    let coded = wsq::encode(&image, None, BitRate::USUAL);
    criterion.bench_function("wsq_decode", |bencher| bencher.iter(|| wsq::decode(black_box(&coded))));
    criterion.bench_function("wsq_encode", |bencher| {
        bencher.iter(|| wsq::encode(black_box(&image), None, BitRate::USUAL));
    });
}

criterion_group!(finger_extract, extractions, wsq_coding);
criterion_main!(finger_extract);
