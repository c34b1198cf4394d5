//! Which server, and how it is reached.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use postgres::config::{Host, TargetSessionAttrs};
use postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::StoreError;

/// The schema where none is named.
const SCHEMA: &str = "whorl";

/// How many connections there are where no number is given: more writers at once do not pay on a server of a few cores.
const CONNECTIONS: usize = 16;

/// The most connections: the server's own default for all its clients is 100.
const MAX_CONNECTIONS: usize = 64;

/// The longest name that the server keeps whole.
const MAX_NAME_BYTES: usize = 63;

/// How long a connection may take to be made, unless the connection string says so.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// After how much silence the other side is asked whether it is there, and how often before it is not; unless the string says so.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_RETRIES: u32 = 3;

/// The port of a server whose port is not named.
const PORT: u16 = 5432;

/// A server, a database and a schema of it. Neither errors nor what is printed of it hold the connection string, for it may hold a
/// password.
#[derive(Clone)]
pub struct Server {
    pub(super) config: Config,
    schema: String,
    authority: Option<PathBuf>,
    connections: usize,
    pub(super) tls: Option<MakeRustlsConnect>,
}

impl Server {
    /// The server that `connection` names, as a list of `key=value` or as a URL of `postgresql://`. It is reached by TLS, and its
    /// certificate is checked; without TLS only on this machine, or where the string has `sslmode=disable`.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where the string cannot be read or names no host.
    pub fn new(connection: &str) -> Result<Self, StoreError> {
        // What the parser says may quote the string.
        let failed = |reason: &str| StoreError::Failed { place: "PostgreSQL".to_owned(), reason: reason.to_owned() };
        let mut config = Config::from_str(connection).map_err(|_| {
            failed("the connection string cannot be read: write host=... user=... dbname=..., and for sslmode disable, prefer or require")
        })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(failed("the connection string names no host: add host=..., a name or the folder of a socket"));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_keepalives_retries().is_none() {
            config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE).keepalives_retries(KEEPALIVE_RETRIES);
        }
        if config.get_application_name().is_none() {
            config.application_name("whorl");
        }
        // Of several hosts, the one that takes changes.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        Ok(Self { config, schema: SCHEMA.to_owned(), authority: None, connections: CONNECTIONS, tls: None })
    }

    /// Names the schema; without this it is `whorl`.
    ///
    /// # Errors
    /// [`StoreError::Failed`] unless it is 1..=63 of a-z, 0-9 and _, and begins with a letter other than those of `pg_`.
    pub fn with_schema(mut self, schema: &str) -> Result<Self, StoreError> {
        let is_plain = schema.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        let is_begun = schema.starts_with(|first: char| first.is_ascii_lowercase()) && !schema.starts_with("pg_");
        if !is_plain || !is_begun || schema.len() > MAX_NAME_BYTES {
            let reason = "a schema's name is at most 63 of a-z, 0-9 and _, and begins with a letter, but not with pg_";
            return Err(StoreError::Failed { place: self.place(), reason: reason.to_owned() });
        }
        schema.clone_into(&mut self.schema);
        Ok(self)
    }

    /// Trusts the certificates in this PEM file, and them alone, instead of those that the system trusts.
    #[must_use]
    pub fn with_authority(mut self, file: impl AsRef<Path>) -> Self {
        self.authority = Some(file.as_ref().to_owned());
        self
    }

    /// Bounds the connections that are open at once, within 1..=64.
    #[must_use]
    pub fn with_connections(mut self, connections: usize) -> Self {
        self.connections = connections.clamp(1, MAX_CONNECTIONS);
        self
    }

    /// Which server, database and schema, as people say it.
    #[must_use]
    pub fn place(&self) -> String {
        let ports = self.config.get_ports();
        let port = |host: usize| ports.get(host).or(ports.first()).copied().unwrap_or(PORT);
        let named = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(folder) => folder.display().to_string(),
        });
        let mut hosts = named.collect::<Vec<_>>();
        if hosts.is_empty() {
            hosts = self.config.get_hostaddrs().iter().map(ToString::to_string).collect();
        }
        let hosts = hosts.iter().enumerate().map(|(at, host)| format!("{host}:{}", port(at))).collect::<Vec<_>>();
        let database = self.config.get_dbname().or(self.config.get_user()).unwrap_or("of the user's name");
        format!("PostgreSQL at {}, database {database}, schema {}", hosts.join(","), self.schema)
    }

    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    pub(super) fn authority(&self) -> Option<&Path> {
        self.authority.as_deref()
    }

    pub(super) fn connections(&self) -> usize {
        self.connections
    }

    pub(super) fn connect(&self) -> Result<Client, postgres::Error> {
        match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({:?})", self.place())
    }
}
