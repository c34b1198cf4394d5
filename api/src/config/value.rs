//! A value of a configuration, wherever it stood.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result};

use toml::de::DeValue;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Flag(bool),
    Whole(i64),
    Real(f64),
    Text(String),
    List(Vec<Value>),
    Table(BTreeMap<String, Value>),
}

impl Value {
    /// What stands in a file; none for dates and for numbers of more than 64 bits, which no key takes.
    pub(super) fn of_toml(value: &DeValue<'_>) -> Option<Self> {
        match value {
            DeValue::Boolean(flag) => Some(Self::Flag(*flag)),
            DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix()).ok().map(Self::Whole),
            DeValue::Float(real) => real.as_str().parse().ok().map(Self::Real),
            DeValue::String(text) => Some(Self::Text(text.clone().into_owned())),
            DeValue::Array(list) => {
                list.iter().map(|item| Self::of_toml(item.get_ref())).collect::<Option<_>>().map(Self::List)
            }
            DeValue::Table(table) => {
                let members = table.iter().map(|(key, value)| {
                    Self::of_toml(value.get_ref()).map(|value| (key.get_ref().clone().into_owned(), value))
                });
                members.collect::<Option<_>>().map(Self::Table)
            }
            DeValue::Datetime(_) => None,
        }
    }

    /// What `text`, which has no kinds of its own, says where a value like `self` is wanted; none where it cannot.
    pub(super) fn like(&self, text: &str) -> Option<Self> {
        match self {
            Self::Flag(_) => text.parse().ok().map(Self::Flag),
            Self::Whole(_) => text.parse().ok().map(Self::Whole),
            Self::Real(_) => text.parse().ok().map(Self::Real),
            Self::Text(_) => Some(Self::Text(text.to_owned())),
            Self::List(_) | Self::Table(_) => None,
        }
    }

    /// What kind of value it is, for people.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Flag(_) => "true or false",
            Self::Whole(_) => "a whole number",
            Self::Real(_) => "a number",
            Self::Text(_) => "a text in quotation marks",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// As TOML.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Whole(whole) => write!(f, "{whole}"),
            // `Debug` keeps what tells a number from a whole one.
            Self::Real(real) => write!(f, "{real:?}"),
            Self::Text(text) => quoted(f, text),
            Self::List(list) => {
                f.write_str("[")?;
                for (at, item) in list.iter().enumerate() {
                    write!(f, "{}{item}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Table(table) => {
                f.write_str("{ ")?;
                for (at, (key, value)) in table.iter().enumerate() {
                    write!(f, "{}{key} = {value}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str(" }")
            }
        }
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_str("\"")?;
    for letter in text.chars() {
        match letter {
            '"' | '\\' => write!(f, "\\{letter}")?,
            control if control.is_control() => write!(f, "\\u{:04X}", u32::from(control))?,
            other => write!(f, "{other}")?,
        }
    }
    f.write_str("\"")
}
