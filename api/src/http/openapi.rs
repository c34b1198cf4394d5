//! The description of the gateway as `OpenAPI` 3.1, made from the descriptors, so that it says what the `.proto` files say.

use serde_json::{Map, Value, json};

use super::STATUS_LISTS;
use super::descriptors::{Api, Enumeration, Field, Kind, Message, Method, Service};
use super::json::{JSON, JSON_LINES};
use super::problem::PROBLEM_JSON;

/// What stands before the name of a schema to refer to it.
const SCHEMAS: &str = "#/components/schemas/";

/// The name of the schema of what is answered where a call fails.
const PROBLEM: &str = "HttpProblem";

const ABOUT: &str = "\
The operations of Whorl over HTTP, the same as over gRPC. Messages are the JSON of protocol buffers: fields may be left out, bytes are \
in base64, whole numbers of 64 bits are written as text and may be sent as numbers too. Streams are lines of JSON, one message a line; \
where a stream fails, its last line is an object with the one field `error`, a problem. An unknown field is refused. New versions may \
add fields to answers.";

/// The description.
#[must_use]
pub fn document(api: &Api) -> Value {
    let paths = api.services.iter().flat_map(|service| service.methods.iter().map(move |method| (service, method)));
    let paths = paths.map(|(service, method)| (method.path.clone(), json!({ "post": operation(service, method) })));
    let paths: Map<String, Value> = paths.chain(status_lists()).collect();
    let tags: Vec<Value> =
        api.services.iter().map(|service| json!({ "name": service.name, "description": service.comment })).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Whorl",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "MPL-2.0", "identifier": "MPL-2.0" },
        },
        "tags": tags,
        "paths": paths,
        "components": { "schemas": schemas(api), "securitySchemes": ways_to_say_who_one_is(), "parameters": parameters() },
        // Which of them a server asks for is its operator's choice; none where it trusts whoever reaches it.
        "security": [{ "token": [] }, { "certificate": [] }, {}],
    })
}

fn operation(service: &Service, method: &Method) -> Value {
    let kind = |streams: bool| if streams { JSON_LINES } else { JSON };
    json!({
        "operationId": format!("{}.{}", service.name, method.name),
        "tags": [service.name],
        "summary": first_sentence(&method.comment),
        "description": method.comment,
        "parameters": [{ "$ref": "#/components/parameters/timeout" }, { "$ref": "#/components/parameters/name" }],
        "requestBody": {
            "required": true,
            "content": { kind(method.takes_stream): { "schema": reference(&method.takes) } },
        },
        "responses": {
            "200": {
                "description": "What it gives.",
                "content": { kind(method.gives_stream): { "schema": reference(&method.gives) } },
            },
            "default": {
                "description": "Why it failed.",
                "content": { PROBLEM_JSON: { "schema": reference(PROBLEM) } },
            },
        },
    })
}

/// What is fetched and not called: whether credentials count. Anybody may.
fn status_lists() -> [(String, Value); 2] {
    let list = json!({
        "name": "list",
        "in": "path",
        "required": true,
        "description": "The name of the list, as credentials have it.",
        "schema": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
    });
    let purpose = json!({
        "name": "purpose",
        "in": "path",
        "required": true,
        "description": "What its bits say.",
        "schema": { "type": "string", "enum": ["revocation", "suspension"] },
    });
    let fetched = |id: &str, form: &str, kind: &str, parameters: Value| {
        json!({ "get": {
            "operationId": id,
            "tags": ["IssuanceService"],
            "summary": format!("Gives a status list as {form}."),
            "description": "A signed list of very many places. The one that a credential names says whether it was revoked or suspended.",
            "security": [{}],
            "parameters": parameters,
            "responses": {
                "200": { "description": "The signed list.", "content": { kind: { "schema": { "type": "string" } } } },
                "default": {
                    "description": "Why it failed.",
                    "content": { PROBLEM_JSON: { "schema": reference(PROBLEM) } },
                },
            },
        } })
    };
    let token = fetched("StatusListToken", "a Status List Token (IETF)", "application/statuslist+jwt", json!([list]));
    let form = "a BitstringStatusListCredential (W3C)";
    let credential = fetched("StatusListCredential", form, "application/vc+jwt", json!([list, purpose]));
    [(format!("{STATUS_LISTS}/{{list}}"), token), (format!("{STATUS_LISTS}/{{list}}/{{purpose}}"), credential)]
}

fn parameters() -> Value {
    json!({
        "timeout": {
            "name": "request-timeout-ms",
            "in": "header",
            "description": "After how many milliseconds the call is to be given up; the server may do so earlier.",
            "schema": { "type": "integer", "minimum": 0, "maximum": 99_999_999 },
        },
        "name": {
            "name": "x-request-id",
            "in": "header",
            "description": "What the request is called in the server's log; the answer repeats it. Without it the server finds a name.",
            "schema": { "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" },
        },
    })
}

fn ways_to_say_who_one_is() -> Value {
    json!({
        "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
        "certificate": { "type": "mutualTLS" },
    })
}

fn schemas(api: &Api) -> Map<String, Value> {
    let messages = api.messages.iter().map(|(name, message)| (name.clone(), of_message(message)));
    let enums = api.enums.iter().map(|(name, found)| (name.clone(), of_enum(found)));
    messages.chain(enums).chain([(PROBLEM.to_owned(), of_problem())]).collect()
}

fn of_message(message: &Message) -> Value {
    let properties: Map<String, Value> =
        message.fields.iter().map(|field| (field.name.clone(), of_field(field))).collect();
    let mut schema = json!({ "type": "object", "description": message.comment, "properties": properties });
    let exclusive = not_together(message);
    if !exclusive.is_empty() {
        schema["allOf"] = exclusive.into();
    }
    schema
}

/// For each two fields of a group that they are not both there.
fn not_together(message: &Message) -> Vec<Value> {
    let grouped: Vec<&Field> = message.fields.iter().filter(|field| field.one_of.is_some()).collect();
    let mut pairs = Vec::new();
    for (at, one) in grouped.iter().enumerate() {
        let others = grouped[at + 1..].iter().filter(|other| other.one_of == one.one_of);
        pairs.extend(others.map(|other| json!({ "not": { "required": [one.name, other.name] } })));
    }
    pairs
}

fn of_field(field: &Field) -> Value {
    let mut schema = of_kind(&field.kind);
    if field.repeated {
        schema = json!({ "type": "array", "items": schema });
    }
    schema["description"] = match &field.one_of {
        Some(group) => format!("{} One at most of the group `{group}`.", field.comment).into(),
        None => field.comment.clone().into(),
    };
    schema
}

fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Whole32 { signed: true } => json!({ "type": "integer", "format": "int32" }),
        Kind::Whole32 { signed: false } => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Kind::Whole64 { signed: true } => json!({ "type": "string", "format": "int64", "pattern": "^-?[0-9]{1,19}$" }),
        Kind::Whole64 { signed: false } => json!({ "type": "string", "format": "uint64", "pattern": "^[0-9]{1,20}$" }),
        Kind::Single => json!({ "type": "number", "format": "float" }),
        Kind::Double => json!({ "type": "number", "format": "double" }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Kind::Enum(name) | Kind::Message(name) => reference(name),
        Kind::Free => json!({ "type": "object", "additionalProperties": true }),
    }
}

fn of_enum(found: &Enumeration) -> Value {
    let words: Vec<&str> = found.words.iter().map(|(word, _)| word.as_str()).collect();
    let meanings: Vec<String> = found.words.iter().map(|(word, meaning)| format!("- `{word}`: {meaning}")).collect();
    let description = format!("{}\n\n{}", found.comment, meanings.join("\n"));
    json!({ "type": "string", "description": description, "enum": words })
}

fn of_problem() -> Value {
    json!({
        "type": "object",
        "description": "Why a call failed, as RFC 9457 writes it.",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": { "type": "string", "description": "Always about:blank." },
            "title": { "type": "string", "description": "What the status is called." },
            "status": { "type": "integer", "description": "The status of HTTP." },
            "detail": { "type": "string", "description": "What happened and what to do, for people." },
            "code": { "type": "string", "description": "The code of gRPC, such as NOT_FOUND." },
            "reason": { "type": "string", "description": "The word for programs, such as ALREADY_ENROLLED." },
            "metadata": {
                "type": "object",
                "description": "What it was about.",
                "additionalProperties": { "type": "string" },
            },
            "violations": {
                "type": "array",
                "description": "Which fields are wrong.",
                "items": {
                    "type": "object",
                    "properties": {
                        "field": { "type": "string", "description": "Which." },
                        "description": { "type": "string", "description": "What is wrong with it." },
                    },
                },
            },
        },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

fn first_sentence(comment: &str) -> &str {
    comment.split_once(". ").map_or(comment, |(first, _)| first).trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(value: &Value) -> Vec<&str> {
        match value {
            Value::Object(members) => members
                .iter()
                .flat_map(|(key, member)| match (key.as_str(), member) {
                    ("$ref", Value::String(target)) => vec![target.as_str()],
                    _ => references(member),
                })
                .collect(),
            Value::Array(items) => items.iter().flat_map(references).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document(&Api::compiled_in());
        let references = references(&document);
        assert!(references.len() > 100);
        for target in references {
            let pointer = target.strip_prefix('#').expect("references lead within the document");
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
    }

    #[test]
    fn every_method_and_every_field_is_described() {
        let api = Api::compiled_in();
        let document = document(&api);
        for method in api.services.iter().flat_map(|service| &service.methods) {
            let operation = &document["paths"][&method.path]["post"];
            assert_eq!(operation["description"], method.comment.as_str(), "{}", method.path);
            assert!(
                operation["requestBody"]["content"][if method.takes_stream { JSON_LINES } else { JSON }].is_object()
            );
        }
        for (name, message) in &api.messages {
            let properties = &document["components"]["schemas"][name]["properties"];
            assert_eq!(properties.as_object().map(Map::len), Some(message.fields.len()), "{name}");
            for field in &message.fields {
                let described = properties[&field.name]["description"].as_str().unwrap_or_default();
                assert!(described.starts_with(&field.comment), "{name}.{}", field.name);
            }
        }
        for (name, found) in &api.enums {
            let words = document["components"]["schemas"][name]["enum"].as_array().map(Vec::len);
            assert_eq!(words, Some(found.words.len()), "{name}");
        }
        assert!(!api.messages.contains_key(PROBLEM) && !api.enums.contains_key(PROBLEM), "its name is taken");
    }

    #[test]
    fn status_lists_are_fetched_by_anybody() {
        let document = document(&Api::compiled_in());
        for (path, parameters) in [("/credentials/status/{list}", 1), ("/credentials/status/{list}/{purpose}", 2)] {
            let operation = &document["paths"][path]["get"];
            assert_eq!(operation["parameters"].as_array().map(Vec::len), Some(parameters), "{path}");
            assert_eq!(operation["security"], json!([{}]), "{path}");
        }
    }

    #[test]
    fn kinds_are_told_as_json_writes_them() {
        let document = document(&Api::compiled_in());
        let field = |message: &str, name: &str| document["components"]["schemas"][message]["properties"][name].clone();
        assert_eq!(field("Sample", "data")["contentEncoding"], "base64");
        assert_eq!(field("Coverage", "references")["type"], "string");
        assert_eq!(field("Evidence", "fmr")["format"], "double");
        assert_eq!(field("EnrolRequest", "samples")["items"]["$ref"], "#/components/schemas/Sample");
        let exclusive = &document["components"]["schemas"]["EnrolManyResponse"]["allOf"];
        assert_eq!(exclusive, &json!([{ "not": { "required": ["answer", "problem"] } }]));
    }
}
