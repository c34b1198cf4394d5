use std::collections::{HashMap, HashSet};

use super::{Copy, Mistake, Person, Population};

fn twins(people: &[Person]) -> usize {
    let mut seen: HashMap<(&str, &str, &str), &str> = HashMap::new();
    let mut twins = 0;
    for person in people {
        let key = (person.family.as_str(), person.birth.as_str(), person.street.as_str());
        twins += usize::from(seen.insert(key, &person.given).is_some_and(|other| other != person.given));
    }
    twins
}

#[test]
fn a_seed_gives_the_same_people_and_a_larger_population_begins_with_the_smaller() {
    let (small, large) = (Population::draw(5, 200), Population::draw(5, 2_000));
    assert_eq!(small.people, large.people[..small.people.len()]);
    assert_ne!(small.people, Population::draw(6, 200).people);
    assert_eq!(small.copy(3, 9).person, large.copy(3, 9).person);
}

#[test]
fn there_are_twins_and_common_names_and_rare_ones() {
    let population = Population::draw(1, 20_000);
    let twins = twins(&population.people);
    assert!((80..600).contains(&twins), "{twins}");
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for person in &population.people {
        *counts.entry(&person.family).or_default() += 1;
    }
    assert!(counts.len() > 2_000, "{}", counts.len());
    assert!(counts.values().any(|&count| count > 100));
}

#[test]
fn every_mistake_is_made_sooner_or_later_and_each_copy_differs_from_its_original() {
    let population = Population::draw(2, 3_000);
    let copies: Vec<(usize, Copy)> = (0..3_000).map(|index| (index, population.copy(index, 0))).collect();
    let done: HashSet<Mistake> = copies.iter().flat_map(|(_, copy)| copy.done.iter().copied()).collect();
    assert_eq!(done.len(), 23);
    for (index, copy) in &copies {
        assert_ne!(copy.person, population.people[*index], "{:?}", copy.done);
    }
}

#[test]
fn a_name_in_other_letters_has_no_latin_letter() {
    let population = Population::draw(3, 4_000);
    let copies = (0..4_000).map(|index| population.copy(index, 0));
    let rewritten: Vec<Copy> = copies.filter(|copy| copy.done == [Mistake::OtherScript]).collect();
    assert!(rewritten.len() > 5);
    for copy in rewritten {
        assert!(!copy.person.given.chars().any(|letter| letter.is_ascii_alphabetic()), "{}", copy.person.given);
    }
}
