//! Fitting a calibration to labelled scores.
//!
//! The evidence of a score is the ratio of two histograms whose cells hold a fixed share of the mated or of the remaining
//! non-mated scores, so that cells are narrow where scores are dense; where fewer non-mated scores are left than the rule of
//! 30 asks for, their share comes from the [`Tail`]. Adjacent violators are pooled, and the evidence is held under
//! `-ln(upper bound of the FMR)`, so that `FMR <= exp(-llr)` holds for every single comparison.

use thiserror::Error;
use whorl_types::{Modality, Similarity};

use super::monotone::{Weighted, never_falling};
use super::tail::Tail;
use super::{Calibration, Knot, Scope};

/// Fewer mated scores than this say too little about the shape of their distribution.
const MIN_MATED: usize = 100;

/// Fewer non-mated scores than this do not even show a tail.
const MIN_NON_MATED: usize = 1000;

/// The most scores of either kind; more are a sign that a file was read twice.
const MAX_TRIALS: usize = 1 << 30;

/// Events that make a counted rate trustworthy: within 30 % of the truth at 90 % confidence (the rule of 30, Doddington 1998).
const RULE_OF_30: u64 = 30;

/// How far the tail model is believed: so many times below what the rule of 3 lets the corpus show.
const EXTRAPOLATION: f64 = 1e4;

/// Share of the mated scores that fills a cell of the histogram.
const MATED_SHARE: usize = 30;

/// The fraction of the remaining non-mated scores that fills a cell: a third.
const NON_MATED_SHARE: usize = 3;

/// Steps of the table in the tail, as a factor of the FMR: four to a decade.
const TAIL_STEP: f64 = 0.562_341_325_190_349;

/// The scores of a labelled corpus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trials {
    /// Scores of two samples of one instance of one person.
    pub mated: Vec<Similarity>,
    /// Scores of samples of two persons, or of two instances.
    pub non_mated: Vec<Similarity>,
}

/// Why no calibration can be fitted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FitError {
    /// Too few scores, or more than any corpus gives.
    #[error("{mated} mated and {non_mated} non-mated scores: at least {MIN_MATED} and {MIN_NON_MATED} are needed")]
    Count {
        /// Mated scores.
        mated: usize,
        /// Non-mated scores.
        non_mated: usize,
    },
    /// Mates score no higher than others: the labels or the scores are wrong.
    #[error("mated pairs do not score above non-mated ones: check the labels")]
    NoSeparation,
}

impl Calibration {
    /// Fits a calibration to labelled scores; dependence between instances is left at 0 (see
    /// [`Calibration::with_dependence`]).
    ///
    /// # Errors
    /// [`FitError`] where there are too few scores, or mates do not score above non-mates.
    pub fn fit(trials: &Trials, scope: Scope) -> Result<Self, FitError> {
        let (mated, non_mated) = (trials.mated.len(), trials.non_mated.len());
        if mated < MIN_MATED || non_mated < MIN_NON_MATED || mated.max(non_mated) > MAX_TRIALS {
            return Err(FitError::Count { mated, non_mated });
        }
        let scores = Scores::new(trials, scope.modality);
        let evidence = scores.evidence();
        let table = scores.table_scores(&evidence);
        let mut knots: Vec<Knot> = table.into_iter().map(|score| scores.knot(score, &evidence)).collect();
        settle(&mut knots);
        if knots[knots.len() - 1].llr_milli <= 0 {
            return Err(FitError::NoSeparation);
        }
        Ok(Self {
            scope,
            mated_trials: mated as u64,
            non_mated_trials: non_mated as u64,
            dependence_milli: 0,
            tail: scores.tail,
            knots,
        })
    }
}

/// Evidence at the middle score of a cell.
struct Evidence {
    score: u32,
    nats: f64,
}

struct Scores {
    /// Rising.
    mated: Vec<u32>,
    /// Rising.
    non_mated: Vec<u32>,
    tail: Tail,
}

impl Scores {
    fn new(trials: &Trials, modality: Modality) -> Self {
        let sorted = |scores: &[Similarity]| {
            let mut points: Vec<u32> = scores.iter().map(|score| score.get()).collect();
            points.sort_unstable();
            points
        };
        let (mated, non_mated) = (sorted(&trials.mated), sorted(&trials.non_mated));
        let descending: Vec<u32> = non_mated.iter().rev().copied().collect();
        Self { mated, tail: Tail::fit(&descending, modality), non_mated }
    }

    /// Non-mated scores at or above `score`.
    fn reaching(&self, score: u32) -> u64 {
        at_least(&self.non_mated, score) as u64
    }

    fn extrapolated(&self, score: u32) -> bool {
        score > self.tail.threshold && self.reaching(score) < RULE_OF_30
    }

    /// The lowest rate that the table speaks of.
    fn lowest_rate(&self) -> f64 {
        3.0 / self.non_mated.len() as f64 / EXTRAPOLATION
    }

    /// The false match rate at `score`, and its upper 95 % bound.
    fn rates(&self, score: u32) -> (f64, f64) {
        let trials = self.non_mated.len() as f64;
        let reaching = self.reaching(score) as f64;
        if !self.extrapolated(score) {
            return (reaching / trials, wilson_upper(reaching, trials));
        }
        let beyond = self.tail.exceedances as f64;
        let fmr = beyond / trials * self.tail.share_above(score, 1.0);
        let upper = wilson_upper(beyond, trials) * self.tail.share_above(score, self.tail.upper_stretch());
        (fmr.max(self.lowest_rate()), upper.max(self.lowest_rate()))
    }

    /// Where the cells of the histogram begin, from 0 up.
    fn cell_starts(&self) -> Vec<u32> {
        let mut starts = vec![0];
        let (mut mated_from, mut non_mated_from) = (0, 0);
        while let Some(start) =
            next_start(&self.mated[mated_from..], &self.non_mated[non_mated_from..], self.mated.len())
        {
            starts.push(start);
            mated_from = self.mated.partition_point(|&score| score < start);
            non_mated_from = self.non_mated.partition_point(|&score| score < start);
        }
        starts
    }

    /// The monotone log-likelihood ratio, cell by cell.
    fn evidence(&self) -> Vec<Evidence> {
        let starts = self.cell_starts();
        let ends = starts.iter().skip(1).map(|&start| Some(start)).chain([None]);
        let (mut middles, mut ratios) = (Vec::new(), Vec::new());
        for (&start, end) in starts.iter().zip(ends) {
            let mated = count(&self.mated, start, end);
            let non_mated_share = self.rates(start).0 - end.map_or(0.0, |end| self.rates(end).0);
            let half = 0.5 / self.non_mated.len() as f64;
            let floor = if self.extrapolated(start) { self.lowest_rate() } else { half };
            let mated_share = (mated as f64 + 0.5) / (self.mated.len() as f64 + 1.0);
            let nats = libm::log(mated_share) - libm::log(non_mated_share.max(floor));
            let pooled = non_mated_share * self.non_mated.len() as f64 + mated as f64;
            middles.push(self.middle(start, end));
            ratios.push(Weighted { value: nats, weight: pooled.max(1.0) });
        }
        let ceiling = -libm::log(self.lowest_rate());
        let evidence = middles.into_iter().zip(never_falling(&ratios));
        evidence.map(|(score, nats)| Evidence { score, nats: nats.min(ceiling) }).collect()
    }

    /// The middle of the scores of a cell: of its mated ones where it has some, else of the non-mated ones.
    fn middle(&self, start: u32, end: Option<u32>) -> u32 {
        let within = |scores: &[u32]| {
            let from = scores.partition_point(|&score| score < start);
            let to = end.map_or(scores.len(), |end| scores.partition_point(|&score| score < end));
            (from < to).then(|| scores[usize::midpoint(from, to - 1)])
        };
        within(&self.mated).or_else(|| within(&self.non_mated)).unwrap_or(start)
    }

    /// The scores that get a row: 0, the middle of every cell, and steps down the tail as far as it is believed.
    fn table_scores(&self, evidence: &[Evidence]) -> Vec<u32> {
        let mut scores: Vec<u32> = [0].into_iter().chain(evidence.iter().map(|cell| cell.score)).collect();
        let counted = self.non_mated.len().saturating_sub(RULE_OF_30 as usize);
        let mut score = self.non_mated[counted].max(self.tail.threshold + 1);
        let mut rate = self.rates(score).0;
        scores.push(score);
        while rate > self.lowest_rate() {
            rate *= TAIL_STEP;
            score = self.tail_score(score, rate);
            scores.push(score);
        }
        scores.sort_unstable();
        scores.dedup();
        scores
    }

    /// The first score above `from` whose rate is at most `rate`.
    fn tail_score(&self, from: u32, rate: f64) -> u32 {
        let reaches = |score: u32| self.rates(score).0 <= rate.max(self.lowest_rate());
        let mut step = 1;
        while !reaches(from.saturating_add(step)) && step < 1 << 30 {
            step *= 2;
        }
        let (mut low, mut high) = (from + 1, from.saturating_add(step));
        while low < high {
            let middle = low + (high - low) / 2;
            if reaches(middle) { high = middle } else { low = middle + 1 }
        }
        low
    }

    fn knot(&self, score: u32, evidence: &[Evidence]) -> Knot {
        let (fmr, upper) = self.rates(score);
        Knot {
            score,
            llr_milli: libm::floor(interpolate(evidence, score) * 1000.0) as i32,
            fmr_milli: decades_milli(fmr),
            upper_milli: decades_milli(upper),
            extrapolated: self.extrapolated(score),
        }
    }
}

/// Makes the rates fall from row to row, upwards where counting and the tail model disagree, and holds the evidence under
/// what the upper bound allows.
fn settle(knots: &mut Vec<Knot>) {
    let (mut fmr, mut upper) = (i32::MAX, i32::MAX);
    for knot in knots.iter_mut().rev() {
        fmr = fmr.min(knot.fmr_milli);
        upper = upper.min(knot.upper_milli);
        (knot.fmr_milli, knot.upper_milli) = (fmr, upper);
        let most = libm::floor(f64::from(upper) * std::f64::consts::LN_10);
        knot.llr_milli = knot.llr_milli.min(most as i32);
    }
    knots.dedup_by(|next, knot| next.llr_milli == knot.llr_milli && next.fmr_milli == knot.fmr_milli);
}

/// The first score of the next cell: past a fixed share of all mated scores, or a share of the remaining non-mated ones.
fn next_start(mated: &[u32], non_mated: &[u32], all_mated: usize) -> Option<u32> {
    let after = |scores: &[u32], length: usize| {
        let last = *scores.get(length.max(1) - 1)?;
        scores.get(scores.partition_point(|&score| score <= last)).map(|_| last + 1)
    };
    let by_mated = after(mated, all_mated / MATED_SHARE);
    let by_non_mated = after(non_mated, (non_mated.len() / NON_MATED_SHARE).max(RULE_OF_30 as usize));
    [by_mated, by_non_mated].into_iter().flatten().min()
}

fn at_least(rising: &[u32], score: u32) -> usize {
    rising.len() - rising.partition_point(|&other| other < score)
}

fn count(rising: &[u32], start: u32, end: Option<u32>) -> usize {
    at_least(rising, start) - end.map_or(0, |end| at_least(rising, end))
}

fn decades_milli(rate: f64) -> i32 {
    libm::floor(-libm::log10(rate.max(1e-300)) * 1000.0).max(0.0) as i32
}

/// The upper 95 % bound of a rate of `events` in `trials` (Wilson 1927, one-sided).
fn wilson_upper(events: f64, trials: f64) -> f64 {
    const Z: f64 = 1.644_853_626_951_472;
    let (rate, square) = (events / trials, Z * Z / trials);
    let spread = Z * (rate * (1.0 - rate) / trials + square / (4.0 * trials)).sqrt();
    ((rate + square / 2.0 + spread) / (1.0 + square)).min(1.0)
}

fn interpolate(evidence: &[Evidence], score: u32) -> f64 {
    let next = evidence.partition_point(|cell| cell.score < score);
    let Some(above) = evidence.get(next) else { return evidence[next - 1].nats };
    let Some(below) = next.checked_sub(1).map(|index| &evidence[index]) else { return above.nats };
    let share = f64::from(score - below.score) / f64::from(above.score - below.score);
    below.nats + share * (above.nats - below.nats)
}
