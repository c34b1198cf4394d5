//! Which numbers are permitted: the rules by which MOSIP keeps out what is easily guessed, mistaken or misread as meaningful.

use serde::{Deserialize, Serialize};

use super::verhoeff::values;

/// The rules of one kind of number. All look at the whole number, with its check digit; one that is 0, empty or `false` is off, and
/// so is one that a configuration leaves out.
///
/// Source: MOSIP 1.2, `UinFilterUtil` and `VidFilterUtils` of kernel, and the values of `mosip-config`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// How many digits a number has, its check digit included: [`Rules::SHORTEST`] to [`Rules::LONGEST`].
    pub length: usize,
    /// So many digits in a row may neither rise by one each nor fall by one each. With 3, 12 is permitted and 123 is not.
    #[serde(default)]
    pub sequence_limit: usize,
    /// Whether 9 and 0 are neighbours in such a sequence.
    #[serde(default)]
    pub sequence_wraps: bool,
    /// No digit may come again within so many places. With 2, neither 11 nor 131 is permitted.
    #[serde(default)]
    pub repeating_limit: usize,
    /// No so many digits in a row may come again later. With 2, 48 may be there once.
    #[serde(default)]
    pub repeating_block_limit: usize,
    /// So many digits in a row may not all be of 2, 4, 6 and 8.
    #[serde(default)]
    pub conjugative_even_digits_limit: usize,
    /// The first so many digits may not be the last ones; at most the length.
    #[serde(default)]
    pub digits_limit: usize,
    /// The first so many digits may not be the last ones read backwards; at most the length.
    #[serde(default)]
    pub reverse_digits_limit: usize,
    /// With what no number begins, as texts of digits.
    #[serde(default)]
    pub not_start_with: Vec<String>,
    /// What no number contains, as texts of digits.
    #[serde(default)]
    pub restricted_numbers: Vec<String>,
    /// Whether no number contains a cyclic number (142857 and its longer kin).
    #[serde(default)]
    pub cyclic_numbers: bool,
}

/// Why rules cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// Not a length of numbers.
    #[error("numbers of {length} digits: the length is from {shortest} to {longest}", shortest = Rules::SHORTEST, longest = Rules::LONGEST)]
    Length {
        /// As given.
        length: usize,
    },
    /// A rule looks at more digits than there are.
    #[error("{rule} is {limit}, more than the {length} digits of a number")]
    TooWide {
        /// The name of the rule.
        rule: &'static str,
        /// As given.
        limit: usize,
        /// Of the numbers.
        length: usize,
    },
    /// An entry of a list is not one to [`Rules::LONGEST`] digits.
    #[error("{rule} has the entry {entry:?}, which is not one to {longest} decimal digits", longest = Rules::LONGEST)]
    Entry {
        /// The name of the list.
        rule: &'static str,
        /// As given, cut off.
        entry: String,
    },
    /// A list is too long.
    #[error("{rule} has {entries} entries, more than {most}", most = Rules::MOST_ENTRIES)]
    TooMany {
        /// The name of the list.
        rule: &'static str,
        /// How many.
        entries: usize,
    },
}

impl Rules {
    /// One digit and its check digit.
    pub const SHORTEST: usize = 2;

    /// Twice the longest of MOSIP's; nobody reads out more.
    pub const LONGEST: usize = 32;

    /// Entries of a list: every one is looked for at every digit.
    pub const MOST_ENTRIES: usize = 1000;

    /// MOSIP's for a UIN: ten digits. They leave 58 106 898 numbers (see [`super::Capacity`]), so a country of more people sets a
    /// greater length.
    #[must_use]
    pub fn uin() -> Self {
        Self {
            length: 10,
            sequence_limit: 3,
            sequence_wraps: true,
            repeating_limit: 2,
            repeating_block_limit: 2,
            conjugative_even_digits_limit: 3,
            digits_limit: 5,
            reverse_digits_limit: 5,
            not_start_with: vec!["0".to_owned(), "1".to_owned()],
            restricted_numbers: vec!["786".to_owned(), "666".to_owned()],
            cyclic_numbers: true,
        }
    }

    /// MOSIP's for a VID: sixteen digits.
    #[must_use]
    pub fn vid() -> Self {
        Self {
            length: 16,
            sequence_wraps: false,
            conjugative_even_digits_limit: 0,
            digits_limit: 0,
            reverse_digits_limit: 0,
            cyclic_numbers: false,
            ..Self::uin()
        }
    }

    /// Numbers of `length` digits of which all are permitted.
    #[must_use]
    pub fn any(length: usize) -> Self {
        Self {
            length,
            sequence_limit: 0,
            sequence_wraps: false,
            repeating_limit: 0,
            repeating_block_limit: 0,
            conjugative_even_digits_limit: 0,
            digits_limit: 0,
            reverse_digits_limit: 0,
            not_start_with: Vec::new(),
            restricted_numbers: Vec::new(),
            cyclic_numbers: false,
        }
    }

    pub(super) fn check(&self) -> Result<(), RulesError> {
        let length = self.length;
        if !(Self::SHORTEST..=Self::LONGEST).contains(&length) {
            return Err(RulesError::Length { length });
        }
        let limits = [
            ("sequence_limit", self.sequence_limit),
            ("repeating_limit", self.repeating_limit),
            ("repeating_block_limit", self.repeating_block_limit),
            ("conjugative_even_digits_limit", self.conjugative_even_digits_limit),
            ("digits_limit", self.digits_limit),
            ("reverse_digits_limit", self.reverse_digits_limit),
        ];
        match limits.into_iter().find(|(_, limit)| *limit > length) {
            Some((rule, limit)) => Err(RulesError::TooWide { rule, limit, length }),
            None => Ok(()),
        }
    }
}

/// The digits of the entries of a list.
pub(super) fn entries(rule: &'static str, list: &[String]) -> Result<Vec<Vec<u8>>, RulesError> {
    if list.len() > Rules::MOST_ENTRIES {
        return Err(RulesError::TooMany { rule, entries: list.len() });
    }
    let digits = |entry: &String| {
        let digits = values(entry).filter(|digits| (1..=Rules::LONGEST).contains(&digits.len()));
        digits.ok_or_else(|| RulesError::Entry { rule, entry: entry.chars().take(Rules::LONGEST).collect() })
    };
    list.iter().map(digits).collect()
}
