//! The numbers that stand for a person: how they are checked, which are permitted, how they are drawn, how many there are, and
//! what may be done with those that end.
//!
//! A number is a text of decimal digits whose last digit is the check digit of Verhoeff over the others. It is drawn at random and
//! never derived from anything known of its holder, so that it says nothing.

mod capacity;
mod draw;
mod filter;
mod life;
mod policy;
mod random;
mod rules;
mod verhoeff;

#[cfg(test)]
mod tests;

pub use capacity::{Capacity, CapacityError};
pub use draw::DrawError;
pub use filter::{Broken, Filter};
pub use life::{LifeError, VidLife, VidStatus, may_begin};
pub use policy::{NamedPolicy, PolicyError, RestoreOn, VidPolicies, VidPolicy};
pub use random::RandomError;
pub use rules::{Rules, RulesError};
pub use verhoeff::{check_digit, is_checked};
