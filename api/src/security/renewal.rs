//! Certificates and keys of the server that take the place of others while it serves.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ServerConfig;

use super::settings::TlsSettings;
use super::tls::{Tls, TlsError};

/// What new connections agree on keys with. Connections that are there keep what they agreed on.
#[derive(Debug)]
pub struct Renewal {
    settings: TlsSettings,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    config: Arc<ServerConfig>,
    /// What the files were when they were looked at last.
    stamps: Vec<Stamp>,
}

/// What changes when a file does: when it was written, and its length; none where it is not there.
type Stamp = Option<(SystemTime, u64)>;

impl Renewal {
    /// Reads certificates and keys; gives what people should know of them, too.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn open(settings: TlsSettings) -> Result<(Self, Tls), TlsError> {
        let stamps = stamps(&settings);
        let tls = Tls::read(&settings)?;
        let state = Mutex::new(State { config: tls.config(), stamps });
        Ok((Self { settings, state }, tls))
    }

    /// What a connection that comes now agrees on keys with.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.state.lock().unwrap_or_else(PoisonError::into_inner).config)
    }

    /// Whether any of the files was changed since they were looked at.
    #[must_use]
    pub fn is_due(&self) -> bool {
        stamps(&self.settings) != self.state.lock().unwrap_or_else(PoisonError::into_inner).stamps
    }

    /// Reads them again, for connections from now on.
    ///
    /// # Errors
    /// [`TlsError`]; connections go on agreeing by what was there before. Files that are replaced one after the other do not fit
    /// together in between, and are looked at again when the next has changed.
    pub fn renew(&self) -> Result<Tls, TlsError> {
        let stamps = stamps(&self.settings);
        let read = Tls::read(&self.settings);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.stamps = stamps;
        let tls = read?;
        state.config = tls.config();
        Ok(tls)
    }
}

fn stamps(settings: &TlsSettings) -> Vec<Stamp> {
    let files = [&settings.certificate, &settings.key].into_iter().chain(&settings.client_authority);
    files.map(|path| stamp(path)).collect()
}

fn stamp(path: &Path) -> Stamp {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}
