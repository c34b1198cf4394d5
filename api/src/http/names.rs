//! Which path of HTTP is which method of gRPC. One follows from the other: `/whorl.v1.EnrolmentService/EnrolMany` is
//! `/v1/enrolment/enrol-many`, and `/whorl.identity.v1.IssuanceService/CreateVid` is `/identity/v1/issuance/create-vid`.

/// The package of the API.
pub const PACKAGE: &str = "whorl.v1";

/// The package of the identity layer.
pub const IDENTITY_PACKAGE: &str = "whorl.identity.v1";

/// Every package, and what stands before its paths of HTTP: what it is about, where that is more than biometrics, and its version.
pub(super) const PACKAGES: [(&str, &str); 2] = [(PACKAGE, "/v1/"), (IDENTITY_PACKAGE, "/identity/v1/")];

/// Every path of HTTP that a method could have.
pub(super) const ANY_PATHS: [&str; 2] = ["/v1/{*rest}", "/identity/v1/{*rest}"];

/// Where status lists of credentials are, which anybody may fetch, and what that is called among the methods.
pub const STATUS_LISTS: &str = "/credentials/status";

/// Whether this is the path of a status list: its name, and in one form a purpose.
#[must_use]
pub fn is_status_list(path: &str) -> bool {
    let Some(rest) = path.strip_prefix(STATUS_LISTS).and_then(|rest| rest.strip_prefix('/')) else { return false };
    let mut parts = rest.splitn(3, '/');
    let (name, purpose) = (parts.next().unwrap_or_default(), parts.next());
    !name.is_empty() && purpose != Some("") && parts.next().is_none()
}

/// What the name of every service ends with.
const SERVICE: &str = "Service";

/// The path of HTTP of a method such as `EnrolMany` of a service such as `EnrolmentService` of the package [`PACKAGE`].
#[must_use]
pub fn http_path(service: &str, method: &str) -> String {
    http_path_of(PACKAGE, service, method)
}

/// The same of a package; one that is not known has the paths of [`PACKAGE`].
#[must_use]
pub fn http_path_of(package: &str, service: &str, method: &str) -> String {
    let prefix = PACKAGES.iter().find(|(known, _)| *known == package).unwrap_or(&PACKAGES[0]).1;
    format!("{prefix}{}/{}", in_kebab_case(service.strip_suffix(SERVICE).unwrap_or(service)), in_kebab_case(method))
}

/// The path by which gRPC calls what HTTP calls `path`, such as `/whorl.v1.EnrolmentService/EnrolMany`; none where `path` is not formed
/// as those of the API are. That there is such a method is not asked.
#[must_use]
pub fn grpc_path(path: &str) -> Option<String> {
    let (package, rest) = PACKAGES.iter().find_map(|(package, prefix)| Some((package, path.strip_prefix(prefix)?)))?;
    let (service, method) = rest.split_once('/')?;
    Some(format!("/{package}.{}{SERVICE}/{}", in_pascal_case(service)?, in_pascal_case(method)?))
}

fn in_kebab_case(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 4);
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

/// None unless `name` is words of small letters with hyphens between, so that no two names give the same.
fn in_pascal_case(name: &str) -> Option<String> {
    name.split('-').map(capitalised).collect()
}

fn capitalised(word: &str) -> Option<String> {
    let mut letters = word.chars();
    let first = letters.next()?;
    let small = word.bytes().all(|letter| letter.is_ascii_lowercase());
    small.then(|| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_http_and_one_of_grpc_follow_from_each_other_for_every_method() {
        for grpc in super::super::grpc_paths() {
            let (service, method) = grpc.trim_start_matches('/').split_once('/').unwrap();
            let (package, service) = service.rsplit_once('.').unwrap();
            assert_eq!(grpc_path(&http_path_of(package, service, method)).as_deref(), Some(grpc.as_str()));
        }
        assert_eq!(http_path_of(IDENTITY_PACKAGE, "IssuanceService", "CreateVid"), "/identity/v1/issuance/create-vid");
        assert_eq!(http_path("EnrolmentService", "EnrolMany"), "/v1/enrolment/enrol-many");
    }

    #[test]
    fn nothing_but_a_list_and_its_purpose_is_open_below_the_lists() {
        assert!(is_status_list("/credentials/status/a") && is_status_list("/credentials/status/a/revocation"));
        for path in ["", "/", "/a/", "/a//", "//a", "/a/b/c", "a", "s/a"] {
            assert!(!is_status_list(&format!("{STATUS_LISTS}{path}")), "{path}");
        }
    }

    #[test]
    fn what_is_formed_otherwise_is_no_method() {
        for path in [
            "/",
            "/openapi.json",
            "/v1/enrolment",
            "/v1/enrolment/",
            "/v1//enrol",
            "/v1/enrolment/Enrol",
            "/v1/enrolment/enrol/",
            "/v1/enrolment/enrol-",
            "/v1/enrolment/enrol--many",
            "/v1/enrolment/%65nrol",
            "/v2/enrolment/enrol",
            "v1/enrolment/enrol",
        ] {
            assert_eq!(grpc_path(path), None, "{path}");
        }
    }
}
