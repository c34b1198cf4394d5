//! What is looked at before anybody is: who asks, when, whether again, and how often.

use super::error::Halt;
use super::holder::kinds;
use super::{AuthenticationError, Call, IdKind, Operation, Refusal, Request};
use crate::layer::Layer;
use crate::partner::{Partner, PartnerStatus, check_signature};
use crate::store::{Draft, StoreError, Table, Tables};
use crate::subject::timeline;

/// Before the keys of transactions that were there.
const SEEN: &[u8] = b"auth\0";

/// Before the times at which they are forgotten, each followed by its transaction.
const SEEN_UNTIL: &[u8] = b"auth-until\0";

/// How many forgotten transactions are swept at a time.
const SWEPT: usize = 16;

/// Of the 256 first bytes of a transaction's key, those at which others are swept: one in eight, so that twice as many are swept as come, and
/// those who write at the same time seldom sweep the same.
const SWEEPING: u8 = 32;

/// What every request says.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) operation: Operation,
    pub(super) id: &'a str,
    pub(super) kind: Option<IdKind>,
    pub(super) transaction: &'a str,
    pub(super) at_ms: u64,
}

impl Layer {
    /// The partner that asks, if it is there, is who it says and may ask.
    pub(super) fn admit_partner(&self, call: &Call<'_>) -> Result<Partner, Halt> {
        let found = self.database.read(|tables| self.find_partner(tables, call.partner))?;
        let shown = self.api_key_hash(call.partner, call.api_key);
        let kept = found.as_ref().map_or([0; 32], |partner| partner.api_key);
        let is_same = is_same(&shown, &kept);
        let Some(partner) = found.filter(|_| is_same) else { return Err(Refusal::Partner.into()) };
        if partner.status == PartnerStatus::Disabled {
            return Err(Refusal::PartnerDisabled.into());
        }
        if let Some(keys) = &partner.terms.keys {
            let signed = call.signed.ok_or(Refusal::Signature)?;
            check_signature(keys, signed.jws, signed.body).map_err(|_| Refusal::Signature)?;
        }
        if partner.terms.policy.holds(self.now_ms()) { Ok(partner) } else { Err(Refusal::PolicyOver.into()) }
    }

    /// Whether a request is of now, and the first of its transaction. That it is the first holds for good only once [`Layer::claim`] says so.
    pub(super) fn admit_entry(&self, partner: &Partner, entry: &Entry<'_>) -> Result<(), Halt> {
        let is_name = entry.transaction.bytes().all(|letter| letter.is_ascii_graphic());
        if !is_name || !(1..=Request::MOST_TRANSACTION_BYTES).contains(&entry.transaction.len()) {
            return Err(Refusal::Invalid("transaction").into());
        }
        let window_ms = self.settings.authentication.window_ms;
        if self.now_ms().abs_diff(entry.at_ms) > window_ms {
            return Err(Refusal::Stale(window_ms / 1_000).into());
        }
        let key = self.seen_key(partner, entry);
        let is_again = self.database.read(|tables| is_seen(tables, &key, self.now_ms()))?;
        if is_again { Err(Refusal::Replayed.into()) } else { Ok(()) }
    }

    /// Whether neither the partner nor anybody about this number asks too often; what kinds of number it can be.
    pub(super) fn admit_often(&self, partner: &Partner, entry: &Entry<'_>) -> Result<Vec<IdKind>, Halt> {
        let (settings, floods, now_ms) = (&self.settings.authentication, &self.means.floods, self.now_ms());
        let by_partner = self.vault.blind("flood by partner", &partner.id);
        if !floods.admit(now_ms, by_partner, settings.per_partner_per_minute) {
            return Err(Refusal::Flooded.into());
        }
        let kinds = kinds(&self.settings, entry)?;
        let (purpose, most, refusal) = match entry.operation {
            Operation::Otp => ("flood by otp", settings.otp.per_id_per_minute, Refusal::OtpFlooded),
            Operation::Authentication | Operation::Kyc => ("flood by id", settings.per_id_per_minute, Refusal::Flooded),
        };
        let is_fine = floods.admit(now_ms, self.vault.blind(purpose, entry.id), most);
        if is_fine { Ok(kinds) } else { Err(refusal.into()) }
    }

    /// Notes that a transaction was there, in the record whose key is given; none where it was before. It is remembered for as long as its
    /// request could come again. What that record says is deleted with it: see [`forget_later`].
    pub(super) fn claim(
        &self,
        draft: &mut Draft<'_>,
        partner: &Partner,
        entry: &Entry<'_>,
    ) -> Result<Option<Vec<u8>>, AuthenticationError> {
        let (key, now_ms) = (self.seen_key(partner, entry), self.now_ms());
        if is_seen(draft, &key, now_ms)? {
            return Ok(None);
        }
        if key[SEEN.len()] < SWEEPING {
            sweep(draft, now_ms)?;
        }
        // A request may be dated one window ahead, and be sent until one window after that.
        let until_ms = now_ms.saturating_add(self.settings.authentication.window_ms.saturating_mul(2));
        let until = until_ms.saturating_add(1).to_be_bytes();
        let row = [SEEN_UNTIL, &until, &key].concat();
        draft.put(Table::Seen, &row, Vec::new());
        draft.put(Table::Seen, &key, until.to_vec());
        Ok(Some(row))
    }

    fn seen_key(&self, partner: &Partner, entry: &Entry<'_>) -> Vec<u8> {
        let operation = if entry.operation == Operation::Otp { "otp" } else { "auth" };
        let whole = format!("{operation}\0{}\0{}", partner.id, entry.transaction);
        [SEEN, &self.vault.blind("transaction", &whole)].concat()
    }
}

/// Has what was written about nobody deleted when its transaction is forgotten: the same is written as about somebody, for how long that
/// takes would tell.
pub(super) fn forget_later(draft: &mut Draft<'_>, row: &[u8], transaction: &[u8], token: &[u8]) {
    draft.put(Table::Seen, row, [transaction, token].concat());
}

fn is_seen(tables: &dyn Tables, key: &[u8], now_ms: u64) -> Result<bool, StoreError> {
    let until = tables.get(Table::Seen, key)?.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
    Ok(until.is_some_and(|until_ms| now_ms < until_ms))
}

fn sweep(draft: &mut Draft<'_>, now_ms: u64) -> Result<(), StoreError> {
    let end = [SEEN_UNTIL, &now_ms.to_be_bytes()].concat();
    for (row, of_nobody) in draft.range(Table::Seen, SEEN_UNTIL, &end, SWEPT)? {
        if let Some((transaction, token)) = of_nobody.split_at_checked(timeline::KEY_BYTES) {
            draft.delete(Table::Transactions, transaction);
            // With MOSIP's tokens, somebody may have got the number meanwhile.
            let owner = draft.get(Table::Numbers, token)?.unwrap_or_default();
            if draft.get(Table::Subjects, &owner)?.is_none() {
                draft.delete(Table::Numbers, token);
            }
        }
        let key = &row[SEEN_UNTIL.len() + size_of::<u64>()..];
        if !is_seen(draft, key, now_ms)? {
            draft.delete(Table::Seen, key);
        }
        draft.delete(Table::Seen, &row);
    }
    Ok(())
}

/// Whether two keyed hashes are the same, in a time that does not depend on where they differ.
pub(super) fn is_same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    let differing = one.iter().zip(other).fold(0, |differing, (one, other)| differing | (one ^ other));
    std::hint::black_box(differing) == 0
}
