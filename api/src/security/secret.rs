//! What must not be seen: read from a file or the environment, wiped when it is dropped, never printed.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use serde::Deserialize;
use thiserror::Error;
use zeroize::Zeroizing;

/// The most bytes of a secret: a chain of large keys as PEM has a few kilobytes.
const MAX_SECRET_BYTES: u64 = 1 << 20;

/// Bytes that are wiped when they are dropped, and that no message shows.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Keeps `bytes`.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for whoever must use them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Where a secret is: `{ file = "/run/secrets/key.pem" }` or `{ environment = "WHORL_TLS_KEY" }`. It is never in the
/// configuration itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretSource {
    /// All of a file.
    File(PathBuf),
    /// The value of an environment variable.
    Environment(String),
}

/// Why a secret cannot be had.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("cannot read \"{}\": {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file has more than a mebibyte.
    #[error("\"{}\" has more than {MAX_SECRET_BYTES} bytes: it is no key or certificate", .0.display())]
    TooLarge(PathBuf),
    /// The variable is not there, or is no UTF-8.
    #[error("the environment variable {0} is not set, or is no text")]
    NotSet(String),
}

impl SecretSource {
    /// Reads it.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn read(&self) -> Result<Secret, SecretError> {
        match self {
            Self::File(path) => read_bounded(path.clone()).map(Secret::new),
            Self::Environment(name) => match std::env::var(name) {
                Ok(value) => Ok(Secret::new(value.into_bytes())),
                // The value itself is in the system's error where it is no UTF-8.
                Err(_) => Err(SecretError::NotSet(name.clone())),
            },
        }
    }
}

/// Where it is, as people say it.
impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "\"{}\"", path.display()),
            Self::Environment(name) => write!(f, "the environment variable {name}"),
        }
    }
}

/// All of a file that is no larger than a secret may be.
pub(super) fn read_bounded(path: PathBuf) -> Result<Vec<u8>, SecretError> {
    let mut bytes = Vec::new();
    let read = File::open(&path).and_then(|file| file.take(MAX_SECRET_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > MAX_SECRET_BYTES => Err(SecretError::TooLarge(path)),
        Ok(_) => Ok(bytes),
        Err(source) => Err(SecretError::Unreadable { path, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_a_file_and_never_printed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "HIDDEN").unwrap();
        let secret = SecretSource::File(path).read().unwrap();
        assert_eq!(secret.expose(), b"HIDDEN");
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = SecretSource::File("/nowhere/key.pem".into()).read().unwrap_err();
        assert!(missing.to_string().contains("/nowhere/key.pem"), "{missing}");
        let unset = SecretSource::Environment("WHORL_NOBODY_SETS_THIS".to_owned()).read().unwrap_err();
        assert!(unset.to_string().contains("WHORL_NOBODY_SETS_THIS"), "{unset}");
    }

    #[test]
    fn a_file_that_is_no_key_is_not_read_into_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        std::fs::File::create(&path).unwrap().set_len(MAX_SECRET_BYTES + 1).unwrap();
        assert!(matches!(SecretSource::File(path).read(), Err(SecretError::TooLarge(_))));
    }
}
