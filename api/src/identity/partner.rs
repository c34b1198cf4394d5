//! `whorl.identity.v1.PartnerService`.

use serde_json::Value;
use tonic::{Request, Response, Status};
use whorl_identity::partner::{Partner, PartnerKind, PartnerStatus, Terms};
use whorl_proto::identity::v1;
use whorl_proto::identity::v1::partner_service_server::PartnerService;

use super::convert::{demographics, most, record};
use super::failure::Failure;
use super::services::{Desk, Services};
use crate::calls::Call;

const CREATE: &str = "/whorl.identity.v1.PartnerService/CreatePartner";
const UPDATE: &str = "/whorl.identity.v1.PartnerService/UpdatePartner";
const SET: &str = "/whorl.identity.v1.PartnerService/SetPartnerStatus";
const RENEW: &str = "/whorl.identity.v1.PartnerService/RenewApiKey";
const GET: &str = "/whorl.identity.v1.PartnerService/GetPartner";
const LIST: &str = "/whorl.identity.v1.PartnerService/ListPartners";

#[tonic::async_trait]
impl PartnerService for Services {
    async fn create_partner(
        &self,
        request: Request<v1::CreatePartnerRequest>,
    ) -> Result<Response<v1::CreatePartnerResponse>, Status> {
        let (call, request) = (Call::of(CREATE, &request), request.into_inner());
        let create = move |desk: &mut Desk<'_>| {
            desk.partner(&request.id)?;
            let key = desk.layer.create_partner(&request.id, &terms(request.terms)?)?;
            Ok(v1::CreatePartnerResponse { api_key: key.as_str().to_owned() })
        };
        self.work(call, create).await.map(Response::new)
    }

    async fn update_partner(
        &self,
        request: Request<v1::UpdatePartnerRequest>,
    ) -> Result<Response<v1::UpdatePartnerResponse>, Status> {
        let (call, request) = (Call::of(UPDATE, &request), request.into_inner());
        let update = move |desk: &mut Desk<'_>| {
            desk.partner(&request.id)?;
            Ok(desk.layer.update_partner(&request.id, &terms(request.terms)?)?)
        };
        self.work(call, update).await?;
        Ok(Response::new(v1::UpdatePartnerResponse {}))
    }

    async fn set_partner_status(
        &self,
        request: Request<v1::SetPartnerStatusRequest>,
    ) -> Result<Response<v1::SetPartnerStatusResponse>, Status> {
        let (call, request) = (Call::of(SET, &request), request.into_inner());
        let set = move |desk: &mut Desk<'_>| {
            let status = match request.status() {
                v1::PartnerStatus::Unspecified => return Err(Failure::field("status", "status: say which")),
                v1::PartnerStatus::Active => PartnerStatus::Active,
                v1::PartnerStatus::Disabled => PartnerStatus::Disabled,
            };
            desk.partner(&request.id)?;
            Ok(desk.layer.turn_partner(&request.id, status)?)
        };
        self.work(call, set).await?;
        Ok(Response::new(v1::SetPartnerStatusResponse {}))
    }

    async fn renew_api_key(
        &self,
        request: Request<v1::RenewApiKeyRequest>,
    ) -> Result<Response<v1::RenewApiKeyResponse>, Status> {
        let (call, id) = (Call::of(RENEW, &request), request.into_inner().id);
        let renew = move |desk: &mut Desk<'_>| {
            desk.partner(&id)?;
            Ok(v1::RenewApiKeyResponse { api_key: desk.layer.renew_api_key(&id)?.as_str().to_owned() })
        };
        self.work(call, renew).await.map(Response::new)
    }

    async fn get_partner(
        &self,
        request: Request<v1::GetPartnerRequest>,
    ) -> Result<Response<v1::GetPartnerResponse>, Status> {
        let (call, id) = (Call::of(GET, &request), request.into_inner().id);
        let get = move |desk: &mut Desk<'_>| {
            desk.partner(&id)?;
            Ok(v1::GetPartnerResponse { partner: Some(message(desk.layer.partner(&id)?)?) })
        };
        self.work(call, get).await.map(Response::new)
    }

    async fn list_partners(
        &self,
        request: Request<v1::ListPartnersRequest>,
    ) -> Result<Response<v1::ListPartnersResponse>, Status> {
        let (call, request) = (Call::of(LIST, &request), request.into_inner());
        let list = move |desk: &mut Desk<'_>| {
            let after = Some(request.after.as_str()).filter(|after| !after.is_empty());
            let partners = desk.layer.partners(after, most(request.most)?)?;
            Ok(v1::ListPartnersResponse { partners: partners.into_iter().map(message).collect::<Result<_, _>>()? })
        };
        self.work(call, list).await.map(Response::new)
    }
}

impl Desk<'_> {
    /// Notes in the audit which partner it is about; what is no id could be any text.
    fn partner(&mut self, id: &str) -> Result<(), Failure> {
        if !Partner::is_id(id) {
            let most = Partner::MOST_ID_BYTES;
            let message =
                format!("id: a partner is called by 1 to {most} letters, digits, dots, dashes and underlines");
            return Err(Failure::field("id", message));
        }
        self.concerns(&id);
        Ok(())
    }
}

fn terms(terms: Option<v1::PartnerTerms>) -> Result<Terms, Failure> {
    let terms = terms.ok_or_else(|| Failure::field("terms", "terms: say what the partner may ask"))?;
    let kind = match terms.kind() {
        v1::PartnerKind::Unspecified => {
            return Err(Failure::field("terms.kind", "terms.kind: say what it is there for"));
        }
        v1::PartnerKind::Authentication => PartnerKind::Authentication,
        v1::PartnerKind::Kyc => PartnerKind::Kyc,
    };
    let policy = serde_json::from_value(Value::Object(demographics(terms.policy)?));
    let policy = policy.map_err(|error| Failure::field("terms.policy", format!("terms.policy: {error}")))?;
    Ok(Terms { name: terms.name, kind, keys: Some(terms.keys).filter(|keys| !keys.is_empty()), policy })
}

fn message(partner: Partner) -> Result<v1::PartnerRecord, Failure> {
    let policy = match serde_json::to_value(&partner.terms.policy) {
        Ok(Value::Object(fields)) => record(fields),
        _ => return Err(Failure::internal("the policy cannot be written")),
    };
    let kind = match partner.terms.kind {
        PartnerKind::Authentication => v1::PartnerKind::Authentication,
        PartnerKind::Kyc => v1::PartnerKind::Kyc,
    };
    let status = match partner.status {
        PartnerStatus::Active => v1::PartnerStatus::Active,
        PartnerStatus::Disabled => v1::PartnerStatus::Disabled,
    };
    let Terms { name, keys, .. } = partner.terms;
    let keys = keys.unwrap_or_default();
    Ok(v1::PartnerRecord {
        id: partner.id,
        terms: Some(v1::PartnerTerms { name, kind: kind.into(), keys, policy: Some(policy) }),
        status: status.into(),
        created_unix_ms: partner.created_ms,
        updated_unix_ms: partner.updated_ms,
    })
}
