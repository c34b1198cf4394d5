//! What a deployment can set: the odds of every level, thresholds, and words that name nobody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::level::{Field, Level};
use super::particulars::Particulars;
use super::prepared::{self, Prepared, Words};
use super::search::Bounds;
use super::weight::{Agreement, MatchWeight, Others, Verdict};
use super::{address, name, reach};

/// The documented rules that are used unless a deployment says otherwise.
pub const DEFAULT_RULES_TOML: &str = include_str!("rules.toml");

/// The most titles or particles: they are looked through for every word.
pub const MAX_WORDS: usize = 500;

/// How much one shared word may add or take by its rarity: a word that was counted once says no more than one counted a few times.
const MAX_RARITY_BITS: f64 = 4.0;

/// What is wrong with rules.
#[derive(Debug, Error)]
pub enum RulesError {
    /// They are not TOML of the right form.
    #[error("the rules of demographic search cannot be read: {0}")]
    Unreadable(#[from] Box<toml::de::Error>),
    /// A level has no odds, or they are not probabilities above 0.
    #[error("the rules of demographic search need four probabilities above 0 and at most 1 for {level:?} of {field:?}")]
    Odds {
        /// The field.
        field: Field,
        /// Its level.
        level: Level,
    },
    /// A field was given odds for a level that it never reaches.
    #[error("{field:?} never reaches {level:?}, for which the rules of demographic search give odds")]
    NoSuchLevel {
        /// The field.
        field: Field,
        /// The level.
        level: Level,
    },
    /// The thresholds are not numbers in order, or the typical frequency is no frequency.
    #[error(
        "the rules of demographic search need adjudicate_bits <= duplicate_bits and typical_frequency above 0 and at most 1"
    )]
    Thresholds,
    /// A search would look at nobody, or at more than there is time for.
    #[error("the rules of demographic search need bounds.per_block of 1 to {most} and bounds.compared of 1 to {in_all}",
        most = Bounds::MOST_PER_BLOCK, in_all = Bounds::MOST_COMPARED)]
    Bounds,
    /// There are too many titles or particles.
    #[error("the rules of demographic search list more than {MAX_WORDS} titles or particles")]
    TooManyWords,
}

/// The probabilities of a level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Odds {
    /// Where both records are of one person.
    pub m: f32,
    /// Where they are of two people of each kind that share a block.
    pub strangers: f32,
    /// As above.
    pub relatives: f32,
    /// As above.
    pub twins: f32,
}

impl Odds {
    /// The weight of the level, in bits.
    #[must_use]
    pub fn bits(&self, against: Others) -> f32 {
        let u = match against {
            Others::Strangers => self.strangers,
            Others::Relatives => self.relatives,
            Others::Twins => self.twins,
        };
        (self.m / u).log2()
    }
}

/// How many pairs of two people share a block for every pair of one person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairs {
    /// In a register of [`PAIRS_PERSONS`]; they grow with the register, as relatives and twins do not.
    pub strangers: f32,
    /// Of one household.
    pub relatives: f32,
    /// Of one household and birth date.
    pub twins: f32,
}

/// The size of the register in which [`Pairs`] are counted.
pub const PAIRS_PERSONS: u64 = 100_000;

/// The rules of a deployment; see the file of the default ones for what each means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// From this weight on, a person looks at the two records.
    pub adjudicate_bits: f32,
    /// From this weight on, they count as one person.
    pub duplicate_bits: f32,
    /// How much a search looks at.
    pub bounds: Bounds,
    /// How frequent pairs of two people are.
    pub pairs: Pairs,
    /// How frequent a name is that adds nothing by its rarity: a share of all words of names.
    pub typical_frequency: f64,
    /// How many bits a halving of the frequency adds; 0 leaves rarity out.
    pub rarity: f64,
    /// Whether a birth on the first of January means that only the year is known.
    pub first_of_january_is_unknown: bool,
    /// Words before or after a name that are none, normalised.
    pub titles: Vec<String>,
    /// Words within a name that some write and some do not, normalised.
    pub particles: Vec<String>,
    /// For each field and level, how probable it is.
    pub odds: BTreeMap<Field, BTreeMap<Level, Odds>>,
}

impl Default for Rules {
    fn default() -> Self {
        // A test reads them.
        Self::read(DEFAULT_RULES_TOML).unwrap_or_else(|error| unreachable!("the rules compiled in: {error}"))
    }
}

impl Rules {
    /// Reads rules from TOML.
    ///
    /// # Errors
    /// [`RulesError`] where it is not TOML, or says something that cannot be.
    pub fn read(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text).map_err(Box::new)?;
        rules.check()?;
        Ok(rules)
    }

    /// Checks rules that were changed by hand.
    ///
    /// # Errors
    /// As [`Rules::read`].
    pub fn check(&self) -> Result<(), RulesError> {
        let frequency = self.typical_frequency > 0.0 && self.typical_frequency <= 1.0;
        let rarity = self.rarity >= 0.0 && self.rarity <= 2.0;
        // So that a threshold that is not a number is refused too.
        let pairs = [self.pairs.strangers, self.pairs.relatives, self.pairs.twins]
            .iter()
            .all(|pairs| *pairs > 0.0 && pairs.is_finite());
        if !(self.adjudicate_bits <= self.duplicate_bits && frequency && rarity && pairs) {
            return Err(RulesError::Thresholds);
        }
        if !self.bounds.are_fine() {
            return Err(RulesError::Bounds);
        }
        if self.titles.len() > MAX_WORDS || self.particles.len() > MAX_WORDS {
            return Err(RulesError::TooManyWords);
        }
        for field in Field::ALL {
            let odds = self.odds.get(&field);
            if let Some(&level) = odds.and_then(|odds| odds.keys().find(|level| !field.levels().contains(level))) {
                return Err(RulesError::NoSuchLevel { field, level });
            }
            for &level in field.levels() {
                let probability = |value: f32| value > 0.0 && value <= 1.0;
                let odds = odds.and_then(|odds| odds.get(&level));
                let all =
                    |odds: &Odds| [odds.m, odds.strangers, odds.relatives, odds.twins].into_iter().all(probability);
                if !odds.is_some_and(all) {
                    return Err(RulesError::Odds { field, level });
                }
            }
        }
        Ok(())
    }

    /// These rules for a register of so many persons: among more people, more strangers share a block.
    #[must_use]
    pub fn for_persons(mut self, persons: u64) -> Self {
        self.pairs.strangers *= persons.max(1) as f32 / PAIRS_PERSONS as f32;
        self
    }

    /// What is compared of a record.
    #[must_use]
    pub fn prepare(&self, particulars: &Particulars) -> Prepared {
        let words = Words { titles: &self.titles, particles: &self.particles };
        prepared::prepare(particulars, &words, self.first_of_january_is_unknown)
    }

    /// Weighs whether two records are of one person. `frequency` says how large a share of all words of names a word is; where it is
    /// not above 0, the rarity of the word is left out.
    #[must_use]
    pub fn compare(&self, one: &Prepared, other: &Prepared, frequency: &dyn Fn(&str) -> f64) -> MatchWeight {
        let names = name::compare(one, other);
        let agree = matches!(names.level, Level::Same | Level::Part | Level::Near);
        let rarity = if agree { self.rarity_bits(&names.shared, frequency) } else { 0.0 };
        let levels = [
            names.level,
            one.birth.compare(other.birth),
            match (one.sex, other.sex) {
                (None, _) | (_, None) => Level::Missing,
                (one, other) if one == other => Level::Same,
                _ => Level::Apart,
            },
            address::compare(one, other),
            reach::compare_phones(one.phone, other.phone),
            reach::compare_whole(one.email, other.email),
        ];
        let weights = Others::ALL.map(|against| self.weigh(levels, against, rarity));
        let [first, rest @ ..] = weights;
        rest.into_iter().fold(first, |least, weight| if weight.bits < least.bits { weight } else { least })
    }

    fn weigh(&self, levels: [Level; Field::ALL.len()], against: Others, rarity: f32) -> MatchWeight {
        let mut at = 0;
        let fields = levels.map(|level| {
            let field = Field::ALL[at];
            at += 1;
            // Relatives have one name because they are relatives, however rare it is.
            let rarity = if field == Field::Name && against == Others::Strangers { rarity } else { 0.0 };
            Agreement { field, level, bits: self.bits(field, level, against) + rarity }
        });
        let pairs = match against {
            Others::Strangers => self.pairs.strangers,
            Others::Relatives => self.pairs.relatives,
            Others::Twins => self.pairs.twins,
        };
        let prior_bits = -pairs.log2();
        let bits = prior_bits + fields.iter().map(|field| field.bits).sum::<f32>();
        MatchWeight { bits, against, prior_bits, verdict: self.verdict(bits), fields }
    }

    /// What the thresholds make of a weight.
    #[must_use]
    pub fn verdict(&self, bits: f32) -> Verdict {
        match bits {
            bits if bits >= self.duplicate_bits => Verdict::Duplicate,
            bits if bits >= self.adjudicate_bits => Verdict::Adjudicate,
            _ => Verdict::Unique,
        }
    }

    fn bits(&self, field: Field, level: Level, against: Others) -> f32 {
        self.odds.get(&field).and_then(|odds| odds.get(&level)).map_or(0.0, |odds| odds.bits(against))
    }

    fn rarity_bits(&self, shared: &[&str], frequency: &dyn Fn(&str) -> f64) -> f32 {
        let rarity = |word: &&str| match frequency(word) {
            share if share > 0.0 => (self.typical_frequency / share).log2().clamp(-MAX_RARITY_BITS, MAX_RARITY_BITS),
            _ => 0.0,
        };
        (self.rarity * shared.iter().map(rarity).sum::<f64>()) as f32
    }
}
