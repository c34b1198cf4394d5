//! The demographic schema of a deployment: what a record must hold, and which of its fields say what.
//!
//! - A [`Schema`] is a JSON Schema document that a record is checked against, with a [`Mapping`] of its fields to roles. One is compiled in;
//!   its fields have MOSIP's names.
//! - Values are plain texts, or one text for each language: `[{"language": "eng", "value": "..."}]`.
//! - A [`Violation`] names the field and the rule, never the value: what people say of themselves belongs in no error and no log.
//!
//! Nothing is fetched: a schema that refers to another document is refused. Patterns run in linear time, and [`bounds`] are checked before
//! anything else looks at a record.

pub mod bounds;
mod document;
mod mapping;
#[cfg(test)]
mod tests;
mod value;
mod violation;

pub use document::{Schema, SchemaError};
pub use mapping::{Mapping, MappingError, Role};
pub use violation::{Rejection, Violation};
