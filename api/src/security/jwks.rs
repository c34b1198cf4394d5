//! The public keys of an issuer of tokens, kept up to date (JSON Web Key Set, RFC 7517).

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use jsonwebtoken::Algorithm;
use thiserror::Error;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::held::{Key, Keys};
use super::secret::{SecretError, read_bounded};
use super::settings::{KeySource, TokenSettings};

/// How long an issuer may take to send its keys, from the first packet to the last.
const FETCH_TIME: Duration = Duration::from_secs(5);

/// How often a file is asked whether it changed: that costs microseconds.
const FILE_LOOK: Duration = Duration::from_secs(1);

/// The keys of an issuer.
#[derive(Debug)]
pub struct Jwks {
    shared: Arc<Shared>,
    /// Held by whoever looks at the source, so that one request does it and not all.
    turn: tokio::sync::Mutex<()>,
    /// How often the source is looked at without a reason.
    refresh: Duration,
    /// How long after a look the next follows where there is a reason.
    retry: Duration,
}

/// What a look that goes on in the background changes, also when the request that began it is gone.
#[derive(Debug)]
struct Shared {
    source: Source,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    keys: Arc<Keys>,
    looked: Instant,
    failed: bool,
    /// When the file was changed that was read last, and its length.
    stamp: Option<(SystemTime, u64)>,
}

/// Where the keys come from.
enum Source {
    File(PathBuf),
    Url { address: String, agent: Agent },
}

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum JwksError {
    /// A file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] SecretError),
    /// The file that should hold authorities holds none.
    #[error("\"{}\" holds no certificate that can be read", .0.display())]
    NoAuthority(PathBuf),
    /// The issuer did not send its keys.
    #[error("cannot fetch {address}: {problem}")]
    Unreachable {
        /// The address; it holds no password, as the settings are checked for that.
        address: String,
        /// What happened.
        problem: String,
    },
    /// What was read is no key set.
    #[error("{place} is no JSON Web Key Set of at most {} keys", Keys::MOST)]
    Malformed {
        /// The file or address.
        place: String,
    },
    /// No key of the set can be used.
    #[error("{place} holds no key for RS256 (RSA of 2048 to 4096 bits) or ES256 (P-256)")]
    NoKey {
        /// The file or address.
        place: String,
    },
    /// No key has the id, or none was ever fetched.
    #[error("the issuer has no key of this id")]
    Unknown,
    /// The issuer was not reached yet.
    #[error("the issuer's keys could not be fetched yet: try again later")]
    NeverFetched,
}

impl Jwks {
    /// Reads the keys. An address that cannot be reached does not keep the server from starting: it is tried again when there is
    /// a token to verify, and until then none is believed.
    ///
    /// # Errors
    /// [`JwksError`] where a file cannot be read or holds no key that can be used.
    pub fn open(settings: &TokenSettings) -> Result<Self, JwksError> {
        let (source, refresh) = match &settings.keys {
            KeySource::File(path) => (Source::File(path.clone()), FILE_LOOK),
            KeySource::Url(address) => {
                let agent = agent(settings.keys_authority.as_ref())?;
                (Source::Url { address: address.clone(), agent }, Duration::from_secs(settings.refresh_s))
            }
        };
        let state = State { keys: Arc::default(), looked: Instant::now(), failed: false, stamp: None };
        let shared = Arc::new(Shared { source, state: Mutex::new(state) });
        match (shared.look(), &shared.source) {
            (Ok(()), _) if shared.keys().is_empty() => {
                return Err(JwksError::NoKey { place: shared.source.to_string() });
            }
            (Ok(()), _) => (),
            (Err(error), Source::Url { .. }) => tracing::warn!(%error, "no token is believed until keys are fetched"),
            (Err(error), Source::File(_)) => return Err(error),
        }
        let retry = Duration::from_secs(settings.retry_s);
        Ok(Self { shared, turn: tokio::sync::Mutex::default(), refresh, retry })
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.shared.keys().is_empty()
    }

    /// The key by which a token was signed, by the id that the token names. A token may leave the id out where there is one key
    /// of its algorithm only.
    ///
    /// # Errors
    /// [`JwksError::Unknown`] and [`JwksError::NeverFetched`].
    pub(super) async fn key(&self, id: Option<&str>, algorithm: Algorithm) -> Result<Arc<Key>, JwksError> {
        if self.is_due(self.refresh)
            && let Ok(_turn) = self.turn.try_lock()
        {
            // Whoever comes meanwhile goes on with the keys there are: a slow issuer holds up one request, not all.
            self.look_if_due(self.refresh).await;
        }
        if let Some(key) = self.shared.keys().find(id, algorithm) {
            return Ok(key);
        }
        let _turn = self.turn.lock().await;
        self.look_if_due(self.retry).await;
        self.shared.keys().find(id, algorithm).ok_or_else(|| self.shared.missing())
    }

    /// Whether `pause` has passed since the last look; after a failure, whether the time for another try has come.
    fn is_due(&self, pause: Duration) -> bool {
        let state = self.shared.state();
        state.looked.elapsed() >= if state.failed { self.retry } else { pause }
    }

    async fn look_if_due(&self, pause: Duration) {
        if !self.is_due(pause) {
            return;
        }
        // Noted before, so that a client that goes away meanwhile does not bring about another look.
        self.shared.state().looked = Instant::now();
        let shared = Arc::clone(&self.shared);
        let looked = tokio::task::spawn_blocking(move || shared.look()).await;
        if let Ok(Err(error)) = looked {
            tracing::warn!(%error, "the keys that were fetched last stay in use");
        }
    }
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.state().keys)
    }

    fn missing(&self) -> JwksError {
        let state = self.state();
        if state.failed && state.keys.is_empty() { JwksError::NeverFetched } else { JwksError::Unknown }
    }

    /// Reads the source; where that fails, the keys stay as they are.
    fn look(&self) -> Result<(), JwksError> {
        let stamp = self.source.stamp();
        let mut state = self.state();
        if stamp.is_some() && stamp == state.stamp && !state.failed {
            return Ok(());
        }
        drop(state);
        let read = self.source.read().and_then(|bytes| {
            Keys::parse(&bytes).ok_or_else(|| JwksError::Malformed { place: self.source.to_string() })
        });
        state = self.state();
        state.looked = Instant::now();
        state.failed = read.is_err();
        state.keys = Arc::new(read?);
        state.stamp = stamp;
        Ok(())
    }
}

impl Source {
    /// What changes when a file does.
    fn stamp(&self) -> Option<(SystemTime, u64)> {
        match self {
            Self::File(path) => {
                let about = std::fs::metadata(path).ok()?;
                Some((about.modified().ok()?, about.len()))
            }
            Self::Url { .. } => None,
        }
    }

    fn read(&self) -> Result<Vec<u8>, JwksError> {
        match self {
            Self::File(path) => Ok(read_bounded(path.clone())?),
            Self::Url { address, agent } => {
                fetch(agent, address).map_err(|problem| JwksError::Unreachable { address: address.clone(), problem })
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "\"{}\"", path.display()),
            Self::Url { address, .. } => f.write_str(address),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({self})")
    }
}

fn fetch(agent: &Agent, address: &str) -> Result<Vec<u8>, String> {
    let mut response = agent.get(address).call().map_err(|error| error.to_string())?;
    if response.status() != 200 {
        return Err(format!("it answers {}", response.status()));
    }
    response.body_mut().with_config().limit(Keys::MAX_BYTES).read_to_vec().map_err(|error| error.to_string())
}

/// What fetches keys: by https only, and never from where it is sent on to.
fn agent(authority: Option<&PathBuf>) -> Result<Agent, JwksError> {
    let tls = match authority {
        None => TlsConfig::builder().build(),
        Some(path) => {
            let pem = read_bounded(path.clone())?;
            let items = ureq::tls::parse_pem(&pem).collect::<Result<Vec<_>, _>>();
            let certificates: Vec<Certificate<'static>> = items.into_iter().flatten().filter_map(certificate).collect();
            if certificates.is_empty() {
                return Err(JwksError::NoAuthority(path.clone()));
            }
            TlsConfig::builder().root_certs(RootCerts::new_with_certs(&certificates)).build()
        }
    };
    let config = Agent::config_builder()
        .https_only(true)
        .max_redirects(0)
        .timeout_global(Some(FETCH_TIME))
        .tls_config(tls)
        .user_agent(concat!("whorl/", env!("CARGO_PKG_VERSION")));
    Ok(config.build().new_agent())
}

fn certificate(item: ureq::tls::PemItem<'static>) -> Option<Certificate<'static>> {
    if let ureq::tls::PemItem::Certificate(certificate) = item { Some(certificate) } else { None }
}
