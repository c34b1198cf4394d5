mod counting;
mod drawing;
mod filtering;
mod living;

use super::{Filter, Rules};

fn filter(rules: Rules) -> Filter {
    Filter::new(rules).unwrap()
}

/// The permitted numbers of a rule set that leaves few enough to list, by trying all.
fn all(filter: &Filter) -> Vec<String> {
    let length = filter.rules().length;
    let numbers = (0..10_u64.pow(length as u32)).map(|number| format!("{number:0length$}"));
    numbers.filter(|number| filter.check(number).is_ok()).collect()
}

/// Rules of short numbers where every one of them matters.
fn short() -> Rules {
    Rules {
        length: 5,
        conjugative_even_digits_limit: 2,
        digits_limit: 2,
        reverse_digits_limit: 2,
        restricted_numbers: vec!["73".to_owned()],
        ..Rules::uin()
    }
}
