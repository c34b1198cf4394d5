//! Places in status lists: each is given to one credential and never again, and says whether that credential still counts.
//!
//! A place is drawn by chance among those of the list that is being filled, so that it tells neither when nor after whom its credential
//! was signed. A list counts as full when so many draws in a row find places that were given; those that are left tell nobody
//! how many credentials there are. Nothing of a list is ever deleted, for a place that is given again would say of one credential what
//! was said of another: a credential costs some 20 bytes.

use serde::{Deserialize, Serialize};

use crate::chance::Opaque;
use crate::credential::{CredentialStatus, StatusEntry, StatusList};
use crate::layer::Layer;
use crate::store::{Draft, MAX_LISTED, StoreError, Table, Tables, following};
use crate::subject::Subject;
use crate::vault::VaultError;

/// The record of [`Table::Meta`] that names the list that is being filled.
const CURRENT: &[u8] = b"status list";

/// How many draws in a row find places that were given before a list counts as full: about nine in ten were given by then.
const MOST_DRAWS: u32 = 64;

/// The bytes of a place among the keys of the store: those of its list, and its index.
const PLACE_BYTES: usize = Opaque::BYTES + size_of::<u32>();

/// What is kept of a list. It stays where it was when its first credential was signed, for all of them name that address.
#[derive(Serialize, Deserialize)]
struct ListRecord {
    /// The address under which all lists were published then.
    base: String,
}

/// A place in a status list, given to one credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allotment {
    /// The list.
    pub list: Opaque,
    /// The place as credentials name it.
    pub entry: StatusEntry,
}

impl Layer {
    /// Gives a place in a status list that is published under the address `base`. Where no credential comes of it the place stays unused.
    ///
    /// # Errors
    /// [`VaultError`] where the store cannot be read or written, or the system gives no random numbers.
    pub fn allot(&self, base: &str) -> Result<Allotment, VaultError> {
        let fresh = Opaque::draw()?;
        self.write(|draft| {
            let drawn = match current(draft, base)? {
                Some(list) => draw(draft, list)?.map(|index| (list, index)),
                None => None,
            };
            let (list, index) = match drawn {
                Some(place) => place,
                None => (fresh, begin(draft, fresh, base)?),
            };
            draft.put(Table::Allotted, &place(list, index), Vec::new());
            let entry = StatusEntry { list: address(base, list), index };
            Ok::<_, VaultError>(Allotment { list, entry })
        })
    }

    /// What is published of a list; none where there is no such list.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn status_list(&self, list: Opaque) -> Result<Option<StatusList>, StoreError> {
        self.database.read(|tables| {
            let Some(kept) = tables.get(Table::StatusLists, list.bytes())? else { return Ok(None) };
            let ListRecord { base } = serde_json::from_slice(&kept).map_err(|_| damaged(Table::StatusLists))?;
            let mut published = StatusList::new(address(&base, list));
            let (mut from, end) = (place(list, 0), place(list, u32::MAX));
            loop {
                let rows = tables.range(Table::Statuses, &from, &end, MAX_LISTED)?;
                for (key, value) in &rows {
                    let (index, status) = read(key, value).ok_or_else(|| damaged(Table::Statuses))?;
                    published.set(index, status);
                }
                match rows.last() {
                    Some((last, _)) if rows.len() == MAX_LISTED => from = following(last),
                    _ => return Ok(Some(published)),
                }
            }
        })
    }
}

/// Writes into the lists what the record of a person says of his credentials.
pub(crate) fn publish(draft: &mut Draft<'_>, subject: &Subject) -> Result<(), StoreError> {
    if subject.credentials.is_empty() {
        return Ok(());
    }
    let places = subject.credentials.iter().map(|held| place(held.list, held.index)).collect::<Vec<_>>();
    let written = draft.get_many(Table::Statuses, &places)?;
    for ((held, place), written) in subject.credentials.iter().zip(&places).zip(written) {
        let status = held.status(subject.status);
        let wanted = (status != CredentialStatus::Valid).then(|| vec![status.number()]);
        match wanted {
            wanted if wanted == written => {}
            Some(value) => draft.put(Table::Statuses, place, value),
            None => draft.delete(Table::Statuses, place),
        }
    }
    Ok(())
}

/// The list that is being filled, if it is published under this address.
fn current(draft: &Draft<'_>, base: &str) -> Result<Option<Opaque>, StoreError> {
    let Some(name) = draft.get(Table::Meta, CURRENT)? else { return Ok(None) };
    let list = Opaque::from_bytes(&name).ok_or_else(|| damaged(Table::Meta))?;
    let kept = draft.get(Table::StatusLists, list.bytes())?.ok_or_else(|| damaged(Table::StatusLists))?;
    let record = serde_json::from_slice::<ListRecord>(&kept).map_err(|_| damaged(Table::StatusLists))?;
    Ok((record.base == base).then_some(list))
}

/// Begins a list, and gives its first place.
fn begin(draft: &mut Draft<'_>, list: Opaque, base: &str) -> Result<u32, VaultError> {
    let record = serde_json::to_vec(&ListRecord { base: base.to_owned() }).map_err(|_| damaged(Table::StatusLists))?;
    draft.put(Table::StatusLists, list.bytes(), record);
    draft.put(Table::Meta, CURRENT, list.bytes().to_vec());
    any_index()
}

/// A place of a list that was never given; none where the list is full.
fn draw(draft: &Draft<'_>, list: Opaque) -> Result<Option<u32>, VaultError> {
    for _ in 0..MOST_DRAWS {
        let index = any_index()?;
        if draft.get(Table::Allotted, &place(list, index))?.is_none() {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Any place, each as likely as another: there are a power of two of them.
fn any_index() -> Result<u32, VaultError> {
    let chance = getrandom::u32().map_err(|error| VaultError::NoChance(error.to_string()))?;
    Ok(chance % StatusList::ENTRIES)
}

fn address(base: &str, list: Opaque) -> String {
    format!("{base}/{list}")
}

fn place(list: Opaque, index: u32) -> Vec<u8> {
    [&list.bytes()[..], &index.to_be_bytes()].concat()
}

fn read(key: &[u8], value: &[u8]) -> Option<(u32, CredentialStatus)> {
    let index = key.get(Opaque::BYTES..PLACE_BYTES)?.try_into().ok().map(u32::from_be_bytes)?;
    let [number] = value else { return None };
    CredentialStatus::from_number(*number).map(|status| (index, status))
}

fn damaged(table: Table) -> StoreError {
    StoreError::Damaged { table: table.name() }
}
