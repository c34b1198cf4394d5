//! Cross-validated accuracy, as LFW reports it.

use std::collections::BTreeSet;

use super::FoldFigures;
use crate::evaluation::Trial;

/// The accuracy of each fold with the threshold that is best on all others; nothing where fewer than two folds are named.
pub(super) fn accuracies(trials: &[Trial]) -> Vec<FoldFigures> {
    let folds: BTreeSet<u32> = trials.iter().filter_map(|trial| trial.fold).collect();
    if folds.len() < 2 {
        return Vec::new();
    }
    let figures = |fold: u32| {
        let (here, others): (Vec<&Trial>, Vec<&Trial>) =
            trials.iter().filter(|trial| trial.fold.is_some()).partition(|trial| trial.fold == Some(fold));
        let threshold = best_threshold(&others);
        let right = here.iter().filter(|trial| (u64::from(trial.score.get()) >= threshold) == trial.mated).count();
        FoldFigures { fold, threshold, accuracy: right as f64 / here.len() as f64 }
    };
    folds.into_iter().map(figures).collect()
}

/// The threshold with the most right decisions, in the middle between the two scores that it parts; of several such the
/// middle one.
fn best_threshold(trials: &[&Trial]) -> u64 {
    let mut rising: Vec<(u64, bool)> = trials.iter().map(|trial| (u64::from(trial.score.get()), trial.mated)).collect();
    rising.sort_unstable();
    // With the threshold under all scores every mated trial is right; each score it passes turns its trials around.
    let mut right = rising.iter().filter(|(_, mated)| *mated).count();
    let mut rights: Vec<(u64, usize)> = vec![(0, right)];
    let mut passed = rising.chunk_by(|a, b| a.0 == b.0).peekable();
    while let Some(of_score) = passed.next() {
        let mated = of_score.iter().filter(|(_, mated)| *mated).count();
        right = right + of_score.len() - 2 * mated;
        let above = of_score[0].0 + 1;
        let next = passed.peek().map_or(above, |next| next[0].0);
        rights.push((u64::midpoint(above, next), right));
    }
    let most = rights.iter().map(|&(_, right)| right).max().unwrap_or(0);
    let best: Vec<u64> = rights.iter().filter(|&&(_, right)| right == most).map(|&(threshold, _)| threshold).collect();
    best[best.len() / 2]
}

#[cfg(test)]
mod tests {
    use whorl_types::Similarity;

    use super::*;

    fn trial(score: u32, mated: bool, fold: u32) -> Trial {
        Trial { probe: 0, reference: 0, mated, fold: Some(fold), score: Similarity::new(score) }
    }

    #[test]
    fn the_threshold_of_a_fold_is_chosen_on_the_others() {
        let trials = [trial(10, true, 1), trial(5, false, 1), trial(20, true, 2), trial(15, false, 2)];
        let figures = accuracies(&trials);
        // Fold 2 says 18, which turns away the mated 10 of fold 1; fold 1 says 8, which lets the 15 of fold 2 through.
        assert_eq!(figures[0], FoldFigures { fold: 1, threshold: 18, accuracy: 0.5 });
        assert_eq!(figures[1], FoldFigures { fold: 2, threshold: 8, accuracy: 0.5 });
    }

    #[test]
    fn a_single_fold_cannot_be_validated() {
        assert!(accuracies(&[trial(1, true, 4), trial(0, false, 4)]).is_empty());
    }
}
