//! The identity layer, opened, and what works for it while the server runs.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use thiserror::Error;
use whorl_identity::authentication::{Outbox, Sender};
use whorl_identity::clock::SystemClock;
use whorl_identity::credential::{IssuerKey, PublicKeys};
use whorl_identity::demographic::Rules;
use whorl_identity::demography::Demography;
use whorl_identity::layer::{Layer, Parts};
use whorl_identity::lifecycle::LifecycleError;
use whorl_identity::matcher::Matcher;
use whorl_identity::numbers::RulesError;
use whorl_identity::registration::RegistrationId;
use whorl_identity::schema::{Schema, SchemaError};
use whorl_identity::settings::Settings;
use whorl_identity::store::{Database, Embedded, Store, StoreError, Table};
use whorl_identity::vault::{Vault, VaultError};
use whorl_index::{Files, KeyError};
use whorl_service::Engine;
use whorl_service::galleries::{Galleries, GalleriesError};
use zeroize::Zeroizing;

use super::failure::Failure;
use super::hooks::{self, HookError};
use super::post::{MailServer, Post, PostError};
use super::shelf::Shelf;
use super::timer::Timer;
use super::workers::Workers;
use crate::config::{Identity, IdentityStore, is_this_computer};
use crate::server::master_key;
use crate::workplace::Policy;

/// The file of the store in the folder of the layer, and the folder of the keys of persons.
const STORE: &str = "identity.redb";
const KEYS: &str = "keys";

/// How often what is kept too long is deleted; the first time after the first pause, so that a server that starts again and again does
/// little else.
const RETENTION: Duration = Duration::from_hours(24);
const FIRST_RETENTION: Duration = Duration::from_mins(10);

/// The most bytes of a file of settings, schema or keys.
const MOST_FILE_BYTES: u64 = 4 << 20;

/// The identity layer, opened, with the threads that work for it.
#[derive(Debug)]
pub struct Office {
    /// None once the server ends, so that the gallery can be closed.
    layer: RwLock<Option<Arc<Layer>>>,
    workers: Workers,
    timer: Arc<Timer>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    gallery: Option<String>,
    issuer: Option<Issuer>,
    shelf: Shelf,
    told: Vec<String>,
}

/// Who signs credentials.
#[derive(Debug)]
pub(super) struct Issuer {
    pub(super) name: String,
    pub(super) key: IssuerKey,
    pub(super) public: PublicKeys,
    /// For how many days a credential holds where nobody says it.
    pub(super) days: u32,
    /// Where status lists are published; none where credentials have none.
    pub(super) status_url: Option<String>,
}

/// Why there is no identity layer.
#[derive(Debug, Error)]
pub enum OfficeError {
    /// The store or its keys cannot be opened.
    #[error("identity: {0}")]
    Vault(#[from] VaultError),
    /// The master key cannot be had.
    #[error("identity: {0}")]
    MasterKey(#[from] KeyError),
    /// The gallery cannot be opened.
    #[error("identity: {0}")]
    Gallery(#[from] GalleriesError),
    /// The gallery has people whom the layer does not know.
    #[error(
        "identity.gallery: \"{gallery}\" has {references} references, and the store of identities is new: name a gallery of its own, or put \
         that store back"
    )]
    Foreign {
        /// Which.
        gallery: String,
        /// How many.
        references: u64,
    },
    /// A file cannot be read.
    #[error("the file that {key} names cannot be read: {reason}")]
    File {
        /// The key.
        key: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// The schema cannot be used.
    #[error("identity.schema_file: {0}")]
    Schema(#[from] SchemaError),
    /// The settings ask for numbers that cannot be.
    #[error("identity.settings_file: {0}")]
    Numbers(#[from] RulesError),
    /// The key of credentials cannot be used.
    #[error("the file that {key} names: {source}")]
    IssuerKey {
        /// The key of the configuration.
        key: &'static str,
        /// Why not.
        source: whorl_identity::credential::KeyError,
    },
    /// Erasures that were broken off cannot be ended.
    #[error("identity: an erasure that was broken off cannot be ended: {0}")]
    Erasure(#[from] LifecycleError),
    /// Nobody can be told.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// One-time passwords cannot be sent.
    #[error("identity: {0}")]
    Post(#[from] PostError),
    /// The mail server is not named as it should be.
    #[error("identity.mail_server: \"{0}\" is not a name and a port, such as \"smtp.example.org:465\"")]
    MailServer(String),
    /// The system gives no thread.
    #[error("identity: the system gives no thread: {0}")]
    Thread(#[from] io::Error),
}

impl From<StoreError> for OfficeError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}

impl Office {
    /// Opens what `config` names, ends erasures that were broken off, and starts the threads.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub fn open(
        config: &Identity,
        engine: &Arc<Engine>,
        galleries: &Galleries,
        policy: &Policy,
    ) -> Result<Self, OfficeError> {
        let database = Database::open(store(config)?)?;
        let master = master_key(config.master_key_file.as_deref(), config.master_key_env.as_deref())?;
        let vault = Vault::open(Arc::new(Files::new(config.folder.join(KEYS))), &master, &database)?;
        let matcher = config.gallery.as_deref().map(|name| matcher(name, engine, galleries, policy)).transpose()?;
        refuse_foreign(&database, config, matcher.as_ref())?;
        let demography = Demography::new(schema(config.schema_file.as_deref())?, Rules::default());
        let settings = settings(config.settings_file.as_deref())?;
        let clock = Arc::new(SystemClock);
        let parts = Parts { database: database.clone(), vault, clock, settings, demography, matcher };
        let layer = Layer::new(parts)?;
        let layer = Arc::new(match sender(config)? {
            Some(sender) => layer.with_sender(sender),
            None => layer,
        });
        let erased = layer.resume_erasures()?;
        let told = erased.iter().map(|erasure| {
            format!(
                "identity: the erasure of subject {} was broken off, and is ended now: {} keys",
                erasure.subject, erasure.keys
            )
        });
        let told = told.collect();
        let issuer = issuer(config)?;
        let timer = Arc::new(Timer::default());
        let mut threads = hooks::start(&config.webhooks, &layer, &database, &timer)?;
        threads.push(retain_daily(&layer, &timer)?);
        Ok(Self {
            workers: Workers::start(&layer, config.workers)?,
            layer: RwLock::new(Some(layer)),
            timer,
            threads: Mutex::new(threads),
            gallery: config.gallery.clone(),
            issuer,
            shelf: Shelf::default(),
            told,
        })
    }

    /// What an operator should know of the start.
    #[must_use]
    pub fn told(&self) -> &[String] {
        &self.told
    }

    /// The gallery that is the layer's alone.
    #[must_use]
    pub fn gallery(&self) -> Option<&str> {
        self.gallery.as_deref()
    }

    /// Ends the threads, once each has done what it is at, and lets go of the gallery.
    pub fn close(&self) {
        self.timer.end();
        self.workers.end();
        for thread in std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner)) {
            // What it left undone is in the store.
            let _ = thread.join();
        }
        *self.layer.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The layer, unless the server ends.
    pub(super) fn layer(&self) -> Result<Arc<Layer>, Failure> {
        self.layer.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(Failure::closing)
    }

    /// That there is something to be done about a registration.
    pub(super) fn tell(&self, id: &RegistrationId) {
        self.workers.tell(id.clone());
    }

    /// Who signs credentials; none where the configuration names no key.
    pub(super) fn issuer(&self) -> Option<&Issuer> {
        self.issuer.as_ref()
    }

    /// The status lists that were signed within this moment.
    pub(super) fn shelf(&self) -> &Shelf {
        &self.shelf
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.close();
    }
}

fn store(config: &Identity) -> Result<Arc<dyn Store>, OfficeError> {
    match config.store {
        IdentityStore::File => Ok(Arc::new(Embedded::open(config.folder.join(STORE))?)),
        IdentityStore::Postgresql => in_database(config),
    }
}

#[cfg(feature = "postgres")]
fn in_database(config: &Identity) -> Result<Arc<dyn Store>, OfficeError> {
    use whorl_identity::store::{Postgres, Server};

    let connection = match (&config.connection_file, &config.connection_env) {
        (Some(path), _) => read("identity.connection_file", path)?,
        (None, variable) => {
            let value = std::env::var(variable.as_deref().unwrap_or_default());
            let unset = |_| OfficeError::File { key: "identity.connection_env", reason: "it is not set".to_owned() };
            Zeroizing::new(value.map_err(unset)?)
        }
    };
    Ok(Arc::new(Postgres::open(Server::new(connection.trim())?)?))
}

#[cfg(not(feature = "postgres"))]
fn in_database(_config: &Identity) -> Result<Arc<dyn Store>, OfficeError> {
    // The configuration refuses it before.
    let reason = "this program was built without PostgreSQL".to_owned();
    Err(OfficeError::File { key: "identity.store", reason })
}

fn matcher(name: &str, engine: &Arc<Engine>, galleries: &Galleries, policy: &Policy) -> Result<Matcher, OfficeError> {
    let desk = match galleries.find(name) {
        Err(GalleriesError::Absent(_)) => galleries.create(name)?,
        found => found?,
    };
    Ok(Matcher::new(Arc::clone(engine), desk, policy.search, policy.target_fmr))
}

/// A gallery with people must not meet a store without any: the layer would know none of them.
fn refuse_foreign(database: &Database, config: &Identity, matcher: Option<&Matcher>) -> Result<(), OfficeError> {
    let (Some(gallery), Some(matcher)) = (config.gallery.clone(), matcher) else { return Ok(()) };
    let known = database.read(|tables| tables.range(Table::References, &[], &[], 1))?;
    match matcher.desk().snapshot().stats().references {
        references @ 1.. if known.is_empty() => Err(OfficeError::Foreign { gallery, references }),
        _ => Ok(()),
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
    let read = if is_json {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        toml::from_str(&text).map_err(|error| error.to_string())
    };
    read.map_err(|reason| OfficeError::File { key: KEY, reason })
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
fn sender(config: &Identity) -> Result<Option<Arc<dyn Sender>>, OfficeError> {
    if let Some(file) = &config.passwords_file {
        return Ok(Some(Arc::new(Outbox::in_file(file))));
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
    Ok(Some(Arc::new(Post::open(&server)?)))
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

/// Deletes what is kept too long, once a day.
fn retain_daily(layer: &Arc<Layer>, timer: &Arc<Timer>) -> io::Result<JoinHandle<()>> {
    let (layer, timer) = (Arc::clone(layer), Arc::clone(timer));
    thread::Builder::new().name("retention".to_owned()).spawn(move || {
        let mut pause = FIRST_RETENTION;
        while timer.pause(pause) {
            pause = RETENTION;
            match layer.retain() {
                Ok(retained) => tracing::info!(
                    enclosures = retained.enclosures,
                    rejected = retained.rejected,
                    transactions = retained.transactions,
                    events = retained.events,
                    "what is kept no longer was deleted"
                ),
                Err(error) => {
                    tracing::error!(%error, "what is kept no longer cannot be deleted; it is tried again tomorrow");
                }
            }
        }
    })
}
