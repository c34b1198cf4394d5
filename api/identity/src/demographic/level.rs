//! The fields that are compared, and how far two records can agree on each.

use serde::{Deserialize, Serialize};

/// A field of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// All names together.
    Name,
    /// The birth date.
    Birth,
    /// Male or female.
    Sex,
    /// The words of the address, and the post code.
    Address,
    /// The telephone.
    Phone,
    /// The address for e-mail.
    Email,
}

/// How far two records agree on a field, the most first. Each field uses some of them: see [`Field::levels`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The same after normalising. Of a name: the same words in any order, or written together.
    Same,
    /// Of a name: the words of the shorter one are all in the longer, and there are two at least. Of an address: half of
    /// the words are.
    Part,
    /// Of a date: day and month exchanged.
    Swapped,
    /// One spelling, digit or part of the date off. Of a name: every word of the shorter one has one that is spelt or sounds like it.
    Near,
    /// As far as an initial or the beginning of a name goes.
    Initial,
    /// Of a name: alike, but further than [`Level::Near`]. Of a date: two digits off, the year's among
    /// them.
    Far,
    /// Of a date: the same year, where one of the two knows no more.
    YearOnly,
    /// Of a date: the same year and another day and month, or a guess two years off at most.
    YearNear,
    /// Of an address: the post code only.
    Area,
    /// Of a name: the given name agrees and the family name does not, as after a marriage.
    FamilyDiffers,
    /// Of a name: the family name agrees and the given name does not, as of brothers and sisters.
    GivenDiffers,
    /// Of a name: a word agrees and another does not, and nobody knows which is the family's.
    WordDiffers,
    /// They do not agree.
    Apart,
    /// One of the two records does not say; weighs nothing.
    Missing,
}

impl Level {
    /// What it is called in rules.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Part => "part",
            Self::Swapped => "swapped",
            Self::Near => "near",
            Self::Initial => "initial",
            Self::Far => "far",
            Self::YearOnly => "year_only",
            Self::YearNear => "year_near",
            Self::Area => "area",
            Self::FamilyDiffers => "family_differs",
            Self::GivenDiffers => "given_differs",
            Self::WordDiffers => "word_differs",
            Self::Apart => "apart",
            Self::Missing => "missing",
        }
    }
}

impl Field {
    /// All fields, in the order of [`MatchWeight`](super::MatchWeight).
    pub const ALL: [Self; 6] = [Self::Name, Self::Birth, Self::Sex, Self::Address, Self::Phone, Self::Email];

    /// What it is called in rules.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Birth => "birth",
            Self::Sex => "sex",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    /// The levels of this field besides [`Level::Missing`]: what [`Rules`](super::Rules) must give odds for.
    #[must_use]
    pub fn levels(self) -> &'static [Level] {
        match self {
            Self::Name => &[
                Level::Same,
                Level::Part,
                Level::Near,
                Level::Initial,
                Level::Far,
                Level::FamilyDiffers,
                Level::GivenDiffers,
                Level::WordDiffers,
                Level::Apart,
            ],
            Self::Birth => {
                &[Level::Same, Level::Swapped, Level::Near, Level::Far, Level::YearOnly, Level::YearNear, Level::Apart]
            }
            Self::Sex | Self::Email => &[Level::Same, Level::Apart],
            Self::Address => &[Level::Same, Level::Part, Level::Area, Level::Apart],
            Self::Phone => &[Level::Same, Level::Near, Level::Apart],
        }
    }
}
