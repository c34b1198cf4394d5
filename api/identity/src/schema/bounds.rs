//! How large a demographic record may be.

use serde_json::{Map, Value};

use super::violation::Violation;

/// The most fields of a record, and of an object within it: MOSIP's own schema has some thirty.
pub const MAX_FIELDS: usize = 256;

/// The deepest value: a field, a list of languages, and an object are three.
pub const MAX_DEPTH: usize = 8;

/// The longest text, in bytes: a long address takes a tenth of it. Biometrics and documents have places of their own.
pub const MAX_TEXT_BYTES: usize = 8 << 10;

/// The longest name of a field, in bytes.
pub const MAX_NAME_BYTES: usize = 128;

/// The most elements of a list.
pub const MAX_ELEMENTS: usize = 256;

/// All names and texts of a record together, in bytes, where a number or a mark counts as eight.
pub const MAX_RECORD_BYTES: usize = 256 << 10;

/// The largest schema document, by the same count.
pub const MAX_SCHEMA_BYTES: usize = 1 << 20;

/// What a walk may still see.
struct Left {
    bytes: usize,
}

/// Checks the bounds of a record.
///
/// # Errors
/// The first [`Violation`] of a bound.
pub(super) fn check(record: &Map<String, Value>) -> Result<(), Violation> {
    Left { bytes: MAX_RECORD_BYTES }.fields(record, &mut String::new(), 1)
}

impl Left {
    fn fields(&mut self, fields: &Map<String, Value>, at: &mut String, depth: usize) -> Result<(), Violation> {
        if fields.len() > MAX_FIELDS {
            return Err(Violation::new(at, "fields"));
        }
        for (name, value) in fields {
            if name.len() > MAX_NAME_BYTES {
                return Err(Violation::new(at, "nameLength"));
            }
            self.take(name.len(), at)?;
            self.below(&super::violation::escape(name), value, at, depth)?;
        }
        Ok(())
    }

    fn below(&mut self, step: &str, value: &Value, at: &mut String, depth: usize) -> Result<(), Violation> {
        let len = at.len();
        at.push('/');
        at.push_str(step);
        self.value(value, at, depth)?;
        at.truncate(len);
        Ok(())
    }

    fn value(&mut self, value: &Value, at: &mut String, depth: usize) -> Result<(), Violation> {
        if depth > MAX_DEPTH {
            return Err(Violation::new(at, "depth"));
        }
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => self.take(8, at),
            Value::String(text) if text.len() > MAX_TEXT_BYTES => Err(Violation::new(at, "textLength")),
            Value::String(text) => self.take(text.len(), at),
            Value::Array(elements) if elements.len() > MAX_ELEMENTS => Err(Violation::new(at, "elements")),
            Value::Array(elements) => elements
                .iter()
                .enumerate()
                .try_for_each(|(index, value)| self.below(&index.to_string(), value, at, depth + 1)),
            Value::Object(fields) => self.fields(fields, at, depth + 1),
        }
    }

    fn take(&mut self, bytes: usize, at: &str) -> Result<(), Violation> {
        match self.bytes.checked_sub(bytes) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => Err(Violation::new(at, "recordSize")),
        }
    }
}
