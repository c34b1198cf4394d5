//! Comparisons a second of one core, by step of the first stage and by instruction set, in CPU time, so that other work on the
//! machine does not count: `cargo run --release -p whorl-benches --example coarse_rates`.
//!
//! `nearest` and `consensus` are the two kernels alone on what a scan gives them; `scan` is all of it, for batches of 1 and 16
//! probes over rows that come from memory.

use std::hint::black_box;

use whorl_benches::cpu::rate;
use whorl_datasets::synthetic::templates::template;
use whorl_engine::finger::coarse::{CoarseProbe, CoarseRow, scan_on};
use whorl_kernels::{Kernels, MAX_PAIRS, Pairs, Slack, octets};
use whorl_types::{Descriptor, Descriptors};

/// 96 MiB of rows.
const ROWS: u64 = 65_536;
const SEED: u64 = 20;

fn main() {
    let rows: Vec<_> = (0..ROWS).map(|finger| CoarseRow::new(&template(SEED, finger, 0))).collect();
    let probes: Vec<_> = (0..16).map(|finger| CoarseProbe::new(&template(SEED, finger, 1))).collect();
    println!("| instruction set | nearest | consensus | scan, 1 probe | scan, 16 probes |\n|---|---|---|---|---|");
    for kernels in Kernels::available() {
        let rates =
            [nearest(kernels), consensus(kernels), scan(kernels, &probes[..1], &rows), scan(kernels, &probes, &rows)];
        println!("| {} | {} |", kernels.isa(), rates.map(|rate| format!("{:.2} M/s", rate / 1e6)).join(" | "));
    }
}

fn nearest(kernels: &Kernels) -> f64 {
    let words = |which: u64| -> Vec<_> {
        let minutiae = template(SEED, which, 0);
        let described = minutiae.descriptors().map_or(&[][..], Descriptors::of_minutiae);
        described.iter().map(Descriptor::coarse).collect()
    };
    let (probe, row) = (octets(&words(1)[..CoarseProbe::MINUTIAE]), words(2));
    let row = &row[..row.len().min(CoarseRow::MINUTIAE)];
    let mut keys = vec![[0; 8]; probe.len()];
    rate(1000, || kernels.nearest_b256(black_box(&probe), black_box(row), &mut keys))
}

fn consensus(kernels: &Kernels) -> f64 {
    let lane = |step: i16| std::array::from_fn(|place| place as i16 * step % 1000);
    let (x, y, turn) = (lane(313), lane(171), lane(29));
    let weight = [40; MAX_PAIRS];
    let pairs = Pairs { from_x: x, from_y: y, to_x: y, to_y: x, turn, cos: lane(37), sin: lane(41), weight };
    let slack = Slack { shift: [[60; MAX_PAIRS]; MAX_PAIRS], turn: 16 << 8 };
    rate(1000, || {
        black_box(kernels.consensus_i16(black_box(&pairs), black_box(&slack), CoarseProbe::MINUTIAE));
    })
}

fn scan(kernels: &Kernels, probes: &[CoarseProbe], rows: &[CoarseRow]) -> f64 {
    // A slice of the rows at a time, so that the portable set is done in a second too.
    let mut slices = rows.chunks(8192).cycle();
    let rounds = rate(1, || {
        let mut passed = 0_u64;
        let slice = slices.next().expect("slices go round");
        scan_on(kernels, black_box(probes), slice, &mut |_, _, _| passed += 1);
        black_box(passed);
    });
    rounds * (8192 * probes.len()) as f64
}
