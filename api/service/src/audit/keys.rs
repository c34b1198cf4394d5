//! The keys that seal entries, wrapped by a master key, in a file beside the log.
//!
//! `KEYS` has a line for every key: the number of the first line of the log that it seals, a blank, and the wrapped key in base64. The
//! last key whose number is not above that of a line is the line's. What it seals is bound to the line's number, time and predecessor.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use whorl_index::{MasterKey, PayloadKey, Storage};

use super::error::AuditError;

pub(super) const FILE: &str = "KEYS";

/// Its successor's name, until it takes the place.
const NEW_FILE: &str = "KEYS.new";

/// How many lines a key seals: half of what one may ([`PayloadKey`]).
const LINES_A_KEY: u64 = 1 << 31;

/// The most bytes of the file: more keys than there are lines in 90,000 years at a thousand a second.
const MAX_BYTES: usize = 1 << 20;

/// The keys of a log, by the first line that each seals.
#[derive(Debug)]
pub(super) struct Keys {
    master: MasterKey,
    keys: Vec<(u64, PayloadKey)>,
}

impl Keys {
    /// The keys that `master` wrapped, none where no line was ever sealed.
    ///
    /// # Errors
    /// [`AuditError::WrongKey`], [`AuditError::KeysDamaged`], or the disk fails.
    pub(super) fn read(storage: &dyn Storage, master: &MasterKey) -> Result<Self, AuditError> {
        let keys = match storage.read(FILE, MAX_BYTES) {
            Ok(bytes) => unwrapped(&bytes, master)?,
            Err(error) if error.is_missing() => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        Ok(Self { master: master.clone(), keys })
    }

    /// Whether there is none.
    pub(super) fn are_none(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key of the line of this number, where there is one.
    pub(super) fn of(&self, sequence: u64) -> Option<&PayloadKey> {
        self.keys.iter().rev().find(|(first, _)| *first <= sequence).map(|(_, key)| key)
    }

    /// The key that seals the line of this number; a new one, durable when this returns, where the last has sealed as much as it may.
    ///
    /// # Errors
    /// [`AuditError`].
    pub(super) fn for_writing(&mut self, storage: &dyn Storage, sequence: u64) -> Result<&PayloadKey, AuditError> {
        let is_due = self.keys.last().is_none_or(|(first, _)| sequence.saturating_sub(*first) >= LINES_A_KEY);
        if is_due {
            self.keys.push((sequence, PayloadKey::generate()?));
            self.write(storage)?;
        }
        // One was pushed where there was none.
        self.keys.last().map(|(_, key)| key).ok_or(AuditError::Unsettled)
    }

    /// What wraps them.
    pub(super) fn master(&self) -> &MasterKey {
        &self.master
    }

    /// The same under another master key.
    pub(super) fn under(self, master: MasterKey) -> Self {
        Self { master, ..self }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.keys.len() as u64
    }

    /// Puts them in the place of what was there, in one step.
    ///
    /// # Errors
    /// [`AuditError`].
    pub(super) fn write(&self, storage: &dyn Storage) -> Result<(), AuditError> {
        let line = |(first, key): &(u64, PayloadKey)| {
            Ok::<_, AuditError>(format!("{first} {}\n", STANDARD.encode(key.wrap(&self.master)?)))
        };
        let text = self.keys.iter().map(line).collect::<Result<String, _>>()?;
        super::head::put(storage, FILE, NEW_FILE, text.as_bytes())
    }
}

fn unwrapped(bytes: &[u8], master: &MasterKey) -> Result<Vec<(u64, PayloadKey)>, AuditError> {
    let text = std::str::from_utf8(bytes).map_err(|_| AuditError::KeysDamaged)?;
    let text = text.strip_suffix('\n').ok_or(AuditError::KeysDamaged)?;
    let keys: Vec<_> = text.split('\n').map(|line| key(line, master)).collect::<Result<_, _>>()?;
    if keys.is_sorted_by(|(one, _), (next, _)| one < next) { Ok(keys) } else { Err(AuditError::KeysDamaged) }
}

fn key(line: &str, master: &MasterKey) -> Result<(u64, PayloadKey), AuditError> {
    let parts = line.split_once(' ').and_then(|(first, wrapped)| {
        let wrapped = STANDARD.decode(wrapped).ok()?.try_into().ok()?;
        Some((first.parse().ok()?, wrapped))
    });
    let (first, wrapped) = parts.ok_or(AuditError::KeysDamaged)?;
    let key = PayloadKey::unwrap(master, &wrapped).map_err(|_| AuditError::WrongKey)?;
    Ok((first, key))
}

#[cfg(test)]
mod tests {
    use whorl_index::Memory;

    use super::*;

    #[test]
    fn a_key_seals_so_many_lines_and_another_goes_on() {
        let (storage, master) = (Memory::new(), MasterKey::generate().unwrap());
        storage.create_dir("").unwrap();
        let mut keys = Keys::read(&storage, &master).unwrap();
        let first = keys.for_writing(&storage, 5).unwrap().clone();
        assert_eq!(*keys.for_writing(&storage, 4 + LINES_A_KEY).unwrap(), first);
        let second = keys.for_writing(&storage, 5 + LINES_A_KEY).unwrap().clone();
        assert_ne!(first, second);
        let read = Keys::read(&storage, &master).unwrap();
        assert_eq!(read.of(4), None);
        assert_eq!((read.of(5), read.of(4 + LINES_A_KEY)), (Some(&first), Some(&first)));
        assert_eq!(read.of(5 + LINES_A_KEY), Some(&second));
        assert!(matches!(Keys::read(&storage, &MasterKey::generate().unwrap()), Err(AuditError::WrongKey)));
    }

    #[test]
    fn a_damaged_file_of_keys_is_named_and_not_taken_for_none() {
        let master = MasterKey::generate().unwrap();
        let wrapped = STANDARD.encode(PayloadKey::generate().unwrap().wrap(&master).unwrap());
        for damaged in ["", "\n", "1", "1 \n", "x y\n", &format!("1 {wrapped}"), &format!("2 {wrapped}\n1 {wrapped}\n")]
        {
            let storage = Memory::new();
            storage.create_dir("").unwrap();
            storage.write(FILE, &[damaged.as_bytes()]).unwrap();
            assert!(matches!(Keys::read(&storage, &master), Err(AuditError::KeysDamaged)), "{damaged:?}");
        }
    }
}
