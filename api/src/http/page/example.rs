//! An example of each call, to be copied.

use serde_json::{Map, Value, json};

use crate::http::descriptors::{Api, Field, Kind, Method};
use crate::http::json::{JSON, JSON_LINES};

/// How deep messages within messages are shown.
const MAX_DEPTH: usize = 3;

/// The address that `whorl serve` has where nothing else is said.
const ADDRESS: &str = "http://127.0.0.1:7443";

/// Fields that an example leaves out: a request without them says what most mean.
const LEFT_OUT: [&str; 11] = [
    "ppi",
    "liveness",
    "exceptions",
    "search",
    "targetFmr",
    "mirrored",
    "among",
    "withTemplates",
    "sinceUnixMs",
    "beforeUnixMs",
    "pageToken",
];

/// The call of `method` by curl.
pub(super) fn curl(api: &Api, method: &Method) -> String {
    let (kind, body) = (if method.takes_stream { JSON_LINES } else { JSON }, message(api, &method.takes, 0));
    let body = if method.takes_stream { body.to_string() } else { format!("{body:#}") };
    format!("curl {ADDRESS}{} -H 'content-type: {kind}' --data-binary '{body}'", method.path)
}

fn message(api: &Api, name: &str, depth: usize) -> Value {
    let fields = api.messages[name].fields.iter().filter(|field| !LEFT_OUT.contains(&field.name.as_str()));
    let members: Map<String, Value> =
        fields.filter_map(|field| Some((field.name.clone(), value(api, field, depth)?))).collect();
    Value::Object(members)
}

fn value(api: &Api, field: &Field, depth: usize) -> Option<Value> {
    let one = match &field.kind {
        Kind::Flag => json!(false),
        Kind::Whole32 { .. } => json!(1),
        Kind::Whole64 { .. } => json!("1"),
        Kind::Single | Kind::Double => json!(0.001),
        Kind::Text => text(&field.name),
        Kind::Bytes => json!("...in base64..."),
        Kind::Enum(name) => json!(api.enums[name].words.get(1).map(|(word, _)| word)?),
        Kind::Message(name) if depth < MAX_DEPTH => message(api, name, depth + 1),
        Kind::Message(_) => return None,
        Kind::Free => json!({ "firstName": "Ada" }),
    };
    Some(if field.repeated { json!([one]) } else { one })
}

fn text(field: &str) -> Value {
    match field {
        "gallery" | "name" => json!("national"),
        "id" => json!("A-1001"),
        "idempotencyKey" => json!("2f1c7a"),
        _ => json!("..."),
    }
}
