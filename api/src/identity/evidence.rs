//! What adjudicators decide by, as messages.

use tonic::Code;
use whorl_identity::adjudication::{EvidenceFile, Look, Side, Standing, Suspect};
use whorl_identity::registration::{Enclosed, Packet, Registration};
use whorl_identity::subject::BiometricException;
use whorl_proto::identity::v1;
use whorl_service::sample::{self, Shown};
use whorl_types::{Modality, Position};

use super::adjudication::{resembling, suspect};
use super::convert::{kind, opaque, record, registration_id, stage, status};
use super::failure::Failure;
use super::services::Desk;
use crate::grpc::{modality, position};

impl Desk<'_> {
    /// Both sides of a case. Whose records are shown is in the audit, and of a refusal which case they were asked of.
    pub(super) fn evidence(
        &mut self,
        request: &v1::GetEvidenceRequest,
        standings: &[Standing],
    ) -> Result<v1::GetEvidenceResponse, Failure> {
        let id = opaque(&request.id, "id")?;
        self.concerns(&id);
        self.purpose("purpose", &request.purpose)?;
        let look = Look { by: &self.by, standings, purpose: &request.purpose };
        let evidence = self.layer.evidence(id, look, request.skip as usize)?;
        self.concerns(&evidence.case.registration);
        for side in evidence.suspects.iter().map(|(_, side)| side).chain([&evidence.applicant]) {
            side.subject.iter().for_each(|subject| self.concerns(subject));
        }
        let passed = evidence.suspects.len().saturating_add(request.skip as usize);
        Ok(v1::GetEvidenceResponse {
            applicant: Some(message(evidence.applicant, None)),
            suspects_left: evidence.case.suspects.len().saturating_sub(passed) as u32,
            suspects: evidence.suspects.into_iter().map(suspected).collect(),
        })
    }

    /// A picture or document of a side.
    pub(super) fn evidence_file(
        &mut self,
        request: &v1::GetEvidenceFileRequest,
        standings: &[Standing],
    ) -> Result<v1::GetEvidenceFileResponse, Failure> {
        let id = opaque(&request.id, "id")?;
        self.concerns(&id);
        self.purpose("purpose", &request.purpose)?;
        let registration = registration_id(&request.registration, "registration")?;
        self.concerns(&registration);
        let number = u16::try_from(request.number).map_err(|_| no_number())?;
        let look = Look { by: &self.by, standings, purpose: &request.purpose };
        let file = self.layer.evidence_file(id, look, &registration, number)?;
        file.subject.iter().for_each(|subject| self.concerns(subject));
        if let Some(number) = request.picture {
            return self.picture(&file, number);
        }
        let (data, media_type) = (file.bytes.to_vec().into(), file.enclosed.media_type);
        Ok(v1::GetEvidenceFileResponse { data, media_type, pictures: 0 })
    }

    /// One of the pictures of a file, as a page can show it.
    fn picture(&self, file: &EvidenceFile, number: u32) -> Result<v1::GetEvidenceFileResponse, Failure> {
        let shown = self.workplace.engine.install(|| sample::shown(&file.bytes, number as usize));
        let unfit = |message: String| Failure::new(Code::FailedPrecondition, "NO_PICTURE", message);
        let Shown { png, of } = shown.map_err(|error| unfit(format!("the file shows no such picture: {error}")))?;
        let png = png.ok_or_else(|| Failure::field("picture", format!("picture: the file holds {of}, from 0 on")))?;
        if png.len() > Packet::MOST_ENCLOSURE_BYTES {
            return Err(unfit(format!(
                "the picture has {} bytes as a PNG: take the file as it was sent in",
                png.len()
            )));
        }
        Ok(v1::GetEvidenceFileResponse { data: png.into(), media_type: "image/png".to_owned(), pictures: of as u32 })
    }
}

fn no_number() -> Failure {
    Failure::field("number", format!("number: 0 to {}, as the evidence numbers files", u16::MAX))
}

/// Of who is erased nothing is said but what he is called, not even how like he was.
fn suspected((of, side): (Suspect, Side)) -> v1::EvidenceSuspect {
    let shown = if side.is_erased() { Suspect::new(of.subject) } else { of };
    v1::EvidenceSuspect { suspect: Some(suspect(&shown)), side: Some(message(side, Some(&shown))) }
}

fn message(side: Side, suspect: Option<&Suspect>) -> v1::EvidenceSide {
    v1::EvidenceSide {
        subject: side.subject.map(|subject| subject.to_string()).unwrap_or_default(),
        status: status(side.status).into(),
        exceptions: side.exceptions.into_iter().map(exception).collect(),
        registrations: side.registrations.iter().map(|registration| submitted(registration, suspect)).collect(),
        earlier_registrations: side.earlier as u32,
        demographics: Some(record(side.demographics)),
    }
}

fn submitted(registration: &Registration, suspect: Option<&Suspect>) -> v1::EvidenceRegistration {
    let biometric = suspect.and_then(|suspect| suspect.likeness_in(registration));
    v1::EvidenceRegistration {
        id: registration.id.to_string(),
        kind: kind(registration.kind).into(),
        stage: stage(registration.stage).into(),
        captured_unix_ms: registration.captured_ms,
        received_unix_ms: registration.received_ms,
        biometric: biometric.map(resembling),
        files: (0..).zip(&registration.enclosed).map(file).collect(),
        deleted_unix_ms: registration.deleted_ms,
    }
}

fn file((number, enclosed): (u32, &Enclosed)) -> v1::EvidenceFile {
    let shown = enclosed.position.map(|code| Position::from_code(code).unwrap_or(Position::Unknown));
    // Of a document, `category` says what it proves.
    let known = shown.and_then(|_| enclosed.category.parse::<Modality>().ok());
    v1::EvidenceFile {
        number,
        modality: known.map(modality).unwrap_or_default().into(),
        position: shown.map(position).unwrap_or_default().into(),
        category: if shown.is_none() { enclosed.category.clone() } else { String::new() },
        kind: enclosed.kind.clone(),
        media_type: enclosed.media_type.clone(),
        size_bytes: enclosed.size_bytes,
        refusal: enclosed.refusal.clone().unwrap_or_default(),
    }
}

fn exception(exception: BiometricException) -> v1::CaptureException {
    let known = Position::ALL.into_iter().find(|known| known.name() == exception.position);
    v1::CaptureException {
        position: known.map(position).unwrap_or_default().into(),
        reason: exception.reason,
        is_permanent: exception.is_permanent,
    }
}
