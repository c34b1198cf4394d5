//! What a raw score means: a [`Calibration`] turns a [`Similarity`] into a [`LogLikelihoodRatio`] and into the false match
//! rate that it corresponds to.
//!
//! A calibration belongs to one modality, one extractor and one comparator; [`Calibration::check`] refuses any other. It is
//! a short text file that names the corpus it was fitted on, so that an authority can fit its own and compare the two.
//! Where the corpus ends the tail of the non-mated scores is extrapolated ([`Tail`]); every figure says whether it is.

mod binomial;
mod calibrations;
mod fit;
mod monotone;
mod tail;
mod text;

use std::sync::LazyLock;

use thiserror::Error;
use whorl_types::{Fmr, LogLikelihoodRatio, Modality, Similarity};

pub use calibrations::Calibrations;
pub use fit::{FitError, Trials};
pub use tail::{Tail, TailModel};
pub use text::CalibrationError;

/// What a calibration holds for, and what it was learnt from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The characteristic.
    pub modality: Modality,
    /// Which non-mated pairs it was fitted on.
    pub positions: PositionScope,
    /// Name and version of the extractor whose templates were compared.
    pub extractor: String,
    /// Name and version of the comparator that gave the scores.
    pub comparator: String,
    /// Hash of the corpus, as its evaluation report states it.
    pub corpus: String,
}

/// Which non-mated pairs a calibration was fitted on: same-position ones score higher than pairs of any two fingers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionScope {
    /// Any two instances.
    Any,
    /// Instances of one position, such as two left thumbs.
    Same,
}

impl PositionScope {
    fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Same => "same",
        }
    }
}

/// One row of the table: what scores from here on mean. All figures are in thousandths, so that the text is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Knot {
    score: u32,
    /// Thousandths of a nat.
    llr_milli: i32,
    /// `-1000 * log10(FMR)`.
    fmr_milli: i32,
    /// The same of the upper 95 % confidence bound of the FMR.
    upper_milli: i32,
    /// Fewer non-mated scores lie at or above than the rule of 30 asks for: the tail model speaks.
    extrapolated: bool,
}

/// The false match rate that a raw score, used as the threshold, corresponds to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FmrEstimate {
    /// The best estimate.
    pub fmr: Fmr,
    /// Its upper 95 % confidence bound.
    pub upper: Fmr,
    /// Whether it comes from the tail model and not from counted comparisons.
    pub extrapolated: bool,
}

/// A template or a comparator that this calibration was not fitted for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the calibration was fitted for {fitted}, not for {found}: fit one for it with a labelled corpus")]
pub struct VersionMismatch {
    /// What it was fitted for.
    pub fitted: String,
    /// What was presented.
    pub found: String,
}

/// The meaning of a comparator's raw scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    scope: Scope,
    mated_trials: u64,
    non_mated_trials: u64,
    /// Intraclass correlation of the evidence of one person's instances, in thousandths.
    dependence_milli: i32,
    tail: Tail,
    knots: Vec<Knot>,
}

static FINGERPRINT: LazyLock<Calibration> = LazyLock::new(|| shipped(include_str!("finger.txt")));
static IRIS: LazyLock<Calibration> = LazyLock::new(|| shipped(include_str!("iris.txt")));
static FACE: LazyLock<Calibration> = LazyLock::new(|| shipped(include_str!("face.txt")));

fn shipped(text: &str) -> Calibration {
    Calibration::parse(text).expect("the shipped calibrations are parsed by a test")
}

impl Calibration {
    /// The calibration that ships with this version for fingerprints.
    #[must_use]
    pub fn fingerprint() -> &'static Self {
        &FINGERPRINT
    }

    /// The calibration that ships with this version for irises.
    #[must_use]
    pub fn iris() -> &'static Self {
        &IRIS
    }

    /// The calibration that ships with this version for faces, by the model that ships with it.
    #[must_use]
    pub fn face() -> &'static Self {
        &FACE
    }

    /// The calibration that ships with this version for `modality`.
    #[must_use]
    pub fn of(modality: Modality) -> &'static Self {
        match modality {
            Modality::Fingerprint => &FINGERPRINT,
            Modality::Iris => &IRIS,
            Modality::Face => &FACE,
        }
    }

    /// What it holds for, and what it was learnt from.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Mated comparisons it was fitted on.
    #[must_use]
    pub fn mated_trials(&self) -> u64 {
        self.mated_trials
    }

    /// Non-mated comparisons it was fitted on.
    #[must_use]
    pub fn non_mated_trials(&self) -> u64 {
        self.non_mated_trials
    }

    /// The model of the non-mated scores beyond the counted ones.
    #[must_use]
    pub fn tail(&self) -> &Tail {
        &self.tail
    }

    /// How much the evidence of one person's instances repeats itself: the intraclass correlation, 0 (independent) to 1.
    #[must_use]
    pub fn dependence(&self) -> f32 {
        self.dependence_milli as f32 / 1000.0
    }

    /// The same with another dependence between instances, 0..=1; what lies outside is clamped.
    #[must_use]
    pub fn with_dependence(mut self, correlation: f64) -> Self {
        self.dependence_milli = libm::round(correlation.clamp(0.0, 1.0) * 1000.0) as i32;
        self
    }

    /// Refuses templates and scores of other versions than the calibration was fitted for.
    ///
    /// # Errors
    /// [`VersionMismatch`] names both.
    pub fn check(&self, extractor: &str, comparator: &str) -> Result<(), VersionMismatch> {
        let pairs = [(&self.scope.extractor, extractor), (&self.scope.comparator, comparator)];
        match pairs.into_iter().find(|(fitted, found)| fitted != found) {
            Some((fitted, found)) => Err(VersionMismatch { fitted: fitted.clone(), found: found.to_owned() }),
            None => Ok(()),
        }
    }

    /// The weight of evidence of a raw score; never falls as the score rises, bounded at both ends by the table.
    #[must_use]
    pub fn llr(&self, score: Similarity) -> LogLikelihoodRatio {
        weight(self.interpolate(score, |knot| knot.llr_milli) / 1000.0)
    }

    /// The false match rate with the score as threshold.
    #[must_use]
    pub fn fmr(&self, score: Similarity) -> FmrEstimate {
        let next = self.knots.partition_point(|knot| knot.score < score.get()).min(self.knots.len() - 1);
        FmrEstimate {
            fmr: rate(self.interpolate(score, |knot| knot.fmr_milli)),
            upper: rate(self.interpolate(score, |knot| knot.upper_milli)),
            extrapolated: self.knots[next].extrapolated,
        }
    }

    /// The lowest score whose false match rate is at most `target`; none where the table does not reach so far.
    #[must_use]
    pub fn score_at(&self, target: Fmr) -> Option<Similarity> {
        self.first(|score| self.fmr(score).fmr <= target)
    }

    /// The least evidence that only scores with a false match rate of at most `target` have; none as above.
    #[must_use]
    pub fn llr_at(&self, target: Fmr) -> Option<LogLikelihoodRatio> {
        let enough = self.first(|score| self.fmr_of_llr(self.llr(score)).fmr <= target)?;
        Some(self.llr(enough))
    }

    /// The lowest false match rate that the table speaks of: what lies below was neither seen nor modelled.
    #[must_use]
    pub fn lowest_fmr(&self) -> Fmr {
        rate(f64::from(self.knots[self.knots.len() - 1].fmr_milli))
    }

    /// The false match rate that one comparison of evidence `llr` corresponds to, by its score.
    ///
    /// The inverse of [`Calibration::llr`] followed by [`Calibration::fmr`]; where several scores have this llr, the lowest.
    #[must_use]
    pub fn fmr_of_llr(&self, llr: LogLikelihoodRatio) -> FmrEstimate {
        let last = Similarity::new(self.knots[self.knots.len() - 1].score);
        self.fmr(self.first(|score| self.llr(score).nats() >= llr.nats()).unwrap_or(last))
    }

    /// The lowest score of the table that passes, where all scores above one that passes do too.
    fn first(&self, passes: impl Fn(Similarity) -> bool) -> Option<Similarity> {
        let (mut low, mut high) = (0, self.knots[self.knots.len() - 1].score);
        while low < high {
            let middle = low + (high - low) / 2;
            if passes(Similarity::new(middle)) { high = middle } else { low = middle + 1 }
        }
        passes(Similarity::new(low)).then(|| Similarity::new(low))
    }

    /// Straight lines between the knots, level beyond the first and the last.
    fn interpolate(&self, score: Similarity, value: impl Fn(&Knot) -> i32) -> f64 {
        let score = score.get();
        let next = self.knots.partition_point(|knot| knot.score < score);
        let Some(above) = self.knots.get(next) else { return f64::from(value(&self.knots[next - 1])) };
        let Some(below) = next.checked_sub(1).map(|index| &self.knots[index]) else { return f64::from(value(above)) };
        let share = f64::from(score - below.score) / f64::from(above.score - below.score);
        let (from, to) = (f64::from(value(below)), f64::from(value(above)));
        from + share * (to - from)
    }
}

/// Evidence of finite weight `nats`.
pub(crate) fn weight(nats: f64) -> LogLikelihoodRatio {
    LogLikelihoodRatio::new(nats as f32).expect("sums of bounded evidence are finite")
}

fn rate(minus_log10_milli: f64) -> Fmr {
    let fraction = libm::exp10(-minus_log10_milli / 1000.0);
    Fmr::new(fraction.clamp(0.0, 1.0)).expect("clamped to a rate")
}

#[cfg(test)]
mod tests;
