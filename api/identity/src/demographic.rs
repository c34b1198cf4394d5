//! Search for duplicates by what people say of themselves: names, birth date, sex, address, telephone, e-mail.
//!
//! Records are linked as Fellegi and Sunter do ("A Theory for Record Linkage", Journal of the American Statistical Association 64,
//! 1969): two records agree on each field to some [`Level`]; `m` is the probability of that level where both are of one person, `u`
//! where they are of two; the level weighs log2(m/u) bits, and the sum of the weights says how much more probable one person is than
//! two. Agreement on a rare name weighs more than on a common one (Winkler, "Frequency-Based Matching in Fellegi-Sunter Model of Record
//! Linkage", 2000). Two thresholds make three verdicts of the sum.
//!
//! - [`Particulars`] are the texts of a record, [`Rules::prepare`] makes a small [`Prepared`] of them: normalised, in Latin letters, with
//!   phonetic codes. It holds personal data; whoever stores it seals it.
//! - [`Rules::compare`] weighs two of them and explains the weight by field, without a value.
//! - [`block_keys`] are short texts of which two records of one person almost always share one. A store keeps a keyed hash of each beside
//!   the person, and a [`search()`] compares the probe only with who shares a key, up to [`Bounds`], and states what it [covered](Coverage).
//! - [`Linker`] is such a store in memory.
//!
//! A verdict here never merges anybody: a person decides, or biometrics do.

mod address;
mod blocks;
mod bytes;
mod date;
mod level;
mod linker;
mod name;
mod particulars;
mod phonetic;
mod prepared;
mod reach;
mod rules;
mod search;
#[cfg(test)]
mod tests;
mod text;
mod weight;

pub use blocks::{BlockKey, MAX_KEYS, block_keys};
pub use bytes::BytesError;
pub use date::Birth;
pub use level::{Field, Level};
pub use linker::Linker;
pub use particulars::{Particulars, Sex};
pub use prepared::{MAX_TOKENS, Prepared};
pub use rules::{DEFAULT_RULES_TOML, MAX_WORDS, Odds, PAIRS_PERSONS, Pairs, Rules, RulesError};
pub use search::{Block, Blocks, Bounds, Candidate, Coverage, Found, search};
pub use weight::{Agreement, MatchWeight, Others, Verdict};
