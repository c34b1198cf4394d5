//! Free fields as JSON, as the protocol buffers' own mapping writes them.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Kind, List, Struct, Value};

/// Whole numbers up to this are written without a point: a double holds all of them exactly.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

impl Serialize for Struct {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.fields)
    }
}

impl<'de> Deserialize<'de> for Struct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { fields: BTreeMap::deserialize(deserializer)? })
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.kind {
            None | Some(Kind::Null(_)) => serializer.serialize_unit(),
            Some(Kind::Number(number)) if !number.is_finite() => Err(S::Error::custom("a number that is none")),
            Some(Kind::Number(number)) if number.fract() == 0.0 && number.abs() <= MOST_EXACT => {
                serializer.serialize_i64(*number as i64)
            }
            Some(Kind::Number(number)) => serializer.serialize_f64(*number),
            Some(Kind::Text(text)) => serializer.serialize_str(text),
            Some(Kind::Flag(flag)) => serializer.serialize_bool(*flag),
            Some(Kind::Struct(fields)) => fields.serialize(serializer),
            Some(Kind::List(list)) => serializer.collect_seq(&list.values),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// Takes whatever comes.
struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Kind::Flag(flag).into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Kind::Number(number as f64).into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Kind::Number(number as f64).into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Kind::Number(number).into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Kind::Text(text.to_owned()).into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Kind::Null(0).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = entries.next_element()? {
            values.push(value);
        }
        Ok(Kind::List(List { values }).into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((name, value)) = entries.next_entry::<String, Value>()? {
            if fields.insert(name, value).is_some() {
                return Err(A::Error::custom("a name is there twice"));
            }
        }
        Ok(Kind::Struct(Struct { fields }).into())
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    const RECORD: &str =
        r#"{"age":41,"flag":true,"height":1.75,"names":[{"language":"eng","value":"Ada"},null],"none":{}}"#;

    #[test]
    fn any_object_of_json_comes_back_and_so_does_its_message() {
        let record: Struct = serde_json::from_str(RECORD).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), RECORD);
        assert_eq!(Struct::decode(record.encode_to_vec().as_slice()).unwrap(), record);
        assert_eq!(serde_json::from_str::<Struct>("[]").map_err(|error| error.is_data()), Err(true));
    }

    #[test]
    fn it_prints_how_much_there_is_and_not_what() {
        let record: Struct = serde_json::from_str(RECORD).unwrap();
        let message = crate::identity::v1::RegisterRequest {
            uin: "5273140941".to_owned(),
            demographics: Some(record.clone()),
            ..Default::default()
        };
        let printed = format!("{record:?} {message:?}");
        assert!(printed.starts_with("Struct(5 fields) RegisterRequest("), "{printed}");
        assert!(!printed.contains("Ada") && !printed.contains("5273140941"), "{printed}");
    }

    #[test]
    fn fields_without_end_are_refused() {
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert!(serde_json::from_str::<Struct>(&deep).is_err());
    }
}
