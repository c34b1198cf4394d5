//! Erasing a person: his keys are destroyed, so that no copy of his records reads any more, wherever it is.

use serde::{Deserialize, Serialize};

use super::{Deed, LifecycleError};
use crate::issuance::publish;
use crate::layer::Layer;
use crate::linkage;
use crate::registration::{Registration, RegistrationId, reference};
use crate::store::{Draft, MAX_LISTED, Table, Tables};
use crate::subject::{Found, Status, Subject, SubjectId};
use crate::vault::{Place, VaultError};

/// The key under which an erasure is noted until it is done.
const INTENT: &[u8] = b"erase\0";

/// What was erased: the proof that goes into the audit. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// What the person was called in here, which says nothing any more.
    pub subject: SubjectId,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// How many keys were destroyed.
    pub keys: usize,
    /// How many references were taken out of the gallery.
    pub references: usize,
    /// How many registrations cannot be read any more.
    pub registrations: usize,
}

/// What is to be erased, kept until it is.
#[derive(Serialize, Deserialize)]
struct Intent {
    subject: SubjectId,
    at_ms: u64,
    slots: Vec<u64>,
    references: Vec<String>,
    registrations: Vec<RegistrationId>,
}

impl Layer {
    /// Erases who has a UIN. His UIN is never given again. Once this returns nothing of him can be read: not here, nor in the gallery, nor
    /// in any backup of either, as long as no backup of the folder of keys is put back.
    ///
    /// # Errors
    /// [`LifecycleError`]; where it was begun, it is ended by [`Layer::resume_erasures`].
    pub fn erase(&self, uin: &str, deed: Deed<'_>) -> Result<Erasure, LifecycleError> {
        deed.check()?;
        let intent = self.write(|draft| {
            let found = self.holder_of(draft, uin)?;
            if let Some(busy) = &found.subject.in_process {
                return Err(LifecycleError::Busy(busy.clone()));
            }
            self.begin_erasure(draft, found)
        })?;
        self.end_erasure(&intent)
    }

    /// Ends erasures that a crash broke off. To be called when the layer is opened.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn resume_erasures(&self) -> Result<Vec<Erasure>, LifecycleError> {
        let rows = self.database.read(|tables| tables.beginning(Table::Meta, INTENT, MAX_LISTED))?;
        let resume = |(key, sealed): &(Vec<u8>, Vec<u8>)| {
            let intent = self.vault.open_record(Place::new(Table::Meta, key), sealed)?;
            intent.map(|(intent, _)| self.end_erasure(&intent)).transpose()
        };
        rows.iter().filter_map(|row| resume(row).transpose()).collect()
    }

    /// From here on the person is erased for everybody who asks, and his credentials are revoked: in the change that says so, and so before
    /// the keys are destroyed by which their places are known.
    fn begin_erasure(&self, draft: &mut Draft<'_>, found: Found) -> Result<Intent, LifecycleError> {
        let Found { mut subject, lock } = found;
        subject.status = Status::Erased;
        publish(draft, &subject)?;
        let mut slots = vec![lock.slot()];
        let mut references = subject.references.clone();
        for id in &subject.registrations {
            if let Some((registration, lock)) = Registration::load(&self.vault, draft, id)? {
                slots.push(lock.slot());
                references.push(registration.reference);
            }
        }
        references.sort_unstable();
        references.dedup();
        let registrations = subject.registrations.clone();
        let intent = Intent { subject: subject.id, at_ms: self.now_ms(), slots, references, registrations };
        let key = [INTENT, subject.id.bytes()].concat();
        self.vault.put(draft, &self.vault.common(), Place::new(Table::Meta, &key), &intent)?;
        linkage::leave(&self.vault, draft, subject.id)?;
        let mut trace = Subject::applicant(subject.id, intent.at_ms);
        trace.status = Status::Erased;
        Found { subject: trace, lock: self.vault.common() }.save(&self.vault, draft)?;
        Ok(intent)
    }

    fn end_erasure(&self, intent: &Intent) -> Result<Erasure, LifecycleError> {
        if let Some(matcher) = &self.matcher {
            for reference in intent.references.iter().filter_map(|text| reference(text)) {
                matcher.remove(reference)?;
            }
        }
        self.vault.destroy(&intent.slots)?;
        self.write(|draft| {
            for reference in &intent.references {
                draft.delete(Table::References, reference.as_bytes());
            }
            for id in &intent.registrations {
                delete_beginning(draft, Table::Enclosures, &[id.key(), b"\0"].concat())?;
            }
            delete_beginning(draft, Table::History, intent.subject.bytes())?;
            delete_beginning(draft, Table::Transactions, intent.subject.bytes())?;
            draft.delete(Table::Meta, &[INTENT, intent.subject.bytes()].concat());
            Ok::<_, VaultError>(())
        })?;
        Ok(Erasure {
            subject: intent.subject,
            at_ms: intent.at_ms,
            keys: intent.slots.len(),
            references: intent.references.len(),
            registrations: intent.registrations.len(),
        })
    }
}

/// Deletes all records whose keys begin so.
pub(super) fn delete_beginning(draft: &mut Draft<'_>, table: Table, prefix: &[u8]) -> Result<(), VaultError> {
    loop {
        let rows = (draft as &dyn Tables).beginning(table, prefix, MAX_LISTED)?;
        for (key, _) in &rows {
            draft.delete(table, key);
        }
        if rows.len() < MAX_LISTED {
            return Ok(());
        }
    }
}
