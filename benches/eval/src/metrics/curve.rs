//! False match and false non-match rate at every threshold.

/// What a threshold lets through and what it turns away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatingPoint {
    /// Scores from here on are matches. One above the highest score turns everything away.
    pub threshold: u64,
    /// Non-mated comparisons at or above the threshold.
    pub false_matches: u64,
    /// Mated comparisons below it.
    pub false_non_matches: u64,
}

/// The equal error rate after Maio et al., "FVC2000: fingerprint verification competition" (2002), section 5.
///
/// With finitely many scores the two rates rarely meet: they cross between two neighbouring thresholds, whose better one
/// gives the ends, and their mean is the rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eer {
    /// The mean of the two ends.
    pub rate: f64,
    /// The lower of the two rates at the crossing.
    pub low: f64,
    /// The higher of the two.
    pub high: f64,
}

/// The trade-off of the two error rates over all thresholds that differ in effect (the data of DET and ROC).
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorCurve {
    mated: u64,
    non_mated: u64,
    /// By rising threshold; the first lets everything through, the last nothing.
    points: Vec<OperatingPoint>,
}

impl ErrorCurve {
    /// The curve of mated and non-mated scores in any order; none where one kind is missing.
    #[must_use]
    pub fn new(mated: &[u32], non_mated: &[u32]) -> Option<Self> {
        let labelled = |scores: &[u32], mated: bool| scores.iter().map(|&score| (score, mated)).collect::<Vec<_>>();
        let mut scores = labelled(mated, true);
        scores.extend(labelled(non_mated, false));
        scores.sort_unstable();
        Self::of_rising(scores.into_iter().map(|(score, mated)| (score, mated, 1)))
    }

    /// The curve of (score, mated, weight) by rising score; none where one kind has no weight.
    #[must_use]
    pub fn of_rising(scores: impl Iterator<Item = (u32, bool, u64)>) -> Option<Self> {
        let mut points: Vec<OperatingPoint> = Vec::new();
        let (mut mated, mut non_mated) = (0, 0);
        for (score, is_mated, weight) in scores {
            let threshold = u64::from(score);
            if points.last().is_none_or(|last| last.threshold != threshold) {
                // For now the non-mated weight *below* the threshold; turned around once the total is known.
                points.push(OperatingPoint { threshold, false_matches: non_mated, false_non_matches: mated });
            }
            *(if is_mated { &mut mated } else { &mut non_mated }) += weight;
        }
        let end = points.last()?.threshold + 1;
        points.push(OperatingPoint { threshold: end, false_matches: non_mated, false_non_matches: mated });
        for point in &mut points {
            point.false_matches = non_mated - point.false_matches;
        }
        (mated > 0 && non_mated > 0).then_some(Self { mated, non_mated, points })
    }

    /// Mated comparisons.
    #[must_use]
    pub fn mated(&self) -> u64 {
        self.mated
    }

    /// Non-mated comparisons.
    #[must_use]
    pub fn non_mated(&self) -> u64 {
        self.non_mated
    }

    /// All thresholds that differ in effect, rising.
    #[must_use]
    pub fn points(&self) -> &[OperatingPoint] {
        &self.points
    }

    /// False match rate: the fraction of non-mated comparisons that a threshold lets through.
    #[must_use]
    pub fn fmr(&self, point: &OperatingPoint) -> f64 {
        point.false_matches as f64 / self.non_mated as f64
    }

    /// False non-match rate: the fraction of mated comparisons that a threshold turns away.
    #[must_use]
    pub fn fnmr(&self, point: &OperatingPoint) -> f64 {
        point.false_non_matches as f64 / self.mated as f64
    }

    /// Where both error rates are the same.
    #[must_use]
    pub fn eer(&self) -> Eer {
        let crossed = self.points.partition_point(|point| self.fnmr(point) < self.fmr(point));
        let ends = [crossed.saturating_sub(1), crossed].map(|index| {
            let point = &self.points[index];
            let (fmr, fnmr) = (self.fmr(point), self.fnmr(point));
            Eer { rate: f64::midpoint(fmr, fnmr), low: fmr.min(fnmr), high: fmr.max(fnmr) }
        });
        if ends[0].rate <= ends[1].rate { ends[0] } else { ends[1] }
    }

    /// The lowest threshold that lets through at most one non-mated comparison in `trials`.
    #[must_use]
    pub fn at_one_in(&self, trials: u64) -> OperatingPoint {
        let too_many =
            |point: &OperatingPoint| u128::from(point.false_matches) * u128::from(trials) > u128::from(self.non_mated);
        self.points[self.points.partition_point(too_many)]
    }

    /// The lowest threshold without a false match; its FNMR is what FVC calls `ZeroFMR`.
    #[must_use]
    pub fn at_zero_fmr(&self) -> OperatingPoint {
        self.points[self.points.partition_point(|point| point.false_matches > 0)]
    }

    /// The highest threshold without a false non-match; its FMR is what FVC calls `ZeroFNMR`.
    #[must_use]
    pub fn at_zero_fnmr(&self) -> OperatingPoint {
        self.points[self.points.partition_point(|point| point.false_non_matches == 0) - 1]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn curve(mated: &[u32], non_mated: &[u32]) -> ErrorCurve {
        ErrorCurve::new(mated, non_mated).unwrap()
    }

    #[test]
    fn a_hand_counted_corpus_gives_its_hand_counted_rates() {
        let curve = curve(&[0, 4, 5, 9, 9], &[0, 0, 1, 2, 3, 3, 4, 1, 0, 2]);
        let rates: Vec<(u64, u64, u64)> = curve
            .points()
            .iter()
            .map(|point| (point.threshold, point.false_matches, point.false_non_matches))
            .collect();
        assert_eq!(rates, [(0, 10, 0), (1, 7, 1), (2, 5, 1), (3, 3, 1), (4, 1, 1), (5, 0, 2), (9, 0, 3), (10, 0, 5)]);
        // At 3: FMR 0.3 over FNMR 0.2. At 4: FMR 0.1 under FNMR 0.2, and the smaller sum.
        assert_eq!(curve.eer(), Eer { rate: f64::midpoint(0.1, 0.2), low: 0.1, high: 0.2 });
        assert_eq!(curve.at_one_in(10).threshold, 4);
        assert_eq!(curve.at_one_in(11).threshold, 5);
        assert_eq!(curve.at_zero_fmr().false_non_matches, 2);
        assert_eq!(curve.at_zero_fnmr().false_matches, 10);
    }

    #[test]
    fn separated_scores_have_no_error() {
        let curve = curve(&[7, 8, 9], &[1, 2, 3]);
        assert_eq!(curve.eer(), Eer { rate: 0.0, low: 0.0, high: 0.0 });
        assert_eq!(curve.at_zero_fmr().threshold, 7);
        assert_eq!(curve.at_zero_fnmr().threshold, 7);
    }

    #[test]
    fn scores_that_say_nothing_err_half_of_the_time() {
        assert!((curve(&[5, 5], &[5, 5, 5]).eer().rate - 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn one_kind_alone_has_no_curve() {
        assert_eq!(ErrorCurve::new(&[], &[1, 2]), None);
        assert_eq!(ErrorCurve::new(&[3], &[]), None);
        assert_eq!(ErrorCurve::new(&[], &[]), None);
    }

    #[test]
    fn the_highest_score_there_is_can_still_be_turned_away() {
        let curve = curve(&[u32::MAX], &[u32::MAX]);
        assert_eq!(curve.at_zero_fmr(), OperatingPoint { threshold: 1 << 32, false_matches: 0, false_non_matches: 1 });
    }

    proptest! {
        #[test]
        fn a_higher_threshold_never_adds_matches(
            mated in prop::collection::vec(0u32..50, 1..80),
            non_mated in prop::collection::vec(0u32..40, 1..80),
        ) {
            let curve = curve(&mated, &non_mated);
            prop_assert!(curve.points().is_sorted_by(|a, b| a.false_matches >= b.false_matches));
            prop_assert!(curve.points().is_sorted_by(|a, b| a.false_non_matches <= b.false_non_matches));
            for point in curve.points() {
                let at_least = non_mated.iter().filter(|&&score| u64::from(score) >= point.threshold).count();
                let below = mated.iter().filter(|&&score| u64::from(score) < point.threshold).count();
                prop_assert_eq!((point.false_matches, point.false_non_matches), (at_least as u64, below as u64));
            }
        }

        #[test]
        fn the_equal_error_rate_lies_between_the_rates_around_the_crossing(
            mated in prop::collection::vec(0u32..50, 1..80),
            non_mated in prop::collection::vec(0u32..40, 1..80),
        ) {
            let curve = curve(&mated, &non_mated);
            let Eer { rate, low, high } = curve.eer();
            prop_assert!(0.0 <= low && low <= rate && rate <= high && high <= 1.0);
            let better = curve.points().iter().any(|point| curve.fmr(point) < low && curve.fnmr(point) < low);
            prop_assert!(!better, "a threshold is better than the equal error rate on both sides");
        }

        #[test]
        fn stretching_the_scores_changes_no_rate(
            mated in prop::collection::vec(0u32..50, 1..80),
            non_mated in prop::collection::vec(0u32..40, 1..80),
        ) {
            let stretch = |scores: &[u32]| scores.iter().map(|score| score * score + 7).collect::<Vec<_>>();
            let (plain, stretched) = (curve(&mated, &non_mated), curve(&stretch(&mated), &stretch(&non_mated)));
            prop_assert_eq!(plain.eer(), stretched.eer());
            for one_in in [2, 10, 100] {
                prop_assert_eq!(plain.at_one_in(one_in).false_matches, stretched.at_one_in(one_in).false_matches);
            }
        }
    }
}
