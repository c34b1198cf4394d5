//! The yardstick of development for the way from a picture to an aligned face: how many pictures get through, which do not, and
//! what each stage costs.
//!
//! `WHORL_DATA=../shared/data cargo run --release -p whorl-eval --example faces -- --model MODEL.toml [--sets a,b] [--every N]
//! [--refused] [--crops FOLDER]`
//!
//! - `--model`: a face model; or `--detector ONNX --side PX`: a detector with the heads of YuNet that is fed blue, green and red of
//!   0 to 255 in a square of that side, without an embedding;
//! - `--sets`: of `celeba`, `lfw`, `orl`, all of them without, and of the manifests that show no faces, such as
//!   `fingerprint-fcj2020` or `iris-mmu1`, where every picture should be refused;
//! - `--every`: only each so manieth picture;
//! - `--refused`: names every picture that gives no template, and why;
//! - `--crops`: writes every aligned crop as PNG, named as its picture: what an embedding network is to be trained on.
//!
//! One picture is extracted after the other, and times are those of the processor, so that they may be taken on a busy machine.

mod model;
mod stopwatch;
mod tally;

use std::path::{Path, PathBuf};

use whorl_extractors::face::{Model, Several, extract};

use stopwatch::Watch;
use tally::Tally;

/// The sets that development watches.
const SETS: [&str; 3] = ["celeba", "lfw", "orl"];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
    let Some(model) = model::open(&option) else {
        eprintln!(
            "faces --model MODEL.toml | --detector ONNX --side PX [--sets a,b] [--every N] [--refused] [--crops FOLDER]"
        );
        return;
    };
    let every = option("--every").and_then(|count| count.parse().ok()).unwrap_or(1);
    let crops = option("--crops").map(Path::new);
    let wanted = option("--sets").map_or_else(|| SETS.join(","), Clone::clone);
    println!("{}", tally::HEAD);
    for set in wanted.split(',') {
        let tally = tell(&model, set, every, crops);
        println!("{}", tally.row(set));
        if words.iter().any(|word| word == "--refused") {
            tally.refused.iter().for_each(|(picture, refusal)| println!("  {picture}: {refusal}"));
        }
    }
}

/// What becomes of each `every`th picture of a set.
fn tell(model: &Model, set: &str, every: usize, crops: Option<&Path>) -> Tally {
    let mut tally = Tally::default();
    for path in pictures(set).iter().step_by(every) {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let decoded = whorl_formats::image::decode(&bytes);
        let picture = decoded.unwrap_or_else(|error| panic!("{}: {error}", path.display())).pixels;
        let mut watch = Watch::start();
        let outcome = extract(model, &picture, Several::Largest, &mut watch);
        tally.add(path, &outcome, &watch.stop());
        if let (Some(folder), Some(crop), true) = (crops, &watch.crop, outcome.is_ok()) {
            model::write(crop, &folder.join(path.file_stem().unwrap_or_default()).with_extension("png"));
        }
    }
    tally
}

/// The pictures of a manifest: its first column.
fn pictures(set: &str) -> Vec<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from);
    let name = if SETS.contains(&set) { format!("face-{set}.csv") } else { format!("{set}.csv") };
    let mut rows = csv::Reader::from_path(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    rows.records().map(|row| folder.join(row.expect("a manifest has rows").get(0).unwrap_or_default())).collect()
}
