//! Sending one-time passwords.

use zeroize::Zeroizing;

use super::error::Halt;
use super::gate::{Entry, forget_later};
use super::holder::Holder;
use super::password::{Password, draw_code};
use super::{
    AuthenticationError, Call, Channel, Disclosure, Factor, IdKind, Message, Operation, OtpAnswer, OtpRequest, Refusal,
    Transaction,
};
use crate::layer::Layer;
use crate::partner::Partner;
use crate::schema::Role;
use crate::store::Draft;

/// What is to be sent, and what may be told of it.
struct Sending {
    refusals: Vec<Refusal>,
    expires_ms: u64,
    messages: Vec<Message>,
}

impl Layer {
    /// Sends a one-time password, for the authentication that follows in the same transaction.
    ///
    /// # Errors
    /// [`AuthenticationError`] where there is no answer; a refusal is an answer.
    pub fn request_otp(&self, call: &Call<'_>, request: &OtpRequest) -> Result<OtpAnswer, AuthenticationError> {
        let mut answer = OtpAnswer {
            transaction: request.transaction.clone(),
            at_ms: self.now_ms(),
            expires_ms: None,
            masked: Vec::new(),
            refusals: Vec::new(),
        };
        let sending = match self.try_otp(call, request) {
            Ok(sending) => sending,
            Err(Halt::Refused(refusal)) => Sending { refusals: vec![refusal], expires_ms: 0, messages: Vec::new() },
            Err(Halt::Failed(error)) => return Err(error),
        };
        answer.refusals = sending.refusals;
        if answer.refusals.is_empty() && !self.send_all(&sending.messages) {
            answer.refusals.push(Refusal::OtpNotSent);
        }
        if answer.refusals.is_empty() {
            answer.expires_ms = Some(sending.expires_ms);
            if self.settings.authentication.disclosure == Disclosure::Mosip {
                answer.masked = sending.messages.iter().map(|sent| (sent.channel, masked(&sent.to))).collect();
            }
        }
        Ok(answer)
    }

    fn try_otp(&self, call: &Call<'_>, request: &OtpRequest) -> Result<Sending, Halt> {
        let OtpRequest { id, kind, transaction, at_ms, channels } = request;
        let entry = Entry { operation: Operation::Otp, id, kind: *kind, transaction, at_ms: *at_ms };
        let partner = self.admit_partner(call)?;
        if !partner.terms.policy.allows(Factor::Otp) {
            return Err(Refusal::OtpNotAllowed.into());
        }
        if channels.is_empty() {
            return Err(Refusal::OtpChannel.into());
        }
        if self.means.sender.is_none() {
            return Err(Refusal::OtpNotSent.into());
        }
        self.admit_entry(&partner, &entry)?;
        let kinds = self.admit_often(&partner, &entry)?;
        let code = draw_code()?;
        Ok(self.write(|draft| self.make_password(draft, &partner, (&entry, &kinds), channels, &code))?)
    }

    fn make_password(
        &self,
        draft: &mut Draft<'_>,
        partner: &Partner,
        (entry, kinds): (&Entry<'_>, &[IdKind]),
        channels: &[Channel],
        code: &Zeroizing<String>,
    ) -> Result<Sending, AuthenticationError> {
        let expires_ms = self.now_ms().saturating_add(u64::from(self.settings.authentication.otp.valid_s) * 1_000);
        let mut sending = Sending { refusals: Vec::new(), expires_ms, messages: Vec::new() };
        let Some(seen) = self.claim(draft, partner, entry)? else {
            sending.refusals.push(Refusal::Replayed);
            return Ok(sending);
        };
        let mut holder = self.find_holder(draft, partner, entry.id, kinds)?;
        sending.refusals = self.locked(&holder, &[Factor::Otp]);
        let kept = self.password(draft, &holder)?.unwrap_or_else(Password::none);
        if sending.refusals.is_empty() && self.now_ms() < kept.frozen_until_ms {
            sending.refusals.push(Refusal::OtpNotSentFrozen);
        }
        let messages = self.messages(partner, &holder, channels, code);
        let mut hidden = self.state_of(&holder);
        if hidden.is_none() && messages.is_empty() {
            hidden = Some(Refusal::OtpNowhere);
        }
        if let (Some(refusal), Disclosure::Mosip) = (&hidden, self.settings.authentication.disclosure) {
            sending.refusals = vec![refusal.clone()];
        }
        if sending.refusals.is_empty() {
            let hash = self.password_hash(&holder, entry.transaction, code);
            let freeze_ms = u64::from(self.settings.authentication.otp.freeze_s) * 1_000;
            let password = Password {
                hash: Some(hash),
                partner: partner.id.clone(),
                transaction: entry.transaction.to_owned(),
                expires_ms,
                attempts: 0,
                wrong: kept.wrong,
                frozen_until_ms: 0,
                kept_until_ms: expires_ms.max(self.now_ms().saturating_add(freeze_ms)),
            };
            self.keep_password(draft, &holder, &password)?;
        }
        let real = sending.refusals.first().cloned().or(hidden);
        if real.is_none() {
            self.use_vid(draft, &mut holder)?;
            sending.messages = messages;
        }
        let transaction = self.otp_transaction(partner, entry, &holder, real.as_ref());
        let key = self.record_transaction(draft, &holder, &transaction)?;
        if !holder.is_known {
            forget_later(draft, &seen, &key, &[]);
        }
        Ok(sending)
    }

    fn otp_transaction(
        &self,
        partner: &Partner,
        entry: &Entry<'_>,
        holder: &Holder,
        why: Option<&Refusal>,
    ) -> Transaction {
        Transaction {
            at_ms: self.now_ms(),
            operation: Operation::Otp,
            transaction: entry.transaction.to_owned(),
            partner: partner.id.clone(),
            partner_name: partner.terms.name.clone(),
            purpose: String::new(),
            named_by: holder.kind,
            factors: vec![Factor::Otp],
            is_accepted: why.is_none(),
            codes: why.iter().map(|refusal| refusal.code().to_string()).collect(),
            told: Vec::new(),
            token: None,
        }
    }

    /// The messages that take a password to somebody, by those of the channels that he registered.
    fn messages(
        &self,
        partner: &Partner,
        holder: &Holder,
        channels: &[Channel],
        code: &Zeroizing<String>,
    ) -> Vec<Message> {
        let mapping = self.demography.schema().mapping();
        let first = |role| mapping.texts(&holder.found.subject.demographics, role).into_iter().next();
        let message = |(channel, role): (Channel, Role)| {
            let to = first(role).filter(|_| channels.contains(&channel))?;
            let language = first(Role::PreferredLanguage);
            let partner_name = partner.terms.name.clone();
            let valid_s = self.settings.authentication.otp.valid_s;
            Some(Message { channel, to, code: code.clone(), language, partner_name, valid_s })
        };
        [(Channel::Phone, Role::Phone), (Channel::Email, Role::Email)].into_iter().filter_map(message).collect()
    }

    /// Whether at least one is on its way, or there is none to send.
    fn send_all(&self, messages: &[Message]) -> bool {
        let Some(sender) = &self.means.sender else { return false };
        let sent = messages.iter().filter(|message| sender.send(message).is_ok()).count();
        sent > 0 || messages.is_empty()
    }
}

/// An address of which the last three letters are left, or the first and what follows the at sign.
fn masked(address: &str) -> String {
    let letters = address.chars().count();
    let at = address.chars().position(|letter| letter == '@');
    let is_shown = |place: usize| at.map_or(place + 3 >= letters, |at| place == 0 || place >= at);
    (0..).zip(address.chars()).map(|(place, letter)| if is_shown(place) { letter } else { '*' }).collect()
}
