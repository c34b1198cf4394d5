//! `whorl models check`

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use serde::Serialize;
use whorl_extractors::face::model::Model;
use whorl_extractors::face::network::{NetworkError, Tensor};

use super::Named;
use super::card::Card;
use super::store::Store;
use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// Runs that are timed; the median is told.
const RUNS: usize = 5;

/// A model that passed.
#[derive(Debug, Serialize)]
struct Checked {
    path: PathBuf,
    extractor: String,
    runtime: &'static str,
    files: Vec<Whole>,
    /// Median times of a run on one core.
    detector_ms: f64,
    embedder_ms: f64,
    attack_ms: Option<f64>,
    card: Card,
}

#[derive(Debug, Serialize)]
struct Whole {
    file: String,
    sha256: String,
}

pub(super) fn run(named: &Named, console: Console) -> anyhow::Result<Outcome> {
    let path = Store::of(&named.kept)?.find(&named.model)?;
    let model = Model::open(&path, named.runtime)?;
    let description = model.description();
    let detector = &description.detector;
    let side = detector.side_px;
    let picture = Tensor::zeros(&[1, detector.feeding.colour.channels(), side, side]);
    let crop = Tensor::zeros(&description.embedder.crop.shape());
    let attack = description.attack.as_ref().map(|attack| Tensor::zeros(&attack.crop.shape()));
    let whole = description.networks().map(|file| Whole { file: file.file.clone(), sha256: file.sha256.to_string() });
    let attack_ms = attack.map(|crop| median_ms(|| model.attack_probability(&crop).map(drop))).transpose();
    console.print(&Checked {
        extractor: model.extractor(),
        runtime: named.runtime.name(),
        files: whole.collect(),
        detector_ms: median_ms(|| model.detector().run(&picture).map(drop)).context("the detector")?,
        embedder_ms: median_ms(|| model.embed(&crop).map(drop)).context("the embedder")?,
        attack_ms: attack_ms.context("the network for attacks")?,
        card: Card::of(description),
        path,
    })?;
    Ok(Outcome::Complete)
}

fn median_ms(mut work: impl FnMut() -> Result<(), NetworkError>) -> Result<f64, NetworkError> {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let began = Instant::now();
        work()?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[RUNS / 2])
}

impl Show for Checked {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { path, extractor, runtime, files, detector_ms, embedder_ms, attack_ms, card } = self;
        for Whole { file, sha256 } in files {
            writeln!(out, "{file} is whole: {sha256}")?;
        }
        writeln!(out, "every output is there, of the size that is described")?;
        write!(out, "{runtime}: detector {detector_ms:.1} ms, embedder {embedder_ms:.1} ms")?;
        if let Some(attack_ms) = attack_ms {
            write!(out, ", attacks {attack_ms:.1} ms")?;
        }
        writeln!(out, ", on one core\n{} can be used: {extractor}\n\n{card}", path.display())
    }
}
