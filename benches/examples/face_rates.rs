//! Comparisons of faces a second of one core, by instruction set and in CPU time, and what the first stage loses:
//! `cargo run --release -p whorl-benches --example face_rates`.
//!
//! `coarse` is the first stage by sign codes alone, `sift` has those that it passes compared in full, `exact` compares
//! everything in full; for so many probes at once, over rows that come from memory. `1:1` is one comparison with the probe's
//! preparation. Below, of synthetic mates and strangers, the mates that the sign codes miss where they pass so many strangers.

use std::hint::black_box;

use whorl_benches::cpu::rate;
use whorl_datasets::synthetic::templates::face::template;
use whorl_engine::face::coarse::{CoarseBlock, CoarseProbe, PASS_DISTANCE, PASS_SIMILARITY, scan_on, scores, sift_on};
use whorl_engine::face::{EmbeddingRow, Probe, similarities_on, similarity};
use whorl_kernels::Kernels;
use whorl_types::FaceTemplate;

const SEED: u64 = 20;

/// Faces of the gallery: 16 MiB of codes and 128 MiB of embeddings.
const FACES: u64 = 262_144;

/// Faces gone over between two looks at the clock, so that the portable set is done in a second too.
const SLICE: usize = 65_536;

/// Persons whose mates are looked for.
const MATES: u64 = 100_000;

/// Faces that each of a few probes is a stranger to.
const STRANGERS: usize = 200;

/// Some faces of the gallery: their sign codes and their embeddings.
type Slice<'a> = (&'a [CoarseBlock], &'a [EmbeddingRow]);

fn main() {
    let rows: Vec<_> = (0..FACES).map(|person| EmbeddingRow::from(&template(SEED, person, 0))).collect();
    let blocks: Vec<_> = rows.chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect();
    rates(&blocks, &rows);
    losses(&blocks, &rows);
}

fn rates(blocks: &[CoarseBlock], rows: &[EmbeddingRow]) {
    println!(
        "| instruction set | probes | coarse | passed | sift | passed | exact | 1:1 |\n|---|---|---|---|---|---|---|---|"
    );
    for kernels in Kernels::available() {
        for batch in [1, 4, 16, 32] {
            let templates: Vec<_> = (0..batch).map(|person| template(SEED, person, 1)).collect();
            let coarse: Vec<_> = templates.iter().map(CoarseProbe::new).collect();
            let fine: Vec<_> = templates.iter().map(Probe::new).collect();
            let slices = || blocks.chunks(SLICE / CoarseBlock::LANES).zip(rows.chunks(SLICE));
            let over = |work: &dyn Fn(Slice) -> u64| {
                let mut slices = slices().cycle();
                let rounds = rate(1, || _ = black_box(work(black_box(slices.next().expect("slices go round")))));
                rounds * (SLICE * templates.len()) as f64 / 1e6
            };
            let share = |work: &dyn Fn(Slice) -> u64| {
                100.0 * slices().map(work).sum::<u64>() as f64 / (rows.len() * templates.len()) as f64
            };
            let coarse_only = |slice: Slice| passing(kernels, &coarse, slice);
            let both = |slice: Slice| sifted(kernels, (&coarse, &fine), slice);
            let one = |at: usize| exact(kernels, &[Probe::new(black_box(&templates[0]))], &rows[at..=at]);
            println!(
                "| {} | {batch} | {:.1} M/s | {:.2} % | {:.1} M/s | {:.3} % | {:.1} M/s | {:.2} M/s |",
                kernels.isa(),
                over(&coarse_only),
                share(&coarse_only),
                over(&both),
                share(&both),
                over(&|slice| exact(kernels, &fine, slice.1)),
                rate(1000, || _ = black_box(one(0))) / 1e6,
            );
        }
    }
}

/// How many faces the sign codes pass.
fn passing(kernels: &Kernels, probes: &[CoarseProbe], (blocks, _): Slice) -> u64 {
    let mut passed = 0;
    scan_on(kernels, probes, blocks, &mut |_, _, _| passed += 1);
    passed
}

/// How many faces the whole first stage passes.
fn sifted(kernels: &Kernels, (coarse, fine): (&[CoarseProbe], &[Probe]), slice: Slice) -> u64 {
    let (fine, mut passed) = (fine.iter().collect::<Vec<_>>(), 0);
    sift_on(kernels, (coarse, &fine), slice, &|_, _, _| true, &mut |_, _, _| passed += 1);
    passed
}

/// The sum of all similarities.
fn exact(kernels: &Kernels, probes: &[Probe], rows: &[EmbeddingRow]) -> u64 {
    let mut sum = 0;
    similarities_on(kernels, probes, rows, &mut |_, _, similarity| sum += u64::from(similarity.get()));
    sum
}

/// A comparison by sign codes and in full: the signs that differ, and the similarity.
type Scored = (u32, u32);

fn scored(one: &FaceTemplate, other: &EmbeddingRow) -> Scored {
    let agree = scores(&CoarseProbe::new(one), &CoarseBlock::new(std::slice::from_ref(other)))[0];
    (512 - agree, similarity(&Probe::new(one), other).get())
}

fn losses(blocks: &[CoarseBlock], rows: &[EmbeddingRow]) {
    let mates: Vec<_> = (0..MATES)
        .map(|person| scored(&template(SEED + 1, person, 1), &EmbeddingRow::from(&template(SEED + 1, person, 0))))
        .collect();
    let mut strangers: Vec<Scored> = Vec::new();
    for person in 0..STRANGERS as u64 {
        let probe = template(SEED + 2, person, 0);
        let (code, fine) = (CoarseProbe::new(&probe), Probe::new(&probe));
        for (block, rows) in blocks.iter().zip(rows.chunks(CoarseBlock::LANES)).take(FACES as usize / 64) {
            let agree = scores(&code, block);
            strangers.extend(rows.iter().zip(agree).map(|(row, agree)| (512 - agree, similarity(&fine, row).get())));
        }
    }
    let mut similarities: Vec<_> = strangers.iter().map(|scored| scored.1).collect();
    similarities.sort_unstable_by(|one, other| other.cmp(one));
    let at = |part: f64| similarities[(part * similarities.len() as f64) as usize];
    let matched = [1e-2, 1e-3, 1e-4, 1e-5].map(|fmr| (fmr, at(fmr)));
    println!("\n{} mates, {} strangers; matched at FMR: {matched:?}", mates.len(), strangers.len());
    println!(
        "\n| within | strangers passed | mates missed | of those matched at FMR 1e-2 / 1e-3 / 1e-4 / 1e-5 |\n|---|---|---|---|"
    );
    for within in (196..=244).step_by(4) {
        let beyond = |scored: &&Scored| scored.0 > within;
        let missed = |least: u32| {
            let due = mates.iter().filter(|scored| scored.1 >= least);
            100.0 * due.clone().filter(beyond).count() as f64 / due.count() as f64
        };
        let passed =
            100.0 * strangers.iter().filter(|scored| scored.0 <= within).count() as f64 / strangers.len() as f64;
        let of_matched = matched.map(|(_, least)| format!("{:.4}", missed(least))).join(" / ");
        println!("| {within} | {passed:.3} % | {:.3} % | {of_matched} % |", missed(0));
    }
    let part = |of: &[Scored], least: u32| {
        100.0 * of.iter().filter(|scored| scored.1 >= least).count() as f64 / of.len() as f64
    };
    println!("\n| similarity | strangers that reach it | mates below |\n|---|---|---|");
    for hundredths in (10..=34).step_by(4) {
        let least = 32_768 + 32_768 * hundredths / 100;
        println!("| {least} | {:.3} % | {:.3} % |", part(&strangers, least), 100.0 - part(&mates, least));
    }
    let kept = mates.iter().filter(|scored| scored.0 <= PASS_DISTANCE.into() && scored.1 >= PASS_SIMILARITY).count();
    let passed =
        strangers.iter().filter(|scored| scored.0 <= PASS_DISTANCE.into() && scored.1 >= PASS_SIMILARITY).count();
    println!(
        "\nBoth steps together: {:.3} % of mates missed, {:.3} % of strangers passed",
        100.0 - 100.0 * kept as f64 / mates.len() as f64,
        100.0 * passed as f64 / strangers.len() as f64
    );
}
