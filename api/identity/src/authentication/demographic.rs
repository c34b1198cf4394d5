//! Demographic claims against what is kept of a person.

use serde_json::Value;

use super::text::{share_percent, sounds, words};
use super::{Claim, Refusal};
use crate::demographic::{Birth, Sex};
use crate::demography::Demography;
use crate::partner::{Attribute, Policy, Strategy};
use crate::schema::{Mapping, Role};
use crate::subject::Demographics;

const DAY_MS: u64 = 86_400_000;

/// What does not agree, of each claim the one reason.
pub(super) fn disagreements(
    demography: &Demography,
    record: &Demographics,
    claims: &[Claim],
    policy: &Policy,
    now_ms: u64,
) -> Vec<Refusal> {
    let mapping = demography.schema().mapping();
    let refusal = |claim: &Claim| {
        let (attribute, language) = (claim.attribute.clone(), claim.language.clone());
        let known = known(mapping, record, claim);
        if known.is_empty() {
            return Some(Refusal::DemographicMissing { attribute, language });
        }
        let Some(least) = policy.least_percent(&claim.attribute, claim.strategy) else {
            return Some(Refusal::AttributeNotAllowed(attribute));
        };
        let least = least.max(claim.least_percent.unwrap_or(0));
        let agrees = known.iter().any(|known| agrees(claim, known, least, now_ms));
        (!agrees).then_some(Refusal::Demographic { attribute, language })
    };
    claims.iter().filter_map(refusal).collect()
}

/// What is kept of what a claim is about, in its language: one text for each language where it does not say.
fn known(mapping: &Mapping, record: &Demographics, claim: &Claim) -> Vec<String> {
    let fields: Vec<&str> = match &claim.attribute {
        Attribute::Name if has(mapping, record, Role::FullName) => of(mapping, &[Role::FullName]),
        Attribute::Name => of(mapping, &[Role::GivenName, Role::FamilyName]),
        Attribute::GivenName => of(mapping, &[Role::GivenName]),
        Attribute::FamilyName => of(mapping, &[Role::FamilyName]),
        Attribute::BirthDate | Attribute::Age => of(mapping, &[Role::BirthDate]),
        Attribute::Gender => of(mapping, &[Role::Gender]),
        Attribute::Address => of(mapping, &[Role::Address]),
        Attribute::PostCode => of(mapping, &[Role::PostCode]),
        Attribute::Phone => of(mapping, &[Role::Phone]),
        Attribute::Email => of(mapping, &[Role::Email]),
        Attribute::Field(field) => vec![field],
    };
    let values = fields.iter().filter_map(|field| record.get(*field)).collect::<Vec<_>>();
    let languages = match &claim.language {
        Some(language) => vec![language.as_str()],
        None => languages(&values),
    };
    let joined = languages
        .iter()
        .map(|language| values.iter().filter_map(|value| text(value, language)).collect::<Vec<_>>().join(" "));
    joined.filter(|text| !text.trim().is_empty()).collect()
}

fn of<'a>(mapping: &'a Mapping, roles: &[Role]) -> Vec<&'a str> {
    roles.iter().flat_map(|role| mapping.of(*role)).map(String::as_str).collect()
}

fn has(mapping: &Mapping, record: &Demographics, role: Role) -> bool {
    mapping.of(role).iter().any(|field| record.contains_key(field))
}

/// The languages that some of the values are in; one that stands for all where none says.
fn languages<'a>(values: &[&'a Value]) -> Vec<&'a str> {
    let entries = values.iter().filter_map(|value| value.as_array()).flatten();
    let mut languages = entries.filter_map(|entry| entry.get("language")?.as_str()).collect::<Vec<_>>();
    languages.sort_unstable();
    languages.dedup();
    if languages.is_empty() { vec![""] } else { languages }
}

/// The text of a value in a language; one without languages is in all of them.
pub(super) fn text(value: &Value, language: &str) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(entries) => {
            let is_in = |entry: &&Value| {
                entry.get("language").and_then(Value::as_str).is_some_and(|own| own.eq_ignore_ascii_case(language))
            };
            Some(entries.iter().find(is_in)?.get("value")?.as_str()?.to_owned())
        }
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

fn agrees(claim: &Claim, known: &str, least_percent: u8, now_ms: u64) -> bool {
    let claimed = claim.value.as_str();
    match (&claim.attribute, claim.strategy) {
        (Attribute::BirthDate, _) => {
            let (claimed, known) = (Birth::read(claimed, false), Birth::read(known, false));
            claimed.year != 0 && claimed == known
        }
        (Attribute::Age, _) => {
            let age = claimed.trim().parse::<u16>().ok().zip(age_years(Birth::read(known, false), now_ms));
            age.is_some_and(|(least, age)| age >= least)
        }
        (Attribute::Phone, _) => {
            let (claimed, known) = (digits(claimed), digits(known));
            !claimed.is_empty() && claimed == known
        }
        (Attribute::Email, _) => claimed.trim().to_lowercase() == known.trim().to_lowercase(),
        (Attribute::PostCode, _) => {
            let (claimed, known) = (words(claimed).concat(), words(known).concat());
            !claimed.is_empty() && claimed == known
        }
        (Attribute::Gender, _) if Sex::read(claimed).is_some() && Sex::read(known).is_some() => {
            Sex::read(claimed) == Sex::read(known)
        }
        (_, Strategy::Exact) => share_percent(&words(claimed), &words(known)) == 100,
        (_, Strategy::Partial) => share_percent(&words(claimed), &words(known)) >= least_percent,
        (_, Strategy::Phonetic) => share_percent(&sounds(&words(claimed)), &sounds(&words(known))) >= least_percent,
    }
}

/// The digits of a telephone, without the zeros or the plus before the country.
fn digits(phone: &str) -> String {
    let digits = phone.chars().filter(char::is_ascii_digit).collect::<String>();
    digits.strip_prefix("00").unwrap_or(&digits).to_owned()
}

/// How many years old somebody is at least, by what is known of his birth.
fn age_years(birth: Birth, now_ms: u64) -> Option<u16> {
    let (year, month, day) = date(now_ms / DAY_MS);
    if birth.year == 0 {
        return None;
    }
    // What is not known of a date is taken as late as it can be.
    let (birth_month, birth_day) = match (birth.month, birth.day) {
        (0, _) => (12, 31),
        (month, 0) => (month, 31),
        (month, day) => (month, day),
    };
    let had_birthday = (month, day) >= (birth_month, birth_day);
    (year - u16::from(!had_birthday)).checked_sub(birth.year)
}

/// The date so many days after the first day of 1970 (Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
fn date(days: u64) -> (u16, u8, u8) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    ((era * 400 + year + u64::from(month <= 2)) as u16, month as u8, day as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_from_the_birthday_on() {
        // 2026-11-29.
        let now_ms = 20_786 * DAY_MS;
        let age = |birth| age_years(Birth::read(birth, false), now_ms);
        assert_eq!(age("2008-11-29"), Some(18));
        assert_eq!(age("2008-11-30"), Some(17));
        assert_eq!(age("2008"), Some(17));
        assert_eq!(age("2008-11"), Some(17));
        assert_eq!((age("2027-01-01"), age("unknown")), (None, None));
        assert_eq!((date(0), date(11_016)), ((1970, 1, 1), (2000, 2, 29)));
    }
}
