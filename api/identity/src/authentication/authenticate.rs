//! The way of a request from the partner to the answer.

use super::body::Bodies;
use super::demographic::disagreements;
use super::error::Halt;
use super::gate::{Entry, forget_later};
use super::holder::{Holder, token_key};
use super::kyc::Telling;
use super::{Answer, AuthenticationError, Call, Disclosure, Factor, IdKind, Operation, Refusal, Request, Transaction};
use crate::layer::Layer;
use crate::partner::{Partner, PartnerKind};
use crate::store::{Draft, Table, Tables};

/// A request that was let in, with what was found so far.
struct Case<'a> {
    partner: &'a Partner,
    request: &'a Request,
    entry: Entry<'a>,
    kinds: Vec<IdKind>,
    /// What does not agree of the samples.
    bodies: Vec<Refusal>,
}

impl Layer {
    /// Whether somebody is who he claims to be: the answer is yes where every factor of the request agrees.
    ///
    /// # Errors
    /// [`AuthenticationError`] where there is no answer; a refusal is an answer.
    pub fn authenticate(&self, call: &Call<'_>, request: &Request) -> Result<Answer, AuthenticationError> {
        match self.try_authenticate(call, request) {
            Ok(answer) => Ok(answer),
            Err(Halt::Refused(refusal)) => Ok(self.answer(request, None, vec![refusal])),
            Err(Halt::Failed(error)) => Err(error),
        }
    }

    fn try_authenticate(&self, call: &Call<'_>, request: &Request) -> Result<Answer, Halt> {
        let partner = self.admit_partner(call)?;
        let policy = &partner.terms.policy;
        request.check()?;
        request.check_policy(policy)?;
        let operation = if request.kyc.is_some() { Operation::Kyc } else { Operation::Authentication };
        if operation == Operation::Kyc && (partner.terms.kind != PartnerKind::Kyc || policy.kyc.is_empty()) {
            return Err(Refusal::KycNotAllowed.into());
        }
        let Request { id, kind, transaction, at_ms, .. } = request;
        let entry = Entry { operation, id, kind: *kind, transaction, at_ms: *at_ms };
        self.admit_entry(&partner, &entry)?;
        if !request.consent.as_ref().is_some_and(|consent| consent.is_given) {
            return Err(Refusal::Consent.into());
        }
        let kinds = self.admit_often(&partner, &entry)?;
        let bodies = self.judge_bodies(&partner, request, &kinds)?;
        let case = Case { partner: &partner, request, entry, kinds, bodies };
        Ok(self.write(|draft| self.conclude_request(draft, &case))?)
    }

    /// What does not agree of the samples, before anything is written.
    fn judge_bodies(&self, partner: &Partner, request: &Request, kinds: &[IdKind]) -> Result<Vec<Refusal>, Halt> {
        let extracted = request.check_liveness(&partner.terms.policy).map_err(Halt::from);
        let bodies: Bodies = match extracted.and_then(|()| self.extract(request)) {
            Ok(bodies) => bodies,
            // The person is to read of it, too.
            Err(Halt::Refused(refusal)) => return Ok(vec![refusal]),
            Err(failed) => return Err(failed),
        };
        Ok(self.compare_bodies(partner, (&request.id, kinds), &bodies)?)
    }

    /// The answer, and all that is kept of it, in one change: so that of requests that come at the same time each counts once.
    fn conclude_request(&self, draft: &mut Draft<'_>, case: &Case<'_>) -> Result<Answer, AuthenticationError> {
        let Case { partner, request, entry, kinds, .. } = case;
        let Some(seen) = self.claim(draft, partner, entry)? else {
            return Ok(self.answer(request, None, vec![Refusal::Replayed]));
        };
        let mut holder = self.find_holder(draft, partner, entry.id, kinds)?;
        let state = self.state_of(&holder);
        let mut refusals = self.locked(&holder, &request.factors());
        let is_told = self.settings.authentication.disclosure == Disclosure::Mosip;
        if let Some(state) = state.clone().filter(|_| is_told) {
            refusals = vec![state];
        }
        if refusals.is_empty() {
            refusals = self.judge(draft, &holder, case)?;
        }
        if refusals.is_empty() {
            refusals.extend(state);
        }
        let is_authentic = refusals.is_empty();
        if is_authentic {
            self.use_vid(draft, &mut holder)?;
        }
        let token = self.token_of(partner, &holder, entry.id)?;
        let token = token.filter(|_| is_authentic || self.settings.authentication.token_on_no);
        let token_key = self.keep_token(draft, partner, &holder, token.as_deref())?;
        let identity = request.kyc.as_ref().filter(|_| is_authentic).map(|wanted| {
            let telling = Telling { policy: &partner.terms.policy, consent: request.consent.as_ref(), wanted };
            self.disclosed(draft, &holder.found.subject, &telling)
        });
        let identity = identity.transpose()?;
        let told = identity.iter().flatten().map(|(name, _)| name.clone()).collect();
        let codes = refusals.iter().map(|refusal| refusal.code().to_string()).collect();
        let transaction_key = self.record_transaction(
            draft,
            &holder,
            &Transaction {
                at_ms: self.now_ms(),
                operation: entry.operation,
                transaction: entry.transaction.to_owned(),
                partner: partner.id.clone(),
                partner_name: partner.terms.name.clone(),
                purpose: request.purpose.clone(),
                named_by: holder.kind,
                factors: request.factors(),
                is_accepted: is_authentic,
                codes,
                told,
                token: token.clone(),
            },
        )?;
        if !holder.is_known {
            forget_later(draft, &seen, &transaction_key, &token_key);
        }
        let refusals = if is_told { refusals } else { guarded(refusals, request) };
        Ok(Answer { identity, ..self.answer(request, token, refusals) })
    }

    /// What does not agree, of all factors.
    fn judge(
        &self,
        draft: &mut Draft<'_>,
        holder: &Holder,
        case: &Case<'_>,
    ) -> Result<Vec<Refusal>, AuthenticationError> {
        let Case { partner, request, .. } = case;
        let (record, policy) = (&holder.found.subject.demographics, &partner.terms.policy);
        let mut refusals = disagreements(&self.demography, record, &request.demographics, policy, self.now_ms());
        if let Some(entered) = &request.otp {
            let entered = self.password_hash(holder, &request.transaction, entered);
            let mut password = self.password(draft, holder)?;
            let call = (partner.id.as_str(), request.transaction.as_str());
            let tried = password.as_mut().map_or(Err(Refusal::OtpWrong), |password| {
                password.attempt(call, &entered, &self.settings.authentication.otp, self.now_ms())
            });
            if let Some(password) = &password {
                self.keep_password(draft, holder, password)?;
            }
            refusals.extend(tried.err());
        }
        refusals.extend(case.bodies.iter().cloned());
        Ok(refusals)
    }

    /// Counts a use of the VID that somebody was named by.
    pub(super) fn use_vid(&self, draft: &mut Draft<'_>, holder: &mut Holder) -> Result<(), AuthenticationError> {
        let Some(vid) = holder.vid.and_then(|at| holder.found.subject.vids.get_mut(at)) else { return Ok(()) };
        let Ok(life) = vid.life.used(self.now_ms()) else { return Ok(()) };
        if life == vid.life {
            return Ok(());
        }
        vid.life = life;
        Ok(holder.found.save(&self.vault, draft)?)
    }

    /// Keeps whose a token is, so that the partner may name him by it, and gives the key under which that is kept.
    fn keep_token(
        &self,
        draft: &mut Draft<'_>,
        partner: &Partner,
        holder: &Holder,
        token: Option<&str>,
    ) -> Result<Vec<u8>, AuthenticationError> {
        let Some(token) = token else { return Ok(Vec::new()) };
        let key = self.vault.blind("token", &token_key(partner, token));
        if draft.get(Table::Numbers, &key)?.is_none() {
            draft.put(Table::Numbers, &key, holder.found.subject.id.bytes().to_vec());
        }
        Ok(key.to_vec())
    }

    fn answer(&self, request: &Request, token: Option<String>, refusals: Vec<Refusal>) -> Answer {
        Answer {
            transaction: request.transaction.clone(),
            at_ms: self.now_ms(),
            is_authentic: refusals.is_empty(),
            token,
            refusals,
            identity: None,
        }
    }
}

/// Refusals that say no more than that factors do not agree.
fn guarded(refusals: Vec<Refusal>, request: &Request) -> Vec<Refusal> {
    let general = |refusal| {
        if let Refusal::DemographicMissing { attribute, language } = refusal {
            Refusal::Demographic { attribute, language }
        } else if let Refusal::BiometricMissing(factor) = refusal {
            Refusal::Biometric(factor)
        } else if refusal == Refusal::Unknown {
            disagreement(request)
        } else {
            refusal
        }
    };
    refusals.into_iter().map(general).collect()
}

/// What is said of nobody with whom, by chance, all agrees.
fn disagreement(request: &Request) -> Refusal {
    match request.demographics.first() {
        Some(claim) => Refusal::Demographic { attribute: claim.attribute.clone(), language: claim.language.clone() },
        None => match request.factors().first() {
            Some(Factor::Otp) | None => Refusal::OtpWrong,
            Some(factor) => Refusal::Biometric(*factor),
        },
    }
}
