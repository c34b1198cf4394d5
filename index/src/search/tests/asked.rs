//! Searches of a part of a gallery, in limited time, and by some of the fingers first.

use super::*;

#[test]
fn a_search_among_a_few_is_an_exact_search_of_a_gallery_of_them() {
    let finger = |number: u64| vec![(Position::RightIndex, template(number % 4, number).into())];
    let references = (0..9).map(|number| Reference { id: id(number as usize), templates: finger(number) });
    let references = references.collect::<Vec<_>>();
    let (whole, few) = (gallery(&references, 4), gallery(&references[2..5], 4));
    let probes = [finger(2), finger(7), vec![]];
    let limits = limits(Mode::Exact, (Positions::Labelled, false));
    let nobody = ReferenceId::new("nobody").unwrap();
    let named = references[2..5].iter().rev().map(|reference| reference.id.clone()).chain([nobody, id(3)]);
    let named = named.collect::<Vec<_>>();
    assert_eq!(
        whole.identify_among(&probes, &named, &limits, &weigh).unwrap(),
        few.identify_batch(&probes, &limits, &weigh).unwrap()
    );
    let all = vec![id(1); Limits::MAX_AMONG + 1];
    assert!(matches!(whole.identify_among(&probes, &all, &limits, &weigh), Err(SearchError::TooManyNamed(_))));
}

#[test]
fn after_the_deadline_there_is_no_answer_that_could_be_taken_for_one() {
    let references = [Reference { id: id(1), templates: vec![(Position::RightIndex, template(1, 1).into())] }];
    let gallery = gallery(&references, 1);
    let probe = [references[0].templates.clone()];
    let now = std::time::Instant::now();
    let hour = std::time::Duration::from_hours(1);
    for mode in [Mode::Exact, Mode::Cascade(Shortlist { fingers: 2, rows: 0, one_in: 1, together: 1 })] {
        let limits = |deadline| Limits { deadline: Some(deadline), ..limits(mode, (Positions::Labelled, false)) };
        assert!(gallery.identify_batch(&probe, &limits(now + hour), &weigh).is_ok());
        let late = gallery.identify_batch(&probe, &limits(now), &weigh);
        assert_eq!(late, Err(SearchError::DeadlinePassed));
        let late = gallery.identify_among(&probe, &[id(1)], &limits(now), &weigh);
        assert_eq!(late, Err(SearchError::DeadlinePassed));
    }
}

#[test]
fn a_search_is_given_up_when_the_last_who_waits_is_gone() {
    let references = [Reference { id: id(1), templates: vec![(Position::RightIndex, template(1, 1).into())] }];
    let gallery = gallery(&references, 1);
    let probe = [references[0].templates.clone()];
    for mode in [Mode::Exact, Mode::Cascade(Shortlist { fingers: 2, rows: 0, one_in: 1, together: 1 })] {
        let [(one, first), (other, second)] = [Wanted::by_one(), Wanted::by_one()];
        let wanted = Some(Wanted::by_all([one, other]));
        let limits = Limits { wanted, ..limits(mode, (Positions::Labelled, false)) };
        drop(first);
        assert!(gallery.identify_batch(&probe, &limits, &weigh).is_ok(), "another waits");
        drop(second);
        assert_eq!(gallery.identify_batch(&probe, &limits, &weigh), Err(SearchError::Unwanted));
    }
}

#[test]
fn who_has_none_of_the_fingers_that_are_scanned_for_everybody_is_scanned_by_the_others() {
    use Position::{LeftRing, RightIndex, RightMiddle, RightThumb, Unknown};
    let person = |number: u64, positions: &[Position]| {
        let finger = |(place, &position): (usize, &Position)| {
            // What a finger is like depends on the person and the finger, not on its label.
            let finger = number * 10 + if position == Unknown { 2 } else { place as u64 };
            (position, template(finger, number + place as u64 + 1).into())
        };
        positions.iter().enumerate().map(finger).collect::<Instances>()
    };
    let all = [RightIndex, RightThumb, RightMiddle, LeftRing];
    let whole = |number| Reference { id: id(number as usize), templates: in_order(person(number, &all)) };
    let mut references = (0..6).map(whole).collect::<Vec<_>>();
    references[3].templates.retain(|(position, _)| ![RightIndex, RightThumb].contains(position));
    references[4].templates = person(4, &[Unknown]);
    references[5].templates.clear();
    let gallery = gallery(&references, 4);
    let cascade = |fingers| {
        let mode = Mode::Cascade(Shortlist { fingers, rows: 0, one_in: 1, together: 1 });
        let probes = (0..6).map(|number| person(number, &all)).collect::<Vec<_>>();
        gallery.identify_batch(&probes, &limits(mode, (Positions::Labelled, false)), &weigh).unwrap()
    };
    let (two, every) = (cascade(2), cascade(usize::MAX));
    for number in 0..5 {
        let best = |findings: &[Findings]| findings[number].found[0].clone();
        assert_eq!((best(&two).id, best(&two)), (id(number), best(&every)), "person {number}");
        let scanned = |findings: &[Findings]| findings[number].coverage.rows_scanned;
        // Two fingers of three persons; two of the one who lacks those; the one without a label.
        assert_eq!((scanned(&two), scanned(&every)), (3 * 2 + 2 + 1, 3 * 4 + 2 + 1));
        assert_eq!(two[number].coverage.references, 6);
    }
}
