//! The eyes that two sets have in common, found by their scores: which they are is written nowhere.

use std::collections::BTreeMap;

use rayon::prelude::*;
use whorl_types::Similarity;

use crate::eyes::{Eye, Eyes};
use crate::trials::scores;

/// An eye of one set and one of the other, by the middle of the scores of all their captures.
struct Pair<'a> {
    eye: &'a str,
    other: &'a str,
    median: u32,
}

/// Prints every eye of `set` with the eye of `other` that is nearest, nearest first, and the `next` runners-up.
pub(crate) fn print(set: &Eyes, other: &Eyes, next: usize) {
    let mut pairs = pairs(set, other);
    pairs.sort_by(|a, b| b.median.cmp(&a.median).then((a.eye, a.other).cmp(&(b.eye, b.other))));
    let mut nearest: BTreeMap<&str, &Pair<'_>> = BTreeMap::new();
    for pair in &pairs {
        nearest.entry(pair.eye).or_insert(pair);
    }
    let mut nearest: Vec<&Pair<'_>> = nearest.into_values().collect();
    nearest.sort_by_key(|pair| std::cmp::Reverse(pair.median));
    println!(
        "The nearest eye of {} to each of the {} of {}, by the median score of their captures",
        other.set,
        nearest.len(),
        set.set
    );
    for Pair { eye, other, median } in &nearest {
        println!("  {eye:14} {other:14} {median}");
    }
    let is_nearest = |pair: &&Pair<'_>| nearest.iter().any(|best| best.eye == pair.eye && best.other == pair.other);
    println!("The strongest of all other pairs");
    for Pair { eye, other, median } in pairs.iter().filter(|pair| !is_nearest(pair)).take(next.max(1)) {
        println!("  {eye:14} {other:14} {median}");
    }
}

fn pairs<'a>(set: &'a Eyes, other: &'a Eyes) -> Vec<Pair<'a>> {
    let others = by_class(&other.captures);
    let of_class = |(eye, captures): (&'a str, Vec<usize>)| {
        let rows: Vec<Vec<u32>> = captures
            .iter()
            .map(|&place| scores(&set.captures[place], &other.captures).into_iter().map(Similarity::get).collect())
            .collect();
        let pair = |(other, places): (&&'a str, &Vec<usize>)| {
            let mut all: Vec<u32> = rows.iter().flat_map(|row| places.iter().map(|&place| row[place])).collect();
            all.sort_unstable();
            Pair { eye, other, median: all[all.len() / 2] }
        };
        others.iter().map(pair).collect::<Vec<_>>()
    };
    let classes: Vec<_> = by_class(&set.captures).into_iter().collect();
    classes.into_par_iter().flat_map_iter(of_class).collect()
}

/// The captures of each class, by their places.
fn by_class(eyes: &[Eye]) -> BTreeMap<&str, Vec<usize>> {
    let mut classes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, eye) in eyes.iter().enumerate() {
        classes.entry(&eye.class).or_default().push(place);
    }
    classes
}
