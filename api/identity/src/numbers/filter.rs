//! Rules made ready for use: they look at a number digit by digit, so that a beginning that no number may have is given up at once.

use std::fmt;

use super::rules::{Rules, RulesError, entries};
use super::verhoeff::{is_checked_of, values};

/// The cyclic numbers that fit into the longest number: the period of 1/p for a prime p that has 10 as a primitive root. These are
/// for 7, 17, 19, 23 and 29; the next, for 47, has 46 digits.
const CYCLIC: [&str; 5] =
    ["142857", "0588235294117647", "052631578947368421", "0434782608695652173913", "0344827586206896551724137931"];

/// Why a number is not permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It has something else than decimal digits, or not as many as it should.
    #[error("it is not of the length that numbers have, or not all decimal digits")]
    Form,
    /// Its last digit is not the check digit of the others.
    #[error("its check digit is wrong")]
    CheckDigit,
    /// It breaks this rule, a field of [`Rules`].
    #[error("it breaks the rule {0}")]
    Rule(&'static str),
}

/// [`Rules`] that were checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Filter {
    rules: Rules,
    beginnings: Vec<Vec<u8>>,
    restricted: Vec<Vec<u8>>,
    cyclic: Vec<Vec<u8>>,
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rules.fmt(f)
    }
}

impl Filter {
    /// # Errors
    /// [`RulesError`] where the rules cannot be followed.
    pub fn new(rules: Rules) -> Result<Self, RulesError> {
        rules.check()?;
        let beginnings = entries("not_start_with", &rules.not_start_with)?;
        let restricted = entries("restricted_numbers", &rules.restricted_numbers)?;
        let cyclic = CYCLIC.iter().filter(|cyclic| rules.cyclic_numbers && cyclic.len() <= rules.length);
        let cyclic = cyclic.filter_map(|cyclic| values(cyclic)).collect();
        Ok(Self { rules, beginnings, restricted, cyclic })
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether `number` is permitted, with its check digit.
    ///
    /// # Errors
    /// [`Broken`] says what is wrong first.
    pub fn check(&self, number: &str) -> Result<(), Broken> {
        let digits = values(number).filter(|digits| digits.len() == self.rules.length).ok_or(Broken::Form)?;
        if !is_checked_of(&digits) {
            return Err(Broken::CheckDigit);
        }
        self.broken(&digits).map_or(Ok(()), |rule| Err(Broken::Rule(rule)))
    }

    /// The rule that all of `digits` break, if any, whatever their check digit is.
    pub(super) fn broken(&self, digits: &[u8]) -> Option<&'static str> {
        let mut places = digits.iter().enumerate();
        let broken = places.find_map(|(place, digit)| self.broken_after(&digits[..place], *digit));
        broken.or_else(|| self.broken_by_whole(digits))
    }

    /// The rule that `digit` breaks after `before`, which breaks none.
    pub(super) fn broken_after(&self, before: &[u8], digit: u8) -> Option<&'static str> {
        RULES.iter().find(|(_, forbidden)| forbidden(self, before) & bit(digit) != 0).map(|(name, _)| *name)
    }

    /// The digits that break a rule after `before`, which breaks none.
    pub(super) fn forbidden_after(&self, before: &[u8]) -> DigitSet {
        RULES.iter().fold(0, |set, (_, forbidden)| set | forbidden(self, before))
    }

    /// The rule that `digits` break by how their beginning and their end go together.
    pub(super) fn broken_by_whole(&self, digits: &[u8]) -> Option<&'static str> {
        let (same, mirrored) = (self.rules.digits_limit, self.rules.reverse_digits_limit);
        if same > 0 && digits[..same] == digits[digits.len() - same..] {
            Some("digits_limit")
        } else if mirrored > 0 && digits.iter().take(mirrored).eq(digits.iter().rev().take(mirrored)) {
            Some("reverse_digits_limit")
        } else {
            None
        }
    }
}

/// A bit for each digit, 0 the lowest.
pub(super) type DigitSet = u16;

const ALL: DigitSet = (1 << 10) - 1;
const EVEN: DigitSet = bit(2) | bit(4) | bit(6) | bit(8);

pub(super) const fn bit(digit: u8) -> DigitSet {
    1 << digit
}

/// The digits that break a rule after digits that break none.
type Forbidden = fn(&Filter, &[u8]) -> DigitSet;

/// By the names of the rules, the digits that break them after digits that do not. What breaks most is asked first.
const RULES: [(&str, Forbidden); 7] = [
    ("repeating_limit", |filter, before| repeating(before, filter.rules.repeating_limit)),
    ("sequence_limit", |filter, before| going_on(before, filter.rules.sequence_limit, filter.rules.sequence_wraps)),
    ("repeating_block_limit", |filter, before| repeating_block(before, filter.rules.repeating_block_limit)),
    ("conjugative_even_digits_limit", |filter, before| even(before, filter.rules.conjugative_even_digits_limit)),
    ("restricted_numbers", |filter, before| completing(&filter.restricted, |begun| ends_with(before, begun))),
    ("cyclic_numbers", |filter, before| completing(&filter.cyclic, |begun| ends_with(before, begun))),
    ("not_start_with", |filter, before| completing(&filter.beginnings, |begun| before == begun)),
];

/// The digits of the `limit` places before.
fn repeating(before: &[u8], limit: usize) -> DigitSet {
    before.iter().rev().take(limit).fold(0, |set, digit| set | bit(*digit))
}

/// The digits that make `limit` in a row rise or fall by one each.
fn going_on(before: &[u8], limit: usize, wraps: bool) -> DigitSet {
    let Some(row) = last(before, limit) else { return 0 };
    let Some(end) = row.last() else { return ALL };
    let next = |digit: u8| if wraps && digit == 9 { 0 } else { digit + 1 };
    let previous = |digit: u8| if digit == 0 { if wraps { 9 } else { 10 } } else { digit - 1 };
    let rises = row.windows(2).all(|pair| next(pair[0]) == pair[1]);
    let falls = row.windows(2).all(|pair| previous(pair[0]) == pair[1]);
    // Without wrapping nothing follows 9 or 0: that is the bit of a digit that there is not.
    ALL & (if rises { bit(next(*end)) } else { 0 } | if falls { bit(previous(*end)) } else { 0 })
}

/// The digits that make the last `limit` a block that was there before, all before it. A longer block that comes again ends with
/// such a one.
fn repeating_block(before: &[u8], limit: usize) -> DigitSet {
    let Some(begun) = last(before, limit) else { return 0 };
    let blocks = before[..before.len() - begun.len()].windows(limit);
    // Digit by digit, which for so few is quicker than comparing memory.
    let same = |block: &&[u8]| block.iter().zip(begun).all(|(one, other)| one == other);
    blocks.filter(same).fold(0, |set, block| set | bit(block[limit - 1]))
}

/// The digits that make the last `limit` all of 2, 4, 6 and 8.
fn even(before: &[u8], limit: usize) -> DigitSet {
    let all = last(before, limit).is_some_and(|row| row.iter().all(|digit| EVEN & bit(*digit) != 0));
    if all { EVEN } else { 0 }
}

/// The digits that complete an entry of a list of which all but the last digit is there already.
fn completing(list: &[Vec<u8>], is_begun: impl Fn(&[u8]) -> bool) -> DigitSet {
    let ends = list.iter().filter_map(|entry| entry.split_last());
    ends.filter(|(_, begun)| is_begun(begun)).fold(0, |set, (end, _)| set | bit(*end))
}

fn ends_with(before: &[u8], end: &[u8]) -> bool {
    before.len() >= end.len() && before.iter().rev().zip(end.iter().rev()).all(|(one, other)| one == other)
}

/// The last digits, one less than `limit`; none where the rule is off or fewer are there.
fn last(before: &[u8], limit: usize) -> Option<&[u8]> {
    let start = before.len().checked_sub(limit.checked_sub(1)?)?;
    Some(&before[start..])
}
