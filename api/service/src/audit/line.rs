//! A line of the log, written and read.

use serde::{Deserialize, Serialize};

use super::anchor::{Anchor, Hash};
use super::entry::Entry;

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

/// Adds the line of `entry` that follows `last` to `lines`, and gives what recognises it.
///
/// # Errors
/// Where it cannot be written as JSON, which never happens with texts and numbers.
pub(super) fn add(lines: &mut Vec<u8>, last: Anchor, time_unix_ms: u64, entry: Entry) -> serde_json::Result<Anchor> {
    let record = Record {
        sequence: last.sequence + 1,
        time_unix_ms,
        client: entry.client,
        method: entry.method,
        gallery: entry.gallery,
        references: entry.references,
        purpose: entry.purpose,
        outcome: entry.outcome,
        request: entry.request,
        detail_sha256: entry.detail,
        previous: last.hash,
        hash: Hash::NONE,
    };
    let start = lines.len();
    serde_json::to_writer(&mut *lines, &record)?;
    // The brace that closes the object comes after the hash.
    lines.pop();
    let hash = Hash::of(&lines[start..]);
    lines.extend_from_slice(BEFORE_HASH);
    lines.extend_from_slice(hash.to_string().as_bytes());
    lines.extend_from_slice(AFTER_HASH);
    Ok(Anchor { sequence: record.sequence, hash })
}

/// The record of a line with its end, where the line has the hash that it states.
pub(super) fn check(line: &[u8]) -> Option<Record> {
    let hashed = line.len().checked_sub(BEFORE_HASH.len() + HASH_DIGITS + AFTER_HASH.len())?;
    let (hashed, rest) = line.split_at(hashed);
    let digits = rest.strip_prefix(BEFORE_HASH)?.strip_suffix(AFTER_HASH)?;
    let stated: Hash = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let record: Record = serde_json::from_slice(line).ok()?;
    (Hash::of(hashed) == stated && record.hash == stated).then_some(record)
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

    #[test]
    fn a_line_is_one_line_of_json_that_anybody_can_check() {
        let mut lines = Vec::new();
        let anchor = add(&mut lines, Anchor::START, 1_700_000_000_000, entry()).unwrap();
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
    fn every_flipped_bit_and_every_missing_byte_is_noticed() {
        let mut line = Vec::new();
        add(&mut line, Anchor::START, 7, entry()).unwrap();
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
