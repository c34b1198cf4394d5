//! What must not be seen: read from a file, wiped when it is dropped, never printed.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

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

    /// All of a file.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn read(path: PathBuf) -> Result<Self, SecretError> {
        read_bounded(path).map(|bytes| Self(Zeroizing::new(bytes)))
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
        let secret = Secret::read(path).unwrap();
        assert_eq!(secret.expose(), b"HIDDEN");
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = Secret::read("/nowhere/key.pem".into()).unwrap_err();
        assert!(missing.to_string().contains("/nowhere/key.pem"), "{missing}");
    }

    #[test]
    fn a_file_that_is_no_key_is_not_read_into_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        std::fs::File::create(&path).unwrap().set_len(MAX_SECRET_BYTES + 1).unwrap();
        assert!(matches!(Secret::read(path), Err(SecretError::TooLarge(_))));
    }
}
