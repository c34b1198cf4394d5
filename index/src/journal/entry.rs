//! What a journal is made of: changes that became durable together.

use bytemuck::{Pod, Zeroable};
use whorl_formats::template;
use whorl_types::{Position, ReferenceId};

use super::header::Header;
use super::replay::Replayed;
use super::{ALIGNMENT, MAX_ENTRY_BYTES};
use crate::change::Change;
use crate::flaw::{Flaw, Flawed};
use crate::keys::{Held, KeyError, Keys, ReferenceKey, Stamp, nonces};
use crate::reference::{Instances, Reference};

const MAGIC: [u8; 4] = *b"WHJE";

pub(super) const ENTRY_BYTES: usize = size_of::<Entry>();

/// What stands before the changes of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Entry {
    magic: [u8; 4],
    checksum: u32,
    pub(super) sequence: u64,
    pub(super) changes: u32,
    payload_bytes: u32,
}

impl Entry {
    pub(super) fn new(header: Header, sequence: u64, changes: u32, payload: &[&[u8]]) -> Self {
        let payload_bytes = payload.iter().map(|part| part.len()).sum::<usize>() as u32;
        let entry = Self { magic: MAGIC, checksum: 0, sequence, changes, payload_bytes };
        let start = crc32c::crc32c_append(header.checksum, &bytemuck::bytes_of(&entry)[size_of::<u64>()..]);
        Self { checksum: payload.iter().fold(start, |checksum, part| crc32c::crc32c_append(checksum, part)), ..entry }
    }

    /// The entry that begins where `bytes` do, and its payload; none where there is no whole one of this journal.
    pub(super) fn read(header: Header, bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (start, rest) = bytes.split_at_checked(ENTRY_BYTES)?;
        let entry = bytemuck::pod_read_unaligned::<Self>(start);
        let payload =
            Some(entry).filter(|entry| entry.magic == MAGIC && entry.payload_bytes as usize <= MAX_ENTRY_BYTES);
        let length = payload?.payload_bytes as usize;
        let (payload, padding) = rest.get(..length.next_multiple_of(ALIGNMENT))?.split_at(length);
        let whole = entry == Self::new(header, entry.sequence, entry.changes, &[payload]);
        (whole && padding.iter().all(|&byte| byte == 0)).then_some((entry, payload))
    }

    /// How far the next entry is.
    pub(super) fn bytes(self) -> usize {
        ENTRY_BYTES + (self.payload_bytes as usize).next_multiple_of(ALIGNMENT)
    }
}

const ENROL: u8 = 1;
const REMOVE: u8 = 2;
const REPLACE: u8 = 3;
/// As those above, with the templates encrypted.
const ENROL_ENCRYPTED: u8 = 4;
const REPLACE_ENCRYPTED: u8 = 5;

/// The bytes of `changes`; the templates of each encrypted where there is a key for it.
pub(crate) fn encode(changes: &[Change], keys: &[Option<ReferenceKey>]) -> Result<Vec<u8>, KeyError> {
    let (mut bytes, mut nonces) = (Vec::new(), nonces(keys.len())?.into_iter());
    for (number, change) in changes.iter().enumerate() {
        let key = keys.get(number).and_then(Option::as_ref);
        let code = match (change, key) {
            (Change::Remove(_), _) => REMOVE,
            (Change::Enrol(_), None) => ENROL,
            (Change::Enrol(_), Some(_)) => ENROL_ENCRYPTED,
            (Change::Replace(_), None) => REPLACE,
            (Change::Replace(_), Some(_)) => REPLACE_ENCRYPTED,
        };
        let (id, start) = (change.id().as_str(), bytes.len());
        bytes.extend([code, id.len() as u8]);
        bytes.extend(id.as_bytes());
        let Some(reference) = change.reference() else { continue };
        let mut templates = encode_templates(&reference.templates);
        if let Some((key, nonce)) = key.zip(nonces.next()) {
            bytes.extend(key.number().to_le_bytes());
            let stamp = key.encrypt(nonce, &bytes[start..], &mut templates);
            bytes.extend(bytemuck::bytes_of(&stamp));
            bytes.extend((templates.len() as u32).to_le_bytes());
        }
        bytes.extend(templates);
    }
    Ok(bytes)
}

fn encode_templates(templates: &Instances) -> Vec<u8> {
    let mut bytes = vec![templates.len() as u8];
    for (position, template) in templates {
        let template = template::encode(template);
        bytes.push(position.code());
        bytes.extend((template.len() as u32).to_le_bytes());
        bytes.extend(template);
    }
    bytes
}

/// The changes in the payload of an entry, which begins at `offset` of `file`.
pub(super) fn decode(
    (file, offset): (&str, u64),
    payload: &[u8],
    count: u32,
    keys: &Keys,
) -> Result<Vec<Replayed>, Flawed> {
    let mut left = payload;
    let changes = (0..count).map(|_| {
        let at = offset + (payload.len() - left.len()) as u64;
        change(&mut left, keys).map_err(|flaw| flaw.at(file, at))
    });
    let changes = changes.collect::<Result<Vec<_>, _>>()?;
    if left.is_empty() { Ok(changes) } else { Err(Flaw::Value("length of an entry").at(file, offset)) }
}

fn change(left: &mut &[u8], keys: &Keys) -> Result<Replayed, Flaw> {
    let start = *left;
    let [code, length] = take(left, 2)? else { return Err(UNFIT) };
    let text = std::str::from_utf8(take(left, usize::from(*length))?).map_err(|_| UNFIT)?;
    let id = ReferenceId::new(text).map_err(|_| UNFIT)?;
    let clear = |change| Replayed { change, held: None };
    match *code {
        ENROL => Ok(clear(Change::Enrol(Reference { id, templates: templates(left)? }))),
        REMOVE => Ok(clear(Change::Remove(id))),
        REPLACE => Ok(clear(Change::Replace(Reference { id, templates: templates(left)? }))),
        ENROL_ENCRYPTED | REPLACE_ENCRYPTED => {
            let (held, templates) = decrypt(start, left, keys)?;
            let reference = Reference { id, templates };
            let change = if *code == ENROL_ENCRYPTED { Change::Enrol(reference) } else { Change::Replace(reference) };
            Ok(Replayed { change, held: Some(held) })
        }
        _ => Err(UNFIT),
    }
}

/// The encrypted templates of the change that begins where `start` does, and the key that reads them; none where that is not there.
fn decrypt(start: &[u8], left: &mut &[u8], keys: &Keys) -> Result<(Held, Instances), Flaw> {
    let number = take(left, size_of::<u64>())?.try_into().map(u64::from_le_bytes).map_err(|_| UNFIT)?;
    let context = &start[..start.len() - left.len()];
    let stamp = bytemuck::pod_read_unaligned::<Stamp>(take(left, size_of::<Stamp>())?);
    let length = take(left, size_of::<u32>())?.try_into().map(u32::from_le_bytes).map_err(|_| UNFIT)?;
    let mut bytes = take(left, length as usize)?.to_vec();
    let held = keys.ring().map_or(Held::Unknown(number), |ring| ring.held(number));
    let Some(key) = held.key() else { return Ok((held, Instances::new())) };
    if !key.decrypt(&stamp, context, &mut bytes) {
        return Err(Flaw::Encrypted);
    }
    let rest = &mut bytes.as_slice();
    let templates = templates(rest)?;
    if rest.is_empty() { Ok((held, templates)) } else { Err(UNFIT) }
}

fn templates(left: &mut &[u8]) -> Result<Instances, Flaw> {
    let count = take(left, 1)?[0];
    let instance = |_| {
        let [code, length @ ..] = take(left, 5)? else { return Err(UNFIT) };
        let position = Position::from_code(*code).ok_or(UNFIT)?;
        let length = length.try_into().map(u32::from_le_bytes).map_err(|_| UNFIT)?;
        let template = template::decode(take(left, length as usize)?).map_err(Flaw::Template)?;
        Ok((position, template))
    };
    (0..count).map(instance).collect()
}

const UNFIT: Flaw = Flaw::Value("change");

fn take<'a>(left: &mut &'a [u8], count: usize) -> Result<&'a [u8], Flaw> {
    let (taken, rest) = left.split_at_checked(count).ok_or(UNFIT)?;
    *left = rest;
    Ok(taken)
}
