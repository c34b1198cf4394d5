//! How a server is reached.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

use super::retry::Retry;
use super::token::TokenSource;

/// How long a connection may take to stand, keys agreed on: as long as the server's own default for its side.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// The most bytes of a file of certificates: those that browsers trust have a quarter.
const MAX_PEM_BYTES: u64 = 1 << 20;

/// How often a connection is asked whether the server is still there, and how long it may take to say so: a server that was cut off is
/// noticed before most deadlines pass.
const PINGED: Duration = Duration::from_secs(20);
const PING_ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// How a server is reached.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it serves: `https://abis.example.org:7443`, or `http://127.0.0.1:7443` without TLS. A host and port alone are taken to be
    /// encrypted where `tls` is there.
    pub address: String,
    /// Whom to believe, and who this client is. Without it nothing is encrypted.
    pub tls: Option<Tls>,
    /// Where the bearer token of each call comes from.
    pub token: Option<TokenSource>,
    /// How long a call may take, all its attempts together. The server hears it and gives up what nobody waits for; it grants no more
    /// than its `server.request_timeout_s`. Streams have as long for their beginning, and no end.
    pub deadline: Duration,
    /// How calls are tried again that were refused for now.
    pub retry: Retry,
}

/// Whom to believe, and who this client is.
#[derive(Clone)]
pub struct Tls {
    /// The certificates of those who sign the server's, PEM.
    pub authority: Vec<u8>,
    /// The certificate by which the server knows this client.
    pub identity: Option<Identity>,
    /// The name in the server's certificate, where it is not the host of the address.
    pub server_name: Option<String>,
}

/// A certificate and its key.
#[derive(Clone)]
pub struct Identity {
    /// The certificate and those between it and its root, PEM.
    pub certificate: Vec<u8>,
    /// Its key, PEM.
    pub key: Vec<u8>,
}

/// What of a client lies in files, all PEM but the token; each may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The certificates of those who sign the server's: with it the connection is encrypted.
    pub authority: Option<PathBuf>,
    /// The client's certificate.
    pub certificate: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
    /// The token, which is read anew for every call.
    pub token: Option<PathBuf>,
}

/// Why a server cannot be reached in the way that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OptionsError {
    /// It is no address.
    #[error("\"{0}\" is no address of a server: write https://HOST:PORT, or http://HOST:PORT without TLS")]
    Address(String),
    /// It is to be encrypted, and nothing says whom to believe.
    #[error("{0} is encrypted: say who signs the server's certificate")]
    NoAuthority(String),
    /// It is not encrypted, and something says whom to believe.
    #[error("{0} is not encrypted, yet certificates are given: write https://")]
    NotEncrypted(String),
    /// A certificate without its key, or without whom to believe, or the other way round.
    #[error("a client's certificate, its key and who signs the server's go together: give all three")]
    Incomplete,
    /// A file cannot be read.
    #[error("{}: {why}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// A token would be sent where others can read it.
    #[error("a token is not sent to {0} in the clear, where others can read it: use TLS")]
    TokenInTheClear(String),
}

impl Options {
    /// The server at `address`, with a deadline of a minute and the default of retries.
    pub fn new(address: impl Into<String>) -> Self {
        let (deadline, retry) = (Duration::from_mins(1), Retry::default());
        Self { address: address.into(), tls: None, token: None, deadline, retry }
    }

    /// The server at `address`, with what is in `files`.
    ///
    /// # Errors
    /// [`OptionsError::Unreadable`] or [`OptionsError::Incomplete`].
    pub fn read(address: impl Into<String>, files: &Files) -> Result<Self, OptionsError> {
        let Files { authority, certificate, key, token } = files;
        let identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(Identity { certificate: read(certificate)?, key: read(key)? }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(OptionsError::Incomplete),
        };
        let tls = match authority {
            Some(authority) => Some(Tls { identity, ..Tls::signed_by(read(authority)?) }),
            None if identity.is_some() => return Err(OptionsError::Incomplete),
            None => None,
        };
        Ok(Self { tls, token: token.clone().map(TokenSource::File), ..Self::new(address) })
    }

    /// Where to connect, and how.
    pub(super) fn endpoint(&self) -> Result<Endpoint, OptionsError> {
        let refused = || OptionsError::Address(self.address.clone());
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let address = match self.address.split_once("://") {
            Some(_) => self.address.clone(),
            None => format!("{scheme}://{}", self.address),
        };
        let endpoint = Endpoint::from_shared(address.clone()).map_err(|_| refused())?;
        let host = endpoint.uri().host().ok_or_else(refused)?.to_owned();
        let endpoint = match (endpoint.uri().scheme_str(), &self.tls) {
            (Some("https"), Some(tls)) => endpoint.tls_config(tls.config()).map_err(|_| refused())?,
            (Some("https"), None) => return Err(OptionsError::NoAuthority(address)),
            (Some("http"), Some(_)) => return Err(OptionsError::NotEncrypted(address)),
            (Some("http"), None) if self.token.is_some() && !is_this_machine(&host) => {
                return Err(OptionsError::TokenInTheClear(address));
            }
            (Some("http"), None) => endpoint,
            _ => return Err(refused()),
        };
        Ok(endpoint
            .connect_timeout(CONNECT_WITHIN)
            .http2_keep_alive_interval(PINGED)
            .keep_alive_timeout(PING_ANSWERED_WITHIN))
    }
}

impl Tls {
    /// Servers whose certificates these certificates (PEM) sign; the client has none of its own.
    pub fn signed_by(authority: impl Into<Vec<u8>>) -> Self {
        Self { authority: authority.into(), identity: None, server_name: None }
    }

    fn config(&self) -> ClientTlsConfig {
        let mut config = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&self.authority));
        if let Some(Identity { certificate, key }) = &self.identity {
            config = config.identity(tonic::transport::Identity::from_pem(certificate, key));
        }
        match &self.server_name {
            Some(name) => config.domain_name(name),
            None => config,
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, OptionsError> {
    let unreadable = |why: io::Error| OptionsError::Unreadable { path: path.to_owned(), why: why.to_string() };
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_PEM_BYTES).read_to_end(&mut bytes)).map_err(unreadable)?;
    Ok(bytes)
}

/// Whether what is sent there stays on this machine.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("identity", &self.identity)
            .field("server_name", &self.server_name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(address: &str, tls: Option<Tls>, token: Option<TokenSource>) -> Result<String, OptionsError> {
        let options = Options { tls, token, ..Options::new(address) };
        options.endpoint().map(|endpoint| endpoint.uri().to_string())
    }

    #[test]
    fn an_address_says_whether_it_is_encrypted_and_contradictions_are_refused() {
        assert_eq!(options("127.0.0.1:7443", None, None).unwrap(), "http://127.0.0.1:7443/");
        assert!(matches!(options("https://abis:7443", None, None), Err(OptionsError::NoAuthority(_))));
        let tls = || Some(Tls::signed_by(*b"not read yet"));
        assert!(matches!(options("http://abis:7443", tls(), None), Err(OptionsError::NotEncrypted(_))));
        for none in ["", "ftp://abis", "http://", "not an address"] {
            assert!(matches!(options(none, None, None), Err(OptionsError::Address(_))), "{none}");
        }
    }

    #[test]
    fn a_certificate_alone_is_refused() {
        let certificate = Some(PathBuf::from("certificate.pem"));
        let files = Files { certificate: certificate.clone(), ..Files::default() };
        assert_eq!(Options::read("abis:7443", &files).unwrap_err(), OptionsError::Incomplete);
        let files = Files { key: certificate.clone(), certificate, ..Files::default() };
        let error = Options::read("abis:7443", &files).unwrap_err();
        assert!(
            matches!(&error, OptionsError::Unreadable { path, .. } if path.ends_with("certificate.pem")),
            "{error}"
        );
    }

    #[test]
    fn a_token_leaves_this_machine_encrypted_only_and_is_never_printed() {
        let token = || Some(TokenSource::Fixed("SECRET".to_owned()));
        assert!(options("localhost:7443", None, token()).is_ok());
        assert!(options("http://[::1]:7443", None, token()).is_ok());
        assert!(matches!(options("http://10.0.0.1:7443", None, token()), Err(OptionsError::TokenInTheClear(_))));
        let identity = Identity { certificate: b"CERTIFICATE".to_vec(), key: b"SECRET".to_vec() };
        let tls = Tls { identity: Some(identity), ..Tls::signed_by(*b"x") };
        let printed = format!("{:?}", Options { tls: Some(tls), token: token(), ..Options::new("localhost:1") });
        assert!(!printed.contains("SECRET") && !printed.contains("83, 69"), "{printed}");
    }
}
