//! The history of a person's authentications, for himself.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::holder::Holder;
use super::{AuthenticationError, Factor, IdKind};
use crate::issuance::number_owner;
use crate::layer::Layer;
use crate::store::{Draft, MAX_LISTED, Table};
use crate::subject::{Status, Subject, timeline};
use crate::vault::{Place, VaultError};

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Whether it is he.
    Authentication,
    /// The same, and fields of his record.
    Kyc,
    /// A one-time password.
    Otp,
}

/// One authentication of a person, or a password that was asked for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// What was asked.
    pub operation: Operation,
    /// What the partner calls it.
    pub transaction: String,
    /// The id of the partner.
    pub partner: String,
    /// What it is called towards people.
    pub partner_name: String,
    /// What it was for.
    pub purpose: String,
    /// What he was named by.
    pub named_by: IdKind,
    /// By what he was authenticated.
    pub factors: Vec<Factor>,
    /// Whether the answer was yes, or a password was sent.
    pub is_accepted: bool,
    /// The codes of why not: the real ones, even where the partner was told less.
    pub codes: Vec<String>,
    /// The fields of his record that were told.
    pub told: Vec<String>,
    /// What stands for him towards the partner.
    pub token: Option<String>,
}

/// What and whether, and nothing of the person.
impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction({:?}, {}, {:?})", self.operation, self.is_accepted, self.codes)
    }
}

impl Layer {
    /// Writes a transaction, and gives its key.
    pub(super) fn record_transaction(
        &self,
        draft: &mut Draft<'_>,
        holder: &Holder,
        transaction: &Transaction,
    ) -> Result<Vec<u8>, AuthenticationError> {
        let key = timeline::key(holder.found.subject.id, transaction.at_ms).map_err(VaultError::from)?;
        self.vault.put(draft, &holder.found.lock, Place::new(Table::Transactions, &key), transaction)?;
        Ok(key)
    }

    /// The authentications of the holder of a UIN, whatever its state, oldest first: at most `most` from `since_ms` on.
    ///
    /// # Errors
    /// [`AuthenticationError::Unknown`].
    pub fn transactions(&self, uin: &str, since_ms: u64, most: usize) -> Result<Vec<Transaction>, AuthenticationError> {
        self.database.read(|tables| {
            let owner = number_owner(&self.vault, tables, "uin", uin)?.ok_or(AuthenticationError::Unknown)?;
            let found = Subject::load(&self.vault, tables, owner)?.ok_or(AuthenticationError::Unknown)?;
            if found.subject.status == Status::Erased {
                return Err(AuthenticationError::Unknown);
            }
            let (from, to) = timeline::since(owner, since_ms);
            Ok(self.vault.range(tables, Table::Transactions, (&from, &to), most.min(MAX_LISTED))?)
        })
    }
}
