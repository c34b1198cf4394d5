//! What a journal is made of: changes that became durable together.

use bytemuck::{Pod, Zeroable};
use whorl_formats::template;
use whorl_types::{Position, ReferenceId};

use super::header::Header;
use super::{ALIGNMENT, MAX_ENTRY_BYTES};
use crate::change::Change;
use crate::flaw::{Flaw, Flawed};
use crate::reference::Reference;

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

/// The bytes of `changes`.
pub(crate) fn encode(changes: &[Change]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for change in changes {
        let (code, id) = match change {
            Change::Enrol(reference) => (ENROL, &reference.id),
            Change::Remove(id) => (REMOVE, id),
            Change::Replace(reference) => (REPLACE, &reference.id),
        };
        bytes.extend([code, id.as_str().len() as u8]);
        bytes.extend(id.as_str().as_bytes());
        let Some(reference) = change.reference() else { continue };
        bytes.push(reference.templates.len() as u8);
        for (position, template) in &reference.templates {
            let template = template::encode(template);
            bytes.push(position.code());
            bytes.extend((template.len() as u32).to_le_bytes());
            bytes.extend(template);
        }
    }
    bytes
}

/// The changes in the payload of an entry, which begins at `offset` of `file`.
pub(super) fn decode(file: &str, offset: u64, payload: &[u8], count: u32) -> Result<Vec<Change>, Flawed> {
    let mut left = payload;
    let changes = (0..count).map(|_| {
        let at = offset + (payload.len() - left.len()) as u64;
        change(&mut left).map_err(|flaw| flaw.at(file, at))
    });
    let changes = changes.collect::<Result<Vec<_>, _>>()?;
    if left.is_empty() { Ok(changes) } else { Err(Flaw::Value("length of an entry").at(file, offset)) }
}

fn change(left: &mut &[u8]) -> Result<Change, Flaw> {
    let [code, length] = take(left, 2)? else { return Err(UNFIT) };
    let text = std::str::from_utf8(take(left, usize::from(*length))?).map_err(|_| UNFIT)?;
    let id = ReferenceId::new(text).map_err(|_| UNFIT)?;
    match *code {
        ENROL => Ok(Change::Enrol(reference(id, left)?)),
        REMOVE => Ok(Change::Remove(id)),
        REPLACE => Ok(Change::Replace(reference(id, left)?)),
        _ => Err(UNFIT),
    }
}

fn reference(id: ReferenceId, left: &mut &[u8]) -> Result<Reference, Flaw> {
    let count = take(left, 1)?[0];
    let instance = |_| {
        let [code, length @ ..] = take(left, 5)? else { return Err(UNFIT) };
        let position = Position::from_code(*code).ok_or(UNFIT)?;
        let length = length.try_into().map(u32::from_le_bytes).map_err(|_| UNFIT)?;
        let template = template::decode(take(left, length as usize)?).map_err(Flaw::Template)?;
        Ok((position, template))
    };
    Ok(Reference { id, templates: (0..count).map(instance).collect::<Result<_, _>>()? })
}

const UNFIT: Flaw = Flaw::Value("change");

fn take<'a>(left: &mut &'a [u8], count: usize) -> Result<&'a [u8], Flaw> {
    let (taken, rest) = left.split_at_checked(count).ok_or(UNFIT)?;
    *left = rest;
    Ok(taken)
}
