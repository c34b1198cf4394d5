//! What the section `[identity]` names, opened in the same way by who serves and by who checks. Nothing on the disk is changed by it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use whorl_identity::authentication::{Outbox, Sender};
use whorl_identity::credential::{IssuerKey, PublicKeys};
use whorl_identity::demographic::Rules;
use whorl_identity::demography::Demography;
use whorl_identity::schema::Schema;
use whorl_identity::settings::Settings;
use whorl_identity::tokens::MosipSalts;
use whorl_index::MasterKey;
use zeroize::Zeroizing;

use super::hooks;
use super::office::{Issuer, OfficeError};
use super::post::{Letters, MailServer, Post};
use super::records::Records;
use crate::config::{Identity, is_this_computer, linkage_rules};
use crate::security::Secret;
use crate::server::{master_key, noted};

/// The most bytes of a file of settings, schema or keys.
const MOST_FILE_BYTES: u64 = 4 << 20;

/// What a configuration names.
pub(super) struct Named {
    pub(super) records: Records,
    pub(super) master: MasterKey,
    pub(super) demography: Demography,
    pub(super) settings: Settings,
    pub(super) salts: Option<MosipSalts>,
    pub(super) issuer: Option<Issuer>,
    pub(super) carrier: Option<Carrier>,
    /// Those of the webhooks, in their order.
    pub(super) secrets: Vec<Secret>,
}

/// Who takes one-time passwords to people.
pub(super) enum Carrier {
    /// Nobody: they are written down.
    File(Outbox),
    /// A mail server.
    Mail(Letters),
}

impl Named {
    /// Opens what `config` names.
    ///
    /// # Errors
    /// Every [`OfficeError`] for which there would be no layer, at least one.
    pub(super) fn open(config: &Identity) -> Result<Self, Vec<OfficeError>> {
        let mut failed = Vec::new();
        let records = noted(Records::named(config), &mut failed);
        let master = master_key(config.master_key_file.as_deref(), config.master_key_env.as_deref());
        let master = noted(master, &mut failed);
        let schema = noted(schema(config.schema_file.as_deref()), &mut failed);
        let rules =
            noted(config.rules_file.as_deref().map_or_else(|| Ok(Rules::default()), linkage_rules), &mut failed);
        let settings = noted(settings(config.settings_file.as_deref()), &mut failed);
        let salts = noted(salts(config), &mut failed);
        let issuer = noted(issuer(config), &mut failed);
        let carrier = noted(carrier(config), &mut failed);
        let secrets = noted(hooks::secrets(&config.webhooks), &mut failed);
        let opened = || {
            Some(Self {
                records: records?,
                master: master?,
                demography: Demography::new(schema?, rules?),
                settings: settings?,
                salts: salts?,
                issuer: issuer?,
                carrier: carrier?,
                secrets: secrets?,
            })
        };
        opened().ok_or(failed)
    }
}

impl Carrier {
    /// What takes them, from now on.
    ///
    /// # Errors
    /// [`OfficeError::Post`].
    pub(super) fn start(self) -> Result<Arc<dyn Sender>, OfficeError> {
        Ok(match self {
            Self::File(outbox) => Arc::new(outbox),
            Self::Mail(letters) => Arc::new(Post::open(letters)?),
        })
    }
}

fn schema(file: Option<&Path>) -> Result<Schema, OfficeError> {
    match file {
        Some(path) => Ok(Schema::from_json(&read("identity.schema_file", path)?)?),
        None => Ok(Schema::default()),
    }
}

fn settings(file: Option<&Path>) -> Result<Settings, OfficeError> {
    const KEY: &str = "identity.settings_file";
    let Some(path) = file else { return Ok(Settings::default()) };
    let text = read(KEY, path)?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let read: Result<Settings, String> = if is_json {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        toml::from_str(&text).map_err(|error| error.to_string())
    };
    let settings = read.map_err(|reason| OfficeError::File { key: KEY, reason })?;
    settings.check()?;
    Ok(settings)
}

fn salts(config: &Identity) -> Result<Option<MosipSalts>, OfficeError> {
    const KEYS: [&str; 2] = ["identity.mosip_salts_file", "identity.mosip_salts_env"];
    let Some(text) = secret(KEYS, config.mosip_salts_file.as_deref(), config.mosip_salts_env.as_deref())? else {
        return Ok(None);
    };
    let key = if config.mosip_salts_file.is_some() { KEYS[0] } else { KEYS[1] };
    let salts = MosipSalts::from_properties(&text).map_err(|source| OfficeError::Salts { key, source })?;
    Ok(Some(salts))
}

fn issuer(config: &Identity) -> Result<Option<Issuer>, OfficeError> {
    const KEY: &str = "identity.issuer_key_file";
    const EARLIER: &str = "identity.earlier_keys_file";
    let (Some(path), Some(name)) = (&config.issuer_key_file, &config.issuer) else { return Ok(None) };
    let key = IssuerKey::from_pem(&read(KEY, path)?).map_err(|source| OfficeError::IssuerKey { key: KEY, source })?;
    let mut public = key.public();
    if let Some(path) = &config.earlier_keys_file {
        let earlier = PublicKeys::from_json(&read(EARLIER, path)?);
        public = public.and(&earlier.map_err(|source| OfficeError::IssuerKey { key: EARLIER, source })?);
    }
    let (name, status_url) = (name.clone(), config.status_url.clone());
    Ok(Some(Issuer { name, key, public, days: config.credential_days, status_url }))
}

/// Who takes one-time passwords to people; nobody, where nothing is said of it.
fn carrier(config: &Identity) -> Result<Option<Carrier>, OfficeError> {
    if let Some(file) = &config.passwords_file {
        return Ok(Some(Carrier::File(Outbox::in_file(file))));
    }
    let Some(named) = &config.mail_server else { return Ok(None) };
    let split = named.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let (host, port) =
        split.filter(|(host, _)| !host.is_empty()).ok_or_else(|| OfficeError::MailServer(named.clone()))?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let login = match (&config.mail_user, &config.mail_password_file) {
        (Some(user), Some(file)) => {
            let password = read("identity.mail_password_file", file)?;
            Some((user.clone(), Zeroizing::new(password.trim_end().to_owned())))
        }
        _ => None,
    };
    let from = config.mail_from.clone().unwrap_or_default();
    let server = MailServer { host: host.to_owned(), port, from, login, is_encrypted: !is_this_computer(host) };
    Ok(Some(Carrier::Mail(Letters::to(&server)?)))
}

/// A secret in a file, or else in a variable of the environment; none where neither is named. `keys` are those of the configuration.
pub(super) fn secret(
    [in_file, in_variable]: [&'static str; 2],
    file: Option<&Path>,
    variable: Option<&str>,
) -> Result<Option<Zeroizing<String>>, OfficeError> {
    if let Some(path) = file {
        return read(in_file, path).map(Some);
    }
    let unset = |_| OfficeError::Unset { key: in_variable };
    variable.map(|name| std::env::var(name).map(Zeroizing::new).map_err(unset)).transpose()
}

/// The text of a file, which may be a secret.
fn read(key: &'static str, path: &Path) -> Result<Zeroizing<String>, OfficeError> {
    let failed = |reason: String| OfficeError::File { key, reason };
    let bytes = fs::metadata(path).map_err(|error| failed(error.kind().to_string()))?.len();
    if bytes > MOST_FILE_BYTES {
        return Err(failed(format!("it has {bytes} bytes, more than {MOST_FILE_BYTES}")));
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(|error| failed(error.kind().to_string()))
}
