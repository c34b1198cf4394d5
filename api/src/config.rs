//! What an operator may choose: one documented TOML file that is compiled in, over it a file of his own, over that the environment.
//!
//! `config/default.toml` is the list of keys: a key that does not stand there is refused wherever it appears, with the nearest that
//! does. Each section is a plain struct in a file of its own. Whatever is wrong is told at once, each fault with its place, its key,
//! what is allowed and what to do.
//!
//! The rules of demographic comparison are a file of their own, which is read in the same way (`config/linkage.rs`).
//!
//! What this module is not: it opens no port and reads no key; nothing that is secret stands in a [`Config`].

mod audit;
mod data;
mod encryption;
mod engine;
mod environment;
mod fault;
mod identity;
mod layers;
mod linkage;
mod log;
mod nearest;
mod policy;
mod print;
mod rules;
mod search;
mod section;
mod security;
mod server;
#[cfg(test)]
mod tests;
mod value;

use std::fs;
use std::path::Path;

pub use audit::Audit;
pub use data::Data;
pub use encryption::{Encryption, EncryptionMode};
pub use engine::Engine;
pub use environment::Environment;
pub use fault::{ConfigError, Fault, Instead, Place};
pub(crate) use identity::is_this_computer;
pub use identity::{Hook, Identity, IdentityStore};
pub use log::{Level, Log, LogFormat};
pub use policy::{DuplicateCheck, Policy};
pub use rules::BrokenRule;
pub use search::{Search, SearchMode};
pub use security::{Authentication, Client, RoleName, Security, Tls, Tokens};
pub use server::Server;

pub(crate) use linkage::rules as linkage_rules;

use layers::{Document, Layers};
use section::Reading;

/// The documented configuration that is compiled in.
pub const DEFAULT_TOML: &str = include_str!("config/default.toml");

/// The same as a list of keys.
const DOCUMENT: Document =
    Document { name: "default.toml", toml: DEFAULT_TOML, shown_by: "whorl config print --default" };

/// The most bytes of a configuration; ten thousand clients with their roles have less.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// Everything an operator may choose, each value within its range.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Who may reach the server, and how much he may ask for at once.
    pub server: Server,
    /// Where things lie.
    pub data: Data,
    /// The work of the processor.
    pub engine: Engine,
    /// How galleries are searched where a request does not say it.
    pub search: Search,
    /// What the server does and does not do, whoever asks.
    pub policy: Policy,
    /// Encryption at rest.
    pub encryption: Encryption,
    /// The record of who did what.
    pub audit: Audit,
    /// The identity layer.
    pub identity: Identity,
    /// What the server says of itself.
    pub log: Log,
    /// Who a client is, and what he may do.
    pub security: Security,
}

/// A configuration, and where each value comes from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What is in force.
    pub config: Config,
    layers: Layers,
}

impl Config {
    /// What is in force with the file at `path`, where there is one, and `environment` over it.
    ///
    /// # Errors
    /// [`ConfigError`] where the file cannot be read, is no TOML, or where a key or value is not allowed.
    pub fn load(path: Option<&Path>, environment: &Environment) -> Result<Loaded, ConfigError> {
        let text = path.map(read).transpose()?;
        Self::parse(path.zip(text.as_deref()), environment)
    }

    /// As [`Config::load`], with the text of a file beside its path.
    ///
    /// # Errors
    /// As [`Config::load`], but for reading.
    pub fn parse(file: Option<(&Path, &str)>, environment: &Environment) -> Result<Loaded, ConfigError> {
        let mut faults = Vec::new();
        let mut layers = Layers::of(&DOCUMENT)?;
        if let Some((path, text)) = file {
            layers.lay_file(path, text, &mut faults)?;
        }
        layers.lay_environment(environment, &mut faults);
        let base = file.and_then(|(path, _)| path.parent()).unwrap_or(Path::new(""));
        let config = Self::read(&mut Reading { layers: &mut layers, faults: &mut faults, base });
        if faults.is_empty() {
            faults = rules::broken(&config);
        }
        if faults.is_empty() { Ok(Loaded { config, layers }) } else { Err(ConfigError::Refused(faults)) }
    }

    fn read(reading: &mut Reading<'_>) -> Self {
        Self {
            server: Server::read(&mut reading.section("server")),
            data: Data::read(&mut reading.section("data")),
            engine: Engine::read(&mut reading.section("engine")),
            search: Search::read(&mut reading.section("search")),
            policy: Policy::read(&mut reading.section("policy")),
            encryption: Encryption::read(&mut reading.section("encryption")),
            audit: Audit::read(&mut reading.section("audit")),
            identity: Identity::read(&mut reading.section("identity")),
            log: Log::read(&mut reading.section("log")),
            security: Security::read(reading),
        }
    }

    /// The files that this configuration names and that are not there, which a server could not start without.
    #[must_use]
    pub fn missing_files(&self) -> Vec<Fault> {
        rules::missing_files(self)
    }
}

impl Loaded {
    /// What is in force as TOML, each value with where it comes from. No secret is in it: a path that leads nowhere where a file with
    /// a secret should be may be the secret itself, and is not shown.
    #[must_use]
    pub fn print(&self) -> String {
        print::text(&self.layers)
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable { path: path.to_path_buf(), reason };
    let length = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if length > MAX_FILE_BYTES {
        return Err(unreadable(format!("it has {length} bytes, and a configuration has at most {MAX_FILE_BYTES}")));
    }
    fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))
}
