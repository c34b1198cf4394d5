//! Which samples are compared with which.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;
use whorl_datasets::manifest::{Entry, Pair};
use whorl_types::Position;

/// The most comparisons of one evaluation; they are kept in memory, at 16 bytes each.
pub const MAX_COMPARISONS: u64 = 1 << 28;

/// How a corpus is made into comparisons. A class is one instance of one person: a subject and a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protocol {
    /// That of the fingerprint verification competitions: mated are all unordered pairs of a class, non-mated the first
    /// samples of two classes.
    Fvc,
    /// All unordered pairs: mated within a class, non-mated across.
    AllPairs,
    /// The pairs of a list, as in LFW.
    Pairs(PathBuf),
}

impl Protocol {
    /// The name used on the command line and in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fvc => "fvc",
            Self::AllPairs => "all-pairs",
            Self::Pairs(_) => "pairs",
        }
    }

    /// What it compares, in a sentence.
    #[must_use]
    pub fn description(&self) -> &'static str {
        match self {
            Self::Fvc => {
                "Mated: all unordered pairs of an instance. Non-mated: the first samples of any two instances."
            }
            Self::AllPairs => "All unordered pairs: mated within an instance, non-mated across instances.",
            Self::Pairs(_) => "The pairs of a list.",
        }
    }
}

/// Two samples to compare, by their place in the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pairing {
    pub(crate) probe: u32,
    pub(crate) reference: u32,
    pub(crate) mated: bool,
    pub(crate) fold: Option<u32>,
}

/// The comparisons of a protocol, probe by probe, and what was left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) pairings: Vec<Pairing>,
    pub(crate) faults: Vec<String>,
    /// Pairs of one person of which only one sample says which instance it is: mated or not, nobody knows.
    pub(crate) undecided: u64,
}

/// Why a protocol cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProtocolError {
    /// More comparisons than fit.
    #[error(
        "{0} comparisons are more than the {MAX_COMPARISONS} of one evaluation: use the fvc protocol or fewer samples"
    )]
    TooMany(u64),
    /// An unknown word.
    #[error("{0:?} is no protocol; known are fvc and all-pairs, and pairs with a list")]
    Unknown(String),
}

impl FromStr for Protocol {
    type Err = ProtocolError;

    /// Reads the protocols that need no list.
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = [Self::Fvc, Self::AllPairs].into_iter().find(|protocol| protocol.name() == word);
        known.ok_or_else(|| ProtocolError::Unknown(word.chars().take(40).collect()))
    }
}

/// The comparisons of the fvc protocol.
pub(crate) fn fvc(entries: &[&Entry]) -> Result<Plan, ProtocolError> {
    let (classes, count) = classes(entries);
    let mut seen = vec![false; count as usize];
    let is_first: Vec<bool> =
        classes.iter().map(|&class| !std::mem::replace(&mut seen[class as usize], true)).collect();
    unordered(entries, |probe, reference| {
        classes[probe] == classes[reference] || is_first[probe] && is_first[reference]
    })
}

/// The comparisons of the all-pairs protocol.
pub(crate) fn all_pairs(entries: &[&Entry]) -> Result<Plan, ProtocolError> {
    unordered(entries, |_, _| true)
}

/// The comparisons of a list; a path that the manifest does not list is a fault.
pub(crate) fn listed(entries: &[&Entry], pairs: &[Pair]) -> Result<Plan, ProtocolError> {
    bounded(pairs.len() as u64)?;
    let places: HashMap<&str, u32> =
        entries.iter().enumerate().rev().map(|(place, entry)| (entry.listed.as_str(), place as u32)).collect();
    let mut plan = Plan::default();
    for pair in pairs {
        match (places.get(pair.probe.as_str()), places.get(pair.reference.as_str())) {
            (Some(&probe), Some(&reference)) => {
                plan.pairings.push(Pairing { probe, reference, mated: pair.mated, fold: pair.fold });
            }
            (None, _) => plan.faults.push(unlisted(pair.line, &pair.probe)),
            (_, None) => plan.faults.push(unlisted(pair.line, &pair.reference)),
        }
    }
    plan.pairings.sort_by_key(|pairing| pairing.probe);
    Ok(plan)
}

fn unlisted(line: u64, path: &str) -> String {
    format!("pairs, line {line}: the manifest has no usable row for {path}; the pair is left out")
}

fn bounded(comparisons: u64) -> Result<(), ProtocolError> {
    if comparisons > MAX_COMPARISONS { Err(ProtocolError::TooMany(comparisons)) } else { Ok(()) }
}

/// The unordered pairs that are `wanted`, labelled by class.
fn unordered(entries: &[&Entry], wanted: impl Fn(usize, usize) -> bool) -> Result<Plan, ProtocolError> {
    let all =
        || (0..entries.len()).flat_map(|probe| (probe + 1..entries.len()).map(move |reference| (probe, reference)));
    bounded(all().filter(|&(probe, reference)| wanted(probe, reference)).count() as u64)?;
    let mut plan = Plan::default();
    for (probe, reference) in all().filter(|&(probe, reference)| wanted(probe, reference)) {
        match mated(entries[probe], entries[reference]) {
            Some(mated) => {
                plan.pairings.push(Pairing { probe: probe as u32, reference: reference as u32, mated, fold: None });
            }
            None => plan.undecided += 1,
        }
    }
    Ok(plan)
}

fn mated(probe: &Entry, reference: &Entry) -> Option<bool> {
    let one_unknown = (probe.position == Position::Unknown) != (reference.position == Position::Unknown);
    match probe.subject == reference.subject {
        false => Some(false),
        true if one_unknown => None,
        true => Some(probe.position == reference.position),
    }
}

/// The class of every entry, numbered by first appearance, and how many there are.
pub(crate) fn classes(entries: &[&Entry]) -> (Vec<u32>, u32) {
    numbered(entries.iter().map(|entry| (entry.subject.as_str(), entry.position)))
}

/// The subject of every entry, numbered by first appearance, and how many there are.
pub(crate) fn subjects(entries: &[&Entry]) -> (Vec<u32>, u32) {
    numbered(entries.iter().map(|entry| entry.subject.as_str()))
}

fn numbered<K: Eq + Hash>(keys: impl Iterator<Item = K>) -> (Vec<u32>, u32) {
    let mut numbers: HashMap<K, u32> = HashMap::new();
    let mut all = Vec::new();
    for key in keys {
        let next = numbers.len() as u32;
        all.push(*numbers.entry(key).or_insert(next));
    }
    (all, numbers.len() as u32)
}

#[cfg(test)]
mod tests {
    use whorl_types::Modality;

    use super::*;

    fn entry(subject: &str, position: Position, listed: &str) -> Entry {
        Entry {
            path: listed.into(),
            listed: listed.to_owned(),
            line: 0,
            subject: subject.to_owned(),
            modality: Modality::Fingerprint,
            position,
            encounter: "1".to_owned(),
            ppi: None,
            liveness: None,
        }
    }

    fn counts(plan: &Plan) -> (usize, usize) {
        let mated = plan.pairings.iter().filter(|pairing| pairing.mated).count();
        (mated, plan.pairings.len() - mated)
    }

    /// Ten fingers of eight impressions, as in the competitions.
    fn fvc_set() -> Vec<Entry> {
        (0..80).map(|index| entry(&format!("{}", index / 8), Position::Unknown, &format!("{index}.png"))).collect()
    }

    #[test]
    fn a_set_of_the_competitions_gives_its_known_numbers_of_comparisons() {
        let set = fvc_set();
        let entries: Vec<&Entry> = set.iter().collect();
        assert_eq!(counts(&fvc(&entries).unwrap()), (280, 45));
        assert_eq!(counts(&all_pairs(&entries).unwrap()), (280, 2880));
        assert_eq!((classes(&entries).1, subjects(&entries).1), (10, 10));
    }

    #[test]
    fn two_fingers_of_one_person_are_not_mates_and_an_unnamed_one_is_undecided() {
        let set = [
            entry("a", Position::RightThumb, "1"),
            entry("a", Position::RightIndex, "2"),
            entry("a", Position::Unknown, "3"),
            entry("b", Position::Unknown, "4"),
        ];
        let plan = all_pairs(&set.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(counts(&plan), (0, 4));
        assert_eq!(plan.undecided, 2);
    }

    #[test]
    fn a_listed_pair_that_the_manifest_lacks_is_a_fault_with_its_line() {
        let set = fvc_set();
        let pair = |line, reference: &str, mated| Pair {
            line,
            probe: "3.png".to_owned(),
            reference: reference.to_owned(),
            mated,
            fold: Some(2),
        };
        let plan =
            listed(&set.iter().collect::<Vec<_>>(), &[pair(2, "4.png", true), pair(3, "gone.png", false)]).unwrap();
        assert_eq!(plan.pairings, [Pairing { probe: 3, reference: 4, mated: true, fold: Some(2) }]);
        assert!(plan.faults.len() == 1 && plan.faults[0].contains("line 3") && plan.faults[0].contains("gone.png"));
    }

    #[test]
    fn protocols_are_known_by_name() {
        assert_eq!("fvc".parse(), Ok(Protocol::Fvc));
        assert_eq!("all-pairs".parse(), Ok(Protocol::AllPairs));
        assert!("all".parse::<Protocol>().unwrap_err().to_string().contains("all-pairs"));
    }
}
