//! A one-time password as it is kept: what became of it, and a keyed hash.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::gate::is_same;
use super::holder::Holder;
use super::{AuthenticationError, OtpSettings, Refusal};
use crate::layer::Layer;
use crate::store::{Draft, Table, Tables};
use crate::vault::{Place, VaultError};

/// Digits of a password, as in MOSIP.
pub(super) const DIGITS: usize = 6;

/// Before the times at which passwords are forgotten, each followed by its key; in the table of what is kept for a while.
const KEPT_UNTIL: &[u8] = b"otp-until\0";

/// How many are forgotten at a time, where one is written.
const SWEPT: usize = 4;

/// The password of somebody, or of a number that is nobody's.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Password {
    /// The keyed hash; none once it was used.
    pub(super) hash: Option<[u8; 32]>,
    /// The partner that asked for it.
    pub(super) partner: String,
    /// The transaction that it is for.
    pub(super) transaction: String,
    /// From when on it cannot be used.
    pub(super) expires_ms: u64,
    /// How often it was tried.
    pub(super) attempts: u32,
    /// How many were wrong in a row, of this and those before.
    pub(super) wrong: u32,
    /// Until when none is taken or sent.
    pub(super) frozen_until_ms: u64,
    /// From when on nothing of it matters.
    pub(super) kept_until_ms: u64,
}

impl Password {
    /// Somebody's who has none yet.
    pub(super) fn none() -> Self {
        Self {
            hash: None,
            partner: String::new(),
            transaction: String::new(),
            expires_ms: 0,
            attempts: 0,
            wrong: 0,
            frozen_until_ms: 0,
            kept_until_ms: 0,
        }
    }

    /// Tries one that was entered, and notes what follows. The reason is the real one, whatever the partner is told.
    pub(super) fn attempt(
        &mut self,
        (partner, transaction): (&str, &str),
        entered: &[u8; 32],
        rules: &OtpSettings,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        if now_ms < self.frozen_until_ms {
            return Err(Refusal::OtpFrozen);
        }
        let kept = self.hash.filter(|_| self.attempts < rules.attempts).ok_or(Refusal::OtpWrong)?;
        if now_ms >= self.expires_ms {
            return Err(Refusal::OtpExpired);
        }
        if self.partner != partner {
            return Err(Refusal::OtpPartner);
        }
        if self.transaction != transaction {
            return Err(Refusal::OtpTransaction);
        }
        self.attempts += 1;
        if is_same(&kept, entered) {
            (self.hash, self.wrong) = (None, 0);
            return Ok(());
        }
        self.wrong += 1;
        let freeze_ms = u64::from(rules.freeze_s) * 1_000;
        self.kept_until_ms = self.kept_until_ms.max(now_ms.saturating_add(freeze_ms));
        if self.wrong >= rules.wrong_before_freeze {
            (self.hash, self.wrong, self.frozen_until_ms) = (None, 0, now_ms.saturating_add(freeze_ms));
        }
        Err(Refusal::OtpWrong)
    }
}

impl Layer {
    /// The password of somebody, as long as anything of it matters.
    pub(super) fn password(&self, tables: &dyn Tables, holder: &Holder) -> Result<Option<Password>, VaultError> {
        let key = self.vault.blind("password", &holder.handle);
        let kept = self.vault.get::<Password>(tables, Place::new(Table::Passwords, &key))?;
        Ok(kept.map(|(password, _)| password).filter(|password| self.now_ms() < password.kept_until_ms))
    }

    /// Writes it, and forgets some of others that no longer matter.
    pub(super) fn keep_password(
        &self,
        draft: &mut Draft<'_>,
        holder: &Holder,
        password: &Password,
    ) -> Result<(), AuthenticationError> {
        self.forget_passwords(draft)?;
        let key = self.vault.blind("password", &holder.handle);
        self.vault.put(draft, &holder.found.lock, Place::new(Table::Passwords, &key), password)?;
        let row = [KEPT_UNTIL, &password.kept_until_ms.to_be_bytes(), &key].concat();
        draft.put(Table::Seen, &row, Vec::new());
        Ok(())
    }

    fn forget_passwords(&self, draft: &mut Draft<'_>) -> Result<(), AuthenticationError> {
        let end = [KEPT_UNTIL, &self.now_ms().to_be_bytes()].concat();
        for (row, _) in draft.range(Table::Seen, KEPT_UNTIL, &end, SWEPT)? {
            let key = &row[KEPT_UNTIL.len() + size_of::<u64>()..];
            let kept = self.vault.get::<Password>(draft, Place::new(Table::Passwords, key))?;
            if kept.is_none_or(|(password, _)| password.kept_until_ms <= self.now_ms()) {
                draft.delete(Table::Passwords, key);
            }
            draft.delete(Table::Seen, &row);
        }
        Ok(())
    }

    /// What is kept of a password: it follows from whose it is and what for, too, so that one hash stands for no other.
    pub(super) fn password_hash(&self, holder: &Holder, transaction: &str, code: &str) -> [u8; 32] {
        *self.vault.secret("one-time password", &format!("{}\0{transaction}\0{code}", holder.handle))
    }
}

/// Six digits, each of the million as probable as any: numbers of 32 bits above the last whole million of them are drawn again.
pub(super) fn draw_code() -> Result<Zeroizing<String>, VaultError> {
    const CODES: u32 = 10_u32.pow(DIGITS as u32);
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes).map_err(|error| VaultError::NoChance(error.to_string()))?;
        let number = u32::from_be_bytes(bytes);
        if number < FAIR {
            return Ok(Zeroizing::new(format!("{:0DIGITS$}", number % CODES)));
        }
    }
}
