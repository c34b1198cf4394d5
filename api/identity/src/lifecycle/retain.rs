//! What is kept no longer than the deployment says.

use serde::{Deserialize, Serialize};

use super::LifecycleError;
use super::erase::delete_beginning;
use crate::layer::Layer;
use crate::registration::{Registration, RegistrationId, Stage};
use crate::store::{StoreError, Table, Tables, following};
use crate::subject::timeline;
use crate::vault::VaultError;

/// How many records are looked at in one change.
const PAGE: usize = 500;

const DAY_MS: u64 = 86_400_000;

/// What a run of the retention job deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retained {
    /// Registrations whose pictures and documents went.
    pub enclosures: u64,
    /// Rejected registrations of which nothing is left.
    pub rejected: u64,
    /// Authentications.
    pub transactions: u64,
    /// Events.
    pub events: u64,
}

impl Layer {
    /// Deletes what the settings say is kept no longer. It may be broken off and run again at any time.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn retain(&self) -> Result<Retained, LifecycleError> {
        let mut retained = Retained::default();
        let mut after = Vec::new();
        loop {
            let rows = self.database.read(|tables| tables.range(Table::Registrations, &after, &[], PAGE))?;
            let Some((last, _)) = rows.last() else { break };
            after = following(last);
            for (key, _) in rows {
                let id = String::from_utf8(key).ok().and_then(|text| text.parse::<RegistrationId>().ok());
                if let Some(id) = id {
                    self.retain_registration(&id, &mut retained)?;
                }
            }
        }
        retained.transactions = self.retain_transactions()?;
        retained.events = self.retain_events()?;
        Ok(retained)
    }

    fn retain_registration(&self, id: &RegistrationId, retained: &mut Retained) -> Result<(), LifecycleError> {
        let loaded = self.database.read(|tables| Registration::load(&self.vault, tables, id))?;
        let Some((registration, lock)) = loaded else { return Ok(()) };
        let Some(done) = registration.steps.last().filter(|_| registration.stage.is_final()) else { return Ok(()) };
        let rules = &self.settings.retention;
        let is_over = |days: Option<u32>| days.is_some_and(|days| self.is_past(done.at_ms, days));
        let enclosures = [id.key(), b"\0"].concat();
        let are_there = !registration.enclosed.is_empty() && registration.deleted_ms.is_none();
        if registration.stage == Stage::Rejected && is_over(rules.rejected_days) {
            // The key goes first: whatever is left after a crash cannot be read.
            self.vault.destroy(&[lock.slot()])?;
            self.write(|draft| delete_beginning(draft, Table::Enclosures, &enclosures))?;
            retained.rejected += 1;
        } else if are_there && is_over(rules.enclosures_days) {
            self.write(|draft| {
                // Whoever was erased meanwhile has lost them already.
                let Some((mut kept, lock)) = Registration::load(&self.vault, draft, id)? else { return Ok(()) };
                kept.deleted_ms = Some(self.now_ms());
                kept.save(&self.vault, draft, &lock)?;
                delete_beginning(draft, Table::Enclosures, &enclosures)
            })?;
            retained.enclosures += 1;
        }
        Ok(())
    }

    fn retain_transactions(&self) -> Result<u64, LifecycleError> {
        let Some(days) = self.settings.retention.transactions_days else { return Ok(0) };
        let (mut deleted, mut after) = (0, Vec::new());
        loop {
            let rows = self.database.read(|tables| tables.range(Table::Transactions, &after, &[], PAGE))?;
            let Some((last, _)) = rows.last() else { return Ok(deleted) };
            after = following(last);
            let is_old = |key: &&Vec<u8>| timeline::at_ms(key).is_some_and(|at_ms| self.is_past(at_ms, days));
            let old = rows.iter().map(|(key, _)| key).filter(is_old);
            let old = old.cloned().collect::<Vec<_>>();
            deleted += old.len() as u64;
            self.write(|draft| {
                for key in &old {
                    draft.delete(Table::Transactions, key);
                }
                Ok::<_, VaultError>(())
            })?;
        }
    }

    fn retain_events(&self) -> Result<u64, LifecycleError> {
        let Some(days) = self.settings.retention.events_days else { return Ok(0) };
        let until = self.now_ms().saturating_sub(u64::from(days) * DAY_MS).to_be_bytes();
        let mut deleted = 0;
        loop {
            let went = self.write(|draft| {
                let rows = draft.range(Table::Events, &[], &until, PAGE)?;
                for (key, _) in &rows {
                    draft.delete(Table::Events, key);
                }
                Ok::<_, StoreError>(rows.len() as u64)
            });
            match went.map_err(VaultError::from)? {
                0 => return Ok(deleted),
                went => deleted += went,
            }
        }
    }

    fn is_past(&self, at_ms: u64, days: u32) -> bool {
        at_ms.saturating_add(u64::from(days) * DAY_MS) < self.now_ms()
    }
}
