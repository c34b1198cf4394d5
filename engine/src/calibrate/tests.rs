use proptest::prelude::*;

use super::*;

fn scope() -> Scope {
    Scope {
        modality: Modality::Fingerprint,
        positions: PositionScope::Any,
        extractor: "extractor 3".to_owned(),
        comparator: "comparator 5".to_owned(),
        corpus: "sha256:0123".to_owned(),
    }
}

/// Exponential non-mated scores of mean 6 and triangular mated ones around 90, by their quantiles.
fn trials(non_mated: u32) -> Trials {
    let share = |rank: u32, of: u32| (f64::from(rank) + 0.5) / f64::from(of);
    Trials {
        mated: (0..2000).map(|rank| Similarity::new((180.0 * share(rank, 2000).sqrt()) as u32)).collect(),
        non_mated: (0..non_mated).map(|rank| Similarity::new((-6.0 * share(rank, non_mated).ln()) as u32)).collect(),
    }
}

fn fitted() -> Calibration {
    Calibration::fit(&trials(50_000), scope()).unwrap()
}

#[test]
fn the_shipped_calibrations_are_read_and_written_back_exactly() {
    assert_eq!(Calibration::fingerprint().to_text(), include_str!("finger.txt"));
    assert_eq!(Calibration::iris().to_text(), include_str!("iris.txt"));
}

#[test]
fn a_fitted_calibration_survives_its_text() {
    let fitted = fitted().with_dependence(0.25);
    assert_eq!(Calibration::parse(&fitted.to_text()), Ok(fitted));
}

#[test]
fn evidence_never_falls_and_the_false_match_rate_never_rises() {
    let calibration = fitted();
    let scores = || (0..400).map(Similarity::new);
    assert!(scores().map(|score| calibration.llr(score).nats()).is_sorted());
    assert!(scores().map(|score| -calibration.fmr(score).fmr.get()).is_sorted());
    assert!(scores().all(|score| calibration.fmr(score).upper >= calibration.fmr(score).fmr));
}

#[test]
fn the_false_match_rate_is_at_most_the_exponential_of_minus_the_evidence() {
    let calibration = fitted();
    for score in (0..400).map(Similarity::new) {
        let bound = f64::from(-calibration.llr(score).nats()).exp();
        assert!(calibration.fmr(score).fmr.get() <= bound * 1.01 || bound >= 1.0, "{score:?}");
    }
}

#[test]
fn the_rates_are_those_of_the_distribution_in_the_data_and_beyond() {
    let calibration = fitted();
    for score in [1, 12, 30, 60, 80] {
        let estimate = calibration.fmr(Similarity::new(score));
        let truth = (-f64::from(score) / 6.0).exp();
        let decades = (estimate.fmr.get() / truth).log10();
        assert!(decades.abs() < 0.12 + f64::from(score) / 300.0, "at {score}: off by {decades} decades");
    }
    assert!(!calibration.fmr(Similarity::new(30)).extrapolated);
    assert!(calibration.fmr(Similarity::new(60)).extrapolated);
}

#[test]
fn both_ends_are_bounded_by_the_corpus_and_the_stated_extrapolation() {
    let calibration = fitted();
    let floor = 3.0 / 50_000.0 / 1e4;
    let end = Similarity::new(u32::MAX);
    assert!((calibration.fmr(end).fmr.get() / floor - 1.0).abs() < 0.01);
    assert!(calibration.llr(end).nats() <= -(floor as f32).ln() + 0.01);
    assert!(calibration.llr(Similarity::NONE).nats() > -9.0);
    assert_eq!(calibration.score_at(Fmr::new(floor / 2.0).unwrap()), None);
}

#[test]
fn the_score_for_a_rate_is_the_lowest_that_keeps_it() {
    let calibration = fitted();
    let target = Fmr::new(1e-3).unwrap();
    let score = calibration.score_at(target).unwrap();
    assert!(calibration.fmr(score).fmr <= target);
    assert!(calibration.fmr(Similarity::new(score.get() - 1)).fmr > target);
}

#[test]
fn another_version_is_refused_by_name() {
    let calibration = fitted();
    assert_eq!(calibration.check("extractor 3", "comparator 5"), Ok(()));
    let error = calibration.check("extractor 4", "comparator 5").unwrap_err().to_string();
    assert!(error.contains("extractor 3") && error.contains("extractor 4"), "{error}");
}

#[test]
fn too_few_scores_and_swapped_labels_are_refused() {
    assert!(matches!(Calibration::fit(&Trials::default(), scope()), Err(FitError::Count { .. })));
    let Trials { mated, non_mated } = trials(5000);
    let swapped = Trials { mated: non_mated, non_mated: mated };
    let low = Calibration::fit(&swapped, scope());
    assert!(low.is_err() || low.unwrap().llr(Similarity::new(500)).nats() < 2.0);
}

#[test]
fn a_damaged_text_is_answered_with_its_line() {
    let text = fitted().to_text();
    let damaged = |from: &str, to: &str| Calibration::parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
    assert!(damaged("calibration 1", "calibration 2").contains("calibration 2"));
    assert!(damaged("modality fingerprint", "modality toe").contains("line 2: modality"));
    assert!(damaged("mated 2000", "mated many").contains("line 7: mated"));
    assert!(damaged("\n0 ", "\nx ").contains("score cannot be \"x\""));
    assert!(damaged("\n0 ", "\n999999 ").contains("must rise"));
    assert!(Calibration::parse("").is_err());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(whorl calibration 1\n)?[ -~\n]{0,200}") {
        let _ = Calibration::parse(&text);
    }

    #[test]
    fn any_separable_scores_give_a_calibration_that_survives_its_text(
        mated in prop::collection::vec(0u32..1000, 100..300),
        non_mated in prop::collection::vec(0u32..200, 1000..1500),
    ) {
        let scores = |points: Vec<u32>| points.into_iter().map(Similarity::new).collect();
        let trials = Trials { mated: scores(mated), non_mated: scores(non_mated) };
        if let Ok(calibration) = Calibration::fit(&trials, scope()) {
            prop_assert_eq!(Calibration::parse(&calibration.to_text()), Ok(calibration));
        }
    }
}
