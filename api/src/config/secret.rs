//! A secret: it is never printed, and its memory is wiped.

use std::fmt::{Debug, Formatter};
use std::fs;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use super::environment::Environment;

/// The most bytes of a secret; a chain of PEM certificates has less.
const MAX_SECRET_BYTES: u64 = 64 << 10;

/// Bytes that nobody is to see. `Debug` tells nothing of them, not even how many there are.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// Why there is no secret. What was read is not in it, nor is the path: somebody may have put the secret where its path belongs.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error(
        "the file that {key} names cannot be read ({kind}); see that it is there and that the server's user may read it"
    )]
    Unreadable {
        /// The key that names the file.
        key: &'static str,
        /// What went wrong.
        kind: io::ErrorKind,
    },
    /// It is longer than any secret.
    #[error(
        "the file that {key} names has more than {MAX_SECRET_BYTES} bytes, which no secret has; see that it is the right file"
    )]
    TooLong {
        /// The key that names the file.
        key: &'static str,
    },
    /// There is nothing in it.
    #[error("what {key} names is empty or not set; put the secret there")]
    Empty {
        /// The key that names the file or variable.
        key: &'static str,
    },
}

impl Secret {
    /// What stands in the file at `path` without white space around it, for the configuration's `key`.
    ///
    /// # Errors
    /// [`SecretError`] where it cannot be read, is empty or too long.
    pub fn of_file(path: &Path, key: &'static str) -> Result<Self, SecretError> {
        let unreadable = |error: io::Error| SecretError::Unreadable { key, kind: error.kind() };
        if fs::metadata(path).map_err(unreadable)?.len() > MAX_SECRET_BYTES {
            return Err(SecretError::TooLong { key });
        }
        let bytes = Zeroizing::new(fs::read(path).map_err(unreadable)?);
        Self::trimmed(&bytes, key)
    }

    /// What the variable `name` of `environment` holds without white space around it, for the configuration's `key`.
    ///
    /// # Errors
    /// [`SecretError::Empty`] where it is not set.
    pub fn of_environment(environment: &Environment, name: &str, key: &'static str) -> Result<Self, SecretError> {
        Self::trimmed(environment.get(name).unwrap_or_default().as_bytes(), key)
    }

    fn trimmed(bytes: &[u8], key: &'static str) -> Result<Self, SecretError> {
        let secret = bytes.trim_ascii();
        if secret.is_empty() { Err(SecretError::Empty { key }) } else { Ok(Self(Zeroizing::new(secret.to_vec()))) }
    }

    /// The bytes, for whoever needs them now. Do not keep a copy.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}
