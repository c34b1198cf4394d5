//! `whorl.identity.v1.RegistrationService`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use whorl_identity::event::Cursor;
use whorl_identity::registration::{Enclosure, EnclosureContent, Operator, Packet, Registration};
use whorl_identity::subject::{BiometricException, Consent};
use whorl_proto::identity::v1;
use whorl_proto::identity::v1::registration_service_server::RegistrationService;
use whorl_service::sample;

use super::Office;
use super::convert::{cursor, demographics, event, kind, most, packet_kind, registration_id, stage};
use super::failure::{Failure, Reason};
use super::services::{Desk, Services};
use crate::calls::Call;
use crate::grpc::capture;
use crate::security::Role;

const REGISTER: &str = "/whorl.identity.v1.RegistrationService/Register";
const GET: &str = "/whorl.identity.v1.RegistrationService/GetRegistration";
const LIST: &str = "/whorl.identity.v1.RegistrationService/ListEvents";
const WATCH: &str = "/whorl.identity.v1.RegistrationService/WatchEvents";

/// The most exceptions: every finger, eye and the face several times over.
const MOST_EXCEPTIONS: usize = 64;

/// How often there is looked for events, and how many are sent at a time.
const LOOKED_AT: Duration = Duration::from_secs(1);
const SENT: usize = 100;

#[tonic::async_trait]
impl RegistrationService for Services {
    type WatchEventsStream = ReceiverStream<Result<v1::WatchEventsResponse, Status>>;

    async fn register(&self, request: Request<v1::RegisterRequest>) -> Result<Response<v1::RegisterResponse>, Status> {
        let (call, request) = (Call::of(REGISTER, &request), request.into_inner());
        self.work(call, move |desk| desk.register(request)).await.map(Response::new)
    }

    async fn get_registration(
        &self,
        request: Request<v1::GetRegistrationRequest>,
    ) -> Result<Response<v1::GetRegistrationResponse>, Status> {
        let (call, id) = (Call::of(GET, &request), request.into_inner().id);
        let may_see = call.has(Role::Issue) || call.has(Role::Officer);
        let get = move |desk: &mut Desk<'_>| {
            let id = registration_id(&id, "id")?;
            desk.concerns(&id);
            let registration = desk.layer.registration(&id)?;
            let uin = if may_see { desk.layer.uin_of(&id)? } else { None };
            Ok(state(&registration, uin.unwrap_or_default()))
        };
        self.work(call, get).await.map(Response::new)
    }

    async fn list_events(
        &self,
        request: Request<v1::ListEventsRequest>,
    ) -> Result<Response<v1::ListEventsResponse>, Status> {
        let (call, request) = (Call::of(LIST, &request), request.into_inner());
        let list = move |desk: &mut Desk<'_>| {
            let (events, place) = desk.layer.events(&cursor(&request.cursor)?, most(request.most)?)?;
            Ok(v1::ListEventsResponse { events: events.iter().map(event).collect(), cursor: place.spell() })
        };
        self.work(call, list).await.map(Response::new)
    }

    async fn watch_events(
        &self,
        request: Request<v1::WatchEventsRequest>,
    ) -> Result<Response<Self::WatchEventsStream>, Status> {
        let (call, asked) = (Call::of(WATCH, &request), request.into_inner().cursor);
        // It is recorded when it begins.
        let place = self.work(call, move |_| cursor(&asked)).await?;
        let (send, told) = channel(1);
        tokio::spawn(follow(self.office()?, place, send));
        Ok(Response::new(ReceiverStream::new(told)))
    }
}

/// Sends what happens until the client goes, or the server.
async fn follow(office: Arc<Office>, mut place: Cursor, send: Sender<Result<v1::WatchEventsResponse, Status>>) {
    loop {
        let (office, after) = (Arc::clone(&office), place.clone());
        let looked = tokio::task::spawn_blocking(move || Ok::<_, Failure>(office.layer()?.events(&after, SENT)?));
        let answer = match looked.await {
            Ok(Ok((events, _))) if events.is_empty() => {
                tokio::select! {
                    () = send.closed() => return,
                    () = tokio::time::sleep(LOOKED_AT) => continue,
                }
            }
            Ok(Ok((events, next))) => {
                place = next;
                Ok(v1::WatchEventsResponse { events: events.iter().map(event).collect(), cursor: place.spell() })
            }
            Ok(Err(failure)) => Err(failure.into()),
            Err(_) => Err(Status::internal("the work broke off; the server's log says why")),
        };
        let failed = answer.is_err();
        if send.send(answer).await.is_err() || failed {
            return;
        }
    }
}

impl Desk<'_> {
    fn register(&mut self, request: v1::RegisterRequest) -> Result<v1::RegisterResponse, Failure> {
        let id = registration_id(&request.id, "id")?;
        self.concerns(&id);
        let packet = self.packet(request)?;
        let receipt = self.layer.register(&packet)?;
        if receipt.stage.is_pending() {
            self.office.tell(&id);
        }
        Ok(v1::RegisterResponse { stage: stage(receipt.stage).into(), is_repeated: receipt.is_repeated })
    }

    fn packet(&self, request: v1::RegisterRequest) -> Result<Packet, Failure> {
        let kind = packet_kind(request.kind());
        let kind = kind.ok_or_else(|| Failure::field("kind", "kind: say what the registration is to do"))?;
        let enclosures = request.samples.len() + request.documents.len();
        if enclosures > Packet::MOST_ENCLOSURES || request.exceptions.len() > MOST_EXCEPTIONS {
            let message = format!(
                "samples, documents, exceptions: a registration has at most {} samples and documents and {MOST_EXCEPTIONS} exceptions",
                Packet::MOST_ENCLOSURES
            );
            return Err(Failure::field("samples", message));
        }
        let corrects = optional(request.corrects).map(|text| registration_id(&text, "corrects")).transpose()?;
        Ok(Packet {
            id: registration_id(&request.id, "id")?,
            kind,
            uin: optional(request.uin),
            corrects,
            demographics: demographics(request.demographics)?,
            enclosures: self.enclosures(request.samples, request.documents)?,
            exceptions: request.exceptions.iter().map(exception).collect::<Result<_, _>>()?,
            consent: request.consent.map(consent),
            introducer: optional(request.introducer_uin),
            operator: self.operator(request.captured_by.unwrap_or_default()),
            captured_ms: request.captured_unix_ms,
        })
    }

    fn enclosures(
        &self,
        samples: Vec<whorl_proto::v1::Sample>,
        documents: Vec<v1::DocumentFile>,
    ) -> Result<Vec<Enclosure>, Failure> {
        let sample = |(number, sample): (usize, whorl_proto::v1::Sample)| {
            if !self.workplace.policy.accept_templates && sample::is_template(&sample.data) {
                let message = format!(
                    "samples[{number}] is a template, and this server takes pictures only: send the sample itself"
                );
                return Err(Failure::new(Reason::TemplatesRefused, message));
            }
            let shown = capture(&sample, "samples", number)?;
            // It was found to be one of the rates that there are.
            let ppi = sample.ppi.and_then(|ppi| u16::try_from(ppi).ok());
            let (modality, position, liveness) = (shown.modality, shown.position, shown.liveness);
            let content = EnclosureContent::Sample { modality, position, ppi, liveness };
            Ok(Enclosure { content, bytes: sample.data.into() })
        };
        let samples = samples.into_iter().enumerate().map(sample);
        let documents = documents.into_iter().map(|document| {
            let content = EnclosureContent::Document { category: document.category, kind: document.kind };
            Ok::<_, Failure>(Enclosure { content, bytes: document.data.into() })
        });
        samples.chain(documents).collect()
    }

    fn operator(&self, by: v1::CapturedBy) -> Operator {
        let v1::CapturedBy { operator, station, centre, supervisor } = by;
        let name = optional(operator).unwrap_or_else(|| self.by.clone());
        Operator { name, station, centre, supervisor: optional(supervisor) }
    }
}

/// A text, or none where it is empty.
fn optional(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn exception(exception: &v1::CaptureException) -> Result<BiometricException, Failure> {
    let known = whorl_types::Position::ALL.into_iter().find(|known| *known as i32 == exception.position);
    let known = known.filter(|known| *known != whorl_types::Position::Unknown);
    let position =
        known.ok_or_else(|| Failure::field("exceptions", "exceptions: say which finger, eye or face it is"))?;
    Ok(BiometricException {
        position: position.name().to_owned(),
        reason: exception.reason.clone(),
        is_permanent: exception.is_permanent,
    })
}

fn consent(consent: v1::ConsentGiven) -> Consent {
    let v1::ConsentGiven { purpose, text_version, is_given, at_unix_ms } = consent;
    Consent { purpose, text: text_version, is_given, at_ms: at_unix_ms }
}

/// How far a registration is, without anything of the person but his UIN, where that may be seen.
fn state(registration: &Registration, uin: String) -> v1::GetRegistrationResponse {
    let steps = registration.steps.iter();
    let rejection = registration.rejection.as_ref().map(|rejection| v1::RegistrationRejection {
        reason: rejection.name().to_owned(),
        message: rejection.to_string(),
        is_correctable: rejection.is_correctable(),
    });
    let samples = registration.enclosed.iter().filter(|enclosed| enclosed.position.is_some());
    let refused = (0..)
        .zip(samples)
        .filter_map(|(sample, enclosed)| Some(v1::RefusedSample { sample, reason: enclosed.refusal.clone()? }));
    v1::GetRegistrationResponse {
        kind: kind(registration.kind).into(),
        stage: stage(registration.stage).into(),
        steps: steps
            .map(|step| v1::RegistrationStep { stage: stage(step.stage).into(), at_unix_ms: step.at_ms })
            .collect(),
        rejection,
        case_id: registration.case.map(|case| case.to_string()).unwrap_or_default(),
        refused_samples: refused.collect(),
        uin,
    }
}
