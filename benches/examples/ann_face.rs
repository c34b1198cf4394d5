//! What approximate indexes over faces find, and what they cost, beside searches that lose nothing:
//! `cargo run --release -p whorl-benches --features whorl-index/faiss --example ann_face -- 1000000 hnsw ivf`.
//!
//! A gallery of so many synthetic persons is enrolled; probes are second photographs of some of them. `found` is of the probes whose
//! mate a comparison with everything puts first, the part whose mate the search puts first, too; `stated` is what the index
//! says of itself. Times are of the processor, for a probe that is searched for alone by one thread.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use whorl_benches::cpu::process_time;
use whorl_datasets::synthetic::templates::face::template;
use whorl_index::{
    AnnIndex, AnnKind, Files, Findings, Gallery, Instances, Limits, Mode, Pair, Reference, Shortlist, Snapshot,
};
use whorl_types::{LogLikelihoodRatio, Position, ReferenceId};

const SEED: u64 = 20;

/// Probes, each with a mate.
const PROBES: u64 = 1_000;

/// Probes that are searched for alone, to tell the time of one.
const ALONE: usize = 200;

const APPENDED: u64 = 32_768;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let persons = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let directory = tempfile::tempdir()?;
    let files = Files::new(directory.path().join("gallery"));
    enrol(&files, persons)?;
    let snapshot = Snapshot::open(&files)?;
    let _ = snapshot.preload(u64::MAX);
    let probes: Vec<_> = (0..PROBES).map(|probe| instances(probe * persons / PROBES, 1)).collect();
    let exact: Vec<_> = search(&snapshot, &probes, Mode::Exact)?;
    let mated: Vec<usize> = (0..probes.len()).filter(|&probe| is_first(&exact[probe], &mate(probe, persons))).collect();
    println!("{persons} faces, {PROBES} probes, of which the mates of {} come first\n", mated.len());
    println!(
        "| search | found | stated | ms of the processor a probe | built, CPU s | MiB |\n|---|--:|--:|--:|--:|--:|"
    );
    let tell = |name: &str, snapshot: &Snapshot, mode, (stated, built, mib): (&str, &str, &str)| -> Outcome {
        let answers = search(snapshot, &probes, mode)?;
        let found = mated.iter().filter(|&&probe| is_first(&answers[probe], &mate(probe, persons))).count();
        let found = 100.0 * found as f64 / mated.len() as f64;
        let spent = alone(snapshot, &probes[..ALONE.min(probes.len())], mode)?;
        println!("| {name} | {found:.2} % | {stated} | {spent:.2} | {built} | {mib} |");
        Ok(())
    };
    tell("everything in full", &snapshot, Mode::Exact, ("", "", ""))?;
    tell("cascade", &snapshot, Mode::Cascade(Shortlist::default()), ("", "", ""))?;
    for kind in arguments {
        for kind in kinds(&kind, persons)? {
            let (before, started) = (process_time(), Instant::now());
            let index = AnnIndex::build(&snapshot, &files, kind)?;
            let spent = process_time().zip(before).map(|(after, before)| after.saturating_sub(before));
            let built = format!("{:.0}", spent.unwrap_or_else(|| started.elapsed()).as_secs_f64());
            let (stated, mib) = (index.recall().to_string(), (index.bytes() >> 20).to_string());
            drop(index);
            let indexed = snapshot.clone().with_index(&files)?;
            tell(&kind.to_string(), &indexed, Mode::Ann(Shortlist::default()), (&stated, &built, &mib))?;
        }
    }
    Ok(())
}

/// A kind with several efforts, the first of which pays for the building.
fn kinds(name: &str, faces: u64) -> Outcome<Vec<AnnKind>> {
    let lists = AnnKind::lists(faces);
    match name {
        "hnsw" => Ok([128, 256, 512, 1_024].map(|effort| AnnKind::Hnsw { links: AnnKind::LINKS, effort }).to_vec()),
        "ivf" => Ok([64, 32, 16, 8, 4].map(|part| AnnKind::Ivf { lists, effort: (lists / part).max(1) }).to_vec()),
        _ => Err(format!("\"{name}\" is no kind of index: hnsw or ivf").into()),
    }
}

fn enrol(files: &Files, persons: u64) -> Outcome {
    let gallery = Gallery::create(Arc::new(files.clone()))?;
    for start in (0..persons).step_by(APPENDED as usize) {
        let references = (start..persons.min(start + APPENDED)).into_par_iter();
        let reference = |person| Reference { id: id(person), templates: instances(person, 0) };
        gallery.enrol(references.map(reference).collect())?;
    }
    Ok(())
}

fn id(person: u64) -> ReferenceId {
    ReferenceId::new(format!("person-{person:09}")).expect("letters and digits, few enough")
}

fn instances(person: u64, photograph: u64) -> Instances {
    vec![(Position::Face, template(SEED, person, photograph).into())]
}

fn mate(probe: usize, persons: u64) -> ReferenceId {
    id(probe as u64 * persons / PROBES)
}

fn is_first(findings: &Findings, mate: &ReferenceId) -> bool {
    findings.found.first().is_some_and(|found| found.id == *mate)
}

fn search(snapshot: &Snapshot, probes: &[Instances], mode: Mode) -> Outcome<Vec<Findings>> {
    let weigh = |pairs: &[Pair]| {
        let best = pairs.iter().map(|pair| pair.similarity.get()).max().unwrap_or(0);
        LogLikelihoodRatio::new(best as f32 / 1_000.0 - 40.0).expect("far from infinite")
    };
    Ok(snapshot.identify_batch(probes, &Limits { mode, ..Limits::default() }, &weigh)?)
}

/// Milliseconds of the processor that a probe takes which is searched for alone, by one thread.
fn alone(snapshot: &Snapshot, probes: &[Instances], mode: Mode) -> Outcome<f64> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let now = |started: Instant| process_time().unwrap_or_else(|| started.elapsed());
    let started = Instant::now();
    let before = now(started);
    for probe in probes {
        pool.install(|| {
            search(snapshot, std::slice::from_ref(probe), mode).map(drop).map_err(|error| error.to_string())
        })?;
    }
    let spent: Duration = now(started).saturating_sub(before);
    Ok(1e3 * spent.as_secs_f64() / probes.len() as f64)
}
