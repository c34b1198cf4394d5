//! People who are enrolled twice under different names: 106 of the 108 eyes of CASIA-IrisV1 are in CASIA-Interval too, as two
//! other matchers agree, and nobody else is there twice. Which ones they are is written nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use whorl_datasets::manifest::{Entry, Manifest};
use whorl_index::{Mode, Positions};
use whorl_service::deduplicate::{Deduplication, Finding};
use whorl_service::population::{Listing, extract};
use whorl_service::{Engine, Search, Unwatched};
use whorl_types::{Fpir, Modality};

use crate::samples;

/// Eyes that are in both sets.
const IN_BOTH: usize = 106;

/// The first capture of every eye of a set, its subjects under names that begin with `prefix`.
fn first_captures(samples: &Path, set: &str, prefix: &str) -> Vec<Entry> {
    let path = samples.join(format!("iris-{set}.csv"));
    let manifest = Manifest::read(&path, Some(Modality::Iris)).unwrap_or_else(|error| panic!("{error}"));
    let mut eyes = BTreeMap::new();
    for entry in manifest.entries {
        let renamed = Entry {
            subject: format!("{prefix}{}", entry.subject),
            listed: format!("{prefix}{}", entry.listed),
            encounter: "1".to_owned(),
            ..entry
        };
        eyes.entry((renamed.subject.clone(), renamed.position)).or_insert(renamed);
    }
    eyes.into_values().collect()
}

fn deduplicated(entries: Vec<Entry>) -> Deduplication {
    let engine = Engine::new(2).expect("two threads");
    let listing = Listing::new(Manifest { entries, ..Manifest::default() }, None);
    let population = engine.install(|| extract(&listing.listed, engine.faces(), &Unwatched));
    let target = Fpir::new(1e-3).expect("a rate");
    let (mode, positions) = (Mode::Exact, Positions::Labelled);
    let search = Search { candidates: 20, mode, positions, mirrored: false, target, within: None };
    engine.deduplicate(&population.enrolees, None, &search, &Unwatched).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_eyes_that_are_in_both_casia_sets_are_found_and_nobody_else() {
    let Some(samples) = samples() else {
        println!("skipped: the real samples are not here (set WHORL_DATA)");
        return;
    };
    let entries =
        [("casia1", "V1-"), ("casia-interval", "V3-")].map(|(set, prefix)| first_captures(&samples, set, prefix));
    let found = deduplicated(entries.concat());
    let of_both =
        |pair: &whorl_service::deduplicate::Pair| [pair.a, pair.b].map(|member| found.members[member].subject.as_str());
    let duplicates: Vec<[&str; 2]> =
        found.pairs.iter().filter(|pair| pair.finding == Finding::Duplicate).map(of_both).collect();
    println!("{} duplicates of {} members", duplicates.len(), found.members.len());
    assert!(duplicates.iter().all(|[one, other]| one.starts_with("V1-") && other.starts_with("V3-")), "{duplicates:?}");
    let eyes: BTreeSet<&str> = duplicates.iter().map(|[one, _]| *one).collect();
    assert_eq!((duplicates.len(), eyes.len()), (IN_BOTH, IN_BOTH), "{duplicates:?}");
}
