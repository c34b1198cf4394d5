//! A credential of the demographic fields of a person.

use serde_json::{Map, Value};
use whorl_identity::chance::Opaque;
use whorl_identity::chance::hexadecimal;
use whorl_identity::credential::{
    Card, CredentialStatus, Field, HolderKey, HolderKeyError, QrCode, Statement, TokenError,
};
use whorl_identity::issuance::Allotment;
use whorl_identity::lifecycle::LifecycleError;
use whorl_identity::subject::{CredentialForm, Demographics, HeldCredential, Subject};
use whorl_proto::identity::v1;

use super::convert::demographics;
use super::failure::{Failure, Reason};
use super::issuance::issuer;
use super::office::Issuer;
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

/// A credential as it is handed over.
struct Signed {
    text: String,
    media_type: &'static str,
    qr_svg: String,
}

impl Desk<'_> {
    /// Signs a credential. Only whose UIN is in force gets one. Where there are status lists it gets a place first and is entered with its
    /// holder last, so that nobody has one of which nothing is known here.
    pub(super) fn issue(
        &mut self,
        request: &v1::IssueCredentialRequest,
    ) -> Result<v1::IssueCredentialResponse, Failure> {
        let issuer = issuer(self.office)?;
        let form = form(request)?;
        let holder = holder(request, form)?;
        if request.replaces && issuer.status_url.is_none() {
            return Err(Failure::field(
                "replaces",
                "replaces: this server publishes no status lists (identity.status_url)",
            ));
        }
        let subject = self.subject(&request.uin)?;
        if !subject.status.is_in_force() {
            let message = format!("a UIN that is {} gets no credential", subject.status.name());
            return Err(Failure::new(Reason::IdentityStatus, message));
        }
        let id = urn()?;
        let mut statement = self.statement(request, issuer, (form, &subject))?;
        statement.subject = match &holder {
            Some(key) if form == CredentialForm::Vc => key.did(),
            _ => id.clone(),
        };
        statement.holder = holder;
        statement.check().map_err(TokenError::from)?;
        let place = issuer.status_url.as_deref().map(|base| self.layer.allot(base)).transpose();
        let place = place.map_err(LifecycleError::from)?;
        statement.status = place.as_ref().map(|place| place.entry.clone());
        let Signed { text, media_type, qr_svg } = self.sign(&statement, issuer, (form, &subject), request)?;
        let until_unix_ms = statement.until_unix_s * 1_000;
        let id = place.map(|place| held(id, form, &statement, &place)).map(|credential| {
            self.layer.enter_credential(&request.uin, &credential, request.replaces, &self.by)?;
            Ok::<_, Failure>(credential.id)
        });
        Ok(v1::IssueCredentialResponse {
            credential: text,
            media_type: media_type.to_owned(),
            qr_svg,
            holder: statement.subject,
            until_unix_ms,
            id: id.transpose()?.unwrap_or_default(),
        })
    }

    /// What is said, of a holder who has no name yet.
    fn statement(
        &self,
        request: &v1::IssueCredentialRequest,
        issuer: &Issuer,
        (form, subject): (CredentialForm, &Subject),
    ) -> Result<Statement, Failure> {
        let days = match request.valid_days {
            0 => issuer.days,
            days @ 1..=MOST_DAYS => days,
            _ => return Err(Failure::field("valid_days", format!("valid_days: 1 to {MOST_DAYS}"))),
        };
        let from_unix_s = self.layer.now_ms() / 1_000;
        let short = matches!(form, CredentialForm::Compact | CredentialForm::Card);
        Ok(Statement {
            issuer: issuer.name.clone(),
            subject: String::new(),
            kind: if request.kind.is_empty() { KIND.to_owned() } else { request.kind.clone() },
            from_unix_s,
            until_unix_s: from_unix_s + u64::from(days) * DAY_S,
            claims: claims(&subject.demographics, request, short)?,
            status: None,
            holder: None,
        })
    }

    fn sign(
        &self,
        statement: &Statement,
        issuer: &Issuer,
        (form, subject): (CredentialForm, &Subject),
        request: &v1::IssueCredentialRequest,
    ) -> Result<Signed, Failure> {
        let (text, media_type, qr_svg) = match form {
            CredentialForm::Vc => (statement.sign_vc(&issuer.key)?, "application/vc+jwt", String::new()),
            CredentialForm::Selective => {
                (statement.sign_selective(&issuer.key)?, "application/dc+sd-jwt", String::new())
            }
            CredentialForm::Compact => {
                let token = statement.sign_compact(&issuer.key)?;
                let code = QrCode::new(&token)?.svg(QR_MM);
                (token, "application/card+jwt", code)
            }
            CredentialForm::Card => {
                let code = QrCode::new(&statement.sign_compact(&issuer.key)?)?;
                let card = Card { portrait: self.portrait(subject, request)?, ..card(subject, request, code)? };
                (card.svg()?, "image/svg+xml", String::new())
            }
        };
        Ok(Signed { text, media_type, qr_svg })
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

    /// The credentials of a person, and whether they count.
    pub(super) fn credentials(&mut self, uin: &str) -> Result<v1::ListCredentialsResponse, Failure> {
        self.subject(uin)?;
        let credentials = self.layer.credentials(uin)?.into_iter().map(|(held, status)| v1::HeldCredential {
            id: held.id,
            form: form_of(held.form).into(),
            kind: held.kind,
            issued_unix_ms: held.issued_ms,
            until_unix_ms: held.until_ms,
            status: status_of(status).into(),
        });
        Ok(v1::ListCredentialsResponse { credentials: credentials.collect() })
    }
}

fn held(id: String, form: CredentialForm, statement: &Statement, place: &Allotment) -> HeldCredential {
    HeldCredential {
        id,
        form,
        kind: statement.kind.clone(),
        list: place.list,
        index: place.entry.index,
        issued_ms: statement.from_unix_s * 1_000,
        until_ms: statement.until_unix_s * 1_000,
        revoked_ms: None,
    }
}

fn form(request: &v1::IssueCredentialRequest) -> Result<CredentialForm, Failure> {
    match request.form() {
        v1::CredentialForm::Unspecified => Err(Failure::field("form", "form: say which form it is to have")),
        v1::CredentialForm::Vc => Ok(CredentialForm::Vc),
        v1::CredentialForm::Selective => Ok(CredentialForm::Selective),
        v1::CredentialForm::Compact => Ok(CredentialForm::Compact),
        v1::CredentialForm::Card => Ok(CredentialForm::Card),
    }
}

fn form_of(form: CredentialForm) -> v1::CredentialForm {
    match form {
        CredentialForm::Vc => v1::CredentialForm::Vc,
        CredentialForm::Selective => v1::CredentialForm::Selective,
        CredentialForm::Compact => v1::CredentialForm::Compact,
        CredentialForm::Card => v1::CredentialForm::Card,
    }
}

fn status_of(status: CredentialStatus) -> v1::CredentialStatus {
    match status {
        CredentialStatus::Valid => v1::CredentialStatus::Valid,
        CredentialStatus::Suspended => v1::CredentialStatus::Suspended,
        CredentialStatus::Revoked => v1::CredentialStatus::Revoked,
    }
}

/// The key of the holder, of the forms by which somebody can prove that he has it.
fn holder(request: &v1::IssueCredentialRequest, form: CredentialForm) -> Result<Option<HolderKey>, Failure> {
    let Some(key) = &request.holder_key else { return Ok(None) };
    if matches!(form, CredentialForm::Compact | CredentialForm::Card) {
        let message =
            "holder_key: what is printed can be shown by whoever has it; leave the key out, or choose VC or SELECTIVE";
        return Err(Failure::field("holder_key", message));
    }
    let refused = |error: HolderKeyError| Failure::field("holder_key", format!("holder_key: {error}"));
    HolderKey::from_jwk(&demographics(Some(key.clone()))?).map(Some).map_err(refused)
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
