//! A deduplication held against who the people really are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Deduplication, Finding};

/// Which person hides behind every subject.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// The person of each subject.
    pub person_of: BTreeMap<String, String>,
}

/// Two subjects, in the order of their names.
pub type SubjectPair = (String, String);

/// What was found, missed and made up, counted in pairs of subjects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TruthReport {
    /// Pairs of subjects that are one person.
    pub duplicates: usize,
    /// Of these, pairs that share a cluster.
    pub found: usize,
    /// Of these, pairs that a person is asked to look at.
    pub to_adjudicate: usize,
    /// Of these, pairs of which nothing is said.
    pub missed: Vec<SubjectPair>,
    /// Pairs of two persons that share a cluster.
    pub false_duplicates: Vec<SubjectPair>,
    /// Pairs of two persons that a person is asked to look at.
    pub false_adjudications: usize,
    /// Subjects in the result that the truth does not know; their pairs are not counted.
    pub unknown_subjects: usize,
}

impl Truth {
    /// Holds `result` against the truth.
    #[must_use]
    pub fn judge(&self, result: &Deduplication) -> TruthReport {
        let known = |subject: &str| self.person_of.contains_key(subject);
        let said = |pairs: BTreeSet<SubjectPair>| -> BTreeSet<SubjectPair> {
            pairs.into_iter().filter(|(one, other)| known(one) && known(other)).collect()
        };
        let (joined, shown) = (said(joined(result)), said(shown(result)));
        let real = self.pairs();
        let missed = real.iter().filter(|pair| !joined.contains(*pair) && !shown.contains(*pair)).cloned().collect();
        let subjects: BTreeSet<&str> = result.members.iter().map(|member| member.subject.as_str()).collect();
        TruthReport {
            duplicates: real.len(),
            found: real.intersection(&joined).count(),
            to_adjudicate: real.intersection(&shown).filter(|pair| !joined.contains(*pair)).count(),
            missed,
            false_duplicates: joined.difference(&real).cloned().collect(),
            false_adjudications: shown.difference(&real).filter(|pair| !joined.contains(*pair)).count(),
            unknown_subjects: subjects.into_iter().filter(|subject| !known(subject)).count(),
        }
    }

    /// Every pair of subjects that are one person.
    fn pairs(&self) -> BTreeSet<SubjectPair> {
        let mut subjects_of: HashMap<&str, Vec<&str>> = HashMap::new();
        for (subject, person) in &self.person_of {
            subjects_of.entry(person).or_default().push(subject);
        }
        subjects_of.values().flat_map(|subjects| pairs_among(subjects)).collect()
    }
}

/// Pairs of subjects that share a cluster.
fn joined(result: &Deduplication) -> BTreeSet<SubjectPair> {
    let subjects = |cluster: &Vec<usize>| -> BTreeSet<&str> {
        cluster.iter().map(|&member| result.members[member].subject.as_str()).collect()
    };
    let among = |cluster| pairs_among(&subjects(cluster).into_iter().collect::<Vec<_>>());
    result.clusters.iter().flat_map(among).collect()
}

/// Pairs of subjects that a person is asked to look at.
fn shown(result: &Deduplication) -> BTreeSet<SubjectPair> {
    let subject = |member: usize| result.members[member].subject.as_str();
    let shown = result.pairs.iter().filter(|pair| pair.finding == Finding::Adjudicate);
    shown.map(|pair| ordered(subject(pair.a), subject(pair.b))).collect()
}

fn pairs_among(subjects: &[&str]) -> Vec<SubjectPair> {
    let with_earlier =
        |(at, one): (usize, &&str)| subjects[..at].iter().map(|other| ordered(one, other)).collect::<Vec<_>>();
    subjects.iter().enumerate().flat_map(with_earlier).collect()
}

fn ordered(one: &str, other: &str) -> SubjectPair {
    (one.min(other).to_owned(), one.max(other).to_owned())
}

#[cfg(test)]
mod tests {
    use whorl_engine::calibrate::Calibrations;
    use whorl_types::ReferenceId;

    use super::super::{Effort, Member, Pair};
    use super::*;
    use crate::evidence::weigh;

    /// A result with one member for each of `subjects`, in these clusters, with these pairs left to a human.
    fn result(subjects: &[&str], clusters: &[&[usize]], adjudicate: &[(usize, usize)]) -> Deduplication {
        let member = |subject: &&str| Member {
            id: ReferenceId::new(format!("{subject}/1")).unwrap(),
            subject: (*subject).to_owned(),
            enrolee: None,
        };
        let pair = |&(a, b): &(usize, usize)| Pair {
            a,
            b,
            evidence: weigh(&[], &Calibrations::default()),
            finding: Finding::Adjudicate,
        };
        Deduplication {
            members: subjects.iter().map(member).collect(),
            pairs: adjudicate.iter().map(pair).collect(),
            clusters: clusters.iter().map(|cluster| cluster.to_vec()).collect(),
            gallery_size: 1,
            effort: Effort::default(),
            thresholds: Vec::new(),
        }
    }

    fn truth(persons: &[(&str, &str)]) -> Truth {
        let person = |&(subject, person): &(&str, &str)| (subject.to_owned(), person.to_owned());
        Truth { person_of: persons.iter().map(person).collect() }
    }

    #[test]
    fn pairs_are_found_shown_missed_or_made_up() {
        let truth = truth(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "2"), ("e", "3"), ("f", "3"), ("g", "4")]);
        // a and b are found; a and c are shown, b and c are missed; d and e are no pair, e and f are missed.
        let result = result(&["a", "b", "c", "d", "e", "f", "g"], &[&[0, 1], &[3, 4]], &[(0, 2), (5, 6)]);
        let report = truth.judge(&result);
        let names = |pair: &SubjectPair| format!("{}{}", pair.0, pair.1);
        assert_eq!((report.duplicates, report.found, report.to_adjudicate), (4, 1, 1));
        assert_eq!(report.missed.iter().map(names).collect::<Vec<_>>(), ["bc", "ef"]);
        assert_eq!(report.false_duplicates.iter().map(names).collect::<Vec<_>>(), ["de"]);
        assert_eq!(report.false_adjudications, 1);
    }

    #[test]
    fn several_encounters_of_one_subject_are_no_pair() {
        let report = truth(&[("a", "1")]).judge(&result(&["a", "a"], &[&[0, 1]], &[]));
        assert_eq!(report, TruthReport::default());
    }

    #[test]
    fn subjects_that_the_truth_does_not_know_are_counted_apart() {
        let report = truth(&[("a", "1")]).judge(&result(&["a", "x"], &[&[0, 1]], &[]));
        assert_eq!((report.unknown_subjects, report.false_duplicates.len()), (1, 0));
    }
}
