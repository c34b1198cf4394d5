//! Schemas and what they check.

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value};
use thiserror::Error;

use super::bounds::{self, MAX_SCHEMA_BYTES};
use super::mapping::{Mapping, MappingError, Role};
use super::value;
use super::violation::{Rejection, Violation};
use crate::demographic::Particulars;

/// The schema and the mapping that are used unless a deployment has its own.
const DEFAULT: &str = include_str!("default.json");

/// The most violations that are told: more help nobody.
const MAX_VIOLATIONS: usize = 32;

/// The largest compiled pattern, in bytes; a pattern with counted repetitions of large classes needs more.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// Fields whose values may be in languages, so that mandatory ones can be missing.
const IN_LANGUAGES: [Role; 4] = [Role::FullName, Role::GivenName, Role::FamilyName, Role::Address];

/// What is wrong with a schema.
#[derive(Debug, Error)]
pub enum SchemaError {
    /// It is too large.
    #[error("the demographic schema is larger than {MAX_SCHEMA_BYTES} bytes")]
    TooLarge,
    /// It refers to another document.
    #[error("the demographic schema refers to {0:?}, and nothing is fetched: copy what it needs into its \"$defs\"")]
    Remote(String),
    /// It is no JSON Schema.
    #[error("the demographic schema is no JSON Schema: {0}")]
    Invalid(String),
    /// The mapping cannot work.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A field has a role, and the schema does not know it.
    #[error("the demographic schema has no property {field:?}, which is to be {role:?}")]
    NoSuchField {
        /// The role.
        role: Role,
        /// The field.
        field: String,
    },
}

/// What demographic records must be, and what their fields say.
#[derive(Debug)]
pub struct Schema {
    validator: Validator,
    mapping: Mapping,
}

impl Default for Schema {
    /// Names, birth date, gender and address as MOSIP calls them, of which a name, a birth date and a gender are required; English.
    fn default() -> Self {
        // A test reads it.
        Self::from_json(DEFAULT).unwrap_or_else(|error| unreachable!("the schema compiled in: {error}"))
    }
}

impl Schema {
    /// A schema of a JSON Schema document (any draft that it declares, else 2020-12) and a mapping.
    ///
    /// # Errors
    /// [`SchemaError`] where the document is none or refers to another, or the mapping cannot work.
    pub fn new(document: &Value, mapping: Mapping) -> Result<Self, SchemaError> {
        if document.to_string().len() > MAX_SCHEMA_BYTES {
            return Err(SchemaError::TooLarge);
        }
        if let Some(reference) = remote(document) {
            return Err(SchemaError::Remote(reference.to_owned()));
        }
        mapping.check()?;
        for (&role, fields) in &mapping.fields {
            let known =
                |field: &String| document.get("properties").is_some_and(|properties| properties.get(field).is_some());
            if let Some(field) = fields.iter().find(|field| !known(field)) {
                return Err(SchemaError::NoSuchField { role, field: field.clone() });
            }
        }
        let patterns = PatternOptions::regex().size_limit(MAX_PATTERN_BYTES).dfa_size_limit(MAX_PATTERN_BYTES);
        let options = jsonschema::options().offline().with_pattern_options(patterns).should_validate_formats(true);
        // What is wrong with a schema may be told: it is nobody's data.
        let validator = options.build(document).map_err(|error| SchemaError::Invalid(error.to_string()))?;
        Ok(Self { validator, mapping })
    }

    /// Reads `{"mapping": {...}, "schema": {...}}`.
    ///
    /// # Errors
    /// As [`Schema::new`], and [`SchemaError::Invalid`] where the text is something else.
    pub fn from_json(text: &str) -> Result<Self, SchemaError> {
        if text.len() > MAX_SCHEMA_BYTES {
            return Err(SchemaError::TooLarge);
        }
        let invalid = |error: serde_json::Error| SchemaError::Invalid(error.to_string());
        let mut both: Map<String, Value> = serde_json::from_str(text).map_err(invalid)?;
        let mut part =
            |name: &str| both.remove(name).ok_or_else(|| SchemaError::Invalid(format!("it has no {name:?}")));
        let (mapping, document) = (part("mapping")?, part("schema")?);
        Self::new(&document, serde_json::from_value(mapping).map_err(invalid)?)
    }

    /// Which field says what.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Checks a record.
    ///
    /// # Errors
    /// [`Rejection`] with the fields that break a rule, and no value.
    pub fn check(&self, record: &Map<String, Value>) -> Result<(), Rejection> {
        bounds::check(record).map_err(|violation| Rejection { violations: vec![violation] })?;
        let whole = Value::Object(record.clone());
        let mut violations: Vec<Violation> =
            self.validator.iter_errors(&whole).flat_map(|error| Violation::of(&error)).take(MAX_VIOLATIONS).collect();
        violations.extend(self.missing_languages(record));
        violations.sort();
        violations.dedup();
        violations.truncate(MAX_VIOLATIONS);
        if violations.is_empty() { Ok(()) } else { Err(Rejection { violations }) }
    }

    /// Checks a record and reads what it says of a person.
    ///
    /// # Errors
    /// As [`Schema::check`].
    pub fn read(&self, record: &Map<String, Value>) -> Result<Particulars, Rejection> {
        self.check(record)?;
        Ok(self.mapping.read(record))
    }

    fn missing_languages(&self, record: &Map<String, Value>) -> Vec<Violation> {
        let fields = IN_LANGUAGES.iter().flat_map(|role| self.mapping.of(*role));
        let lacking = |field: &&String| {
            let value = record.get(*field);
            value.is_some_and(|value| {
                self.mapping.languages.iter().any(|language| !value::has_language(value, language))
            })
        };
        fields
            .filter(lacking)
            .map(|field| Violation::new(&format!("/{}", super::violation::escape(field)), "language"))
            .collect()
    }
}

/// A reference that leads out of the document: one that does not begin with `#`.
fn remote(document: &Value) -> Option<&str> {
    match document {
        Value::Object(fields) => fields.iter().find_map(|(name, value)| match value.as_str() {
            Some(to) if matches!(name.as_str(), "$ref" | "$dynamicRef" | "$recursiveRef") && !to.starts_with('#') => {
                Some(to)
            }
            _ => remote(value),
        }),
        Value::Array(elements) => elements.iter().find_map(remote),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
