//! Demographic records of people who do not exist: families with names of seven naming cultures, and copies of them with the
//! mistakes that offices make.
//!
//! What they are: given and family names that are put together from syllables and drawn with Zipf frequencies, so that a few names are
//! very common and most are rare; households that share a family name, an address and often a telephone; twins and children named
//! after a parent, which are the hard cases of every search for duplicates. A seed gives the same population on every machine. A copy
//! says what was done to it.
//!
//! What they are not: anybody. The shares of twins, of missing fields and of each mistake are made up here, so that a rate measured on
//! them says how a method behaves under these mistakes and nothing about the error rates of a country.
//!
//! ```
//! use whorl_datasets::people::Population;
//!
//! let population = Population::draw(7, 1_000);
//! assert!(population.people.len() >= 1_000);
//! let copy = population.copy(12, 3);
//! assert!(!copy.done.is_empty());
//! ```

mod culture;
mod edit;
mod mistake;
mod population;
mod random;
mod script;
#[cfg(test)]
mod tests;

pub use culture::Culture;
pub use mistake::{Copy, Mistake};
pub use population::Population;

/// Male or female, as registers write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// What a register would hold of a person; a field that was not asked for, or not known, is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The naming culture, which no register holds.
    pub culture: Culture,
    /// Who lives together, which no register holds either; a copy keeps it after a move.
    pub household: u32,
    /// Given names, divided by blanks.
    pub given: String,
    /// Family names, divided by blanks.
    pub family: String,
    /// `YYYY-MM-DD`, or `YYYY` where no more is known.
    pub birth: String,
    /// As registered.
    pub sex: Option<Sex>,
    /// House number and street.
    pub street: String,
    /// The town.
    pub town: String,
    /// Five digits.
    pub post_code: String,
    /// Nine digits.
    pub phone: String,
    /// An address for e-mail.
    pub email: String,
}
