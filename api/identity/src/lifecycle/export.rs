//! Everything that is kept of a person, for him.

use std::fmt;

use serde::Serialize;

use super::{Deed, LifecycleError};
use crate::layer::Layer;
use crate::registration::Registration;
use crate::store::{MAX_LISTED, Table, Tables};
use crate::subject::{Change, Subject, history, timeline};

/// Everything that is kept of a person.
#[derive(Serialize)]
pub struct Export {
    /// When it was made, in milliseconds since 1970.
    pub at_ms: u64,
    /// His record.
    pub subject: Subject,
    /// His registrations.
    pub registrations: Vec<Registration>,
    /// Pictures and documents as they were sent in: the registration, the number there, and the bytes.
    pub enclosures: Vec<(String, u16, Vec<u8>)>,
    /// What was done to his record.
    pub history: Vec<Change>,
    /// When, by whom and how he was authenticated.
    pub transactions: Vec<serde_json::Value>,
}

/// Sizes, never content.
impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Export({} registrations, {} enclosures)", self.registrations.len(), self.enclosures.len())
    }
}

impl Layer {
    /// Everything that is kept of who has a UIN. That it was read is noted in his history.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn export(&self, uin: &str, deed: Deed<'_>) -> Result<Export, LifecycleError> {
        self.amend(uin, deed, "exported", |_| Ok(()))?;
        self.database.read(|tables| {
            let subject = self.holder_of(tables, uin)?.subject;
            let mut registrations = Vec::new();
            let mut enclosures = Vec::new();
            for id in &subject.registrations {
                let Some((registration, _)) = Registration::load(&self.vault, tables, id)? else { continue };
                for (number, _) in (0..).zip(&registration.enclosed) {
                    if let Some(bytes) = self.enclosure(tables, id, number)? {
                        enclosures.push((id.to_string(), number, bytes.to_vec()));
                    }
                }
                registrations.push(registration);
            }
            let history = history(&self.vault, tables, subject.id, 0, MAX_LISTED)?;
            let transactions = self.transactions_of(tables, &subject)?;
            Ok(Export { at_ms: self.now_ms(), subject, registrations, enclosures, history, transactions })
        })
    }

    fn transactions_of(
        &self,
        tables: &dyn Tables,
        subject: &Subject,
    ) -> Result<Vec<serde_json::Value>, LifecycleError> {
        let (from, to) = timeline::since(subject.id, 0);
        Ok(self.vault.range(tables, Table::Transactions, (&from, &to), MAX_LISTED)?)
    }
}
