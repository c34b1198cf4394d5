//! Matchers whose searches have a first stage, and what both stages say of captures.

use rayon::prelude::*;
use whorl_engine::{face, finger, iris};
use whorl_eval::{Faces, Fingerprints, Irises, Matcher};
use whorl_types::{FaceTemplate, FingerTemplate, IrisTemplate};

/// A matcher whose searches have a first stage.
pub(crate) trait Staged: Matcher {
    /// The development sets.
    const SETS: &'static [&'static str];

    /// Fractions of strangers passed.
    const PENETRATIONS: [f64; 5];

    /// Passing scores to look at; 0 passes everything.
    const SCORES: &'static [u32];

    /// The least score that a search passes.
    const PASS_SCORE: u32;

    /// The false match rate of the decision that the cascade serves.
    const DECISION_FMR: f64;

    /// The coarse scores of every template as a probe against every one as a row, a list for each probe. `beside`: whether
    /// other instances of the same persons are compared, too.
    fn coarse(&self, templates: &[&Self::Template], beside: bool) -> Vec<Vec<u32>>;

    /// What both stages say of every template as a probe against every one as a row, a list for each probe.
    fn scores(&self, templates: &[&Self::Template], beside: bool) -> Vec<Vec<Scores>> {
        let of_probe = |(template, coarse): (&&Self::Template, Vec<u32>)| {
            let probe = self.prepare(template);
            let fine = templates.iter().map(|reference| self.compare(&probe, reference).get());
            coarse.into_iter().zip(fine).map(|(coarse, fine)| Scores { coarse, fine }).collect()
        };
        templates.par_iter().zip(self.coarse(templates, beside)).map(of_probe).collect()
    }
}

/// The scores of one pair of captures.
#[derive(Clone, Copy)]
pub(crate) struct Scores {
    pub(crate) coarse: u32,
    pub(crate) fine: u32,
}

impl Staged for Fingerprints {
    const SETS: &'static [&'static str] = &["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b", "fcj2020"];
    const PENETRATIONS: [f64; 5] = [0.2, 0.1, 0.05, 0.02, 0.01];
    const SCORES: &'static [u32] = &[0, 25, 40, 50, finger::coarse::PASS_SCORE, 70, 80, 100, 120];
    const PASS_SCORE: u32 = finger::coarse::PASS_SCORE;
    const DECISION_FMR: f64 = 1e-3;

    fn coarse(&self, templates: &[&FingerTemplate], _: bool) -> Vec<Vec<u32>> {
        use finger::coarse::{CoarseProbe, CoarseRow, score};
        let rows: Vec<_> = templates.iter().map(|template| CoarseRow::new(template)).collect();
        let of_probe = |template: &&FingerTemplate| {
            let probe = CoarseProbe::new(template);
            rows.iter().map(|row| score(&probe, row)).collect()
        };
        templates.par_iter().map(of_probe).collect()
    }
}

impl Staged for Irises {
    const SETS: &'static [&'static str] = &["casia1", "casia-interval", "mmu1"];
    const PENETRATIONS: [f64; 5] = [0.05, 0.02, 0.01, 0.005, 0.002];
    const SCORES: &'static [u32] = &[0, 1, 50, 100, iris::coarse::PASS_SCORE, 200, 250, 300, 400];
    const PASS_SCORE: u32 = iris::coarse::PASS_SCORE;
    const DECISION_FMR: f64 = 1e-4;

    fn coarse(&self, templates: &[&IrisTemplate], _: bool) -> Vec<Vec<u32>> {
        use iris::coarse::{CoarseBlock, CoarseProbe, scores};
        let codes: Vec<_> = templates.iter().map(|template| template.code()).collect();
        let blocks: Vec<_> = codes.chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect();
        let of_probe = |template: &&IrisTemplate| {
            let probe = CoarseProbe::new(template);
            blocks.iter().flat_map(|block| scores(&probe, block)).take(codes.len()).collect()
        };
        templates.par_iter().map(of_probe).collect()
    }
}

impl Staged for Faces {
    const SETS: &'static [&'static str] = &["orl", "lfw", "celeba"];
    const PENETRATIONS: [f64; 5] = [0.1, 0.05, 0.02, 0.01, 0.005];
    const SCORES: &'static [u32] = &[0, face::coarse::PASS_SIMILARITY, 42_000, 45_000];
    const PASS_SCORE: u32 = face::coarse::PASS_SIMILARITY;
    const DECISION_FMR: f64 = 1e-2;

    fn coarse(&self, templates: &[&(FaceTemplate, face::EmbeddingRow)], beside: bool) -> Vec<Vec<u32>> {
        use face::coarse::{BESIDE_SCORE, CoarseBlock, CoarseProbe, sift};
        let rows: Vec<_> = templates.iter().map(|(_, row)| *row).collect();
        let blocks: Vec<_> = rows.chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect();
        let of_probe = |(template, _): &&(FaceTemplate, face::EmbeddingRow)| {
            let (code, probe) = (CoarseProbe::new(template), face::Probe::new(template));
            let mut scores = vec![0; rows.len()];
            let takes = |_: usize, _: usize, agreeing: u32| !beside || agreeing >= BESIDE_SCORE;
            sift((&[code], &[&probe]), (&blocks, &rows), &takes, &mut |_, row, similarity| {
                scores[row] = similarity.get();
            });
            scores
        };
        templates.par_iter().map(of_probe).collect()
    }
}
