//! The section `[security]` of the configuration.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;

use thiserror::Error;

use super::certificate::CertificateName;
use super::role::{Role, Roles};

/// The longest leeway: clocks that differ by more than five minutes are to be mended, not excused.
const MAX_LEEWAY_S: u64 = 300;

/// The shortest time between two looks at the keys; more would let strangers with made-up keys hammer the issuer.
const MIN_REFRESH_S: u64 = 1;

/// The most clients that are listed by their certificates: each is looked at for every request with one.
const MAX_LISTED_CLIENTS: usize = 10_000;

/// Who may use the server, and how it knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether clients must say who they are. `required` is the default; `none` lets everybody do everything, and belongs on an
    /// address that only this machine reaches.
    pub authentication: Authentication,
    /// Certificates and keys of the server, and the authority of its clients. Without, nothing is encrypted.
    pub tls: Option<TlsSettings>,
    /// Whose bearer tokens are believed. Without, none are.
    pub tokens: Option<TokenSettings>,
    /// Clients that are known by their certificates, `[[security.clients]]`.
    pub clients: Vec<CertificateClient>,
    /// How much of the server each client may have.
    pub limits: LimitSettings,
}

/// Whether clients must say who they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Authentication {
    /// By a certificate or a token.
    #[default]
    Required,
    /// Everybody may do everything.
    None,
}

/// Certificates and keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSettings {
    /// PEM file of the server's certificate, followed by those that lead to its authority.
    pub certificate: PathBuf,
    /// PEM file of the private key of the certificate.
    pub key: PathBuf,
    /// PEM file of the authorities that sign the certificates of clients. Without, clients show none.
    pub client_authority: Option<PathBuf>,
    /// Whether clients must show a certificate. `required` is the default; `optional` is for those that bring a token instead.
    /// Counts only with `client_authority`.
    pub client_certificates: ClientCertificates,
}

/// Whether clients must show a certificate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientCertificates {
    /// A connection without is refused.
    #[default]
    Required,
    /// A connection without is taken; one that the authority did not sign is refused all the same.
    Optional,
}

/// Whose bearer tokens are believed: JWT, signed with RS256 or ES256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSettings {
    /// What the claim `iss` must be.
    pub issuer: String,
    /// What the claim `aud` must be, or contain.
    pub audience: String,
    /// The issuer's public keys, a JSON Web Key Set.
    pub keys: KeySource,
    /// PEM file of the authorities that sign the certificate of that URL's server. Without, those that browsers trust.
    pub keys_authority: Option<PathBuf>,
    /// Seconds after which the keys are looked at again. A key that was taken out is believed that much longer.
    pub refresh_s: u64,
    /// Least seconds between two looks that a token with an unknown key, or a failure, brings about.
    pub retry_s: u64,
    /// Seconds by which the clocks of issuer and server may differ, at most 300.
    pub leeway_s: u64,
    /// The claim that names the client; claims within claims are separated by dots.
    pub name_claim: String,
    /// The claim that lists the roles, as an array or as text with spaces; claims within claims are separated by dots, such as
    /// `realm_access.roles`.
    pub roles_claim: String,
    /// What the issuer's roles are here. Where this is not empty, only what
    /// it names counts; where it is, roles are called as here.
    pub role_names: BTreeMap<String, Vec<Role>>,
}

/// Where an issuer's public keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file; it is read again when it changes.
    File(PathBuf),
    /// An address that begins with `https://`.
    Url(String),
}

/// A client that is known by its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateClient {
    /// A name in the certificate: `CN=station-7` of the subject, `DNS=station-7.example` or `URI=spiffe://example/station-7` of
    /// the alternative names. The first client of the list whose name is there is who it is.
    pub certificate: CertificateName,
    /// What it may do.
    pub roles: Roles,
}

/// How much of the server each client may have. A stream counts as one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitSettings {
    /// Requests a second that a client may keep up; more are refused.
    pub requests_per_second: NonZeroU32,
    /// Requests that may come at once after a pause.
    pub burst: NonZeroU32,
    /// Requests of a client that may be under way at the same time, streams among them.
    pub concurrent_requests: NonZeroU32,
    /// Clients whose requests are counted, 1 at least: those that were not heard of for longest are forgotten first.
    pub remembered_clients: NonZeroU32,
    /// Seconds after which a request is given up of which nothing more comes while the server waits for it.
    pub stall_s: NonZeroU32,
}

impl Default for LimitSettings {
    /// A station sends a few requests a minute, a gateway in front of thousands of stations a few hundred a second.
    fn default() -> Self {
        let some = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self {
            requests_per_second: some(500),
            burst: some(1_000),
            concurrent_requests: some(256),
            remembered_clients: some(10_000),
            stall_s: some(60),
        }
    }
}

/// Why settings make no sense.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// Clients must say who they are, and cannot.
    #[error(
        "security: nobody could use the server: configure [security.tokens], or [[security.clients]] with \
         [security.tls] client_authority, or say authentication = \"none\" where only this machine reaches it"
    )]
    NobodyKnown,
    /// Everybody is let in, and yet some are named.
    #[error(
        "security: authentication = \"none\" lets everybody in: remove it, or [security.tokens] and [[security.clients]]"
    )]
    Contradictory,
    /// Clients are named by certificates that nobody asks for.
    #[error("security.clients: no certificate is ever asked for: configure client_authority in [security.tls]")]
    NoAuthority,
    /// A value that must say something says nothing.
    #[error("security.{0} is empty")]
    Empty(&'static str),
    /// A value is out of its range.
    #[error("security.{field} is {found}; it must be {least} to {most}")]
    OutOfRange {
        /// The field, by its path.
        field: &'static str,
        /// What it is.
        found: u64,
        /// The least it may be.
        least: u64,
        /// The most it may be.
        most: u64,
    },
    /// The address of keys can be listened to, or holds a password.
    #[error("security.tokens.keys: the address must begin with https:// and hold no user name or password")]
    UnsafeAddress,
    /// A name of a certificate is none.
    #[error("security.clients: \"{name}\" names no certificate: {why}")]
    Certificate {
        /// As configured.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// A client is there twice.
    #[error("security.clients: {0} is there twice")]
    Twice(CertificateName),
}

impl Settings {
    /// Whether everybody may do everything; then the server must not be reached from other machines.
    #[must_use]
    pub fn lets_everybody_in(&self) -> bool {
        self.authentication == Authentication::None
    }

    /// That the settings make sense together.
    ///
    /// # Errors
    /// [`SettingsError`], the first that is found.
    pub fn check(&self) -> Result<(), SettingsError> {
        let named = self.tokens.is_some() || !self.clients.is_empty();
        match (self.authentication, named) {
            (Authentication::Required, false) => return Err(SettingsError::NobodyKnown),
            (Authentication::None, true) => return Err(SettingsError::Contradictory),
            (Authentication::Required, true) | (Authentication::None, false) => (),
        }
        let asked_for = self.tls.as_ref().is_some_and(|tls| tls.client_authority.is_some());
        if !self.clients.is_empty() && !asked_for {
            return Err(SettingsError::NoAuthority);
        }
        within("clients", self.clients.len() as u64, 0, MAX_LISTED_CLIENTS as u64)?;
        for (at, client) in self.clients.iter().enumerate() {
            if self.clients[..at].iter().any(|before| before.certificate == client.certificate) {
                return Err(SettingsError::Twice(client.certificate.clone()));
            }
        }
        self.tokens.as_ref().map_or(Ok(()), TokenSettings::check)
    }
}

impl TokenSettings {
    fn check(&self) -> Result<(), SettingsError> {
        let texts = [
            ("tokens.issuer", &self.issuer),
            ("tokens.audience", &self.audience),
            ("tokens.name_claim", &self.name_claim),
            ("tokens.roles_claim", &self.roles_claim),
        ];
        if let Some((field, _)) = texts.into_iter().find(|(_, text)| text.is_empty()) {
            return Err(SettingsError::Empty(field));
        }
        within("tokens.leeway_s", self.leeway_s, 0, MAX_LEEWAY_S)?;
        within("tokens.refresh_s", self.refresh_s, MIN_REFRESH_S, u64::from(u32::MAX))?;
        within("tokens.retry_s", self.retry_s, MIN_REFRESH_S, u64::from(u32::MAX))?;
        match &self.keys {
            KeySource::File(_) => Ok(()),
            KeySource::Url(url) => {
                match url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()) {
                    Some(host) if !host.is_empty() && !host.contains('@') => Ok(()),
                    Some(_) | None => Err(SettingsError::UnsafeAddress),
                }
            }
        }
    }
}

fn within(field: &'static str, found: u64, least: u64, most: u64) -> Result<(), SettingsError> {
    if (least..=most).contains(&found) { Ok(()) } else { Err(SettingsError::OutOfRange { field, found, least, most }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Settings {
        let tls = TlsSettings {
            certificate: "server.pem".into(),
            key: "server.key".into(),
            client_authority: Some("clients.pem".into()),
            client_certificates: ClientCertificates::Optional,
        };
        let tokens = TokenSettings {
            issuer: "https://login.example".to_owned(),
            audience: "whorl".to_owned(),
            keys: KeySource::Url("https://login.example/keys".to_owned()),
            keys_authority: None,
            refresh_s: 300,
            retry_s: 10,
            leeway_s: 30,
            name_claim: "sub".to_owned(),
            roles_claim: "roles".to_owned(),
            role_names: BTreeMap::new(),
        };
        let station = CertificateClient {
            certificate: CertificateName::Common("station-7".to_owned()),
            roles: Roles::from_iter([Role::Enrol]),
        };
        Settings { tls: Some(tls), tokens: Some(tokens), clients: vec![station], ..Settings::default() }
    }

    #[test]
    fn nobody_is_let_in_by_saying_nothing() {
        assert_eq!(Settings::default().check(), Err(SettingsError::NobodyKnown));
        assert!(!Settings::default().lets_everybody_in());
        let open = Settings { authentication: Authentication::None, ..Settings::default() };
        assert_eq!(open.check(), Ok(()));
    }

    #[test]
    fn contradictions_are_refused() {
        assert_eq!(full().check(), Ok(()));
        let changed = |change: fn(&mut Settings)| {
            let mut settings = full();
            change(&mut settings);
            settings.check().unwrap_err()
        };
        let tokens =
            |settings: &mut Settings, change: fn(&mut TokenSettings)| change(settings.tokens.as_mut().unwrap());
        assert_eq!(changed(|all| all.authentication = Authentication::None), SettingsError::Contradictory);
        assert_eq!(changed(|all| all.tls = None), SettingsError::NoAuthority);
        assert!(matches!(changed(|all| all.clients.push(all.clients[0].clone())), SettingsError::Twice(_)));
        for url in ["http://login.example/keys", "https://", "https://me:secret@login.example/keys"] {
            let mut settings = full();
            settings.tokens.as_mut().unwrap().keys = KeySource::Url(url.to_owned());
            assert_eq!(settings.check(), Err(SettingsError::UnsafeAddress), "{url}");
        }
        let mut settings = full();
        tokens(&mut settings, |tokens| tokens.leeway_s = 3_600);
        assert!(matches!(settings.check(), Err(SettingsError::OutOfRange { field: "tokens.leeway_s", .. })));
        tokens(&mut settings, |tokens| tokens.issuer.clear());
        assert_eq!(settings.check(), Err(SettingsError::Empty("tokens.issuer")));
    }
}
