//! Certificates and keys of the server, looked at when it starts.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{NoClientAuth, WebPkiClientVerifier, danger::ClientCertVerifier};
use rustls::{RootCertStore, ServerConfig};
use thiserror::Error;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use super::secret::{Secret, SecretError};
use super::settings::{ClientCertificates, TlsSettings};

/// How long before its end a certificate is warned of.
const SOON: Duration = Duration::from_hours(14 * 24);

/// Certificates and keys that were read and fit together.
pub struct Tls {
    config: Arc<ServerConfig>,
    warnings: Vec<TlsWarning>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("warnings", &self.warnings).finish_non_exhaustive()
    }
}

/// What will or does keep clients from connecting, or others from being kept out.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum TlsWarning {
    /// A certificate's time is over.
    #[error("\"{}\": a certificate has expired; clients will refuse it: renew it", .0.display())]
    Expired(PathBuf),
    /// A certificate's time has not come.
    #[error("\"{}\": a certificate is not valid yet; look at the clock of this machine", .0.display())]
    NotYetValid(PathBuf),
    /// A certificate's time is nearly over.
    #[error("\"{}\": a certificate expires within {} days: renew it", path.display(), SOON.as_secs() / 86_400)]
    ExpiresSoon {
        /// The file.
        path: PathBuf,
    },
    /// Other users of the machine can read the key.
    #[error("\"{}\": others than its owner can read this key: chmod 600", .0.display())]
    KeyReadableByOthers(PathBuf),
}

/// Why there is no TLS.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("security.tls: {0}")]
    Unreadable(#[from] SecretError),
    /// There is no certificate in a file.
    #[error("security.tls: \"{}\" holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", .0.display())]
    NoCertificate(PathBuf),
    /// A certificate cannot be read.
    #[error("security.tls: \"{}\": certificate {number} of the file cannot be read: it is damaged", path.display())]
    BadCertificate {
        /// The file.
        path: PathBuf,
        /// Which, from 1.
        number: usize,
    },
    /// There is no key.
    #[error(
        "security.tls: \"{}\" holds no private key in PEM that is not encrypted (-----BEGIN PRIVATE KEY-----)", .0.display()
    )]
    NoKey(PathBuf),
    /// The key is of a kind that TLS cannot use, or not the certificate's.
    #[error(
        "security.tls: the key in \"{}\" does not fit the first certificate of \"{}\"", key.display(), certificate.display()
    )]
    KeyDoesNotFit {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// An authority cannot be one.
    #[error("security.tls: \"{}\": certificate {number} of the file cannot be an authority of clients", path.display())]
    BadAuthority {
        /// The file.
        path: PathBuf,
        /// Which, from 1.
        number: usize,
    },
    /// The package refused what it was given.
    #[error("security.tls: {0}")]
    Refused(String),
}

impl Tls {
    /// Reads certificates and keys, and holds them against each other.
    ///
    /// # Errors
    /// [`TlsError`], which names the file and what is wrong with it.
    pub fn read(settings: &TlsSettings) -> Result<Self, TlsError> {
        let chain = certificates(&settings.certificate)?;
        let key = Secret::read(settings.key.clone())?;
        let private = PrivateKeyDer::from_pem_slice(key.expose()).map_err(|_| TlsError::NoKey(settings.key.clone()))?;
        let mut warnings: Vec<_> = warnings(&settings.certificate, &chain).into_iter().collect();
        warnings.extend(readable_by_others(&settings.key));
        let optional = settings.client_certificates == ClientCertificates::Optional;
        let verifier: Arc<dyn ClientCertVerifier> = match &settings.client_authority {
            Some(path) => {
                let authorities = certificates(path)?;
                warnings.extend(self::warnings(path, &authorities));
                verifier(path, &authorities, optional)?
            }
            None => Arc::new(NoClientAuth),
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Refused(error.to_string()))?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, private)
            .map_err(|_| TlsError::KeyDoesNotFit {
                certificate: settings.certificate.clone(),
                key: settings.key.clone(),
            })?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), warnings })
    }

    /// What a listener needs; it speaks HTTP/2 and HTTP/1.1. The [`super::PeerCertificates`] of its connections must be
    /// put into the extensions of their requests.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// What people should know.
    #[must_use]
    pub fn warnings(&self) -> &[TlsWarning] {
        &self.warnings
    }
}

/// The certificates of a PEM file, at least one, each of which can be read.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let pem = Secret::read(path.to_path_buf())?;
    let bad = |number| TlsError::BadCertificate { path: path.to_path_buf(), number };
    let mut chain = Vec::new();
    for found in CertificateDer::pem_slice_iter(pem.expose()) {
        let number = chain.len() + 1;
        let certificate = found.map_err(|_: pem::Error| bad(number))?;
        X509Certificate::from_der(&certificate).map_err(|_| bad(number))?;
        chain.push(certificate);
    }
    if chain.is_empty() { Err(TlsError::NoCertificate(path.to_path_buf())) } else { Ok(chain) }
}

fn verifier(
    path: &Path,
    authorities: &[CertificateDer<'static>],
    optional: bool,
) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let mut roots = RootCertStore::empty();
    for (at, authority) in authorities.iter().enumerate() {
        let bad = |_| TlsError::BadAuthority { path: path.to_path_buf(), number: at + 1 };
        roots.add(authority.clone()).map_err(bad)?;
    }
    let provider = Arc::new(ring::default_provider());
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = if optional { builder.allow_unauthenticated() } else { builder };
    builder.build().map_err(|error| TlsError::Refused(error.to_string()))
}

/// At most one warning a file, the gravest: all its certificates are renewed together.
fn warnings(path: &Path, certificates: &[CertificateDer<'static>]) -> Option<TlsWarning> {
    let parsed = certificates.iter().filter_map(|certificate| X509Certificate::from_der(certificate).ok());
    let validities: Vec<_> = parsed.map(|(_, certificate)| certificate.validity().clone()).collect();
    let now = ASN1Time::now();
    let soon = now.timestamp().saturating_add(SOON.as_secs() as i64);
    if validities.iter().any(|validity| validity.not_after < now) {
        return Some(TlsWarning::Expired(path.to_path_buf()));
    }
    if validities.iter().any(|validity| validity.not_before > now) {
        return Some(TlsWarning::NotYetValid(path.to_path_buf()));
    }
    let ends_soon = validities.iter().any(|validity| validity.not_after.timestamp() < soon);
    ends_soon.then(|| TlsWarning::ExpiresSoon { path: path.to_path_buf() })
}

/// Whether other users of the machine can read a key. Group `root` or a group of its own is common for secrets that are mounted, so
/// only the rest of the world counts.
#[cfg(unix)]
fn readable_by_others(key: &Path) -> Option<TlsWarning> {
    use std::os::unix::fs::PermissionsExt;

    let mode = std::fs::metadata(key).ok()?.permissions().mode();
    (mode & 0o004 != 0).then(|| TlsWarning::KeyReadableByOthers(key.to_path_buf()))
}

#[cfg(not(unix))]
fn readable_by_others(_key: &Path) -> Option<TlsWarning> {
    None
}
