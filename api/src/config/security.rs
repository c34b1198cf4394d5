//! `[security]`, `[security.tls]` and `[security.tokens]`

use std::fmt::{Debug, Formatter};
use std::path::PathBuf;

use super::section::{Reading, Section};

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

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Put people into galleries and take them out.
    Enrol,
    /// Look for people.
    Search,
    /// Compare people with whom they claim to be.
    Verify,
    /// See the pairs that a deduplication found.
    Adjudicate,
    /// Look after galleries.
    Admin,
    /// Read the record of who did what.
    Audit,
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
    /// The claim that holds the roles.
    pub roles_claim: String,
}

const AUTHENTICATIONS: [(&str, Authentication); 2] =
    [("none", Authentication::None), ("required", Authentication::Required)];

const ROLES: [(&str, Role); 6] = [
    ("enrol", Role::Enrol),
    ("search", Role::Search),
    ("verify", Role::Verify),
    ("adjudicate", Role::Adjudicate),
    ("admin", Role::Admin),
    ("audit", Role::Audit),
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
        Self { issuer: None, audience: None, jwks_file: None, jwks_url: None, roles_claim: "roles".to_owned() }
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
            roles_claim: section.text("roles_claim"),
        }
    }
}
