//! The identity layer, opened, and what works for it while the server runs.

use std::io;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use thiserror::Error;
use whorl_identity::clock::SystemClock;
use whorl_identity::credential::{IssuerKey, PublicKeys};
use whorl_identity::layer::{Layer, Parts};
use whorl_identity::lifecycle::LifecycleError;
use whorl_identity::matcher::Matcher;
use whorl_identity::registration::RegistrationId;
use whorl_identity::schema::SchemaError;
use whorl_identity::settings::SettingsError;
use whorl_identity::store::{Database, Look, StoreError, Table};
use whorl_identity::tokens::{MosipSalts, SaltsError};
use whorl_identity::vault::{Seen, Vault, VaultError, keys_in};
use whorl_index::KeyError;
use whorl_service::Engine;
use whorl_service::galleries::{Galleries, GalleriesError};

use super::failure::Failure;
use super::hooks::{self, HookError};
use super::named::{Carrier, Named};
use super::post::PostError;
use super::shelf::Shelf;
use super::timer::Timer;
use super::workers::Workers;
use crate::config::{ConfigError, Identity};
use crate::workplace::Policy;

/// How often what is kept too long is deleted; the first time after the first pause, so that a server that starts again and again does
/// little else.
const RETENTION: Duration = Duration::from_hours(24);
const FIRST_RETENTION: Duration = Duration::from_mins(10);

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
    /// The environment lacks a variable.
    #[error("the environment has no variable that {key} names; set it")]
    Unset {
        /// The key.
        key: &'static str,
    },
    /// The rules of demographic comparison cannot be used.
    #[error(transparent)]
    Rules(#[from] ConfigError),
    /// The salts of MOSIP's tokens cannot be used.
    #[error("the salts that {key} names: {source}")]
    Salts {
        /// The key.
        key: &'static str,
        /// Why not.
        source: SaltsError,
    },
    /// The schema cannot be used.
    #[error("identity.schema_file: {0}")]
    Schema(#[from] SchemaError),
    /// The settings cannot be followed.
    #[error("identity.settings_file: {0}")]
    Settings(#[from] SettingsError),
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
        let Named { records, master, demography, settings, salts, issuer, carrier, secrets } =
            Named::open(config).map_err(|mut failed| failed.swap_remove(0))?;
        let database = Database::open(records.open()?)?;
        let vault = Vault::open(Arc::new(keys_in(&config.folder)), &master, &database)?;
        let matcher = config.gallery.as_deref().map(|name| matcher(name, engine, galleries, policy)).transpose()?;
        refuse_foreign(&database, config, matcher.as_ref())?;
        let clock = Arc::new(SystemClock);
        let parts = Parts { database: database.clone(), vault, clock, settings, demography, matcher };
        let layer = Arc::new(with_means(Layer::new(parts)?, salts, carrier)?);
        let erased = layer.resume_erasures()?;
        let told = erased.iter().map(|erasure| {
            format!(
                "identity: the erasure of subject {} was broken off, and is ended now: {} keys",
                erasure.subject, erasure.keys
            )
        });
        let told = told.collect();
        let timer = Arc::new(Timer::default());
        let mut threads = hooks::start(&config.webhooks, secrets, &layer, &database, &timer)?;
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

    /// Opens what `config` names but the gallery, and looks at the keys of persons and at the file of the store, which may be in use; nothing
    /// is changed. Gives what an operator should know.
    ///
    /// # Errors
    /// Every [`OfficeError`] for which there would be no layer, at least one.
    pub fn check(config: &Identity) -> Result<Vec<String>, Vec<OfficeError>> {
        let Named { records, master, .. } = Named::open(config)?;
        let store = records.look().map_err(|error| vec![error.into()])?;
        let seen =
            Vault::look(&keys_in(&config.folder), &master, store.as_ref()).map_err(|error| vec![error.into()])?;
        let in_use = (store == Some(Look::InUse))
            .then(|| "identity: the store is open in another process, so that it was not looked into".to_owned());
        let alone = (seen == Seen::Alone).then(|| {
            format!(
                "identity: there are keys of persons in {}, and no records that they are for: a server would begin with none; put the \
                 store back, unless it is new",
                config.folder.display()
            )
        });
        Ok(in_use.into_iter().chain(alone).collect())
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

/// The layer with what authentication needs beside the store.
fn with_means(layer: Layer, salts: Option<MosipSalts>, carrier: Option<Carrier>) -> Result<Layer, OfficeError> {
    let layer = match salts {
        Some(salts) => layer.with_mosip_salts(salts),
        None => layer,
    };
    Ok(match carrier {
        Some(carrier) => layer.with_sender(carrier.start()?),
        None => layer,
    })
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
