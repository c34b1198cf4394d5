//! Small text files whose last line is the checksum of all before it.

use std::ops::RangeInclusive;

use crate::flaw::{Flaw, Flawed};

/// The most that is read of a sealed text: a manifest of 65,536 segments has 4 MiB.
pub(crate) const MAX_BYTES: usize = 8 << 20;

const SEAL: &str = "crc32c ";

/// Bytes of the last line: the word, eight digits, the line's end.
const SEAL_BYTES: usize = SEAL.len() + 8 + 1;

/// `body` with its seal.
pub(crate) fn seal(body: &str) -> String {
    format!("{body}{SEAL}{:08x}\n", checksum(body))
}

/// What the seal of `body` says.
pub(crate) fn checksum(body: &str) -> u32 {
    crc32c::crc32c(body.as_bytes())
}

/// The body of a sealed text and its version; its first line must be `title` and one of the `known` versions.
pub(crate) fn unseal<'a>(
    file: &str,
    bytes: &'a [u8],
    title: &str,
    known: &RangeInclusive<u32>,
) -> Result<(u32, &'a str), Flawed> {
    let text = std::str::from_utf8(bytes).map_err(|error| Flaw::Foreign.at(file, error.valid_up_to() as u64))?;
    let titled = text.strip_prefix(title).and_then(|rest| rest.strip_prefix(' '));
    let (number, _) = titled.and_then(|rest| rest.split_once('\n')).ok_or_else(|| Flaw::Foreign.at(file, 0))?;
    let found = number.parse().map_err(|_| Flaw::Value("format version").at(file, title.len() as u64 + 1))?;
    if !known.contains(&found) {
        return Err(Flaw::FormatVersion { found, known: *known.end() }.at(file, title.len() as u64 + 1));
    }
    let end = text.len().saturating_sub(SEAL_BYTES);
    let body = text.get(..end).filter(|body| seal(body) == text);
    body.map(|body| (found, body)).ok_or_else(|| Flaw::Checksum.at(file, end as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_and_every_flip_of_a_bit_is_seen() {
        let text = seal("whorl list 3\nsegment 1\n");
        assert_eq!(unseal("LIST", text.as_bytes(), "whorl list", &(2..=3)), Ok((3, "whorl list 3\nsegment 1\n")));
        for bit in 0..text.len() * 8 {
            let mut flipped = text.clone().into_bytes();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(unseal("LIST", &flipped, "whorl list", &(2..=3)).is_err(), "bit {bit}");
        }
        for length in 0..text.len() {
            assert!(unseal("LIST", &text.as_bytes()[..length], "whorl list", &(2..=3)).is_err(), "length {length}");
        }
    }

    #[test]
    fn another_version_is_refused_as_such() {
        let newer = seal("whorl list 4\nunheard of\n");
        let refused = unseal("LIST", newer.as_bytes(), "whorl list", &(2..=3)).unwrap_err();
        assert_eq!(refused, Flaw::FormatVersion { found: 4, known: 3 }.at("LIST", 11));
    }
}
