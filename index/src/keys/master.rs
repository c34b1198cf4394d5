//! The key that wraps all others.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::KeyError;
use super::cipher::{KEY_BYTES, Secret};

/// A master key of 32 bytes. It is overwritten in memory when it is dropped, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey(pub(super) Secret);

/// More than any spelling of a key takes, so that a wrong file is not read whole.
const MOST_BYTES: u64 = 256;

impl MasterKey {
    /// A new one, drawn by the operating system.
    ///
    /// # Errors
    /// [`KeyError::NoChance`].
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        super::cipher::fill(&mut *bytes)?;
        Ok(Self(Secret(*bytes)))
    }

    /// The one in a file: 32 bytes, 64 hexadecimal digits, or base64; with or without a line's end after the last two.
    ///
    /// # Errors
    /// [`KeyError::File`], [`KeyError::Readable`] where everybody may read it, [`KeyError::Spelled`].
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let shown = || path.display().to_string();
        let refused = |source| KeyError::File { path: shown(), source };
        let metadata = fs::metadata(path).map_err(refused)?;
        if is_open_to_all(&metadata) {
            return Err(KeyError::Readable(shown()));
        }
        if metadata.len() > MOST_BYTES {
            return Err(KeyError::Spelled(format!("\"{}\"", shown())));
        }
        let bytes = Zeroizing::new(fs::read(path).map_err(refused)?);
        Self::spelled(&bytes).ok_or_else(|| KeyError::Spelled(format!("\"{}\"", shown())))
    }

    /// The one in a variable of the environment: 64 hexadecimal digits, or base64.
    ///
    /// # Errors
    /// [`KeyError::Unset`], [`KeyError::Spelled`].
    pub fn from_environment(variable: &str) -> Result<Self, KeyError> {
        let text = std::env::var(variable).map(Zeroizing::new).map_err(|_| KeyError::Unset(variable.to_owned()))?;
        Self::spelled(text.as_bytes()).ok_or_else(|| KeyError::Spelled(format!("what the variable {variable} holds")))
    }

    /// Writes it into a new file that only its owner may read, in hexadecimal digits.
    ///
    /// # Errors
    /// [`KeyError::File`], also where there is a file of this name.
    pub fn write_file(&self, path: &Path) -> Result<(), KeyError> {
        let digits = self.0.0.iter().map(|byte| Zeroizing::new(format!("{byte:02x}")));
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_BYTES + 1));
        digits.for_each(|digits| text.push_str(&digits));
        text.push('\n');
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|source| KeyError::File { path: path.display().to_string(), source })
    }

    fn spelled(bytes: &[u8]) -> Option<Self> {
        if let Ok(exact) = bytes.try_into() {
            return Some(Self(Secret(exact)));
        }
        let text = std::str::from_utf8(bytes).ok()?.trim_end();
        let bytes = Zeroizing::new(from_hexadecimal(text).or_else(|| STANDARD.decode(text).ok())?);
        bytes.as_slice().try_into().ok().map(|exact| Self(Secret(exact)))
    }
}

fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    if text.len() != 2 * KEY_BYTES {
        return None;
    }
    let digits = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<Vec<_>>>()?;
    Some(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
}

#[cfg(unix)]
fn is_open_to_all(metadata: &fs::Metadata) -> bool {
    const READABLE_BY_OTHERS: u32 = 0o004;
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & READABLE_BY_OTHERS != 0
}

#[cfg(not(unix))]
fn is_open_to_all(_: &fs::Metadata) -> bool {
    false
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_however_it_is_spelled_and_nothing_else_is_one() {
        let bytes: [u8; 32] = std::array::from_fn(|at| 255 - at as u8);
        let key = Some(MasterKey(Secret(bytes)));
        let digits = bytes.map(|byte| format!("{byte:02X}")).concat();
        assert_eq!(MasterKey::spelled(&bytes), key);
        assert_eq!(MasterKey::spelled(format!("{digits}\n").as_bytes()), key);
        assert_eq!(MasterKey::spelled(STANDARD.encode(bytes).as_bytes()), key);
        for wrong in [&bytes[1..], &digits.as_bytes()[2..], b"", STANDARD.encode(&bytes[1..]).as_bytes()] {
            assert_eq!(MasterKey::spelled(wrong), None);
        }
    }

    #[test]
    fn a_key_reads_back_from_its_file_unless_everybody_may_read_it() {
        let directory = tempfile::tempdir().unwrap();
        let (path, key) = (directory.path().join("key"), MasterKey::generate().unwrap());
        key.write_file(&path).unwrap();
        assert_eq!(MasterKey::from_file(&path).unwrap(), key);
        assert!(key.write_file(&path).is_err(), "no key is written over");
        #[cfg(unix)]
        {
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
            assert!(matches!(MasterKey::from_file(&path), Err(KeyError::Readable(_))));
        }
    }

    #[test]
    fn no_key_is_ever_printed() {
        let key = MasterKey(Secret([171; 32]));
        assert_eq!(format!("{key:?} {:?}", key.0), "MasterKey Secret");
    }
}
