//! What was done to a person's record, and by whom.

use serde::{Deserialize, Serialize};

use super::{Found, SubjectId, timeline};
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
    let key = timeline::key(found.subject.id, change.at_ms)?;
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
    let (from, to) = timeline::since(subject, since_ms);
    vault.range(tables, Table::History, (&from, &to), most)
}
