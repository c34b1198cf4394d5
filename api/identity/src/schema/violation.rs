//! What is wrong with a record, without saying what is in it.

use std::fmt;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use thiserror::Error;

use super::bounds::MAX_NAME_BYTES;

/// A rule that a field breaks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Where, as a JSON pointer (RFC 6901) into the record; empty for the record itself.
    pub pointer: String,
    /// Which rule: a keyword of JSON Schema (`required`, `pattern`, `maxLength`, ...), one of the [bounds](super::bounds) (`fields`, `depth`,
    /// `nameLength`, `textLength`, `elements`, `recordSize`), or `language` where a mandatory one is missing.
    pub rule: String,
}

/// A record that does not follow the schema: everything that is wrong with it, up to a bound.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct Rejection {
    /// In the order of pointers; at least one.
    pub violations: Vec<Violation>,
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the demographic record does not follow the schema: ")?;
        for (at, violation) in self.violations.iter().enumerate() {
            let pause = if at == 0 { "" } else { ", " };
            write!(formatter, "{pause}{violation}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(formatter, "{pointer} breaks {}", self.rule)
    }
}

impl Violation {
    pub(super) fn new(pointer: &str, rule: &str) -> Self {
        Self { pointer: pointer.to_owned(), rule: rule.to_owned() }
    }

    /// All that an error of the validator names; its own message would quote the value.
    pub(super) fn of(error: &ValidationError<'_>) -> Vec<Self> {
        let pointer = error.instance_path().as_str();
        let rule = error.kind().keyword();
        let below = |name: &str| Self::new(&format!("{pointer}/{}", escape(name)), rule);
        // Only the names of fields are taken, which bounds keep short.
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "of the kinds that there are, these name a field below the pointer"
        )]
        match error.kind() {
            ValidationErrorKind::Required { property } => vec![below(property.as_str().unwrap_or_default())],
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().map(|name| below(name)).collect()
            }
            _ => vec![Self::new(pointer, rule)],
        }
    }
}

/// A name as a step of a JSON pointer.
pub(super) fn escape(name: &str) -> String {
    debug_assert!(name.len() <= MAX_NAME_BYTES * 8, "bounds come first");
    name.replace('~', "~0").replace('/', "~1")
}
