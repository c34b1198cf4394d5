//! `[identity]`

use std::fmt::{Debug, Formatter, Result as Written};
use std::net::IpAddr;
use std::path::PathBuf;

use super::rules::BrokenRule;
use super::section::Section;

/// The identity layer. Its keys themselves are not here, but where they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Whether the server has it.
    pub enabled: bool,
    /// The folder of its store and of the keys of persons.
    pub folder: PathBuf,
    /// Where records lie.
    pub store: IdentityStore,
    /// The file of the connection string.
    pub connection_file: Option<PathBuf>,
    /// The environment variable of the connection string.
    pub connection_env: Option<String>,
    /// The file of the master key of the keys of persons.
    pub master_key_file: Option<PathBuf>,
    /// The environment variable of that master key.
    pub master_key_env: Option<String>,
    /// The gallery; without one there are no biometrics.
    pub gallery: Option<String>,
    /// The demographic schema; none is the one that is compiled in.
    pub schema_file: Option<PathBuf>,
    /// The rules of the deployment; none is their defaults.
    pub settings_file: Option<PathBuf>,
    /// The rules of demographic comparison; none is their defaults.
    pub rules_file: Option<PathBuf>,
    /// The file of the salts of MOSIP's tokens; without them no partner gets such tokens.
    pub mosip_salts_file: Option<PathBuf>,
    /// The environment variable of those salts.
    pub mosip_salts_env: Option<String>,
    /// The secret key of credentials; without one none are issued.
    pub issuer_key_file: Option<PathBuf>,
    /// The public keys of earlier credentials.
    pub earlier_keys_file: Option<PathBuf>,
    /// Who issues credentials, a URI.
    pub issuer: Option<String>,
    /// Where the status lists of credentials are published; without it credentials have none.
    pub status_url: Option<String>,
    /// For how many days a credential holds where nobody says it, 1 to 36,500.
    pub credential_days: u32,
    /// How many registrations are worked on at once, 1 to 64.
    pub workers: usize,
    /// Whom to tell what happens.
    pub webhooks: Vec<Hook>,
    /// The file that one-time passwords are written into instead of being sent, for sandboxes.
    pub passwords_file: Option<PathBuf>,
    /// The mail server, by its name and port, that takes one-time passwords.
    pub mail_server: Option<String>,
    /// Who they are from.
    pub mail_from: Option<String>,
    /// As whom they are handed in.
    pub mail_user: Option<String>,
    /// The file of that user's password.
    pub mail_password_file: Option<PathBuf>,
}

/// Where the records of the identity layer lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdentityStore {
    /// In a file of the folder.
    #[default]
    File,
    /// In a database.
    Postgresql,
}

/// Who is told what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The address.
    pub url: String,
    /// The file of the secret that signs what is sent.
    pub secret_file: PathBuf,
}

const STORES: [(&str, IdentityStore); 2] = [("file", IdentityStore::File), ("postgresql", IdentityStore::Postgresql)];

/// The most webhooks: each has a thread.
const MAX_HOOKS: usize = 16;

impl Default for Identity {
    fn default() -> Self {
        Self {
            enabled: false,
            folder: "whorl-identity".into(),
            store: IdentityStore::File,
            connection_file: None,
            connection_env: None,
            master_key_file: None,
            master_key_env: None,
            gallery: None,
            schema_file: None,
            settings_file: None,
            rules_file: None,
            mosip_salts_file: None,
            mosip_salts_env: None,
            issuer_key_file: None,
            earlier_keys_file: None,
            issuer: None,
            status_url: None,
            credential_days: 1825,
            workers: 2,
            webhooks: Vec::new(),
            passwords_file: None,
            mail_server: None,
            mail_from: None,
            mail_user: None,
            mail_password_file: None,
        }
    }
}

impl Identity {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            enabled: section.flag("enabled"),
            folder: section.path("folder"),
            store: section.word("store", &STORES),
            connection_file: section.secret_path("connection_file"),
            connection_env: section.variable_name("connection_env"),
            master_key_file: section.secret_path("master_key_file"),
            master_key_env: section.variable_name("master_key_env"),
            gallery: section.optional_text("gallery"),
            schema_file: section.optional_path("schema_file"),
            settings_file: section.optional_path("settings_file"),
            rules_file: section.optional_path("rules_file"),
            mosip_salts_file: section.secret_path("mosip_salts_file"),
            mosip_salts_env: section.variable_name("mosip_salts_env"),
            issuer_key_file: section.secret_path("issuer_key_file"),
            earlier_keys_file: section.optional_path("earlier_keys_file"),
            issuer: section.optional_text("issuer"),
            status_url: section.optional_text("status_url"),
            credential_days: section.whole("credential_days", 1..=36_500),
            workers: section.whole("workers", 1..=64),
            webhooks: Hook::read_all(section),
            passwords_file: section.optional_path("passwords_file"),
            mail_server: section.optional_text("mail_server"),
            mail_from: section.optional_text("mail_from"),
            mail_user: section.optional_text("mail_user"),
            mail_password_file: section.secret_path("mail_password_file"),
        }
    }

    /// The rules that it breaks.
    pub(super) fn broken(&self) -> Vec<BrokenRule> {
        const MASTER: (&str, &str) = ("identity.master_key_file", "identity.master_key_env");
        const CONNECTION: (&str, &str) = ("identity.connection_file", "identity.connection_env");
        const SALTS: (&str, &str) = ("identity.mosip_salts_file", "identity.mosip_salts_env");
        let masters = (self.master_key_file.is_some(), self.master_key_env.is_some());
        let connections = (self.connection_file.is_some(), self.connection_env.is_some());
        let in_database = self.store == IdentityStore::Postgresql;
        let both = |(file, variable): (bool, bool), (one, other)| {
            (file && variable).then_some(BrokenRule::Both { one, other })
        };
        let needs =
            |is_set: bool, has: bool, key, needed| (is_set && !has).then_some(BrokenRule::Needs { key, needed });
        let (has_master, has_connection) = (masters.0 || masters.1, connections.0 || connections.1);
        let (key, issuer) = (self.issuer_key_file.is_some(), self.issuer.is_some());
        let (mail, login) = (self.mail_server.is_some(), self.mail_user.is_some());
        let found = [
            both((self.passwords_file.is_some(), mail), ("identity.passwords_file", "identity.mail_server")),
            needs(mail, self.mail_from.is_some(), "identity.mail_server", "identity.mail_from"),
            needs(self.mail_from.is_some(), mail, "identity.mail_from", "identity.mail_server"),
            needs(login, self.mail_password_file.is_some(), "identity.mail_user", "identity.mail_password_file"),
            needs(self.mail_password_file.is_some(), login, "identity.mail_password_file", "identity.mail_user"),
            both(masters, MASTER),
            both(connections, CONNECTION),
            both((self.mosip_salts_file.is_some(), self.mosip_salts_env.is_some()), SALTS),
            needs(self.enabled, has_master, "identity.enabled", "identity.master_key_file or identity.master_key_env"),
            needs(in_database, has_connection, "identity.store", "identity.connection_file or identity.connection_env"),
            needs(has_connection, in_database, "a connection in identity", "identity.store = \"postgresql\""),
            needs(key, issuer, "identity.issuer_key_file", "identity.issuer"),
            needs(issuer, key, "identity.issuer", "identity.issuer_key_file"),
            needs(self.status_url.is_some(), key, "identity.status_url", "identity.issuer_key_file"),
            self.status_url.as_ref().is_some_and(|url| !is_base(url)).then_some(BrokenRule::StatusAddress),
            (in_database && !cfg!(feature = "postgres")).then_some(BrokenRule::NoPostgres),
            self.webhooks.iter().any(|hook| !is_safe(&hook.url)).then_some(BrokenRule::HookAddress),
            (1..self.webhooks.len()).any(|at| self.is_there_before(at)).then_some(BrokenRule::SameHook),
        ];
        found.into_iter().flatten().collect()
    }

    fn is_there_before(&self, at: usize) -> bool {
        self.webhooks[..at].iter().any(|hook| hook.url == self.webhooks[at].url)
    }

    /// The files that it names, by their keys.
    pub(super) fn files(&self) -> impl Iterator<Item = (&'static str, &PathBuf)> {
        let named = [
            ("identity.connection_file", &self.connection_file),
            ("identity.master_key_file", &self.master_key_file),
            ("identity.schema_file", &self.schema_file),
            ("identity.settings_file", &self.settings_file),
            ("identity.rules_file", &self.rules_file),
            ("identity.mosip_salts_file", &self.mosip_salts_file),
            ("identity.issuer_key_file", &self.issuer_key_file),
            ("identity.earlier_keys_file", &self.earlier_keys_file),
            ("identity.mail_password_file", &self.mail_password_file),
        ];
        let named = named.into_iter().filter_map(|(key, path)| Some((key, path.as_ref()?)));
        named.chain(self.webhooks.iter().map(|hook| ("identity.webhooks", &hook.secret_file)))
    }
}

impl Hook {
    fn read_all(section: &mut Section<'_>) -> Vec<Self> {
        let tables = section.tables("webhooks", MAX_HOOKS, &["url", "secret_file"]);
        let hooks = tables.iter().map(|table| Self {
            url: section.member_text("webhooks", table, "url"),
            secret_file: section.member_path("webhooks", table, "secret_file"),
        });
        hooks.collect()
    }
}

/// The most bytes of the address of status lists: it is in every credential, and a QR code holds little.
const MAX_STATUS_URL_BYTES: usize = 200;

/// Whether names of lists can be put behind an address, and nobody on the way can put others there.
fn is_base(url: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:[]".contains(&byte);
    url.len() <= MAX_STATUS_URL_BYTES && url.bytes().all(plain) && !url.ends_with('/') && is_safe(url)
}

/// Whether nobody on the way reads what is sent to `url`: by https, or to this computer. It holds no password, which would be printed.
fn is_safe(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((inner, _)) => inner,
        None => authority.split(':').next().unwrap_or_default(),
    };
    !authority.contains('@') && !host.is_empty() && (scheme == "https" || scheme == "http" && is_this_computer(host))
}

/// Whether a name or address, without brackets, is that of this computer: what goes there is seen by nobody on the way.
pub(crate) fn is_this_computer(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Says which keys are set and not where they are: somebody may have put a key where its path belongs.
impl Debug for Identity {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        f.debug_struct("Identity")
            .field("enabled", &self.enabled)
            .field("folder", &self.folder)
            .field("store", &self.store)
            .field("gallery", &self.gallery)
            .field("has_connection", &(self.connection_file.is_some() || self.connection_env.is_some()))
            .field("has_master_key", &(self.master_key_file.is_some() || self.master_key_env.is_some()))
            .field("has_mosip_salts", &(self.mosip_salts_file.is_some() || self.mosip_salts_env.is_some()))
            .field("has_issuer_key", &self.issuer_key_file.is_some())
            .field("webhooks", &self.webhooks.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Config, Environment};
    use super::{is_base, is_safe};

    fn load(text: &str) -> Result<Config, String> {
        load_with(text, &Environment::default())
    }

    fn load_with(text: &str, environment: &Environment) -> Result<Config, String> {
        let text = format!("[identity]\n{text}");
        let loaded = Config::parse(Some((Path::new("/etc/whorl/whorl.toml"), &text)), environment);
        loaded.map(|loaded| loaded.config).map_err(|error| error.to_string())
    }

    #[test]
    fn the_variable_of_the_master_key_may_be_called_like_those_of_keys() {
        let text = "enabled = true\nmaster_key_env = \"WHORL_IDENTITY_MASTER\"\n\
                    webhooks = [{ url = \"https://example.org\", secret_file = \"hook\" }]\n";
        let environment = Environment::of([("WHORL_IDENTITY_MASTER", "a secret")]);
        let identity = load_with(text, &environment).unwrap().identity;
        assert_eq!(identity.webhooks[0].secret_file, Path::new("/etc/whorl/hook"));
        assert_eq!(identity.folder, Path::new("/etc/whorl/whorl-identity"));
        assert!(
            load_with("", &environment).unwrap_err().contains("WHORL_IDENTITY_MASTER"),
            "it is nobody's where no key names it"
        );
    }

    #[test]
    fn what_does_not_go_together_or_is_misspelt_is_refused() {
        for (text, expected) in [
            ("enabled = true\n", "identity.enabled needs identity.master_key_file"),
            ("store = \"postgresql\"\n", "identity.store needs identity.connection_file"),
            ("connection_file = \"a\"\n", "a connection in identity needs"),
            (
                "mosip_salts_file = \"a\"\nmosip_salts_env = \"A\"\n",
                "identity.mosip_salts_file and identity.mosip_salts_env are both set",
            ),
            ("rule_file = \"a\"\n", "did you mean `rules_file`?"),
            ("issuer_key_file = \"a\"\n", "identity.issuer_key_file needs identity.issuer"),
            ("issuer = \"a\"\n", "identity.issuer needs identity.issuer_key_file"),
            ("status_url = \"https://a.b/c\"\n", "identity.status_url needs identity.issuer_key_file"),
            ("status_url = \"https://a.b/c/\"\n", "identity.status_url must begin with https://"),
            ("webhooks = [{ url = \"http://example.org\", secret_file = \"a\" }]\n", "must begin with https://"),
            ("webhooks = [{ url = \"https://example.org\", secretfile = \"a\" }]\n", "did you mean `secret_file`?"),
            ("webhooks = [{ url = \"https://example.org\" }]\n", "identity.webhooks.secret_file must be"),
            (
                "webhooks = [{ url = \"https://a.b\", secret_file = \"a\" }, { url = \"https://a.b\", secret_file = \"b\" }]\n",
                "an address is there twice",
            ),
            ("worker = 3\n", "did you mean `workers`?"),
            ("workers = 65\n", "identity.workers"),
            ("folder = \"/etc/whorl/whorl-data\"\n", "data.folder and identity.folder are the same"),
        ] {
            let told = load(text).unwrap_err();
            assert!(told.contains(expected), "{text}: {told}");
        }
    }

    #[test]
    fn lists_are_fetched_by_https_or_from_this_computer_and_their_names_come_last() {
        for url in ["https://id.example.org", "https://id.example.org/credentials/status", "http://127.0.0.1:7443/a"] {
            assert!(is_base(url), "{url}");
        }
        let long = format!("https://id.example.org/{}", "a".repeat(200));
        for url in [
            "",
            "http://id.example.org",
            "https://id.example.org/",
            "https://a.b/c?d=",
            "https://a.b#c",
            "https://a.b/ c",
            &long,
        ] {
            assert!(!is_base(url), "{url}");
        }
    }

    #[test]
    fn events_go_by_https_or_to_this_computer() {
        for url in [
            "https://example.org/hook",
            "https://example.org:8443",
            "http://localhost:1/a",
            "http://127.0.0.1:8080",
            "http://[::1]:80/",
        ] {
            assert!(is_safe(url), "{url}");
        }
        for url in [
            "",
            "example.org",
            "http://example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "https://a:b@example.org",
            "http://localhost@example.org",
            "https://",
            "ftp://localhost",
        ] {
            assert!(!is_safe(url), "{url}");
        }
    }
}
