//! What may not be together: values that are each within their range, and together open a door or serve nobody.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::fault::Fault;
use super::{Authentication, Config, Encryption, EncryptionMode, Security};

/// Values that are fine alone and not together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenRule {
    /// Everybody could do everything.
    #[error(
        "server.listen is {listen}, which other computers reach, and security.authentication is \"none\": anyone could connect and do \
         everything; require authentication, listen on 127.0.0.1, or say security.i_know_that_anyone_can_connect = true"
    )]
    OpenToAnyone {
        /// The address.
        listen: SocketAddr,
    },
    /// Samples and tokens could be read on the way.
    #[error(
        "server.listen is {listen}, which other computers reach, without TLS: samples and tokens could be read on the way; set \
         security.tls.certificate and security.tls.key, listen on 127.0.0.1 behind a proxy that encrypts, or say \
         security.i_know_that_traffic_is_not_encrypted = true"
    )]
    NotEncrypted {
        /// The address.
        listen: SocketAddr,
    },
    /// Nobody could say who he is.
    #[error(
        "security.authentication is \"required\", and nothing says how: name clients in security.clients, or set \
         security.tokens.issuer"
    )]
    NobodyCanConnect,
    /// Roles that nobody would have.
    #[error(
        "security.{what} would have no effect while security.authentication is \"none\"; set it to \"required\" or leave the key out"
    )]
    NoEffect {
        /// The key.
        what: &'static str,
    },
    /// One that needs the other.
    #[error("{key} needs {needed}; set that too, or leave the first out")]
    Needs {
        /// What is set.
        key: &'static str,
        /// What is not.
        needed: &'static str,
    },
    /// Two of which one suffices.
    #[error("{one} and {other} are both set, and only one may be; leave one out")]
    Both {
        /// One.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// Keys could be forged on the way.
    #[error("security.tokens.jwks_url must begin with https://, for who forges the keys forges all tokens")]
    KeysNotEncrypted,
    /// A password where none is needed, and where it would be printed.
    #[error("security.tokens.jwks_url holds a name or a password before an @; public keys need none, leave it out")]
    PasswordInAddress,
    /// A key that encrypts nothing.
    #[error(
        "{key} names a master key, and encryption.mode is \"none\": nothing would be encrypted; set the mode or leave the key out"
    )]
    KeyWithoutEncryption {
        /// The key.
        key: &'static str,
    },
    /// One place for two things.
    #[error("{one} and {other} are the same, {path}; choose two", path = path.display())]
    SamePlace {
        /// One.
        one: &'static str,
        /// The other.
        other: &'static str,
        /// Where.
        path: PathBuf,
    },
    /// Events could be read and forged on the way.
    #[error(
        "identity.webhooks: an address must begin with https://, or with http:// and this computer's name or address, and hold no name \
         or password before an @"
    )]
    HookAddress,
    /// Lists that say whether credentials count could be forged on the way, or could not be told apart.
    #[error(
        "identity.status_url must begin with https://, or with http:// and this computer's name or address, end without a slash, and have \
         at most 200 letters, digits, dots, hyphens and slashes: names of lists are put behind it"
    )]
    StatusAddress,
    /// Each would hear what the other has not heard yet, and neither all.
    #[error("identity.webhooks: an address is there twice; leave one out")]
    SameHook,
    /// This program was built without it.
    #[error(
        "identity.store is \"postgresql\", and this program was built without it: build it with the feature `postgres`"
    )]
    NoPostgres,
    /// One port for two things.
    #[error("server.listen and server.operations_listen are the same, {listen}; choose two ports")]
    SamePort {
        /// The address.
        listen: SocketAddr,
    },
}

/// The rules that `config` breaks.
pub(super) fn broken(config: &Config) -> Vec<Fault> {
    let mut broken = doors(config);
    broken.extend(security(&config.security));
    broken.extend(encryption(&config.encryption));
    broken.extend(places(config));
    broken.extend(config.identity.broken());
    broken.into_iter().map(Fault::Rule).collect()
}

fn doors(config: &Config) -> Vec<BrokenRule> {
    let (listen, security) = (config.server.listen, &config.security);
    let reachable = !listen.ip().is_loopback();
    let open = security.authentication == Authentication::None && !security.i_know_that_anyone_can_connect;
    let clear = security.tls.certificate.is_none() && !security.i_know_that_traffic_is_not_encrypted;
    let same_port = listen == config.server.operations_listen && listen.port() != 0;
    let found = [
        (reachable && open).then_some(BrokenRule::OpenToAnyone { listen }),
        (reachable && clear).then_some(BrokenRule::NotEncrypted { listen }),
        same_port.then_some(BrokenRule::SamePort { listen }),
    ];
    found.into_iter().flatten().collect()
}

fn security(security: &Security) -> Vec<BrokenRule> {
    let Security { tls, tokens, clients, .. } = security;
    let required = security.authentication == Authentication::Required;
    let needs = |set: bool, has: bool, key, needed| (set && !has).then_some(BrokenRule::Needs { key, needed });
    let (certificate, key) = (tls.certificate.is_some(), tls.key.is_some());
    let (clients, issuer) = (!clients.is_empty(), tokens.issuer.is_some());
    let (file, url) = (tokens.jwks_file.is_some(), tokens.jwks_url.is_some());
    let address = tokens.jwks_url.as_deref().and_then(|url| url.split_once("://")).map_or("", |(_, rest)| rest);
    let password = address.split('/').next().is_some_and(|host| host.contains('@'));
    let forgeable = tokens.jwks_url.as_ref().is_some_and(|url| !url.starts_with("https://"));
    let both = BrokenRule::Both { one: "security.tokens.jwks_file", other: "security.tokens.jwks_url" };
    let found = [
        (required && !clients && !issuer).then_some(BrokenRule::NobodyCanConnect),
        (!required && clients).then_some(BrokenRule::NoEffect { what: "clients" }),
        (!required && issuer).then_some(BrokenRule::NoEffect { what: "tokens.issuer" }),
        needs(clients, tls.client_ca.is_some(), "security.clients", "security.tls.client_ca"),
        needs(tls.client_ca.is_some(), certificate, "security.tls.client_ca", "security.tls.certificate"),
        needs(certificate, key, "security.tls.certificate", "security.tls.key"),
        needs(key, certificate, "security.tls.key", "security.tls.certificate"),
        needs(issuer, tokens.audience.is_some(), "security.tokens.issuer", "security.tokens.audience"),
        needs(issuer, file || url, "security.tokens.issuer", "security.tokens.jwks_file or security.tokens.jwks_url"),
        needs(file || url, issuer, "a key set in security.tokens", "security.tokens.issuer"),
        (file && url).then_some(both),
        forgeable.then_some(BrokenRule::KeysNotEncrypted),
        password.then_some(BrokenRule::PasswordInAddress),
    ];
    found.into_iter().flatten().collect()
}

fn encryption(encryption: &Encryption) -> Vec<BrokenRule> {
    const FILE: &str = "encryption.master_key_file";
    const VARIABLE: &str = "encryption.master_key_env";
    let (file, variable) = (encryption.master_key_file.is_some(), encryption.master_key_env.is_some());
    let none = encryption.mode == EncryptionMode::None;
    let needed = "encryption.master_key_file or encryption.master_key_env";
    let found = [
        (file && variable).then_some(BrokenRule::Both { one: FILE, other: VARIABLE }),
        (none && file).then_some(BrokenRule::KeyWithoutEncryption { key: FILE }),
        (none && variable).then_some(BrokenRule::KeyWithoutEncryption { key: VARIABLE }),
        (!none && !file && !variable).then_some(BrokenRule::Needs { key: "encryption.mode", needed }),
    ];
    found.into_iter().flatten().collect()
}

fn places(config: &Config) -> Vec<BrokenRule> {
    let named: [(&str, &Path); 4] = [
        ("data.folder", &config.data.folder),
        ("data.backups", &config.data.backups),
        ("audit.folder", &config.audit.folder),
        ("identity.folder", &config.identity.folder),
    ];
    let mut broken = Vec::new();
    for (at, &(one, path)) in named.iter().enumerate() {
        let same = named[at + 1..].iter().filter(|(_, other)| *other == path);
        broken.extend(same.map(|&(other, path)| BrokenRule::SamePlace { one, other, path: path.to_path_buf() }));
    }
    broken
}

/// The files that `config` names and that cannot be opened.
pub(super) fn missing_files(config: &Config) -> Vec<Fault> {
    let Security { tls, tokens, .. } = &config.security;
    let named = [
        ("security.tls.certificate", &tls.certificate),
        ("security.tls.key", &tls.key),
        ("security.tls.client_ca", &tls.client_ca),
        ("security.tokens.jwks_file", &tokens.jwks_file),
        ("encryption.master_key_file", &config.encryption.master_key_file),
    ];
    let named = named.into_iter().filter_map(|(key, path)| Some((key, path.as_ref()?)));
    let unopened = named.chain(config.identity.files()).filter_map(|(key, path)| {
        let error = File::open(path).err()?;
        Some(Fault::MissingFile { key, kind: error.kind() })
    });
    unopened.collect()
}
