//! Error rates of searches through a gallery.

/// What one search of an open-set experiment found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// The person is in the gallery.
    Mated {
        /// Score of the mate and its rank from 1; none where the mate was not returned.
        mate: Option<(u32, u32)>,
    },
    /// The person is not.
    NonMated {
        /// The highest score returned.
        highest: Option<u32>,
    },
}

/// False negative identification rate FNIR(N, R, T): of the mated searches, the fraction whose mate is not among the first
/// `rank` with a score of at least `threshold`; none without mated searches.
#[must_use]
pub fn fnir(searches: &[Search], rank: u32, threshold: u32) -> Option<f64> {
    let found = |mate: &Option<(u32, u32)>| mate.is_some_and(|(score, at)| score >= threshold && at <= rank);
    share(searches.iter().filter_map(|search| match search {
        Search::Mated { mate } => Some(!found(mate)),
        Search::NonMated { .. } => None,
    }))
}

/// False positive identification rate FPIR(N, T): of the non-mated searches, the fraction that returns anyone with a score
/// of at least `threshold`; none without non-mated searches.
#[must_use]
pub fn fpir(searches: &[Search], threshold: u32) -> Option<f64> {
    share(searches.iter().filter_map(|search| match search {
        Search::Mated { .. } => None,
        Search::NonMated { highest } => Some(highest.is_some_and(|score| score >= threshold)),
    }))
}

/// Cumulative match characteristic: the fraction of mated searches whose mate has rank 1, at most 2, ... at most `ranks`.
#[must_use]
pub fn cmc(searches: &[Search], ranks: u32) -> Vec<f64> {
    (1..=ranks).map_while(|rank| fnir(searches, rank, 0)).map(|missed| 1.0 - missed).collect()
}

fn share(events: impl Iterator<Item = bool>) -> Option<f64> {
    let (mut events_seen, mut trials) = (0u64, 0u64);
    for event in events {
        trials += 1;
        events_seen += u64::from(event);
    }
    (trials > 0).then(|| events_seen as f64 / trials as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEARCHES: [Search; 6] = [
        Search::Mated { mate: Some((90, 1)) },
        Search::Mated { mate: Some((40, 2)) },
        Search::Mated { mate: Some((70, 1)) },
        Search::Mated { mate: None },
        Search::NonMated { highest: Some(50) },
        Search::NonMated { highest: None },
    ];

    #[test]
    fn misses_are_counted_by_rank_and_threshold() {
        assert_eq!(fnir(&SEARCHES, 1, 0), Some(0.5));
        assert_eq!(fnir(&SEARCHES, 2, 0), Some(0.25));
        assert_eq!(fnir(&SEARCHES, 2, 80), Some(0.75));
        assert_eq!(fnir(&SEARCHES[4..], 1, 0), None);
    }

    #[test]
    fn false_alarms_are_counted_by_threshold() {
        assert_eq!(fpir(&SEARCHES, 50), Some(0.5));
        assert_eq!(fpir(&SEARCHES, 51), Some(0.0));
        assert_eq!(fpir(&SEARCHES[..4], 0), None);
    }

    #[test]
    fn the_characteristic_rises_with_the_rank() {
        assert_eq!(cmc(&SEARCHES, 3), [0.5, 0.75, 0.75]);
        assert!(cmc(&SEARCHES[4..], 3).is_empty());
    }
}
