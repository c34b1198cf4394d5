use super::{all, filter, short};
use crate::numbers::{Capacity, Rules};

/// A sample of 600 000 had said 58.6 million, within two standard errors (0.3 million each).
const MOSIP_UINS: u64 = 58_106_898;

#[test]
fn a_count_is_what_trying_every_number_finds() {
    for rules in [short(), Rules::any(4), Rules { length: 6, digits_limit: 3, ..Rules::uin() }] {
        let filter = filter(Rules { reverse_digits_limit: rules.reverse_digits_limit.min(3), ..rules });
        assert_eq!(filter.capacity().unwrap(), Capacity::Exact(all(&filter).len() as u64), "{filter:?}");
    }
    assert_eq!(filter(Rules::any(7)).capacity().unwrap(), Capacity::Exact(1_000_000));
}

#[test]
fn rules_that_leave_nothing_have_a_capacity_of_nothing() {
    let none = filter(Rules { sequence_limit: 1, ..Rules::any(10) });
    assert_eq!(none.capacity().unwrap(), Capacity::Exact(0));
}

#[test]
fn mosips_uins_are_counted_exactly() {
    assert_eq!(filter(Rules::uin()).capacity().unwrap(), Capacity::Exact(MOSIP_UINS));
}

/// An estimate misses its interval once in twenty times, so the interval is widened to be missed once in a million.
#[test]
fn an_estimate_agrees_with_the_count() {
    let Capacity::Estimate { likely, low, high, samples, permitted } = filter(Rules::uin()).estimate().unwrap() else {
        panic!("an estimate was asked for");
    };
    assert!(low < likely && likely < high && permitted <= samples);
    let half = (high - low) / 2.0;
    assert!((likely - MOSIP_UINS as f64).abs() < 2.5 * half, "{likely} of {low} to {high}");
    assert!(half / likely < 0.011, "{half}");
}

#[test]
fn mosips_vids_are_estimated_at_nine_million_millions() {
    let Capacity::Estimate { likely, low, high, .. } = filter(Rules::vid()).capacity().unwrap() else {
        panic!("too many to count");
    };
    assert!(low < likely && likely < high);
    assert!((8.8e12..9.5e12).contains(&likely), "{likely} ({low} to {high})");
}
