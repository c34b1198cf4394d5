//! The routes of the identity layer's services.

use std::sync::Arc;

use whorl_proto::identity::v1::adjudication_service_server::AdjudicationService;
use whorl_proto::identity::v1::authentication_service_server::AuthenticationService;
use whorl_proto::identity::v1::identity_service_server::IdentityService;
use whorl_proto::identity::v1::issuance_service_server::IssuanceService;
use whorl_proto::identity::v1::partner_service_server::PartnerService;
use whorl_proto::identity::v1::registration_service_server::RegistrationService;

use super::Gateway;
use super::names::IDENTITY_PACKAGE;
use super::routes::Routes;

impl Gateway {
    /// Serves the identity layer.
    #[must_use]
    pub fn identity<S>(self, services: &Arc<S>) -> Self
    where
        S: RegistrationService
            + AdjudicationService
            + IdentityService
            + IssuanceService
            + AuthenticationService
            + PartnerService,
    {
        let registration = self.of_registration(Arc::clone(services));
        let adjudication = self.of_adjudication(Arc::clone(services));
        let lifecycle = self.of_lifecycle(Arc::clone(services));
        let issuance = self.of_issuance(Arc::clone(services));
        let authentication = self.of_authentication(Arc::clone(services));
        let partners = self.of_partners(Arc::clone(services));
        self.with(registration).with(adjudication).with(lifecycle).with(issuance).with(authentication).with(partners)
    }

    fn of_registration<S: RegistrationService>(&self, service: Arc<S>) -> Routes<S> {
        Routes::of("RegistrationService", service, self.limits)
            .in_package(IDENTITY_PACKAGE)
            .unary("Register", |s, request| async move { s.register(request).await })
            .unary("GetRegistration", |s, request| async move { s.get_registration(request).await })
            .unary("ListEvents", |s, request| async move { s.list_events(request).await })
            .answer_streams("WatchEvents", |s, request| async move { s.watch_events(request).await })
    }

    fn of_adjudication<S: AdjudicationService>(&self, service: Arc<S>) -> Routes<S> {
        Routes::of("AdjudicationService", service, self.limits)
            .in_package(IDENTITY_PACKAGE)
            .unary("ListCases", |s, request| async move { s.list_cases(request).await })
            .unary("GetCase", |s, request| async move { s.get_case(request).await })
            .unary("GetEvidence", |s, request| async move { s.get_evidence(request).await })
            .unary("GetEvidenceFile", |s, request| async move { s.get_evidence_file(request).await })
            .unary("AssignCase", |s, request| async move { s.assign_case(request).await })
            .unary("DecideCase", |s, request| async move { s.decide_case(request).await })
            .unary("SettleCase", |s, request| async move { s.settle_case(request).await })
    }

    fn of_lifecycle<S: IdentityService>(&self, service: Arc<S>) -> Routes<S> {
        Routes::of("IdentityService", service, self.limits)
            .in_package(IDENTITY_PACKAGE)
            .unary("GetIdentity", |s, request| async move { s.get_identity(request).await })
            .unary("Block", |s, request| async move { s.block(request).await })
            .unary("Unblock", |s, request| async move { s.unblock(request).await })
            .unary("LockAuthentication", |s, request| async move { s.lock_authentication(request).await })
            .unary("UnlockAuthentication", |s, request| async move { s.unlock_authentication(request).await })
            .unary("Merge", |s, request| async move { s.merge(request).await })
            .unary("Unmerge", |s, request| async move { s.unmerge(request).await })
            .unary("Erase", |s, request| async move { s.erase(request).await })
            .answer_streams("Export", |s, request| async move { s.export(request).await })
            .unary("GetHistory", |s, request| async move { s.get_history(request).await })
            .unary("RunRetention", |s, request| async move { s.run_retention(request).await })
    }

    fn of_authentication<S: AuthenticationService>(&self, service: Arc<S>) -> Routes<S> {
        Routes::of("AuthenticationService", service, self.limits)
            .in_package(IDENTITY_PACKAGE)
            .unary("Authenticate", |s, request| async move { s.authenticate(request).await })
            .unary("SendOtp", |s, request| async move { s.send_otp(request).await })
            .unary("ListTransactions", |s, request| async move { s.list_transactions(request).await })
    }

    fn of_partners<S: PartnerService>(&self, service: Arc<S>) -> Routes<S> {
        Routes::of("PartnerService", service, self.limits)
            .in_package(IDENTITY_PACKAGE)
            .unary("CreatePartner", |s, request| async move { s.create_partner(request).await })
            .unary("UpdatePartner", |s, request| async move { s.update_partner(request).await })
            .unary("SetPartnerStatus", |s, request| async move { s.set_partner_status(request).await })
            .unary("RenewApiKey", |s, request| async move { s.renew_api_key(request).await })
            .unary("GetPartner", |s, request| async move { s.get_partner(request).await })
            .unary("ListPartners", |s, request| async move { s.list_partners(request).await })
    }

    fn of_issuance<S: IssuanceService>(&self, service: Arc<S>) -> Routes<S> {
        Routes::of("IssuanceService", service, self.limits)
            .in_package(IDENTITY_PACKAGE)
            .unary("CreateVid", |s, request| async move { s.create_vid(request).await })
            .unary("RegenerateVid", |s, request| async move { s.regenerate_vid(request).await })
            .unary("EndVid", |s, request| async move { s.end_vid(request).await })
            .unary("ListVids", |s, request| async move { s.list_vids(request).await })
            .unary("IssueCredential", |s, request| async move { s.issue_credential(request).await })
            .unary("ListCredentials", |s, request| async move { s.list_credentials(request).await })
            .unary("RevokeCredential", |s, request| async move { s.revoke_credential(request).await })
            .unary("GetIssuerKeys", |s, request| async move { s.get_issuer_keys(request).await })
    }
}
