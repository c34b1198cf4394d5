//! What the demographic fields of this deployment mean.

use crate::demographic::{Birth, Prepared, Rules};
use crate::schema::{Rejection, Schema};
use crate::subject::Demographics;

const DAY_MS: i64 = 86_400_000;

/// The schema of a deployment, and the rules by which its records are compared.
#[derive(Debug)]
pub struct Demography {
    schema: Schema,
    rules: Rules,
}

impl Demography {
    /// These.
    #[must_use]
    pub fn new(schema: Schema, rules: Rules) -> Self {
        Self { schema, rules }
    }

    /// The same for a register of so many persons.
    #[must_use]
    pub fn for_persons(self, persons: u64) -> Self {
        Self { rules: self.rules.for_persons(persons), ..self }
    }

    /// Whether a record is as the schema says.
    ///
    /// # Errors
    /// [`Rejection`] names fields and rules, never values.
    pub fn check(&self, record: &Demographics) -> Result<(), Rejection> {
        self.schema.check(record)
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How records are compared.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// A record as it is compared.
    #[must_use]
    pub fn profile(&self, record: &Demographics) -> Prepared {
        self.rules.prepare(&self.schema.mapping().read(record))
    }

    /// When a person was born, in milliseconds since 1970, at the first instant of what is known of it; none where nothing is.
    #[must_use]
    pub fn birth_ms(&self, record: &Demographics) -> Option<i64> {
        let Birth { year, month, day } = Birth::read(&self.schema.mapping().read(record).birth, false);
        let known = |part: u8| i64::from(part.max(1));
        (year > 0).then(|| days_since_1970(i64::from(year), known(month), known(day)) * DAY_MS)
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`):
/// years begin in March, so that the day that some lack is their last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let known = [((1970, 1, 1), 0), ((2000, 2, 29), 11_016), ((1900, 3, 1), -25_508), ((2026, 11, 29), 20_786)];
        for ((year, month, day), days) in known {
            assert_eq!(days_since_1970(year, month, day), days, "{year}-{month}-{day}");
        }
    }
}
