//! A line of the log, written and read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use whorl_index::PayloadKey;

use super::anchor::{Anchor, Hash};
use super::entry::{Entry, SET_ASIDE};
use super::error::AuditError;

/// What separates what is hashed from the hash.
const BEFORE_HASH: &[u8] = b",\"hash\":\"";

/// What follows the hash.
const AFTER_HASH: &[u8] = b"\"}\n";

/// The digits of a hash.
const HASH_DIGITS: usize = 64;

/// A line as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The number of the line, from 1.
    pub sequence: u64,
    /// When it was written, in milliseconds since 1970 by the clock of the server.
    pub time_unix_ms: u64,
    /// Who asked.
    pub client: String,
    /// For what.
    pub method: String,
    /// In which gallery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gallery: Option<String>,
    /// Whom it concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// The id of the request.
    pub request: String,
    /// The SHA-256 of details that are kept elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail_sha256: Option<Hash>,
    /// The hash of the line before.
    pub previous: Hash,
    /// The hash of this one.
    #[serde(default = "unhashed", skip_serializing)]
    pub hash: Hash,
}

fn unhashed() -> Hash {
    Hash::NONE
}

impl Record {
    /// The line by which it is recognised.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        Anchor { sequence: self.sequence, hash: self.hash }
    }
}

/// A line whose entry is sealed, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sealed {
    sequence: u64,
    pub(super) time_unix_ms: u64,
    /// The entry as JSON, sealed, in base64.
    #[serde(rename = "sealed")]
    payload: String,
    previous: Hash,
    #[serde(default = "unhashed", skip_serializing)]
    hash: Hash,
}

/// A line of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Whose entry everybody can read.
    Clear(Record),
    /// Whose entry is read with a key.
    Sealed(Sealed),
}

/// Where a line comes in the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Next {
    /// The line before.
    pub(super) last: Anchor,
    pub(super) time_unix_ms: u64,
}

impl Next {
    fn sequence(self) -> u64 {
        self.last.sequence + 1
    }

    /// What a sealed entry is bound to, so that it is read in its place only.
    fn context(self) -> Vec<u8> {
        let (sequence, time) = (self.sequence().to_le_bytes(), self.time_unix_ms.to_le_bytes());
        [b"whorl audit entry".as_slice(), &sequence, &time, &self.last.hash.0].concat()
    }
}

impl Line {
    pub(super) fn anchor(&self) -> Anchor {
        match self {
            Self::Clear(record) => record.anchor(),
            Self::Sealed(sealed) => Anchor { sequence: sealed.sequence, hash: sealed.hash },
        }
    }

    /// The hash of the line before.
    pub(super) fn previous(&self) -> Hash {
        match self {
            Self::Clear(record) => record.previous,
            Self::Sealed(sealed) => sealed.previous,
        }
    }

    /// The record of it where it tells what a crash had left unfinished: such lines are never sealed, for they tell of nobody.
    pub(super) fn set_aside(&self) -> Option<&Record> {
        match self {
            Self::Clear(record) if record.method == SET_ASIDE => Some(record),
            Self::Clear(_) | Self::Sealed(_) => None,
        }
    }
}

impl Sealed {
    pub(super) fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The record that it holds; none where `key` did not seal it in this place.
    pub(super) fn open(&self, key: &PayloadKey) -> Option<Record> {
        let last = Anchor { sequence: self.sequence.checked_sub(1)?, hash: self.previous };
        let next = Next { last, time_unix_ms: self.time_unix_ms };
        let payload = key.open(&next.context(), &STANDARD.decode(&self.payload).ok()?).ok()?;
        let entry = serde_json::from_slice(&payload).ok()?;
        Some(Record { hash: self.hash, ..Record::of(next, entry) })
    }
}

impl Record {
    /// What is written of `entry`, but for its hash.
    fn of(next: Next, entry: Entry) -> Self {
        Self {
            sequence: next.sequence(),
            time_unix_ms: next.time_unix_ms,
            client: entry.client,
            method: entry.method,
            gallery: entry.gallery,
            references: entry.references,
            purpose: entry.purpose,
            outcome: entry.outcome,
            request: entry.request,
            detail_sha256: entry.detail,
            previous: next.last.hash,
            hash: Hash::NONE,
        }
    }
}

/// Adds the line of `entry` to `lines`, sealed where there is a key, and gives what recognises it.
///
/// # Errors
/// [`AuditError::Unsettled`] where it cannot be written as JSON, which never happens with texts and numbers; [`AuditError::Keys`].
pub(super) fn add(
    lines: &mut Vec<u8>,
    next: Next,
    entry: Entry,
    key: Option<&PayloadKey>,
) -> Result<Anchor, AuditError> {
    let start = lines.len();
    let written = match key {
        Some(key) if entry.method != SET_ASIDE => {
            let payload = serde_json::to_vec(&entry).map_err(|_| AuditError::Unsettled)?;
            let payload = STANDARD.encode(key.seal(&next.context(), &payload)?);
            let (sequence, time_unix_ms, previous) = (next.sequence(), next.time_unix_ms, next.last.hash);
            serde_json::to_writer(&mut *lines, &Sealed { sequence, time_unix_ms, payload, previous, hash: Hash::NONE })
        }
        Some(_) | None => serde_json::to_writer(&mut *lines, &Record::of(next, entry)),
    };
    written.map_err(|_| AuditError::Unsettled)?;
    // The brace that closes the object comes after the hash.
    lines.pop();
    let hash = Hash::of(&lines[start..]);
    lines.extend_from_slice(BEFORE_HASH);
    lines.extend_from_slice(hash.to_string().as_bytes());
    lines.extend_from_slice(AFTER_HASH);
    Ok(Anchor { sequence: next.sequence(), hash })
}

/// A line with its end, where it has the hash that it states.
pub(super) fn check(line: &[u8]) -> Option<Line> {
    let hashed = line.len().checked_sub(BEFORE_HASH.len() + HASH_DIGITS + AFTER_HASH.len())?;
    let (hashed, rest) = line.split_at(hashed);
    let digits = rest.strip_prefix(BEFORE_HASH)?.strip_suffix(AFTER_HASH)?;
    let stated: Hash = std::str::from_utf8(digits).ok()?.parse().ok()?;
    if Hash::of(hashed) != stated {
        return None;
    }
    let sealed = || serde_json::from_slice(line).map(Line::Sealed);
    let read = serde_json::from_slice(line).map(Line::Clear).or_else(|_| sealed()).ok()?;
    (read.anchor().hash == stated).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            client: "certificate CN=station-7".to_owned(),
            method: "whorl.v1.VerificationService/Verify".to_owned(),
            gallery: Some("national".to_owned()),
            references: vec!["4711/1".to_owned()],
            purpose: Some("a \"card\"\nwas lost".to_owned()),
            outcome: "OK".to_owned(),
            request: "r-1".to_owned(),
            detail: Some(Hash::of(b"detail")),
        }
    }

    fn next(time_unix_ms: u64) -> Next {
        Next { last: Anchor::START, time_unix_ms }
    }

    #[test]
    fn a_line_is_one_line_of_json_that_anybody_can_check() {
        let mut lines = Vec::new();
        let anchor = add(&mut lines, next(1_700_000_000_000), entry(), None).unwrap();
        let text = String::from_utf8(lines.clone()).unwrap();
        assert_eq!(text.lines().count(), 1);
        let (hashed, rest) = text.split_once(",\"hash\":").unwrap();
        assert_eq!(rest, format!("\"{}\"}}\n", Hash::of(hashed.as_bytes())));
        let golden = "{\"sequence\":1,\"time_unix_ms\":1700000000000,\"client\":\"certificate CN=station-7\",\
            \"method\":\"whorl.v1.VerificationService/Verify\",\"gallery\":\"national\",\"references\":[\"4711/1\"],\
            \"purpose\":\"a \\\"card\\\"\\nwas lost\",\"outcome\":\"OK\",\"request\":\"r-1\",\"detail_sha256\":";
        assert!(text.starts_with(golden), "{text}");
        assert_eq!(check(&lines).unwrap().anchor(), anchor);
    }

    #[test]
    fn a_sealed_line_tells_nothing_but_when_and_opens_in_its_place_only() {
        let (key, other) = (PayloadKey::generate().unwrap(), PayloadKey::generate().unwrap());
        let mut lines = Vec::new();
        let anchor = add(&mut lines, next(7), entry(), Some(&key)).unwrap();
        let text = String::from_utf8(lines.clone()).unwrap();
        assert!(text.starts_with("{\"sequence\":1,\"time_unix_ms\":7,\"sealed\":\""), "{text}");
        // Each longer, or of other letters, than what the base 64 and the hashes of a line can say by chance.
        for hidden in ["station", "Verify", "national", "4711/1", "was lost", "\"OK\"", "r-1"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        let Some(Line::Sealed(sealed)) = check(&lines) else { panic!("{text}") };
        let record = sealed.open(&key).unwrap();
        assert_eq!((record.anchor(), record.client), (anchor, entry().client));
        assert_eq!(sealed.open(&other), None);
        let moved = [
            Sealed { sequence: 2, ..sealed.clone() },
            Sealed { time_unix_ms: 8, ..sealed.clone() },
            Sealed { previous: Hash::of(b"another line"), ..sealed.clone() },
        ];
        assert!(moved.iter().all(|moved| moved.open(&key).is_none()));
    }

    #[test]
    fn every_flipped_bit_and_every_missing_byte_is_noticed() {
        for key in [None, Some(PayloadKey::generate().unwrap())] {
            let mut line = Vec::new();
            add(&mut line, next(7), entry(), key.as_ref()).unwrap();
            for bit in 0..line.len() * 8 {
                let mut changed = line.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(check(&changed), None, "bit {bit}");
            }
            for length in 0..line.len() {
                assert_eq!(check(&line[..length]), None, "{length} bytes");
            }
        }
    }
}
