//! What a comparison comes to.

use serde::{Deserialize, Serialize};

use super::level::{Field, Level};

/// What to do with a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Two people, as far as their demographics tell.
    Unique,
    /// Perhaps one person: someone looks at the two.
    Adjudicate,
    /// One person, as far as their demographics tell.
    Duplicate,
}

/// Who two records could be of, if not of one person. A weight is against the kind that explains the two best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Others {
    /// Two people who have nothing to do with each other.
    Strangers,
    /// Two people of one household: they share a family name and an address.
    Relatives,
    /// Two people of one household and birth date.
    Twins,
}

impl Others {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Strangers, Self::Relatives, Self::Twins];
}

/// What one field adds to a weight. It holds no value of anybody.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The field.
    pub field: Field,
    /// How far the two agree on it.
    pub level: Level,
    /// What that weighs, with what the rarity of a name adds; 0 where a record does not say.
    pub bits: f32,
}

/// How much more probable one person is than two, as the base-2 logarithm of the odds, with the reasons: at 0, one is as probable as
/// two; at 10, a thousand times as probable.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchWeight {
    /// The sum of the weights of all fields, less how frequent such pairs are.
    pub bits: f32,
    /// The two people that would explain the records best.
    pub against: Others,
    /// What the frequency of such pairs takes off.
    pub prior_bits: f32,
    /// What the thresholds make of it.
    pub verdict: Verdict,
    /// Field by field, in the order of [`Field::ALL`].
    pub fields: [Agreement; Field::ALL.len()],
}
