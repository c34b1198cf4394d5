use serde_json::{Map, Value, json};

use super::bounds::{MAX_DEPTH, MAX_FIELDS, MAX_RECORD_BYTES, MAX_TEXT_BYTES};
use super::{Mapping, MappingError, Role, Schema, SchemaError};

fn record(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn good() -> Value {
    json!({
        "fullName": [{"language": "eng", "value": "Zubeida Quill"}, {"language": "ara", "value": "زبيدة"}],
        "dateOfBirth": "1987/04/09",
        "gender": [{"language": "eng", "value": "Female"}],
        "addressLine1": "4 Mill Lane",
        "city": [{"language": "eng", "value": "Ashham"}],
        "postalCode": "10042",
        "phone": "+254 700 123 456"
    })
}

/// `good` with one field another.
fn with(field: &str, value: Value) -> Map<String, Value> {
    let mut record = record(good());
    record.insert(field.to_owned(), value);
    record
}

/// What breaks, as text.
fn broken(record: &Map<String, Value>) -> String {
    Schema::default().check(record).unwrap_err().to_string()
}

#[test]
fn the_schema_compiled_in_takes_mosips_values_and_reads_them_by_role() {
    let schema = Schema::default();
    let read = schema.read(&record(good())).unwrap();
    assert_eq!(
        (read.full_name.as_str(), read.birth.as_str(), read.sex.as_str()),
        ("Zubeida Quill", "1987/04/09", "Female")
    );
    assert_eq!(read.address, ["4 Mill Lane", "Ashham"]);
    let plain = record(json!({"firstName": "Zubeida", "lastName": "Quill", "dateOfBirth": "1987", "gender": "F"}));
    let read = schema.read(&plain).unwrap();
    assert_eq!((read.given.as_str(), read.family.as_str()), ("Zubeida", "Quill"));
}

#[test]
fn an_error_names_the_field_and_the_rule_and_never_the_value() {
    for (field, value, expected) in [
        ("dateOfBirth", json!("Secretday"), "/dateOfBirth breaks pattern"),
        ("dateOfBirth", json!({"Secret": 1}), "/dateOfBirth breaks type"),
        ("phone", json!("Secret"), "/phone breaks pattern"),
        ("gender", json!(["Secret"]), "/gender breaks anyOf"),
        ("nickname", json!("Secret"), "/nickname breaks additionalProperties"),
        ("a/b", json!("Secret"), "/a~1b breaks additionalProperties"),
        ("fullName", json!([{"language": "fra", "value": "Secret"}]), "/fullName breaks language"),
        ("fullName", json!([{"language": "eng", "value": " "}]), "/fullName breaks anyOf, /fullName breaks language"),
    ] {
        let told = broken(&with(field, value));
        assert!(told.ends_with(expected), "{told}");
        assert!(!told.contains("Secret"), "{told}");
    }
    let mut nameless = record(good());
    nameless.remove("dateOfBirth");
    assert!(broken(&nameless).ends_with("/dateOfBirth breaks required"));
}

#[test]
fn a_record_beyond_a_bound_is_refused_before_anything_looks_at_it() {
    let mut deep = json!("x");
    for _ in 0..=MAX_DEPTH {
        deep = json!([deep]);
    }
    assert!(broken(&with("city", deep)).ends_with("breaks depth"));
    assert!(broken(&with("city", json!("x".repeat(MAX_TEXT_BYTES + 1)))).ends_with("/city breaks textLength"));
    let many: Map<String, Value> = (0..=MAX_FIELDS).map(|at| (format!("f{at}"), json!(1))).collect();
    assert!(broken(&many).ends_with("/ breaks fields"));
    let texts = MAX_RECORD_BYTES / MAX_TEXT_BYTES + 1;
    let large: Map<String, Value> =
        (0..texts).map(|at| (format!("f{at:02}"), json!("x".repeat(MAX_TEXT_BYTES)))).collect();
    assert!(broken(&large).ends_with("breaks recordSize"));
    assert!(broken(&with(&"n".repeat(129), json!(1))).ends_with("/ breaks nameLength"));
}

#[test]
fn a_schema_that_refers_to_another_document_is_refused() {
    let mapping =
        Mapping { languages: vec!["eng".to_owned()], fields: [(Role::FullName, vec!["n".to_owned()])].into() };
    for reference in ["https://example.com/person.json", "file:///etc/passwd", "person.json#/$defs/name"] {
        let document = json!({"properties": {"n": {"items": {"$ref": reference}}}});
        let refused = Schema::new(&document, mapping.clone()).unwrap_err();
        assert!(matches!(refused, SchemaError::Remote(to) if to == reference));
    }
    // An identifier of the document itself does not make it another's.
    let rebased = json!({"$id": "https://example.com/a", "properties": {"n": {"$ref": "#/$defs/no"}}});
    assert!(matches!(Schema::new(&rebased, mapping.clone()), Err(SchemaError::Invalid(_))));
    assert!(matches!(
        Schema::new(&json!({"properties": {"n": {"pattern": "("}}}), mapping.clone()),
        Err(SchemaError::Invalid(_))
    ));
    assert!(matches!(Schema::new(&json!({"properties": {}}), mapping), Err(SchemaError::NoSuchField { .. })));
}

#[test]
fn a_mapping_needs_a_name_and_languages() {
    let good = Schema::default().mapping().clone();
    assert_eq!(Mapping { languages: vec![], ..good.clone() }.check(), Err(MappingError::Languages));
    assert_eq!(Mapping { languages: vec!["ENG".to_owned()], ..good.clone() }.check(), Err(MappingError::Languages));
    assert_eq!(
        Mapping { fields: [(Role::Phone, vec!["phone".to_owned()])].into(), ..good.clone() }.check(),
        Err(MappingError::NoName)
    );
    assert_eq!(
        Mapping { fields: [(Role::FullName, vec![])].into(), ..good }.check(),
        Err(MappingError::Fields(Role::FullName))
    );
}

#[test]
fn the_mapping_of_mosip_is_read_with_its_lists_of_fields() {
    let document = json!({"identity": {
        "name": {"value": "fullName"}, "dob": {"value": "dateOfBirth"}, "gender": {"value": "gender"}, "postalCode": {"value": "postalCode"},
        "fullAddress": {"value": "addressLine1,city,postalCode"}, "preferredLanguage": {"value": "preferredLang"},
    }});
    let mapping = Mapping::from_mosip(&document, vec!["eng".to_owned()]).unwrap();
    assert_eq!(mapping.of(Role::Address), ["addressLine1", "city"]);
    assert_eq!(mapping.of(Role::FullName), ["fullName"]);
    assert!(mapping.of(Role::Phone).is_empty());
    assert_eq!(Mapping::from_mosip(&json!([]), vec![]), Err(MappingError::NotMosip));
}

#[test]
fn a_text_comes_in_the_first_mandatory_language_or_else_in_any() {
    let mapping = Mapping {
        languages: vec!["fra".to_owned(), "eng".to_owned()],
        fields: [(Role::FullName, vec!["n".to_owned()])].into(),
    };
    let name = |value: Value| mapping.read(&record(json!({ "n": value }))).full_name;
    let both = json!([{"language": "eng", "value": "Peter"}, {"language": "fra", "value": "Pierre"}]);
    assert_eq!(name(both), "Pierre");
    assert_eq!(name(json!([{"language": "deu", "value": "Petrus"}])), "Petrus");
    assert_eq!(name(json!(7)), "7");
    assert_eq!(name(json!([1, null, {"value": 3}])), "");
}
