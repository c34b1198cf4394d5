//! Texts of a record, plain or in languages.

use serde_json::Value;

/// The text of a value in the first of `languages` that it has, or else in whichever comes first; a number is its digits. Empty for anything
/// else.
pub(super) fn text(value: &Value, languages: &[String]) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(entries) => {
            let wanted = languages.iter().find_map(|language| in_language(entries, language));
            wanted.or_else(|| entries.iter().find_map(entry_text)).unwrap_or_default().to_owned()
        }
        Value::Object(_) => entry_text(value).unwrap_or_default().to_owned(),
        Value::Null | Value::Bool(_) => String::new(),
    }
}

/// Whether a value says something in this language; one without languages does.
pub(super) fn has_language(value: &Value, language: &str) -> bool {
    match value {
        Value::Array(entries) => in_language(entries, language).is_some_and(|text| !text.trim().is_empty()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => true,
    }
}

fn in_language<'a>(entries: &'a [Value], language: &str) -> Option<&'a str> {
    let of = |entry: &&Value| {
        entry.get("language").and_then(Value::as_str).is_some_and(|own| own.eq_ignore_ascii_case(language))
    };
    entries.iter().find(of).and_then(entry_text)
}

fn entry_text(entry: &Value) -> Option<&str> {
    entry.get("value").unwrap_or(entry).as_str()
}
