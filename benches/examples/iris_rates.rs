//! Comparisons of irises a second of one core, each at all 21 turns of the head, by instruction set and in CPU time:
//! `cargo run --release -p whorl-benches --example iris_rates`.
//!
//! `coarse` is the first stage alone, `cascade` has every eye that passes compared in full, `exact` compares everything in
//! full; for so many probes at once, over rows that come from memory. `1:1` is one comparison with the probe's preparation.

use std::hint::black_box;

use whorl_benches::cpu::rate;
use whorl_datasets::synthetic::templates::iris::template;
use whorl_engine::iris::coarse::{CoarseBlock, CoarseProbe, scan_on};
use whorl_engine::iris::{CodeRow, Probe, similarities_on};
use whorl_kernels::Kernels;
use whorl_types::IrisTemplate;

const SEED: u64 = 20;

/// Eyes of the gallery: 20 MiB of blocks and 144 MiB of codes.
const EYES: u64 = 131_072;

/// Eyes gone over between two looks at the clock, so that the portable set is done in a second too.
const SLICE: usize = 16_384;

/// Some eyes of the gallery: what the first stage keeps of them, and their codes.
type Slice<'a> = (&'a [CoarseBlock], &'a [CodeRow]);

fn main() {
    let templates: Vec<_> = (0..EYES).map(|eye| template(SEED, eye, 0)).collect();
    let codes: Vec<_> = templates.iter().map(IrisTemplate::code).collect();
    let blocks: Vec<_> = codes.chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect();
    let rows: Vec<_> = codes.into_iter().map(CodeRow::from).collect();
    println!("| instruction set | probes | coarse | passed | cascade | exact | 1:1 |\n|---|---|---|---|---|---|---|");
    for kernels in Kernels::available() {
        for batch in [1, 4, 16] {
            let templates: Vec<_> = (0..batch).map(|eye| template(SEED, eye, 1)).collect();
            let coarse: Vec<_> = templates.iter().map(CoarseProbe::new).collect();
            let fine: Vec<_> = templates.iter().map(Probe::new).collect();
            let slices = || blocks.chunks(SLICE / CoarseBlock::LANES).zip(rows.chunks(SLICE));
            let over = |work: &dyn Fn(Slice) -> u64| {
                let mut slices = slices().cycle();
                let rounds = rate(1, || _ = black_box(work(black_box(slices.next().expect("slices go round")))));
                rounds * (SLICE * templates.len()) as f64 / 1e6
            };
            let passed = slices().map(|slice| passing(kernels, &coarse, slice).len()).sum::<usize>();
            let share = 100.0 * passed as f64 / (rows.len() * templates.len()) as f64;
            println!(
                "| {} | {batch} | {:.1} M/s | {share:.2} % | {:.1} M/s | {:.2} M/s | {:.2} M/s |",
                kernels.isa(),
                over(&|slice| passing(kernels, &coarse, slice).len() as u64),
                over(&|slice| cascade(kernels, (&coarse, &fine), slice)),
                over(&|slice| exact(kernels, &fine, slice.1)),
                rate(1000, || _ = black_box(exact(kernels, &[Probe::new(black_box(&templates[0]))], &rows[..1]))) / 1e6,
            );
        }
    }
}

/// Probe and row of every eye that passes.
fn passing(kernels: &Kernels, probes: &[CoarseProbe], (blocks, _): Slice) -> Vec<(usize, usize)> {
    let mut passed = Vec::new();
    scan_on(kernels, probes, blocks, &mut |probe, row, _| passed.push((probe, row)));
    passed
}

/// The sum of the similarities of the eyes that pass.
fn cascade(kernels: &Kernels, (coarse, fine): (&[CoarseProbe], &[Probe]), slice: Slice) -> u64 {
    let passed = passing(kernels, coarse, slice);
    passed.into_iter().map(|(probe, row)| exact(kernels, &fine[probe..=probe], &slice.1[row..=row])).sum()
}

/// The sum of all similarities.
fn exact(kernels: &Kernels, probes: &[Probe], rows: &[CodeRow]) -> u64 {
    let mut sum = 0;
    similarities_on(kernels, probes, rows, &mut |_, _, similarity| sum += u64::from(similarity.get()));
    sum
}
