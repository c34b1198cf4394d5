//! `whorl.identity.v1.IssuanceService`.

use tonic::{Request, Response, Status};
use whorl_identity::issuance::Vid;
use whorl_identity::numbers::VidStatus;
use whorl_proto::identity::v1;
use whorl_proto::identity::v1::issuance_service_server::IssuanceService;

use super::convert::record;
use super::failure::{Failure, Reason};
use super::office::{Issuer, Office};
use super::services::{Desk, Services};
use crate::calls::Call;

const CREATE: &str = "/whorl.identity.v1.IssuanceService/CreateVid";
const REGENERATE: &str = "/whorl.identity.v1.IssuanceService/RegenerateVid";
const END: &str = "/whorl.identity.v1.IssuanceService/EndVid";
const LIST: &str = "/whorl.identity.v1.IssuanceService/ListVids";
const CREDENTIAL: &str = "/whorl.identity.v1.IssuanceService/IssueCredential";
const CREDENTIALS: &str = "/whorl.identity.v1.IssuanceService/ListCredentials";
const REVOKE: &str = "/whorl.identity.v1.IssuanceService/RevokeCredential";

#[tonic::async_trait]
impl IssuanceService for Services {
    async fn create_vid(
        &self,
        request: Request<v1::CreateVidRequest>,
    ) -> Result<Response<v1::CreateVidResponse>, Status> {
        let (call, v1::CreateVidRequest { uin, kind }) = (Call::of(CREATE, &request), request.into_inner());
        let create = move |desk: &mut Desk<'_>| {
            desk.subject(&uin)?;
            Ok(v1::CreateVidResponse { vid: Some(message(desk.layer.make_vid(&uin, &kind)?)) })
        };
        self.work(call, create).await.map(Response::new)
    }

    async fn regenerate_vid(
        &self,
        request: Request<v1::RegenerateVidRequest>,
    ) -> Result<Response<v1::RegenerateVidResponse>, Status> {
        let (call, v1::RegenerateVidRequest { uin, vid }) = (Call::of(REGENERATE, &request), request.into_inner());
        let regenerate = move |desk: &mut Desk<'_>| {
            desk.own_vid(&uin, &vid)?;
            Ok(v1::RegenerateVidResponse { vid: Some(message(desk.layer.regenerate_vid(&vid)?)) })
        };
        self.work(call, regenerate).await.map(Response::new)
    }

    async fn end_vid(&self, request: Request<v1::EndVidRequest>) -> Result<Response<v1::EndVidResponse>, Status> {
        let (call, request) = (Call::of(END, &request), request.into_inner());
        let end = move |desk: &mut Desk<'_>| {
            let status = match request.end() {
                v1::VidEnd::Unspecified => return Err(Failure::field("end", "end: say how the VID ends")),
                v1::VidEnd::Revoked => VidStatus::Revoked,
                v1::VidEnd::Used => VidStatus::Used,
                v1::VidEnd::Expired => VidStatus::Expired,
            };
            desk.own_vid(&request.uin, &request.vid)?;
            Ok(v1::EndVidResponse { vid: desk.layer.end_vid(&request.vid, status)?.map(message) })
        };
        self.work(call, end).await.map(Response::new)
    }

    async fn list_vids(&self, request: Request<v1::ListVidsRequest>) -> Result<Response<v1::ListVidsResponse>, Status> {
        let (call, uin) = (Call::of(LIST, &request), request.into_inner().uin);
        let list = move |desk: &mut Desk<'_>| {
            desk.subject(&uin)?;
            Ok(v1::ListVidsResponse { vids: desk.layer.vids(&uin)?.into_iter().map(message).collect() })
        };
        self.work(call, list).await.map(Response::new)
    }

    async fn issue_credential(
        &self,
        request: Request<v1::IssueCredentialRequest>,
    ) -> Result<Response<v1::IssueCredentialResponse>, Status> {
        let (call, request) = (Call::of(CREDENTIAL, &request), request.into_inner());
        self.work(call, move |desk| desk.issue(&request)).await.map(Response::new)
    }

    async fn list_credentials(
        &self,
        request: Request<v1::ListCredentialsRequest>,
    ) -> Result<Response<v1::ListCredentialsResponse>, Status> {
        let (call, uin) = (Call::of(CREDENTIALS, &request), request.into_inner().uin);
        self.work(call, move |desk| desk.credentials(&uin)).await.map(Response::new)
    }

    async fn revoke_credential(
        &self,
        request: Request<v1::RevokeCredentialRequest>,
    ) -> Result<Response<v1::RevokeCredentialResponse>, Status> {
        let (call, v1::RevokeCredentialRequest { uin, id, reason }) =
            (Call::of(REVOKE, &request), request.into_inner());
        self.deed(call, uin, reason, move |layer, uin, deed| layer.revoke_credential(uin, &id, deed)).await?;
        Ok(Response::new(v1::RevokeCredentialResponse {}))
    }

    async fn get_issuer_keys(
        &self,
        _request: Request<v1::GetIssuerKeysRequest>,
    ) -> Result<Response<v1::GetIssuerKeysResponse>, Status> {
        // Anybody may ask, as often as he likes: that costs no thread, and no line of the audit.
        let office = self.office()?;
        let issuer = issuer(&office)?;
        let set = issuer.public.to_json().ok().and_then(|text| serde_json::from_str(&text).ok());
        let set = set.ok_or_else(|| Failure::internal("the keys cannot be written"))?;
        Ok(Response::new(v1::GetIssuerKeysResponse { issuer: issuer.name.clone(), keys: Some(record(set)) }))
    }
}

/// Who signs credentials here.
pub(super) fn issuer(office: &Office) -> Result<&Issuer, Failure> {
    let message = "this server issues no credentials (identity.issuer_key_file)";
    office.issuer().ok_or_else(|| Failure::new(Reason::NoIssuerKey, message))
}

impl Desk<'_> {
    /// That a VID is one of the holder of a UIN.
    fn own_vid(&mut self, uin: &str, vid: &str) -> Result<(), Failure> {
        let subject = self.subject(uin)?;
        let is_his = subject.vids.iter().any(|known| known.number == vid);
        if is_his { Ok(()) } else { Err(Failure::new(Reason::VidNotFound, "the holder of this UIN has no such VID")) }
    }
}

fn message(vid: Vid) -> v1::VirtualId {
    v1::VirtualId {
        number: vid.number,
        kind: vid.kind,
        made_unix_ms: vid.life.made_unix_ms,
        expires_unix_ms: vid.life.expires_unix_ms,
        uses_left: vid.life.uses_left,
    }
}
