//! Clients that are known by their certificates.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use thiserror::Error;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use super::client::{By, Client};
use super::settings::CertificateClient;

/// The certificates that a client showed, its own first, once TLS has verified them: whoever accepts connections puts this into the
/// extensions of their requests.
#[derive(Debug, Clone)]
pub struct PeerCertificates(pub Arc<Vec<CertificateDer<'static>>>);

/// A name in a certificate, as the configuration writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateName {
    /// `CN=`, the common name of the subject.
    Common(String),
    /// `DNS=`, an alternative name; case does not matter.
    Dns(String),
    /// `URI=`, an alternative name.
    Uri(String),
}

/// Why a certificate does not say who a client is.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum CertificateError {
    /// It cannot be read.
    #[error("the client's certificate cannot be read")]
    Malformed,
    /// It is no longer or not yet valid; the connection may be older than its end.
    #[error("the client's certificate is not valid at this time: renew it and connect again")]
    NotValidNow,
    /// The configuration lists none of its names.
    #[error("no client of this certificate's names is configured: add one of them to [[security.clients]]")]
    Unknown,
}

impl FromStr for CertificateName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((_, name)) if name.is_empty() || name.len() > Client::MAX_NAME_BYTES - "URI=".len() => {
                Err(format!("a name in a certificate has 1 to {} bytes", Client::MAX_NAME_BYTES - "URI=".len()))
            }
            Some((_, name)) if name.chars().any(char::is_control) => {
                Err("a name in a certificate has no control characters".to_owned())
            }
            Some(("CN", name)) => Ok(Self::Common(name.to_owned())),
            Some(("DNS", name)) => Ok(Self::Dns(name.to_ascii_lowercase())),
            Some(("URI", name)) => Ok(Self::Uri(name.to_owned())),
            Some(_) | None => Err(format!("\"{text}\" is no name in a certificate: write CN=..., DNS=... or URI=...")),
        }
    }
}

impl fmt::Display for CertificateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Common(name) => write!(f, "CN={name}"),
            Self::Dns(name) => write!(f, "DNS={name}"),
            Self::Uri(name) => write!(f, "URI={name}"),
        }
    }
}

/// Who of `clients` has a name that is in `certificate`, which TLS has verified before.
///
/// # Errors
/// [`CertificateError`].
pub(super) fn identify(clients: &[CertificateClient], certificate: &[u8]) -> Result<Client, CertificateError> {
    let (_, parsed) = X509Certificate::from_der(certificate).map_err(|_| CertificateError::Malformed)?;
    // TLS looks at this when a connection begins; connections last.
    if !parsed.validity().is_valid_at(ASN1Time::now()) {
        return Err(CertificateError::NotValidNow);
    }
    let names = names(&parsed)?;
    let known = clients.iter().find(|client| names.contains(&client.certificate)).ok_or(CertificateError::Unknown)?;
    Ok(Client { name: known.certificate.to_string(), roles: known.roles, by: By::Certificate })
}

/// All names of a certificate that the configuration could list.
fn names(certificate: &X509Certificate<'_>) -> Result<Vec<CertificateName>, CertificateError> {
    let common = certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok());
    let mut names: Vec<_> = common.map(|name| CertificateName::Common(name.to_owned())).collect();
    let alternative = certificate.subject_alternative_name().map_err(|_| CertificateError::Malformed)?;
    for name in alternative.iter().flat_map(|extension| &extension.value.general_names) {
        if let GeneralName::DNSName(name) = name {
            names.push(CertificateName::Dns(name.to_ascii_lowercase()));
        }
        if let GeneralName::URI(name) = name {
            names.push(CertificateName::Uri((*name).to_owned()));
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, SanType, date_time_ymd};

    use super::*;
    use crate::security::role::{Role, Roles};

    fn client(name: &str, role: Role) -> CertificateClient {
        CertificateClient { certificate: name.parse().unwrap(), roles: Roles::from_iter([role]) }
    }

    fn certificate(change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let mut parameters = CertificateParams::new(vec!["Station-7.example".to_owned()]).unwrap();
        parameters.distinguished_name.push(DnType::CommonName, "station-7");
        parameters.subject_alt_names.push(SanType::URI("spiffe://example/station-7".try_into().unwrap()));
        change(&mut parameters);
        parameters.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn a_client_is_found_by_each_kind_of_name() {
        let shown = certificate(|_| ());
        for name in ["CN=station-7", "DNS=STATION-7.example", "URI=spiffe://example/station-7"] {
            let found = identify(&[client("CN=other", Role::Admin), client(name, Role::Enrol)], &shown).unwrap();
            assert_eq!(found.roles, Roles::from_iter([Role::Enrol]));
            assert_eq!((found.by, found.name), (By::Certificate, client(name, Role::Enrol).certificate.to_string()));
        }
    }

    #[test]
    fn a_name_of_another_kind_or_with_more_or_less_letters_is_nobody() {
        let shown = certificate(|_| ());
        for name in ["DNS=station-7", "CN=station-77", "CN=station-", "CN=Station-7", "URI=station-7"] {
            assert_eq!(identify(&[client(name, Role::Enrol)], &shown), Err(CertificateError::Unknown), "{name}");
        }
    }

    #[test]
    fn a_certificate_that_ran_out_is_nobody_even_on_a_connection_that_lasts() {
        let past = certificate(|parameters| parameters.not_after = date_time_ymd(2020, 1, 1));
        let future = certificate(|parameters| parameters.not_before = date_time_ymd(2999, 1, 1));
        for shown in [past, future] {
            assert_eq!(identify(&[client("CN=station-7", Role::Enrol)], &shown), Err(CertificateError::NotValidNow));
        }
        assert_eq!(identify(&[], b"no certificate"), Err(CertificateError::Malformed));
    }

    #[test]
    fn names_without_a_kind_are_refused() {
        for wrong in ["station-7", "CN=", "O=ministry", "cn=station-7", "CN=a\nb"] {
            assert!(wrong.parse::<CertificateName>().is_err(), "{wrong}");
        }
        assert!(format!("CN={}", "a".repeat(300)).parse::<CertificateName>().is_err());
    }
}
