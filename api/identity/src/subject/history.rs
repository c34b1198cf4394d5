//! What was done to a person's record, and by whom.

use serde::{Deserialize, Serialize};

use super::{Found, SubjectId};
use crate::chance::Opaque;
use crate::store::{Draft, Table, Tables};
use crate::vault::{Place, Vault, VaultError};

/// One change of a person's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Who did it: an operator, an officer, the person, or the layer itself.
    pub by: String,
    /// What was done, such as `issued` or `locked`.
    pub what: String,
    /// Why, or which fields: names, never values.
    pub detail: String,
}

/// Writes a line of the history of a person.
///
/// # Errors
/// [`VaultError`].
pub fn note(vault: &Vault, draft: &mut Draft<'_>, found: &Found, change: &Change) -> Result<(), VaultError> {
    let chance = Opaque::draw().map_err(|error| VaultError::NoChance(error.to_string()))?;
    let subject = found.subject.id.bytes();
    let key = [&subject[..], &change.at_ms.to_be_bytes(), &chance.bytes()[..4]].concat();
    vault.put(draft, &found.lock, Place::new(Table::History, &key), change)
}

/// The history of a person, oldest first: at most `most` changes from `since_ms` on.
///
/// # Errors
/// [`VaultError`].
pub fn history(
    vault: &Vault,
    tables: &dyn Tables,
    subject: SubjectId,
    since_ms: u64,
    most: usize,
) -> Result<Vec<Change>, VaultError> {
    let from = [&subject.bytes()[..], &since_ms.to_be_bytes()].concat();
    let to = [&subject.bytes()[..], &[u8::MAX; 13]].concat();
    let lines = tables.range(Table::History, &from, &to, most)?;
    let opened = lines.iter().map(|(key, sealed)| vault.open_record(Place::new(Table::History, key), sealed));
    opened.filter_map(|line| line.map(|line| line.map(|(change, _)| change)).transpose()).collect()
}
