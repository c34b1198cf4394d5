//! `whorl.identity.v1.AuthenticationService`.

use serde::de::DeserializeOwned;
use serde_json::Value;
use tonic::{Request, Response, Status};
use whorl_identity::authentication::{
    Agreement, Answer, Biometric, Call as Asking, Channel, Claim, IdKind, KycRequest, OtpAnswer, OtpRequest, Refusal,
    Request as Authentication, Signed, Transaction,
};
use whorl_identity::partner::{Attribute, Partner, Strategy};
use whorl_proto::identity::v1;
use whorl_proto::identity::v1::authentication_service_server::AuthenticationService;
use whorl_service::sample;
use zeroize::Zeroizing;

use super::convert::{factor, most, record, word};
use super::failure::{Failure, Reason};
use super::services::{Desk, Services};
use crate::calls::Call;
use crate::grpc::capture;

const AUTHENTICATE: &str = "/whorl.identity.v1.AuthenticationService/Authenticate";
const SEND_OTP: &str = "/whorl.identity.v1.AuthenticationService/SendOtp";
const TRANSACTIONS: &str = "/whorl.identity.v1.AuthenticationService/ListTransactions";

/// The most samples of a request: ten fingers, two eyes and a face.
const MOST_SAMPLES: usize = 13;

/// Who asks, as the request says.
struct Asked<T> {
    partner: String,
    api_key: Zeroizing<String>,
    claim: T,
    signed: Option<v1::SignedJson>,
}

#[tonic::async_trait]
impl AuthenticationService for Services {
    async fn authenticate(
        &self,
        request: Request<v1::AuthenticateRequest>,
    ) -> Result<Response<v1::AuthenticateResponse>, Status> {
        let (call, request) = (Call::of(AUTHENTICATE, &request), request.into_inner());
        let authenticate = move |desk: &mut Desk<'_>| {
            let v1::AuthenticateRequest { partner, api_key, claim, signed } = request;
            let asked = desk.asked(partner, api_key, claim, signed)?;
            let request = desk.authentication(asked.claim.clone())?;
            Ok(answer(desk.layer.authenticate(&asked.call(), &request)?))
        };
        self.work(call, authenticate).await.map(Response::new)
    }

    async fn send_otp(&self, request: Request<v1::SendOtpRequest>) -> Result<Response<v1::SendOtpResponse>, Status> {
        let (call, request) = (Call::of(SEND_OTP, &request), request.into_inner());
        let send = move |desk: &mut Desk<'_>| {
            let v1::SendOtpRequest { partner, api_key, claim, signed } = request;
            let asked = desk.asked(partner, api_key, claim, signed)?;
            let request = otp_request(&asked.claim)?;
            Ok(otp_answer(desk.layer.request_otp(&asked.call(), &request)?))
        };
        self.work(call, send).await.map(Response::new)
    }

    async fn list_transactions(
        &self,
        request: Request<v1::ListTransactionsRequest>,
    ) -> Result<Response<v1::ListTransactionsResponse>, Status> {
        let (call, request) = (Call::of(TRANSACTIONS, &request), request.into_inner());
        let list = move |desk: &mut Desk<'_>| {
            desk.purpose("purpose", &request.purpose)?;
            desk.subject(&request.uin)?;
            let found = desk.layer.transactions(&request.uin, request.since_unix_ms, most(request.most)?)?;
            Ok(v1::ListTransactionsResponse { transactions: found.into_iter().map(transaction).collect() })
        };
        self.work(call, list).await.map(Response::new)
    }
}

impl<T> Asked<T> {
    fn call(&self) -> Asking<'_> {
        let signed = self.signed.as_ref().map(|signed| Signed { jws: &signed.jws, body: &signed.json });
        Asking { partner: &self.partner, api_key: &self.api_key, signed }
    }
}

impl Desk<'_> {
    /// What a partner asks, from the message itself or from what it signed.
    fn asked<T: DeserializeOwned + Default>(
        &mut self,
        partner: String,
        api_key: String,
        claim: Option<T>,
        signed: Option<v1::SignedJson>,
    ) -> Result<Asked<T>, Failure> {
        // What is no id of a partner could be any text.
        if Partner::is_id(&partner) {
            self.concerns(&partner);
        }
        let claim = match (claim, &signed) {
            (Some(claim), None) => claim,
            // What the parser says may quote what was sent.
            (None, Some(signed)) => serde_json::from_slice(&signed.json)
                .map_err(|_| Failure::field("signed.json", "signed.json: this is not the JSON of a claim"))?,
            (Some(_), Some(_)) | (None, None) => {
                return Err(Failure::field("claim", "claim, signed: send the one or the other"));
            }
        };
        Ok(Asked { partner, api_key: Zeroizing::new(api_key), claim, signed })
    }

    fn authentication(&self, claim: v1::AuthenticationClaim) -> Result<Authentication, Failure> {
        let kind = id_kind(claim.kind());
        if claim.demographics.len() > Authentication::MOST_CLAIMS || claim.samples.len() > MOST_SAMPLES {
            let message = format!(
                "demographics, samples: at most {} claims and {MOST_SAMPLES} samples",
                Authentication::MOST_CLAIMS
            );
            return Err(Failure::field("demographics", message));
        }
        let samples = claim.samples.into_iter().enumerate();
        Ok(Authentication {
            id: claim.id,
            kind,
            transaction: claim.transaction,
            at_ms: claim.at_unix_ms,
            purpose: claim.purpose,
            consent: claim.consent.map(|consent| Agreement {
                is_given: consent.is_given,
                attributes: consent.is_limited.then_some(consent.attributes),
            }),
            demographics: claim.demographics.into_iter().map(demographic).collect::<Result<_, _>>()?,
            otp: Some(claim.otp).filter(|otp| !otp.is_empty()).map(Zeroizing::new),
            biometrics: samples.map(|(number, sample)| self.biometric(number, sample)).collect::<Result<_, _>>()?,
            kyc: claim.record.map(|asked| KycRequest { attributes: asked.attributes, languages: asked.languages }),
        })
    }

    fn biometric(&self, number: usize, sample: whorl_proto::v1::Sample) -> Result<Biometric, Failure> {
        if !self.workplace.policy.accept_templates && sample::is_template(&sample.data) {
            let message = format!("samples[{number}] is a template, and this server takes pictures only");
            return Err(Failure::new(Reason::TemplatesRefused, message));
        }
        let shown = capture(&sample, "samples", number)?;
        let ppi = sample.ppi.and_then(|ppi| u16::try_from(ppi).ok());
        let (modality, position, liveness) = (shown.modality, shown.position, shown.liveness);
        Ok(Biometric { modality, position, ppi, liveness, bytes: sample.data.into() })
    }
}

fn id_kind(kind: v1::PersonIdKind) -> Option<IdKind> {
    match kind {
        v1::PersonIdKind::Unspecified => None,
        v1::PersonIdKind::Uin => Some(IdKind::Uin),
        v1::PersonIdKind::Vid => Some(IdKind::Vid),
        v1::PersonIdKind::Token => Some(IdKind::Token),
    }
}

fn demographic(claim: v1::DemographicClaim) -> Result<Claim, Failure> {
    let strategy = match claim.strategy() {
        v1::ComparisonStrategy::Unspecified | v1::ComparisonStrategy::Exact => Strategy::Exact,
        v1::ComparisonStrategy::Partial => Strategy::Partial,
        v1::ComparisonStrategy::Phonetic => Strategy::Phonetic,
    };
    let wrong = || {
        let message = "demographics.attribute: say one of those that there are, or a field of the schema";
        Failure::field("demographics.attribute", message)
    };
    let attribute = match (claim.attribute.as_str(), claim.field.as_str()) {
        ("", field) if !field.is_empty() => Attribute::Field(field.to_owned()),
        (named, "") => serde_json::from_value(Value::String(named.to_owned())).map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    let least_percent = claim.least_percent.map(|percent| u8::try_from(percent).unwrap_or(u8::MAX));
    let language = Some(claim.language).filter(|language| !language.is_empty());
    Ok(Claim { attribute, value: claim.value, language, strategy, least_percent })
}

fn otp_request(claim: &v1::OtpClaim) -> Result<OtpRequest, Failure> {
    let channel = |channel| match channel {
        v1::OtpChannel::Unspecified => Err(Failure::field("channels", "channels: say how it may be sent")),
        v1::OtpChannel::Phone => Ok(Channel::Phone),
        v1::OtpChannel::Email => Ok(Channel::Email),
    };
    Ok(OtpRequest {
        id: claim.id.clone(),
        kind: id_kind(claim.kind()),
        transaction: claim.transaction.clone(),
        at_ms: claim.at_unix_ms,
        channels: claim.channels().map(channel).collect::<Result<_, _>>()?,
    })
}

fn refusal(refusal: &Refusal) -> v1::AuthenticationRefusal {
    v1::AuthenticationRefusal {
        code: refusal.code().to_string(),
        message: refusal.message(),
        action: refusal.action().unwrap_or_default().to_owned(),
    }
}

fn answer(answer: Answer) -> v1::AuthenticateResponse {
    v1::AuthenticateResponse {
        transaction: answer.transaction,
        at_unix_ms: answer.at_ms,
        is_authentic: answer.is_authentic,
        token: answer.token.unwrap_or_default(),
        refusals: answer.refusals.iter().map(refusal).collect(),
        record: answer.identity.map(record),
    }
}

fn otp_answer(answer: OtpAnswer) -> v1::SendOtpResponse {
    v1::SendOtpResponse {
        transaction: answer.transaction,
        at_unix_ms: answer.at_ms,
        expires_unix_ms: answer.expires_ms,
        masked: answer.masked.into_iter().map(|(_, masked)| masked).collect(),
        refusals: answer.refusals.iter().map(refusal).collect(),
    }
}

fn transaction(made: Transaction) -> v1::AuthenticationTransaction {
    v1::AuthenticationTransaction {
        at_unix_ms: made.at_ms,
        operation: word(serde_json::to_value(made.operation)),
        transaction: made.transaction,
        partner: made.partner,
        partner_name: made.partner_name,
        purpose: made.purpose,
        factors: made.factors.into_iter().map(|found| factor(found).into()).collect(),
        is_accepted: made.is_accepted,
        codes: made.codes,
        told: made.told,
    }
}
