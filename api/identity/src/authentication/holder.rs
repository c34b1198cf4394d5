//! Whose number it is, and whether it is in force.

use serde_json::json;

use super::gate::Entry;
use super::{AuthenticationError, Factor, IdKind, Refusal, Request};
use crate::issuance::number_owner;
use crate::layer::Layer;
use crate::numbers::{VidStatus, is_checked};
use crate::partner::{Partner, TokenKind};
use crate::settings::Settings;
use crate::store::{Table, Tables};
use crate::subject::{Demographics, Found, Status, Subject, SubjectId};
use crate::tokens::TokenKey;
use crate::vault::Place;

/// The most letters and digits of a token.
const MOST_TOKEN_BYTES: usize = 64;

/// Somebody who is claimed to be the person, or, of a number that is nobody's, a record to do the same work with.
pub(super) struct Holder {
    /// His record.
    pub(super) found: Found,
    /// Whether there is such a person.
    pub(super) is_known: bool,
    /// Which of his VIDs he was named by.
    pub(super) vid: Option<usize>,
    /// What he was named by.
    pub(super) kind: IdKind,
    /// What his passwords are kept under: who he is, or a number that is nobody's.
    pub(super) handle: String,
}

/// The kinds of number that an id can be, by what is said of it or else by its form.
pub(super) fn kinds(settings: &Settings, entry: &Entry<'_>) -> Result<Vec<IdKind>, Refusal> {
    let id = entry.id;
    if !(1..=Request::MOST_ID_BYTES).contains(&id.len()) {
        return Err(Refusal::Invalid("id"));
    }
    let is_number =
        |length: usize| id.len() == length && id.bytes().all(|digit| digit.is_ascii_digit()) && is_checked(id);
    let is_token = id.len() <= MOST_TOKEN_BYTES && id.bytes().all(|letter| letter.is_ascii_alphanumeric());
    let fits = |kind: &IdKind| match kind {
        IdKind::Uin => is_number(settings.uin.length),
        IdKind::Vid => is_number(settings.vid.length),
        IdKind::Token => is_token,
    };
    let asked = entry.kind.map_or_else(|| vec![IdKind::Uin, IdKind::Vid, IdKind::Token], |kind| vec![kind]);
    let kinds = asked.into_iter().filter(fits).collect::<Vec<_>>();
    match (kinds.is_empty(), entry.kind) {
        (false, _) => Ok(kinds),
        (true, Some(IdKind::Uin)) => Err(Refusal::Uin),
        (true, Some(IdKind::Vid)) => Err(Refusal::Vid),
        (true, Some(IdKind::Token) | None) => Err(Refusal::Invalid("id")),
    }
}

impl Layer {
    /// Whose id it is.
    pub(super) fn find_holder(
        &self,
        tables: &dyn Tables,
        partner: &Partner,
        id: &str,
        kinds: &[IdKind],
    ) -> Result<Holder, AuthenticationError> {
        let mut named = None;
        for &kind in kinds {
            let owner = match kind {
                IdKind::Uin => number_owner(&self.vault, tables, "uin", id)?,
                IdKind::Vid => number_owner(&self.vault, tables, "vid", id)?,
                IdKind::Token => number_owner(&self.vault, tables, "token", &token_key(partner, id))?,
            };
            named = named.or(owner.map(|owner| (owner, kind)));
        }
        let found = match named {
            Some((owner, _)) => Subject::load(&self.vault, tables, owner)?,
            None => None,
        };
        if let (Some(found), Some((owner, kind))) = (found, named) {
            let vid = found.subject.vids.iter().position(|vid| vid.number == id).filter(|_| kind == IdKind::Vid);
            let is_there = !matches!(found.subject.status, Status::Applicant | Status::Rejected | Status::Erased);
            if is_there && (kind != IdKind::Vid || vid.is_some()) {
                return Ok(Holder { found, is_known: true, vid, kind, handle: owner.to_string() });
            }
        }
        let kind = kinds.first().copied().unwrap_or(IdKind::Uin);
        Ok(Holder { found: self.nobody(id)?, is_known: false, vid: None, kind, handle: format!("nobody {id}") })
    }

    /// A record of nobody, sealed and opened as one of somebody is.
    fn nobody(&self, id: &str) -> Result<Found, AuthenticationError> {
        let key = self.vault.blind("nobody", id);
        let name = SubjectId::from_bytes(&key).ok_or(AuthenticationError::Unknown)?;
        let mut subject = Subject::applicant(name, self.now_ms());
        subject.demographics = stand_in();
        let (common, place) = (self.vault.common(), Place::new(Table::Subjects, &key));
        let sealed = self.vault.seal(&common, place, &subject)?;
        let opened = self.vault.open_record::<Subject>(place, &sealed)?;
        Ok(opened.map_or_else(|| Found { subject, lock: common }, |(subject, lock)| Found { subject, lock }))
    }

    /// What stands for somebody towards a partner.
    pub(super) fn token_of(
        &self,
        partner: &Partner,
        holder: &Holder,
        id: &str,
    ) -> Result<Option<String>, AuthenticationError> {
        match (partner.terms.policy.token, &self.means.salts) {
            (TokenKind::None, _) | (TokenKind::Mosip, None) => Ok(None),
            (TokenKind::Partner, _) => {
                let key = TokenKey::new(zeroize::Zeroizing::new(self.vault.secret("partner tokens", "").to_vec()))?;
                Ok(Some(key.token(&partner.id, &holder.handle)?))
            }
            (TokenKind::Mosip, Some(salts)) => {
                let uin = holder.found.subject.uin.as_deref().filter(|_| holder.is_known).unwrap_or(id);
                Ok(Some(salts.token(&partner.id, uin)?))
            }
        }
    }

    /// Why somebody's number does not count, whatever he proves.
    pub(super) fn state_of(&self, holder: &Holder) -> Option<Refusal> {
        if !holder.is_known {
            return Some(Refusal::Unknown);
        }
        let subject = &holder.found.subject;
        if !subject.status.is_in_force() {
            return Some(Refusal::OutOfForce);
        }
        match holder.vid.map(|at| subject.vids[at].life.status_at(self.now_ms())) {
            None | Some(VidStatus::Active) => None,
            Some(VidStatus::Expired) => Some(Refusal::VidExpired),
            Some(VidStatus::Used | VidStatus::Revoked | VidStatus::Invalidated | VidStatus::Deactivated) => {
                Some(Refusal::VidEnded)
            }
        }
    }

    /// The factors of these that somebody locked.
    pub(super) fn locked(&self, holder: &Holder, factors: &[Factor]) -> Vec<Refusal> {
        let now_ms = self.now_ms();
        let locks = &holder.found.subject.locks;
        let is_locked = |factor: &&Factor| locks.iter().any(|lock| lock.factor == **factor && lock.holds(now_ms));
        factors.iter().filter(is_locked).map(|factor| Refusal::Locked(*factor)).collect()
    }
}

/// A token as it is looked up.
pub(super) fn token_key(partner: &Partner, token: &str) -> String {
    format!("{}\0{token}", partner.id)
}

/// Fields as many and as long as most people's; what they say agrees with nothing that matters.
fn stand_in() -> Demographics {
    let fields = json!({
        "firstName": "nobody in particular",
        "lastName": "nobody at all",
        "fullName": "nobody in particular",
        "dateOfBirth": "1900-01-01",
        "gender": "unknown",
        "addressLine1": "0 nowhere street",
        "city": "nowhere",
        "phone": "+00 00000000",
        "email": "nobody@invalid",
    });
    fields.as_object().cloned().unwrap_or_default()
}
