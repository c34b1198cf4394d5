//! Which roles suffice for which method.

use super::role::Role;
use crate::http::STATUS_LISTS;

/// Who may call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, also who did not say who he is.
    Open,
    /// Who has one of these roles.
    AnyOf(&'static [Role]),
}

const ENROL: Access = Access::AnyOf(&[Role::Enrol]);
const SEARCH: Access = Access::AnyOf(&[Role::Search]);
const VERIFY: Access = Access::AnyOf(&[Role::Verify]);
const ADMIN: Access = Access::AnyOf(&[Role::Admin]);
const ADMIN_OR_ADJUDICATE: Access = Access::AnyOf(&[Role::Admin, Role::Adjudicate]);
const AUDIT: Access = Access::AnyOf(&[Role::Audit]);
const CAPTURES: Access = Access::AnyOf(&[Role::Enrol, Role::Search, Role::Verify]);
const ANY_BUT_AUDIT: Access = Access::AnyOf(&[Role::Enrol, Role::Search, Role::Verify, Role::Admin, Role::Adjudicate]);
const SUPERVISE: Access = Access::AnyOf(&[Role::Supervise]);
const ADJUDICATE_OR_SUPERVISE: Access = Access::AnyOf(&[Role::Adjudicate, Role::Supervise]);
const OFFICER: Access = Access::AnyOf(&[Role::Officer]);
const AUTHENTICATE: Access = Access::AnyOf(&[Role::Authenticate]);
const PARTNERS: Access = Access::AnyOf(&[Role::Partners]);
const ISSUE: Access = Access::AnyOf(&[Role::Issue]);
const FOLLOWS_REGISTRATIONS: Access = Access::AnyOf(&[Role::Register, Role::Supervise, Role::Officer, Role::Issue]);

/// Every method by its path, as the comments of the `.proto` files say it; a test holds it against them.
const METHODS: [(&str, Access); 73] = [
    ("/whorl.v1.AuditService/ListRecords", AUDIT),
    ("/whorl.v1.DeduplicationService/StartJob", ADMIN),
    ("/whorl.v1.DeduplicationService/GetJob", ADMIN_OR_ADJUDICATE),
    ("/whorl.v1.DeduplicationService/ListJobs", ADMIN_OR_ADJUDICATE),
    ("/whorl.v1.DeduplicationService/WatchJob", ADMIN_OR_ADJUDICATE),
    ("/whorl.v1.DeduplicationService/CancelJob", ADMIN),
    ("/whorl.v1.DeduplicationService/ResumeJob", ADMIN),
    ("/whorl.v1.DeduplicationService/ListPairs", ADMIN_OR_ADJUDICATE),
    ("/whorl.v1.EnrolmentService/Enrol", ENROL),
    ("/whorl.v1.EnrolmentService/EnrolMany", ENROL),
    ("/whorl.v1.EnrolmentService/Replace", ENROL),
    ("/whorl.v1.EnrolmentService/Remove", ENROL),
    // With templates it needs `admin` besides, which is in the message and so for the handler to see.
    ("/whorl.v1.EnrolmentService/Fetch", SEARCH),
    ("/whorl.v1.ExtractionService/Extract", ENROL),
    ("/whorl.v1.ExtractionService/Assess", CAPTURES),
    ("/whorl.v1.GalleryService/CreateGallery", ADMIN),
    ("/whorl.v1.GalleryService/ListGalleries", ANY_BUT_AUDIT),
    ("/whorl.v1.GalleryService/GetGallery", ANY_BUT_AUDIT),
    ("/whorl.v1.GalleryService/CompactGallery", ADMIN),
    ("/whorl.v1.GalleryService/ScrubGallery", ADMIN),
    ("/whorl.v1.GalleryService/BackUpGallery", ADMIN),
    ("/whorl.v1.GalleryService/ReopenGallery", ADMIN),
    ("/whorl.v1.GalleryService/ExportGallery", ADMIN),
    ("/whorl.v1.IdentificationService/Identify", SEARCH),
    ("/whorl.v1.IdentificationService/IdentifyMany", SEARCH),
    ("/whorl.v1.IdentificationService/IdentifyStream", SEARCH),
    ("/whorl.v1.VerificationService/Verify", VERIFY),
    ("/whorl.v1.VerificationService/Compare", VERIFY),
    ("/whorl.identity.v1.AdjudicationService/ListCases", ADJUDICATE_OR_SUPERVISE),
    ("/whorl.identity.v1.AdjudicationService/GetCase", ADJUDICATE_OR_SUPERVISE),
    // Which of the two, and who of them, depends on the case, which is for the handler to see.
    ("/whorl.identity.v1.AdjudicationService/GetEvidence", ADJUDICATE_OR_SUPERVISE),
    ("/whorl.identity.v1.AdjudicationService/GetEvidenceFile", ADJUDICATE_OR_SUPERVISE),
    ("/whorl.identity.v1.AdjudicationService/AssignCase", SUPERVISE),
    ("/whorl.identity.v1.AdjudicationService/DecideCase", Access::AnyOf(&[Role::Adjudicate])),
    ("/whorl.identity.v1.AdjudicationService/SettleCase", SUPERVISE),
    ("/whorl.identity.v1.AuthenticationService/Authenticate", AUTHENTICATE),
    ("/whorl.identity.v1.AuthenticationService/SendOtp", AUTHENTICATE),
    ("/whorl.identity.v1.AuthenticationService/ListTransactions", OFFICER),
    ("/whorl.identity.v1.IdentityService/GetIdentity", OFFICER),
    ("/whorl.identity.v1.IdentityService/Block", OFFICER),
    ("/whorl.identity.v1.IdentityService/Unblock", OFFICER),
    ("/whorl.identity.v1.IdentityService/LockAuthentication", OFFICER),
    ("/whorl.identity.v1.IdentityService/UnlockAuthentication", OFFICER),
    ("/whorl.identity.v1.IdentityService/Merge", OFFICER),
    ("/whorl.identity.v1.IdentityService/Unmerge", OFFICER),
    ("/whorl.identity.v1.IdentityService/Erase", OFFICER),
    ("/whorl.identity.v1.IdentityService/Export", OFFICER),
    ("/whorl.identity.v1.IdentityService/GetHistory", OFFICER),
    ("/whorl.identity.v1.IdentityService/RunRetention", Access::AnyOf(&[Role::Officer, Role::Admin])),
    ("/whorl.identity.v1.IssuanceService/CreateVid", ISSUE),
    ("/whorl.identity.v1.IssuanceService/RegenerateVid", ISSUE),
    ("/whorl.identity.v1.IssuanceService/EndVid", ISSUE),
    ("/whorl.identity.v1.IssuanceService/ListVids", ISSUE),
    ("/whorl.identity.v1.IssuanceService/IssueCredential", ISSUE),
    ("/whorl.identity.v1.IssuanceService/ListCredentials", Access::AnyOf(&[Role::Issue, Role::Officer])),
    ("/whorl.identity.v1.IssuanceService/RevokeCredential", OFFICER),
    // Public keys: whoever is shown a credential checks it by them.
    ("/whorl.identity.v1.IssuanceService/GetIssuerKeys", Access::Open),
    ("/whorl.identity.v1.PartnerService/CreatePartner", PARTNERS),
    ("/whorl.identity.v1.PartnerService/UpdatePartner", PARTNERS),
    ("/whorl.identity.v1.PartnerService/SetPartnerStatus", PARTNERS),
    ("/whorl.identity.v1.PartnerService/RenewApiKey", PARTNERS),
    ("/whorl.identity.v1.PartnerService/GetPartner", PARTNERS),
    ("/whorl.identity.v1.PartnerService/ListPartners", PARTNERS),
    ("/whorl.identity.v1.RegistrationService/Register", Access::AnyOf(&[Role::Register])),
    // The UIN is for two of these alone, which is for the handler to see.
    ("/whorl.identity.v1.RegistrationService/GetRegistration", FOLLOWS_REGISTRATIONS),
    ("/whorl.identity.v1.RegistrationService/ListEvents", FOLLOWS_REGISTRATIONS),
    ("/whorl.identity.v1.RegistrationService/WatchEvents", FOLLOWS_REGISTRATIONS),
    // Whoever watches over processes has no identity of ours, and learns only whether the server serves.
    // What the gateway says of itself, which is in the sources for everybody to read.
    ("/", Access::Open),
    ("/openapi.json", Access::Open),
    // Signed lists that name nobody: whoever is shown a credential looks there whether it still counts.
    (STATUS_LISTS, Access::Open),
    ("/grpc.health.v1.Health/Check", Access::Open),
    ("/grpc.health.v1.Health/List", Access::Open),
    ("/grpc.health.v1.Health/Watch", Access::Open),
];

/// The paths of all methods.
pub fn methods() -> impl Iterator<Item = String> {
    METHODS.iter().map(|(method, _)| (*method).to_owned())
}

/// The methods by which tools ask what a server offers.
const REFLECTION: [&str; 2] = [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// Who may call the method of `path`; nobody where it is not known. With `reflection`, who has any role may ask what there is.
#[must_use]
pub fn access(path: &str, reflection: bool) -> Option<Access> {
    if reflection && REFLECTION.contains(&path) {
        return Some(Access::AnyOf(&Role::ALL));
    }
    METHODS.iter().find(|(known, _)| *known == path).map(|(_, access)| *access)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prost::Message;
    use prost_types::FileDescriptorSet;

    use super::*;

    fn described() -> BTreeSet<String> {
        let set = FileDescriptorSet::decode(whorl_proto::v1::DESCRIPTORS).expect("our own descriptors");
        let files = set.file.iter().filter(|file| file.package().starts_with("whorl."));
        let services = files.flat_map(|file| file.service.iter().map(|service| (file.package(), service)));
        let paths = |(package, service): (&str, &prost_types::ServiceDescriptorProto)| {
            let path = |method: &prost_types::MethodDescriptorProto| {
                format!("/{package}.{}/{}", service.name(), method.name())
            };
            service.method.iter().map(path).collect::<Vec<_>>()
        };
        services.flat_map(paths).collect()
    }

    /// Public keys, by which anybody checks a credential.
    const ISSUER_KEYS: &str = "/whorl.identity.v1.IssuanceService/GetIssuerKeys";

    #[test]
    fn every_method_of_the_api_but_for_public_keys_is_in_the_table_and_needs_a_role() {
        let described = described();
        assert!(described.len() > 20);
        for path in described.iter().filter(|path| *path != ISSUER_KEYS) {
            assert!(matches!(access(path, false), Some(Access::AnyOf([_, ..]))), "{path} is not in the table");
        }
        let stale = METHODS.iter().filter(|(path, _)| path.starts_with("/whorl.") && !described.contains(*path));
        assert_eq!(stale.count(), 0, "the table names methods that are gone");
        let once: BTreeSet<_> = METHODS.iter().map(|(path, _)| path).collect();
        assert_eq!(once.len(), METHODS.len(), "a method is there twice");
    }

    #[test]
    fn only_health_public_keys_status_lists_and_what_describes_the_api_are_open() {
        let open = METHODS.iter().filter(|(_, access)| *access == Access::Open).map(|(path, _)| *path);
        let health = ["/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/List", "/grpc.health.v1.Health/Watch"];
        assert_eq!(
            open.collect::<BTreeSet<_>>(),
            health.into_iter().chain(["/", "/openapi.json", ISSUER_KEYS, STATUS_LISTS]).collect()
        );
    }

    #[test]
    fn who_only_audits_reads_the_record_and_touches_no_gallery() {
        let audits = |access: &Access| matches!(access, Access::AnyOf(roles) if roles.contains(&Role::Audit));
        let may = METHODS.iter().filter(|(_, access)| audits(access)).map(|(path, _)| *path);
        assert_eq!(may.collect::<Vec<_>>(), ["/whorl.v1.AuditService/ListRecords"]);
    }

    #[test]
    fn unknown_methods_and_reflection_that_was_not_asked_for_are_refused() {
        let strangers = [
            "",
            "//",
            "/whorl.v1.EnrolmentService/",
            "/whorl.v1.EnrolmentService/enrol",
            "/whorl.v1.EnrolmentService/Enrol/",
        ];
        for path in strangers.iter().chain(&REFLECTION) {
            assert_eq!(access(path, false), None, "{path}");
        }
        assert!(REFLECTION.iter().all(|path| access(path, true).is_some()));
    }
}
