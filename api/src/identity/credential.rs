//! A credential of the demographic fields of a person.

use serde_json::{Map, Value};
use whorl_identity::chance::Opaque;
use whorl_identity::chance::hexadecimal;
use whorl_identity::credential::{Card, Field, QrCode, Statement};
use whorl_identity::subject::{Demographics, Subject};
use whorl_proto::identity::v1;

use super::failure::{Failure, Reason};
use super::issuance::issuer;
use super::services::Desk;

const DAY_S: u64 = 86_400;

/// The longest time for which a credential holds, in days.
const MOST_DAYS: u32 = 36_500;

/// The kind of a credential where a request does not say.
const KIND: &str = "IdentityCredential";

/// The most fields of a line of a card.
const MOST_LINE_FIELDS: usize = 8;

/// The side of a QR code that is not on a card, in mm: what the card gives it.
const QR_MM: f32 = 30.0;

impl Desk<'_> {
    /// Signs a credential. Only whose UIN is in force gets one.
    pub(super) fn issue(
        &mut self,
        request: &v1::IssueCredentialRequest,
    ) -> Result<v1::IssueCredentialResponse, Failure> {
        let issuer = issuer(self.office)?;
        let subject = self.subject(&request.uin)?;
        if !subject.status.is_in_force() {
            let message = format!("a UIN that is {} gets no credential", subject.status.name());
            return Err(Failure::new(Reason::IdentityStatus, message));
        }
        let days = match request.valid_days {
            0 => issuer.days,
            days @ 1..=MOST_DAYS => days,
            _ => return Err(Failure::field("valid_days", format!("valid_days: 1 to {MOST_DAYS}"))),
        };
        let from_unix_s = self.layer.now_ms() / 1_000;
        let short = matches!(request.form(), v1::CredentialForm::Compact | v1::CredentialForm::Card);
        let statement = Statement {
            issuer: issuer.name.clone(),
            subject: urn()?,
            kind: if request.kind.is_empty() { KIND.to_owned() } else { request.kind.clone() },
            from_unix_s,
            until_unix_s: from_unix_s + u64::from(days) * DAY_S,
            claims: claims(&subject.demographics, request, short)?,
        };
        let (credential, media_type, qr_svg) = match request.form() {
            v1::CredentialForm::Unspecified => {
                return Err(Failure::field("form", "form: say which form it is to have"));
            }
            v1::CredentialForm::Vc => (statement.sign_vc(&issuer.key)?, "application/vc+jwt", String::new()),
            v1::CredentialForm::Selective => {
                (statement.sign_selective(&issuer.key)?, "application/dc+sd-jwt", String::new())
            }
            v1::CredentialForm::Compact => {
                let token = statement.sign_compact(&issuer.key)?;
                let code = QrCode::new(&token)?.svg(QR_MM);
                (token, "application/card+jwt", code)
            }
            v1::CredentialForm::Card => {
                let code = QrCode::new(&statement.sign_compact(&issuer.key)?)?;
                let card = Card { portrait: self.portrait(&subject, request)?, ..card(&subject, request, code)? };
                (card.svg()?, "image/svg+xml", String::new())
            }
        };
        let until_unix_ms = statement.until_unix_s * 1_000;
        let media_type = media_type.to_owned();
        Ok(v1::IssueCredentialResponse { credential, media_type, qr_svg, holder: statement.subject, until_unix_ms })
    }

    /// The portrait that is printed: the one that was sent, or else the one that is kept.
    fn portrait(&self, subject: &Subject, request: &v1::IssueCredentialRequest) -> Result<Option<Vec<u8>>, Failure> {
        let Some(face) = &request.card else { return Ok(None) };
        match (face.without_portrait, face.portrait.is_empty()) {
            (false, true) => Ok(self.layer.portrait(subject)?.map(|file| file.to_vec())),
            (false, false) => Ok(Some(face.portrait.to_vec())),
            (true, true) => Ok(None),
            (true, false) => {
                let message = "card.without_portrait: there is a portrait, too; send one of the two";
                Err(Failure::field("card.without_portrait", message))
            }
        }
    }
}

/// A UUID of version 4 (RFC 9562), for this credential alone: so that two that are shown say nothing of one another.
fn urn() -> Result<String, Failure> {
    let chance = Opaque::draw().map_err(|error| Failure::new(Reason::Internal, error.to_string()))?;
    let mut bytes = *chance.bytes();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hexadecimal(&bytes);
    let (a, b, c, d, e) = (&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]);
    Ok(format!("urn:uuid:{a}-{b}-{c}-{d}-{e}"))
}

/// What is said: the fields that were asked for; of those in languages a `short` one says one text.
fn claims(
    demographics: &Demographics,
    request: &v1::IssueCredentialRequest,
    short: bool,
) -> Result<Map<String, Value>, Failure> {
    if !(1..=Statement::MOST_CLAIMS).contains(&request.fields.len()) {
        return Err(Failure::field("fields", format!("fields: name 1 to {}", Statement::MOST_CLAIMS)));
    }
    let claim = |name: &String| {
        let value = demographics.get(name).ok_or_else(|| absent("fields", name))?;
        let said =
            if short && !value.is_number() { Value::String(text(value, &request.language)) } else { value.clone() };
        Ok((name.clone(), said))
    };
    request.fields.iter().map(claim).collect()
}

/// That a record has no such field. Its name was the client's, and is cut.
fn absent(field: &'static str, name: &str) -> Failure {
    let name = name.chars().take(64).collect::<String>();
    Failure::field(field, format!("{field}: the record has no `{name}`"))
}

/// A card without its portrait.
fn card(subject: &Subject, request: &v1::IssueCredentialRequest, code: QrCode) -> Result<Card, Failure> {
    let face = request.card.as_ref().ok_or_else(|| Failure::field("card", "card: say what is printed on it"))?;
    let line = |line: &v1::CardLine| {
        if !(1..=MOST_LINE_FIELDS).contains(&line.fields.len()) {
            return Err(Failure::field("card.lines", format!("card.lines: each has 1 to {MOST_LINE_FIELDS} fields")));
        }
        let texts = line.fields.iter().map(|name| {
            let value = subject.demographics.get(name).ok_or_else(|| absent("card.lines", name))?;
            Ok::<_, Failure>(text(value, &request.language))
        });
        Ok(Field { label: line.label.clone(), value: texts.collect::<Result<Vec<_>, _>>()?.join(" ") })
    };
    if face.lines.len() > Card::MOST_FIELDS {
        return Err(Failure::field("card.lines", format!("card.lines: at most {}", Card::MOST_FIELDS)));
    }
    Ok(Card {
        title: face.title.clone(),
        fields: face.lines.iter().map(line).collect::<Result<_, _>>()?,
        portrait: None,
        code: Some(code),
    })
}

/// The text of a value: of several in languages the one in `language`, or else the first.
fn text(value: &Value, language: &str) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(entries) => {
            let is_wanted = |entry: &&Value| entry.get("language").and_then(Value::as_str) == Some(language);
            let entry = entries.iter().find(is_wanted).or(entries.first());
            entry.map(|entry| text(entry, language)).unwrap_or_default()
        }
        Value::Object(_) => value.get("value").and_then(Value::as_str).unwrap_or_default().to_owned(),
        Value::Bool(_) | Value::Null => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_in_languages_is_said_in_the_one_that_is_wanted_or_the_first() {
        let name = json!([{ "language": "eng", "value": "Ada" }, { "language": "fra", "value": "Adèle" }]);
        for (language, said) in [("fra", "Adèle"), ("eng", "Ada"), ("", "Ada"), ("deu", "Ada")] {
            assert_eq!(text(&name, language), said);
        }
        assert_eq!(
            (text(&json!("x"), ""), text(&json!(41), ""), text(&json!([]), "")),
            ("x".into(), "41".into(), String::new())
        );
    }

    #[test]
    fn two_credentials_call_their_holder_differently() {
        let (one, other) = (urn().unwrap(), urn().unwrap());
        assert_ne!(one, other);
        assert!(one.len() == 45 && one.starts_with("urn:uuid:") && one.as_bytes()[23] == b'4', "{one}");
    }
}
