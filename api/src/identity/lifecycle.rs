//! `whorl.identity.v1.IdentityService`.

use serde_json::{Map, Value};
use tokio::sync::mpsc::channel;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use whorl_identity::layer::Layer;
use whorl_identity::lifecycle::{Deed, Export, LifecycleError};
use whorl_identity::subject::{Change, Subject};
use whorl_proto::identity::v1;
use whorl_proto::identity::v1::identity_service_server::IdentityService;

use super::convert::{factor, most, record, stated_factor, status};
use super::failure::Failure;
use super::services::{Desk, Services};
use crate::calls::Call;

const GET: &str = "/whorl.identity.v1.IdentityService/GetIdentity";
const BLOCK: &str = "/whorl.identity.v1.IdentityService/Block";
const UNBLOCK: &str = "/whorl.identity.v1.IdentityService/Unblock";
const LOCK: &str = "/whorl.identity.v1.IdentityService/LockAuthentication";
const UNLOCK: &str = "/whorl.identity.v1.IdentityService/UnlockAuthentication";
const MERGE: &str = "/whorl.identity.v1.IdentityService/Merge";
const UNMERGE: &str = "/whorl.identity.v1.IdentityService/Unmerge";
const ERASE: &str = "/whorl.identity.v1.IdentityService/Erase";
const EXPORT: &str = "/whorl.identity.v1.IdentityService/Export";
const HISTORY: &str = "/whorl.identity.v1.IdentityService/GetHistory";
const RETENTION: &str = "/whorl.identity.v1.IdentityService/RunRetention";

/// The longest time for which a kind of authentication is unlocked, in seconds: a year.
const MOST_UNLOCKED_S: u64 = 31_536_000;

/// The parts of an export that wait for a slow client.
const WAITING_PARTS: usize = 2;

#[tonic::async_trait]
impl IdentityService for Services {
    type ExportStream = ReceiverStream<Result<v1::ExportResponse, Status>>;

    async fn get_identity(
        &self,
        request: Request<v1::GetIdentityRequest>,
    ) -> Result<Response<v1::GetIdentityResponse>, Status> {
        let (call, request) = (Call::of(GET, &request), request.into_inner());
        let get = move |desk: &mut Desk<'_>| {
            desk.purpose("purpose", &request.purpose)?;
            Ok(identity(desk.subject(&request.uin)?))
        };
        self.work(call, get).await.map(Response::new)
    }

    async fn block(&self, request: Request<v1::BlockRequest>) -> Result<Response<v1::BlockResponse>, Status> {
        let (call, v1::BlockRequest { uin, reason }) = (Call::of(BLOCK, &request), request.into_inner());
        self.deed(call, uin, reason, Layer::block).await?;
        Ok(Response::new(v1::BlockResponse {}))
    }

    async fn unblock(&self, request: Request<v1::UnblockRequest>) -> Result<Response<v1::UnblockResponse>, Status> {
        let (call, v1::UnblockRequest { uin, reason }) = (Call::of(UNBLOCK, &request), request.into_inner());
        self.deed(call, uin, reason, Layer::unblock).await?;
        Ok(Response::new(v1::UnblockResponse {}))
    }

    async fn lock_authentication(
        &self,
        request: Request<v1::LockAuthenticationRequest>,
    ) -> Result<Response<v1::LockAuthenticationResponse>, Status> {
        let (call, request) = (Call::of(LOCK, &request), request.into_inner());
        let factor = stated_factor(request.factor());
        let lock = move |desk: &mut Desk<'_>| {
            let factor = factor?;
            desk.change(&request.uin, &request.reason, |layer, uin, deed| layer.lock(uin, factor, deed))
        };
        self.work(call, lock).await?;
        Ok(Response::new(v1::LockAuthenticationResponse {}))
    }

    async fn unlock_authentication(
        &self,
        request: Request<v1::UnlockAuthenticationRequest>,
    ) -> Result<Response<v1::UnlockAuthenticationResponse>, Status> {
        let (call, request) = (Call::of(UNLOCK, &request), request.into_inner());
        let factor = stated_factor(request.factor());
        let unlock = move |desk: &mut Desk<'_>| {
            let (factor, seconds) = (factor?, request.for_seconds);
            if seconds.is_some_and(|seconds| !(1..=MOST_UNLOCKED_S).contains(&seconds)) {
                let message = format!("for_seconds: 1 to {MOST_UNLOCKED_S}, or leave it out to unlock for good");
                return Err(Failure::field("for_seconds", message));
            }
            desk.change(&request.uin, &request.reason, |layer, uin, deed| layer.unlock(uin, factor, seconds, deed))
        };
        self.work(call, unlock).await?;
        Ok(Response::new(v1::UnlockAuthenticationResponse {}))
    }

    async fn merge(&self, request: Request<v1::MergeRequest>) -> Result<Response<v1::MergeResponse>, Status> {
        let (call, request) = (Call::of(MERGE, &request), request.into_inner());
        let merge = move |desk: &mut Desk<'_>| {
            desk.subject(&request.second_uin)?;
            let second = request.second_uin.as_str();
            desk.change(&request.uin, &request.reason, |layer, uin, deed| layer.merge(uin, second, deed))
        };
        self.work(call, merge).await?;
        Ok(Response::new(v1::MergeResponse {}))
    }

    async fn unmerge(&self, request: Request<v1::UnmergeRequest>) -> Result<Response<v1::UnmergeResponse>, Status> {
        let (call, v1::UnmergeRequest { second_uin, reason }) = (Call::of(UNMERGE, &request), request.into_inner());
        self.deed(call, second_uin, reason, Layer::unmerge).await?;
        Ok(Response::new(v1::UnmergeResponse {}))
    }

    async fn erase(&self, request: Request<v1::EraseRequest>) -> Result<Response<v1::EraseResponse>, Status> {
        let (call, v1::EraseRequest { uin, reason }) = (Call::of(ERASE, &request), request.into_inner());
        let erased = self.deed(call, uin, reason, Layer::erase).await?;
        Ok(Response::new(v1::EraseResponse {
            subject: erased.subject.to_string(),
            at_unix_ms: erased.at_ms,
            keys: erased.keys as u64,
            references: erased.references as u64,
            registrations: erased.registrations as u64,
        }))
    }

    async fn export(&self, request: Request<v1::ExportRequest>) -> Result<Response<Self::ExportStream>, Status> {
        let (call, v1::ExportRequest { uin, reason }) = (Call::of(EXPORT, &request), request.into_inner());
        let export = self.deed(call, uin, reason, Layer::export).await?;
        let (send, parts) = channel(WAITING_PARTS);
        tokio::spawn(async move {
            for part in export_parts(export) {
                let failed = part.is_err();
                if send.send(part.map_err(Status::from)).await.is_err() || failed {
                    return;
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(parts)))
    }

    async fn get_history(
        &self,
        request: Request<v1::GetHistoryRequest>,
    ) -> Result<Response<v1::GetHistoryResponse>, Status> {
        let (call, request) = (Call::of(HISTORY, &request), request.into_inner());
        let history = move |desk: &mut Desk<'_>| {
            desk.subject(&request.uin)?;
            let changes = desk.layer.history(&request.uin, request.since_unix_ms, most(request.most)?)?;
            Ok(v1::GetHistoryResponse { changes: changes.into_iter().map(change).collect() })
        };
        self.work(call, history).await.map(Response::new)
    }

    async fn run_retention(
        &self,
        request: Request<v1::RunRetentionRequest>,
    ) -> Result<Response<v1::RunRetentionResponse>, Status> {
        let call = Call::of(RETENTION, &request);
        let retained = self.work(call, |desk| Ok(desk.layer.retain()?)).await?;
        let whorl_identity::lifecycle::Retained { enclosures, rejected, transactions, events } = retained;
        Ok(Response::new(v1::RunRetentionResponse { enclosures, rejected, events, transactions }))
    }
}

impl Services {
    /// Has something done to the record of a UIN, for a reason.
    pub(super) async fn deed<T: Send + 'static>(
        &self,
        call: Call,
        uin: String,
        reason: String,
        work: impl FnOnce(&Layer, &str, Deed<'_>) -> Result<T, LifecycleError> + Send + 'static,
    ) -> Result<T, Status> {
        self.work(call, move |desk| desk.change(&uin, &reason, work)).await
    }
}

impl Desk<'_> {
    /// Does something to the record of a UIN: the reason is in its history, too.
    fn change<T>(
        &mut self,
        uin: &str,
        reason: &str,
        work: impl FnOnce(&Layer, &str, Deed<'_>) -> Result<T, LifecycleError>,
    ) -> Result<T, Failure> {
        self.purpose("reason", reason)?;
        self.subject(uin)?;
        Ok(work(self.layer, uin, Deed { by: &self.by, reason })?)
    }
}

fn identity(subject: Subject) -> v1::GetIdentityResponse {
    let locks = subject.locks.iter().map(|lock| v1::FactorLock {
        factor: factor(lock.factor).into(),
        since_unix_ms: lock.since_ms,
        open_until_unix_ms: lock.open_until_ms,
    });
    v1::GetIdentityResponse {
        subject: subject.id.to_string(),
        status: status(subject.status).into(),
        locks: locks.collect(),
        registrations: subject.registrations.iter().map(ToString::to_string).collect(),
        in_process: subject.in_process.as_ref().map(ToString::to_string).unwrap_or_default(),
        created_unix_ms: subject.created_ms,
        updated_unix_ms: subject.updated_ms,
        demographics: Some(record(subject.demographics)),
    }
}

fn change(change: Change) -> v1::IdentityChange {
    v1::IdentityChange { at_unix_ms: change.at_ms, by: change.by, what: change.what, detail: change.detail }
}

/// The record, then each file.
fn export_parts(mut export: Export) -> impl Iterator<Item = Result<v1::ExportResponse, Failure>> {
    let files = std::mem::take(&mut export.enclosures);
    let record = match serde_json::to_value(&export) {
        Ok(Value::Object(fields)) => Ok(v1::ExportResponse { record: Some(written(fields)), file: None }),
        _ => Err(Failure::internal("the record cannot be written")),
    };
    let files = files.into_iter().map(|(registration, number, data)| {
        let file = v1::ExportedFile { registration, number: u32::from(number), data: data.into() };
        Ok(v1::ExportResponse { record: None, file: Some(file) })
    });
    [record].into_iter().chain(files)
}

/// The record without the place of the files, which follow it.
fn written(mut fields: Map<String, Value>) -> whorl_proto::record::Struct {
    fields.remove("enclosures");
    record(fields)
}
