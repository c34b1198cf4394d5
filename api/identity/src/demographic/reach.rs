//! Telephones and e-mail.

use super::address::hash;
use super::level::Level;

/// The last digits of a telephone that are compared: without the country's code and the zero before the area's.
const PHONE_DIGITS: u32 = 9;

/// With fewer digits it is an extension or a mistake.
const MIN_PHONE_DIGITS: usize = 6;

/// The last nine digits as a number; 0 for none.
pub(super) fn phone(text: &str) -> u64 {
    let digits = || text.chars().take(64).filter_map(|digit| digit.to_digit(10));
    if digits().count() < MIN_PHONE_DIGITS {
        return 0;
    }
    digits().fold(0, |number, digit| (number * 10 + u64::from(digit)) % 10_u64.pow(PHONE_DIGITS))
}

/// A hash of the address, which is compared as a whole; 0 for none.
pub(super) fn email(text: &str) -> u64 {
    let email = text.trim().to_lowercase();
    if email.contains('@') { hash(email.as_bytes()).max(1) } else { 0 }
}

pub(super) fn compare_phones(one: u64, other: u64) -> Level {
    match (one, other) {
        (0, _) | (_, 0) => Level::Missing,
        _ if one == other => Level::Same,
        _ if one_digit_off(one, other) => Level::Near,
        _ => Level::Apart,
    }
}

/// One digit another, or two neighbours exchanged: what is misdialled.
fn one_digit_off(mut one: u64, mut other: u64) -> bool {
    let mut differing = 0;
    let mut last = (0, 0);
    while one != 0 || other != 0 {
        let (a, b) = (one % 10, other % 10);
        if a != b {
            differing += 1;
            if differing == 2 && (a, b) != (last.1, last.0) {
                return false;
            }
        }
        if differing > 2 {
            return false;
        }
        last = (a, b);
        (one, other) = (one / 10, other / 10);
    }
    true
}

/// Two hashes, or numbers, where 0 is none.
pub(super) fn compare_whole(one: u64, other: u64) -> Level {
    match (one, other) {
        (0, _) | (_, 0) => Level::Missing,
        _ if one == other => Level::Same,
        _ => Level::Apart,
    }
}
