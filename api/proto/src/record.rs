//! Free fields: `google.protobuf.Struct`, which is any object in JSON. Fields are in the order of their names, and `Debug` prints how many
//! there are.

mod json;

use std::collections::BTreeMap;
use std::fmt::{Debug, Formatter, Result};

/// Fields by their names.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct Struct {
    /// The fields.
    #[prost(btree_map = "string, message", tag = "1")]
    pub fields: BTreeMap<String, Value>,
}

/// A value of any kind.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct Value {
    /// What it is; nothing where a newer kind was sent.
    #[prost(oneof = "Kind", tags = "1, 2, 3, 4, 5, 6")]
    pub kind: Option<Kind>,
}

/// What a value is.
#[derive(Clone, PartialEq, prost::Oneof)]
#[prost(skip_debug)]
pub enum Kind {
    /// Nothing; the number is always 0.
    #[prost(int32, tag = "1")]
    Null(i32),
    /// A number.
    #[prost(double, tag = "2")]
    Number(f64),
    /// A text.
    #[prost(string, tag = "3")]
    Text(String),
    /// True or false.
    #[prost(bool, tag = "4")]
    Flag(bool),
    /// Fields.
    #[prost(message, tag = "5")]
    Struct(Struct),
    /// Values one after the other.
    #[prost(message, tag = "6")]
    List(List),
}

/// Values one after the other.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct List {
    /// The values.
    #[prost(message, repeated, tag = "1")]
    pub values: Vec<Value>,
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Self { kind: Some(kind) }
    }
}

impl Debug for Struct {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Struct({} fields)", self.fields.len())
    }
}

impl Debug for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("Value")
    }
}

impl Debug for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("Kind")
    }
}

impl Debug for List {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "List({} values)", self.values.len())
    }
}
