//! `[security]`, `[security.tls]` and `[security.tokens]`

use std::fmt::{Debug, Formatter};
use std::num::NonZeroU32;
use std::path::PathBuf;

use super::section::{Reading, Section};
use crate::security::{
    self, CertificateClient, ClientCertificates, KeySource, LimitSettings, Role, Settings, SettingsError, TlsSettings,
    TokenSettings,
};

/// The most clients that are known by certificates.
const MAX_CLIENTS: usize = 10_000;

/// Who a client is, and what he may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    /// Whether a client must say who he is.
    pub authentication: Authentication,
    /// That everybody who reaches the server may do everything was meant.
    pub i_know_that_anyone_can_connect: bool,
    /// That samples and tokens can be read on the way was meant.
    pub i_know_that_traffic_is_not_encrypted: bool,
    /// Calls of a client a second in the long run, 1 to 1,000,000.
    pub rate_per_s: u32,
    /// Calls of a client at once after a pause, 1 to 1,000,000.
    pub burst: u32,
    /// Calls of a client in progress, 1 to 100,000.
    pub concurrent: usize,
    /// Clients that are known by their certificates.
    pub clients: Vec<Client>,
    /// Encrypted connections.
    pub tls: Tls,
    /// Tokens of an identity provider.
    pub tokens: Tokens,
}

/// Whether a client must say who he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Everybody is taken for an administrator.
    None,
    /// By a certificate or a token.
    Required,
}

/// A client that is known by its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The name in the certificate.
    pub certificate: String,
    /// What he may do.
    pub roles: Vec<Role>,
}

/// Encrypted connections; without a certificate there are none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// The server's certificate and those between it and its root, PEM.
    pub certificate: Option<PathBuf>,
    /// The key of the certificate, PEM.
    pub key: Option<PathBuf>,
    /// Who signs the certificates of clients, PEM.
    pub client_ca: Option<PathBuf>,
}

/// Tokens of an identity provider; without an issuer none is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The claim `iss`.
    pub issuer: Option<String>,
    /// The claim `aud`.
    pub audience: Option<String>,
    /// The issuer's public keys.
    pub jwks_file: Option<PathBuf>,
    /// Where they are fetched.
    pub jwks_url: Option<String>,
    /// Who signs the certificate of that address, PEM; without, those whom browsers trust.
    pub jwks_ca: Option<PathBuf>,
    /// Seconds after which the keys are looked at again, 10 to 86,400.
    pub refresh_s: u64,
    /// Seconds by which the clocks of issuer and server may differ, 0 to 300.
    pub leeway_s: u64,
    /// The claim that names the client.
    pub name_claim: String,
    /// The claim that holds the roles.
    pub roles_claim: String,
    /// What the issuer's roles are here; where it is empty they are called as here.
    pub role_names: Vec<RoleName>,
}

/// What a role of an issuer is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName {
    /// The issuer's name for it.
    pub name: String,
    /// What it may do here.
    pub roles: Vec<Role>,
}

/// The most roles of an issuer that are named.
const MAX_ROLE_NAMES: usize = 100;

/// Least seconds between two looks at the issuer's keys that a token with an unknown key brings about.
const LEAST_RETRY_S: u64 = 10;

const AUTHENTICATIONS: [(&str, Authentication); 2] =
    [("none", Authentication::None), ("required", Authentication::Required)];

const ROLES: [(&str, Role); 12] = [
    ("enrol", Role::Enrol),
    ("search", Role::Search),
    ("verify", Role::Verify),
    ("adjudicate", Role::Adjudicate),
    ("admin", Role::Admin),
    ("audit", Role::Audit),
    ("register", Role::Register),
    ("supervise", Role::Supervise),
    ("officer", Role::Officer),
    ("issue", Role::Issue),
    ("authenticate", Role::Authenticate),
    ("partners", Role::Partners),
];

impl Default for Security {
    fn default() -> Self {
        Self {
            authentication: Authentication::None,
            i_know_that_anyone_can_connect: false,
            i_know_that_traffic_is_not_encrypted: false,
            rate_per_s: 200,
            burst: 400,
            concurrent: 64,
            clients: Vec::new(),
            tls: Tls::default(),
            tokens: Tokens::default(),
        }
    }
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            issuer: None,
            audience: None,
            jwks_file: None,
            jwks_url: None,
            jwks_ca: None,
            refresh_s: 300,
            leeway_s: 30,
            name_claim: "sub".to_owned(),
            roles_claim: "roles".to_owned(),
            role_names: Vec::new(),
        }
    }
}

impl Security {
    pub(super) fn read(reading: &mut Reading<'_>) -> Self {
        let tls = Tls::read(&mut reading.section("security.tls"));
        let tokens = Tokens::read(&mut reading.section("security.tokens"));
        let section = &mut reading.section("security");
        Self {
            authentication: section.word("authentication", &AUTHENTICATIONS),
            i_know_that_anyone_can_connect: section.flag("i_know_that_anyone_can_connect"),
            i_know_that_traffic_is_not_encrypted: section.flag("i_know_that_traffic_is_not_encrypted"),
            rate_per_s: section.whole("rate_per_s", 1..=1_000_000),
            burst: section.whole("burst", 1..=1_000_000),
            concurrent: section.whole("concurrent", 1..=100_000),
            clients: Client::read_all(section),
            tls,
            tokens,
        }
    }
}

impl Client {
    fn read_all(section: &mut Section<'_>) -> Vec<Self> {
        let tables = section.tables("clients", MAX_CLIENTS, &["certificate", "roles"]);
        let clients = tables.iter().map(|table| Self {
            certificate: section.member_text("clients", table, "certificate"),
            roles: section.member_words("clients", table, "roles", &ROLES),
        });
        clients.collect()
    }
}

impl Tls {
    fn read(section: &mut Section<'_>) -> Self {
        Self {
            certificate: section.optional_path("certificate"),
            key: section.secret_path("key"),
            client_ca: section.optional_path("client_ca"),
        }
    }
}

/// Says whether there is a key and not where: somebody may have put the key where its path belongs.
impl Debug for Tls {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls")
            .field("certificate", &self.certificate)
            .field("key", &self.key.is_some())
            .field("client_ca", &self.client_ca)
            .finish()
    }
}

impl Tokens {
    fn read(section: &mut Section<'_>) -> Self {
        Self {
            issuer: section.optional_text("issuer"),
            audience: section.optional_text("audience"),
            jwks_file: section.optional_path("jwks_file"),
            jwks_url: section.optional_text("jwks_url"),
            jwks_ca: section.optional_path("jwks_ca"),
            refresh_s: section.whole("refresh_s", 10..=86_400),
            leeway_s: section.whole("leeway_s", 0..=300),
            name_claim: section.text("name_claim"),
            roles_claim: section.text("roles_claim"),
            role_names: RoleName::read_all(section),
        }
    }
}

impl RoleName {
    fn read_all(section: &mut Section<'_>) -> Vec<Self> {
        let tables = section.tables("role_names", MAX_ROLE_NAMES, &["name", "roles"]);
        let names = tables.iter().map(|table| Self {
            name: section.member_text("role_names", table, "name"),
            roles: section.member_words("role_names", table, "roles", &ROLES),
        });
        names.collect()
    }
}

impl Security {
    /// What the gate of the server is made of.
    ///
    /// # Errors
    /// [`SettingsError`] where a name of a certificate is none, or the whole makes no sense.
    pub fn settings(&self) -> Result<Settings, SettingsError> {
        let client = |client: &Client| {
            let certificate = client
                .certificate
                .parse()
                .map_err(|why| SettingsError::Certificate { name: client.certificate.clone(), why })?;
            Ok(CertificateClient { certificate, roles: client.roles.iter().copied().collect() })
        };
        let some = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let settings = Settings {
            authentication: match self.authentication {
                Authentication::None => security::Authentication::None,
                Authentication::Required => security::Authentication::Required,
            },
            tls: self.tls_settings(),
            tokens: self.tokens.settings(),
            clients: self.clients.iter().map(client).collect::<Result<_, SettingsError>>()?,
            limits: LimitSettings {
                requests_per_second: some(self.rate_per_s),
                burst: some(self.burst),
                concurrent_requests: some(self.concurrent as u32),
                ..LimitSettings::default()
            },
        };
        settings.check()?;
        Ok(settings)
    }

    fn tls_settings(&self) -> Option<TlsSettings> {
        let Tls { certificate, key, client_ca } = &self.tls;
        // Who has a token needs no certificate.
        let client_certificates = match &self.tokens.issuer {
            Some(_) => ClientCertificates::Optional,
            None => ClientCertificates::Required,
        };
        Some(TlsSettings {
            certificate: certificate.clone()?,
            key: key.clone()?,
            client_authority: client_ca.clone(),
            client_certificates,
        })
    }
}

impl Tokens {
    fn settings(&self) -> Option<TokenSettings> {
        let file = self.jwks_file.clone().map(KeySource::File);
        let names = self.role_names.iter().map(|known| (known.name.clone(), known.roles.clone()));
        Some(TokenSettings {
            issuer: self.issuer.clone()?,
            audience: self.audience.clone()?,
            keys: file.or_else(|| self.jwks_url.clone().map(KeySource::Url))?,
            keys_authority: self.jwks_ca.clone(),
            refresh_s: self.refresh_s,
            retry_s: LEAST_RETRY_S,
            leeway_s: self.leeway_s,
            name_claim: self.name_claim.clone(),
            roles_claim: self.roles_claim.clone(),
            role_names: names.collect(),
        })
    }
}
