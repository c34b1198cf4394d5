//! What a server needs before it has an address: its galleries, its audit, who its clients are.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use whorl_index::{Encryption, KeyError, MasterKey, Mode, Positions, Shortlist};
use whorl_service::audit::{self, Audit};
use whorl_service::desk::{self, Gathering};
use whorl_service::galleries::Galleries;
use whorl_service::jobs::Jobs;
use whorl_service::{Engine, Search};
use whorl_types::{Fmr, Fpir};

use super::{ServeError, method_of};
use crate::config::{Config, DuplicateCheck, EncryptionMode, SearchMode};
use crate::identity::Office;
use crate::operations::Readiness;
use crate::security::{Authenticator, Limits, Renewal, SecurityLayer, Settings, Tls};
use crate::workplace::{Policy, Workplace};

/// Where among the galleries the jobs are; no gallery can be called so.
const JOBS: &str = "_jobs";

/// What a server needs, opened.
#[derive(Debug)]
pub struct Opened {
    pub(super) workplace: Arc<Workplace>,
    pub(super) readiness: Arc<Readiness>,
    pub(super) gate: SecurityLayer,
    pub(super) tls: Option<Renewal>,
    told: Vec<String>,
}

/// What a configuration names besides itself: who serves and who checks open the same.
struct Named {
    settings: Settings,
    tls: Option<(Renewal, Tls)>,
    authenticator: Authenticator,
    encryption: Option<Encryption>,
}

impl Opened {
    /// Opens what `config` names. `engine` does the work.
    ///
    /// # Errors
    /// [`ServeError`], the first thing that cannot be opened.
    pub fn open(config: &Config, engine: Engine) -> Result<Self, ServeError> {
        let Named { settings, tls, authenticator, encryption } =
            Named::open(config).map_err(|mut failed| failed.swap_remove(0))?;
        let (tls, read) = tls.unzip();
        let gate = SecurityLayer::new(authenticator, Limits::new(settings.limits), config.server.reflection, method_of);
        let master = encryption.as_ref().map(|encryption| &encryption.master);
        let audit = Arc::new(Audit::open_with(&config.audit.folder, master)?);
        let engine = Arc::new(engine);
        let most = NonZeroUsize::new(config.engine.batch_probes).unwrap_or(NonZeroUsize::MIN);
        let gathering = Gathering { wait: config.engine.batch_wait, most };
        let galleries = Arc::new(Galleries::open(&config.data.folder, Arc::clone(&engine), gathering, encryption)?);
        let place = config.data.folder.join(JOBS);
        let jobs = Arc::new(Jobs::open(&place, Arc::clone(&engine), Arc::clone(&galleries))?);
        let mut told = told(&galleries, &audit, read.as_ref());
        if config.encryption.mode == EncryptionMode::None && audit::is_sealed(&config.audit.folder) {
            told.push(
                "audit: earlier lines are sealed, and from now on they are not, for encryption.mode is \"none\""
                    .to_owned(),
            );
        }
        let queue = NonZeroUsize::new(config.engine.queue).unwrap_or(NonZeroUsize::MIN);
        let policy = policy(config)?;
        let office = config.identity.enabled.then(|| Office::open(&config.identity, &engine, &galleries, &policy));
        let office = office.transpose()?.map(Arc::new);
        told.extend(office.iter().flat_map(|office| office.told().to_vec()));
        let workplace = Workplace::new(engine, galleries, policy, queue);
        let workplace = match office {
            Some(office) => workplace.with_identity(office),
            None => workplace,
        };
        let workplace = Arc::new(workplace.with_audit(Arc::clone(&audit), config.audit.required).with_jobs(jobs));
        let readiness = Arc::new(readiness(config, audit));
        readiness.set_galleries_open(true);
        Ok(Self { workplace, readiness, gate, tls, told })
    }

    /// Opens what `config` names besides galleries and the record, which may be in use: certificates, keys, the keys of the issuer of
    /// tokens, the master key, and what the identity layer would open; gives what an operator should know of them. Nothing is changed.
    ///
    /// # Errors
    /// Every [`ServeError`] for which a server would not start, at least one.
    pub fn check(config: &Config) -> Result<Vec<String>, Vec<ServeError>> {
        let mut failed = Vec::new();
        let named = Named::open(config).map_err(|errors| failed.extend(errors)).ok();
        let encryption = named.as_ref().map(|named| named.encryption.as_ref().map(|encryption| &encryption.master));
        let audit = &config.audit.folder;
        if let Some(master) = encryption.filter(|_| audit::is_sealed(audit)) {
            noted(audit::read(audit, master, audit::Filter::default()), &mut failed);
        }
        let identity = config.identity.enabled.then(|| Office::check(&config.identity)).transpose();
        let identity = identity.map_err(|errors| failed.extend(errors.into_iter().map(ServeError::from)));
        let Some(named) = named.filter(|_| failed.is_empty()) else { return Err(failed) };
        let tls = named.tls.iter().flat_map(|(_, tls)| tls.warnings());
        let tokens = named.authenticator.lacks_keys().then(|| {
            "security.tokens: the issuer's keys cannot be fetched; no token is believed until they are".to_owned()
        });
        let identity = identity.into_iter().flatten().flatten();
        Ok(tls.map(|warning| format!("tls: {warning}")).chain(tokens).chain(identity).collect())
    }

    /// What an operator should know of the start: what was recovered, and what will soon be amiss.
    #[must_use]
    pub fn told(&self) -> &[String] {
        &self.told
    }
}

impl Named {
    fn open(config: &Config) -> Result<Self, Vec<ServeError>> {
        let settings = config.security.settings().map_err(|error| vec![error.into()])?;
        let mut failed = Vec::new();
        let tls = noted(settings.tls.clone().map(Renewal::open).transpose(), &mut failed);
        let authenticator = noted(Authenticator::open(&settings), &mut failed);
        let encryption = noted(encryption(config), &mut failed);
        match (tls, authenticator, encryption) {
            (Some(tls), Some(authenticator), Some(encryption)) => Ok(Self { settings, tls, authenticator, encryption }),
            _ => Err(failed),
        }
    }
}

/// What was opened; why not goes to the others that failed.
pub(crate) fn noted<T, E>(opened: Result<T, impl Into<E>>, failed: &mut Vec<E>) -> Option<T> {
    opened.map_err(|error| failed.push(error.into())).ok()
}

/// What an operator should know of what was opened.
fn told(galleries: &Galleries, audit: &Audit, tls: Option<&Tls>) -> Vec<String> {
    let mut told = Vec::new();
    for (name, desk) in galleries.list() {
        let snapshot = desk.snapshot();
        let stats = snapshot.stats();
        told.push(format!(
            "gallery \"{name}\": {} references in {} segments, {} of them replayed from journals, last change {}",
            stats.references, stats.segments, stats.unsealed, stats.sequence
        ));
        let torn = snapshot.torn().iter();
        told.extend(torn.map(|torn| {
            format!("gallery \"{name}\": {torn}: a write that was broken off and acknowledged to nobody was set aside")
        }));
    }
    if let Some(left) = audit.set_aside() {
        told.push(format!(
            "audit: {} bytes from {} on, which a crash left unfinished, were set aside",
            left.bytes, left.at
        ));
    }
    let anchor = audit.last();
    told.push(format!("audit: last line {anchor}; keep it elsewhere, and nobody can cut off the end unnoticed"));
    told.extend(tls.iter().flat_map(|tls| tls.warnings()).map(|warning| format!("tls: {warning}")));
    told
}

/// How galleries are encrypted.
fn encryption(config: &Config) -> Result<Option<Encryption>, ServeError> {
    let settings = &config.encryption;
    let segments = match settings.mode {
        EncryptionMode::None => return Ok(None),
        EncryptionMode::Journal => false,
        EncryptionMode::All => true,
    };
    let master = master_key(settings.master_key_file.as_deref(), settings.master_key_env.as_deref())?;
    Ok(Some(Encryption { master, segments }))
}

/// The master key in a file, or else in a variable of the environment. The configuration has seen to it that one of the two is named.
pub(crate) fn master_key(file: Option<&Path>, variable: Option<&str>) -> Result<MasterKey, KeyError> {
    file.map_or_else(|| MasterKey::from_environment(variable.unwrap_or_default()), MasterKey::from_file)
}

/// What the server does where a request does not say.
fn policy(config: &Config) -> Result<Policy, ServeError> {
    let mode = match config.search.mode {
        SearchMode::Exact => Mode::Exact,
        SearchMode::Cascade => {
            Mode::Cascade(Shortlist { fingers: config.search.fingers_first, ..Shortlist::default() })
        }
    };
    let target = Fpir::new(config.search.target_fpir)?;
    let candidates = config.search.candidates;
    Ok(Policy {
        search: Search { candidates, mode, positions: Positions::Labelled, mirrored: false, target, within: None },
        target_fmr: Fmr::new(config.search.target_fmr)?,
        check: match config.policy.duplicate_check {
            DuplicateCheck::Unique => desk::DuplicateCheck::Unique,
            DuplicateCheck::UnlessDuplicate => desk::DuplicateCheck::UnlessDuplicate,
            DuplicateCheck::None => desk::DuplicateCheck::None,
        },
        accept_templates: config.policy.accept_templates,
        return_templates: config.policy.return_templates,
        most_samples: config.policy.max_samples,
        backups: config.data.backups.clone(),
        kept_answers: config.policy.idempotency_entries,
        answers_kept_for: config.policy.idempotency(),
    })
}

/// What must be so that the server can serve.
fn readiness(config: &Config, audit: Arc<Audit>) -> Readiness {
    let (folder, least) = (config.data.folder.clone(), config.data.min_free_bytes());
    let room = move || match free_bytes(&folder) {
        Some(free) if free < least => Err(format!(
            "the disk of {} has {} MiB left, less than data.min_free_mib, {}: make room",
            folder.display(),
            free >> 20,
            least >> 20
        )),
        Some(_) | None => Ok(()),
    };
    let is_required = config.audit.required;
    let recorded = move || {
        if is_required && !audit.is_writable() {
            return Err("the audit log cannot be written: see the log and make room; it goes on by itself".to_owned());
        }
        Ok(())
    };
    Readiness::new().with("disk", room).with("audit", recorded)
}

/// How much room is left where a folder is; none where the system does not say.
fn free_bytes(folder: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(folder).ok()?;
    told.f_bavail.checked_mul(told.f_frsize)
}
