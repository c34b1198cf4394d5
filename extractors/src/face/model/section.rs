//! One table of a description, read key by key.

use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::DescriptionError;

/// A table of the file, named as messages name its keys.
pub(super) struct Section<'a> {
    table: &'a DeTable<'a>,
    /// With its dot; empty for the outermost.
    prefix: &'static str,
    /// The whole file, for the numbers of lines.
    text: &'a str,
}

impl<'a> Section<'a> {
    /// `table`, whose keys must be among `known`.
    pub(super) fn new(
        table: &'a DeTable<'a>,
        prefix: &'static str,
        text: &'a str,
        known: &[&'static str],
    ) -> Result<Self, DescriptionError> {
        let section = Self { table, prefix, text };
        match table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
            None => Ok(section),
            Some(key) => Err(DescriptionError::Unknown {
                line: section.line(key.span().start),
                key: section.named(key.get_ref()),
                nearest: nearest(key.get_ref(), known).map(|near| section.named(near)),
            }),
        }
    }

    /// The table under `key`, where there is one.
    pub(super) fn inner(
        &self,
        key: &str,
        prefix: &'static str,
        known: &[&'static str],
    ) -> Result<Option<Self>, DescriptionError> {
        let Some(found) = self.find(key) else { return Ok(None) };
        let table = found.get_ref().as_table().ok_or_else(|| self.wrong(key, "a table"))?;
        Section::new(table, prefix, self.text, known).map(Some)
    }

    /// What a needed key holds, or that it is missing.
    pub(super) fn needed<T>(&self, key: &str, found: Option<T>) -> Result<T, DescriptionError> {
        found.ok_or_else(|| DescriptionError::Missing { key: self.named(key) })
    }

    /// That what `key` holds is not `wanted`.
    pub(super) fn wrong(&self, key: &str, wanted: &'static str) -> DescriptionError {
        let line = self.find(key).map_or(1, |value| self.line(value.span().start));
        DescriptionError::Wrong { line, key: self.named(key), wanted }
    }

    /// A text of 1 to `most` bytes for which `fits`.
    pub(super) fn text(
        &self,
        key: &str,
        wanted: &'static str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, DescriptionError> {
        let Some(found) = self.find(key) else { return Ok(None) };
        match found.get_ref().as_str() {
            Some(text) if fits(text) => Ok(Some(text.to_owned())),
            _ => Err(self.wrong(key, wanted)),
        }
    }

    /// A text that can be read as a `T`.
    pub(super) fn parsed<T: FromStr>(&self, key: &str, wanted: &'static str) -> Result<Option<T>, DescriptionError> {
        let Some(found) = self.find(key) else { return Ok(None) };
        let parsed = found.get_ref().as_str().and_then(|text| text.parse().ok());
        parsed.map(Some).ok_or_else(|| self.wrong(key, wanted))
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, DescriptionError> {
        let Some(found) = self.find(key) else { return Ok(false) };
        found.get_ref().as_bool().ok_or_else(|| self.wrong(key, "true or false"))
    }

    /// A whole number for which `fits`.
    pub(super) fn count(
        &self,
        key: &str,
        wanted: &'static str,
        fits: impl Fn(usize) -> bool,
    ) -> Result<Option<usize>, DescriptionError> {
        let Some(found) = self.find(key) else { return Ok(None) };
        let count =
            found.get_ref().as_integer().and_then(|number| usize::from_str_radix(number.as_str(), number.radix()).ok());
        count.filter(|count| fits(*count)).map(Some).ok_or_else(|| self.wrong(key, wanted))
    }

    /// A finite number for which `fits`; whole numbers are numbers too.
    pub(super) fn number(
        &self,
        key: &str,
        wanted: &'static str,
        fits: impl Fn(f32) -> bool,
    ) -> Result<Option<f32>, DescriptionError> {
        let Some(found) = self.find(key) else { return Ok(None) };
        real(found.get_ref()).filter(|value| fits(*value)).map(Some).ok_or_else(|| self.wrong(key, wanted))
    }

    /// Five pairs of finite numbers for which `fits`.
    pub(super) fn points(
        &self,
        key: &str,
        wanted: &'static str,
        fits: impl Fn([f32; 2]) -> bool,
    ) -> Result<Option<[[f32; 2]; 5]>, DescriptionError> {
        let Some(found) = self.find(key) else { return Ok(None) };
        let pair = |value: &Spanned<DeValue<'_>>| -> Option<[f32; 2]> {
            let numbers = value.get_ref().as_array()?.iter().map(|number| real(number.get_ref()));
            numbers.collect::<Option<Vec<f32>>>()?.try_into().ok().filter(|point| fits(*point))
        };
        let pairs = found.get_ref().as_array().and_then(|pairs| pairs.iter().map(pair).collect::<Option<Vec<_>>>());
        pairs.and_then(|pairs| pairs.try_into().ok()).map(Some).ok_or_else(|| self.wrong(key, wanted))
    }

    fn find(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn named(&self, key: &str) -> String {
        // What is quoted in a message is bounded, whatever the file says.
        format!("{}{}", self.prefix, key.chars().take(60).collect::<String>())
    }

    fn line(&self, at: usize) -> usize {
        line(self.text, at)
    }
}

/// The line, counted from 1, of the byte `at`.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

fn real(value: &DeValue<'_>) -> Option<f32> {
    let whole = || value.as_integer().map(|number| number.as_str().to_owned());
    let text = value.as_float().map(|number| number.as_str().to_owned()).or_else(whole)?;
    text.parse::<f32>().ok().filter(|number| number.is_finite())
}

/// The one of `known` that is at most two changes of a letter away from `key`.
fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let apart = known.iter().map(|candidate| (distance(key, candidate), *candidate));
    apart.filter(|(changes, _)| *changes <= 2).min().map(|(_, candidate)| candidate)
}

/// Changes, insertions and deletions of a letter that lead from one word to the other (Levenshtein, 1966).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    // A longer key is near to none of ours.
    for (above, letter) in from.chars().take(60).enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_far_apart_as_letters_must_change() {
        let pairs = [("kitten", "sitting", 3), ("", "url", 3), ("colour", "color", 1), ("same", "same", 0)];
        for (from, to, changes) in pairs {
            assert_eq!(distance(from, to), changes, "{from} to {to}");
        }
    }
}
