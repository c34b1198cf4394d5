use std::collections::{HashMap, HashSet};

use super::{all, filter, short};
use crate::numbers::{DrawError, Rules};

/// By a full count, see `counting`.
const MOSIP_UINS: f64 = 58_106_898.0;

#[test]
fn what_is_drawn_is_permitted() {
    for rules in [Rules::uin(), Rules::vid(), short(), Rules { length: 12, ..Rules::uin() }] {
        let filter = filter(rules);
        for _ in 0..2000 {
            let number = filter.draw().unwrap();
            assert_eq!((number.len(), filter.check(&number)), (filter.rules().length, Ok(())), "{number}");
        }
    }
}

#[test]
fn every_permitted_number_is_drawn_equally_often() {
    let filter = filter(short());
    let permitted = all(&filter);
    let each = 50.0;
    let mut counts: HashMap<String, f64> = permitted.iter().map(|number| (number.clone(), 0.0)).collect();
    for _ in 0..permitted.len() * 50 {
        *counts.get_mut(&filter.draw().unwrap()).unwrap() += 1.0;
    }
    let chi_squared: f64 = counts.values().map(|count| (count - each) * (count - each) / each).sum();
    // Near its mean, the degrees of freedom, it is normal with twice that as variance; five deviations are one in two million.
    let freedom = permitted.len() as f64 - 1.0;
    let deviations = (chi_squared - freedom) / (2.0 * freedom).sqrt();
    assert!(deviations.abs() < 5.0, "chi squared {chi_squared} for {freedom} degrees");
}

#[test]
fn rules_that_leave_nothing_end_in_an_error_and_not_in_a_loop() {
    let none = filter(Rules { sequence_limit: 1, ..Rules::any(10) });
    assert_eq!(none.draw(), Err(DrawError::NothingLeft { attempts: 1_000_000 }));
}

/// Of `draws` from `MOSIP_UINS`, the pairs that are alike are Poisson with the mean `draws` squared over twice as many.
fn repeats_are_plausible(draws: u32) {
    let filter = filter(Rules::uin());
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let mut pairs = 0_u64;
    for _ in 0..draws {
        let times = seen.entry(filter.draw().unwrap().parse().unwrap()).or_default();
        pairs += u64::from(*times);
        *times += 1;
    }
    let mean = f64::from(draws) * f64::from(draws - 1) / 2.0 / MOSIP_UINS;
    assert!((pairs as f64 - mean).abs() < 5.5 * mean.sqrt(), "{pairs} pairs where {mean} are expected");
}

#[test]
fn two_hundred_thousand_draws_repeat_as_often_as_chance_has_it() {
    repeats_are_plausible(200_000);
}

#[test]
#[ignore = "a minute or so"]
fn ten_million_draws_repeat_as_often_as_chance_has_it() {
    repeats_are_plausible(10_000_000);
}

#[test]
fn draws_of_long_numbers_do_not_repeat() {
    let filter = filter(Rules::vid());
    let drawn: HashSet<String> = (0..20_000).map(|_| filter.draw().unwrap()).collect();
    assert_eq!(drawn.len(), 20_000);
}
