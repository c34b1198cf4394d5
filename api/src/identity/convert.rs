//! Between the messages of the wire and the values of the layer. Generated types go no further than this folder.

use std::str::FromStr;

use serde_json::{Map, Number, Value};
use whorl_identity::authentication::Factor;
use whorl_identity::chance::Opaque;
use whorl_identity::event::{Cursor, Event};
use whorl_identity::registration::{PacketKind, RegistrationId, Stage};
use whorl_identity::subject::{Demographics, Status};
use whorl_proto::identity::v1;
use whorl_proto::record::{Kind, List, Struct, Value as Free};

use super::failure::Failure;

/// Whole numbers up to this are whole numbers in a record, too: a double holds all of them exactly.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// How many are listed where a request does not say, and at most.
const LISTED: u32 = 100;
const MOST_LISTED: u32 = 1_000;

/// How many are to be listed.
pub(super) fn most(asked: u32) -> Result<usize, Failure> {
    match asked {
        0 => Ok(LISTED as usize),
        1..=MOST_LISTED => Ok(asked as usize),
        _ => Err(Failure::field("most", format!("most: 1 to {MOST_LISTED} are listed at a time, not {asked}"))),
    }
}

pub(super) fn registration_id(text: &str, field: &str) -> Result<RegistrationId, Failure> {
    RegistrationId::from_str(text).map_err(|error| Failure::field(field, format!("{field}: {error}")))
}

/// The name of a case or subject.
pub(super) fn opaque(text: &str, field: &str) -> Result<Opaque, Failure> {
    text.parse().map_err(|error| Failure::field(field, format!("{field}: {error}")))
}

pub(super) fn cursor(text: &str) -> Result<Cursor, Failure> {
    Cursor::read(text).ok_or_else(|| Failure::field("cursor", "cursor: this is no place that an answer named"))
}

/// The word that a value without content is written as.
pub(super) fn word(written: serde_json::Result<Value>) -> String {
    written.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A record as the layer keeps it.
pub(super) fn demographics(record: Option<Struct>) -> Result<Demographics, Failure> {
    record.unwrap_or_default().fields.into_iter().map(|(name, value)| Ok((name, value_of(value)?))).collect()
}

fn value_of(value: Free) -> Result<Value, Failure> {
    Ok(match value.kind {
        None | Some(Kind::Null(_)) => Value::Null,
        Some(Kind::Number(number)) if number.fract() == 0.0 && number.abs() <= MOST_EXACT => Value::from(number as i64),
        Some(Kind::Number(number)) => Value::Number(Number::from_f64(number).ok_or_else(no_number)?),
        Some(Kind::Text(text)) => Value::String(text),
        Some(Kind::Flag(flag)) => Value::Bool(flag),
        Some(Kind::Struct(fields)) => Value::Object(demographics(Some(fields))?),
        Some(Kind::List(list)) => Value::Array(list.values.into_iter().map(value_of).collect::<Result<_, _>>()?),
    })
}

fn no_number() -> Failure {
    Failure::field("demographics", "demographics: a number is infinite, or none")
}

/// A record as a message.
pub(super) fn record(fields: Map<String, Value>) -> Struct {
    Struct { fields: fields.into_iter().map(|(name, value)| (name, free(value))).collect() }
}

fn free(value: Value) -> Free {
    Free::from(match value {
        Value::Null => Kind::Null(0),
        Value::Bool(flag) => Kind::Flag(flag),
        Value::Number(number) => Kind::Number(number.as_f64().unwrap_or_default()),
        Value::String(text) => Kind::Text(text),
        Value::Array(values) => Kind::List(List { values: values.into_iter().map(free).collect() }),
        Value::Object(fields) => Kind::Struct(record(fields)),
    })
}

pub(super) fn packet_kind(kind: v1::PacketKind) -> Option<PacketKind> {
    match kind {
        v1::PacketKind::Unspecified => None,
        v1::PacketKind::New => Some(PacketKind::New),
        v1::PacketKind::Update => Some(PacketKind::Update),
        v1::PacketKind::Correction => Some(PacketKind::Correction),
        v1::PacketKind::Lost => Some(PacketKind::Lost),
        v1::PacketKind::Deactivate => Some(PacketKind::Deactivate),
        v1::PacketKind::Reactivate => Some(PacketKind::Reactivate),
    }
}

pub(super) fn kind(kind: PacketKind) -> v1::PacketKind {
    match kind {
        PacketKind::New => v1::PacketKind::New,
        PacketKind::Update => v1::PacketKind::Update,
        PacketKind::Correction => v1::PacketKind::Correction,
        PacketKind::Lost => v1::PacketKind::Lost,
        PacketKind::Deactivate => v1::PacketKind::Deactivate,
        PacketKind::Reactivate => v1::PacketKind::Reactivate,
    }
}

pub(super) fn stage(stage: Stage) -> v1::RegistrationStage {
    match stage {
        Stage::Received => v1::RegistrationStage::Received,
        Stage::Validated => v1::RegistrationStage::Validated,
        Stage::QualityChecked => v1::RegistrationStage::QualityChecked,
        Stage::DemographicallyChecked => v1::RegistrationStage::DemographicallyChecked,
        Stage::BiometricallyChecked => v1::RegistrationStage::BiometricallyChecked,
        Stage::InAdjudication => v1::RegistrationStage::InAdjudication,
        Stage::Issued => v1::RegistrationStage::Issued,
        Stage::Rejected => v1::RegistrationStage::Rejected,
    }
}

pub(super) fn status(status: Status) -> v1::IdentityStatus {
    match status {
        Status::Applicant => v1::IdentityStatus::Applicant,
        Status::Active => v1::IdentityStatus::Active,
        Status::Blocked => v1::IdentityStatus::Blocked,
        Status::Deactivated => v1::IdentityStatus::Deactivated,
        Status::Merged { .. } => v1::IdentityStatus::Merged,
        Status::Rejected => v1::IdentityStatus::Rejected,
        Status::Erased => v1::IdentityStatus::Erased,
    }
}

pub(super) fn factor(factor: Factor) -> v1::AuthenticationFactor {
    match factor {
        Factor::Demographic => v1::AuthenticationFactor::Demographic,
        Factor::Otp => v1::AuthenticationFactor::Otp,
        Factor::Fingerprint => v1::AuthenticationFactor::Fingerprint,
        Factor::Iris => v1::AuthenticationFactor::Iris,
        Factor::Face => v1::AuthenticationFactor::Face,
    }
}

pub(super) fn stated_factor(asked: v1::AuthenticationFactor) -> Result<Factor, Failure> {
    let found = Factor::ALL.into_iter().find(|known| factor(*known) == asked);
    found.ok_or_else(|| Failure::field("factor", "factor: say which kind of authentication"))
}

pub(super) fn event(event: &Event) -> v1::RegistrationEvent {
    v1::RegistrationEvent {
        at_unix_ms: event.at_ms,
        registration: event.registration.to_string(),
        stage: stage(event.stage).into(),
        rejection: event.rejection.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::failure::Reason;
    use super::*;

    #[test]
    fn a_record_comes_back_as_it_was_and_whole_numbers_stay_whole() {
        let fields =
            json!({ "age": 41, "height": 1.75, "name": [{ "language": "eng", "value": "Ada" }], "none": null });
        let Value::Object(fields) = fields else { unreachable!("it is an object") };
        let back = demographics(Some(record(fields.clone()))).unwrap();
        assert_eq!(back, fields);
        assert!(back["age"].is_i64());
        let infinite = Struct { fields: [("a".to_owned(), Free::from(Kind::Number(f64::INFINITY)))].into() };
        assert_eq!(demographics(Some(infinite)).unwrap_err().reason, Reason::InvalidArgument);
    }

    #[test]
    fn every_kind_and_factor_has_its_own_word_and_comes_back() {
        for number in 1..=6 {
            let word = v1::PacketKind::try_from(number).unwrap();
            assert_eq!(kind(packet_kind(word).unwrap()), word);
        }
        for known in Factor::ALL {
            assert_eq!(stated_factor(factor(known)).unwrap(), known);
        }
        assert!(stated_factor(v1::AuthenticationFactor::Unspecified).is_err());
    }
}
