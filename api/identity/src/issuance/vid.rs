//! Virtual numbers of a person: each stands for the UIN, and none says it.

use serde::{Deserialize, Serialize};

use super::{IssuanceError, claim_number, number_owner};
use crate::layer::Layer;
use crate::numbers::{VidLife, VidPolicy, VidStatus, may_begin};
use crate::store::{Draft, Tables};
use crate::subject::{Change, Found, Status, Subject, SubjectId, note};

/// The most VIDs that a record remembers: those that ended longest ago are forgotten first, and their numbers are never given again.
const MOST_KEPT: usize = 64;

/// A virtual number of a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vid {
    /// The number.
    pub number: String,
    /// Which of the policies it follows.
    pub kind: String,
    /// How things stand with it.
    pub life: VidLife,
}

/// The kind and state, never the number.
impl std::fmt::Debug for Vid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vid({}, {:?})", self.kind, self.life.status)
    }
}

impl Layer {
    /// A new VID of a kind for the holder of a UIN.
    ///
    /// # Errors
    /// [`IssuanceError`].
    pub fn make_vid(&self, uin: &str, kind: &str) -> Result<Vid, IssuanceError> {
        self.write(|draft| {
            let mut found = self.in_force(draft, uin)?;
            let vid = self.begin_vid(draft, &mut found, kind)?;
            self.save_vids(draft, found, "vid made", kind)?;
            Ok(vid)
        })
    }

    /// A VID that its holder asks for in the place of another, which is out of use from then on.
    ///
    /// # Errors
    /// [`IssuanceError`].
    pub fn regenerate_vid(&self, vid: &str) -> Result<Vid, IssuanceError> {
        self.write(|draft| {
            let (mut found, at) = self.vid_holder(draft, vid)?;
            let kind = found.subject.vids[at].kind.clone();
            let life = found.subject.vids[at].life.regenerated(self.vid_policy(&kind)?, self.now_ms())?;
            found.subject.vids[at].life = life;
            let new = self.begin_vid(draft, &mut found, &kind)?;
            self.save_vids(draft, found, "vid regenerated", &kind)?;
            Ok(new)
        })
    }

    /// Ends a VID; where its policy restores it by itself, the one that follows.
    ///
    /// # Errors
    /// [`IssuanceError`].
    pub fn end_vid(&self, vid: &str, status: VidStatus) -> Result<Option<Vid>, IssuanceError> {
        self.write(|draft| {
            let (mut found, at) = self.vid_holder(draft, vid)?;
            let kind = found.subject.vids[at].kind.clone();
            let (life, restores) = found.subject.vids[at].life.ended(status, self.vid_policy(&kind)?, self.now_ms())?;
            found.subject.vids[at].life = life;
            let new = if restores { Some(self.begin_vid(draft, &mut found, &kind)?) } else { None };
            self.save_vids(draft, found, "vid ended", &kind)?;
            Ok(new)
        })
    }

    /// The VIDs of the holder of a UIN that can be used now.
    ///
    /// # Errors
    /// [`IssuanceError`].
    pub fn vids(&self, uin: &str) -> Result<Vec<Vid>, IssuanceError> {
        let found = self.database.read(|tables| self.in_force(tables, uin))?;
        let now_ms = self.now_ms();
        let vids = found.subject.vids.into_iter();
        Ok(vids.filter(|vid| vid.life.status_at(now_ms) == VidStatus::Active).collect())
    }

    /// Whose VID this is, and which of his.
    pub(crate) fn vid_holder(&self, tables: &dyn Tables, vid: &str) -> Result<(Found, usize), IssuanceError> {
        let owner = number_owner(&self.vault, tables, "vid", vid)?.ok_or(IssuanceError::Unknown)?;
        let found = self.subject_in_force(tables, owner)?;
        let at = found.subject.vids.iter().position(|known| known.number == vid).ok_or(IssuanceError::Unknown)?;
        Ok((found, at))
    }

    /// The holder of a UIN that is in force.
    pub(crate) fn in_force(&self, tables: &dyn Tables, uin: &str) -> Result<Found, IssuanceError> {
        let owner = number_owner(&self.vault, tables, "uin", uin)?.ok_or(IssuanceError::Unknown)?;
        self.subject_in_force(tables, owner)
    }

    fn subject_in_force(&self, tables: &dyn Tables, id: SubjectId) -> Result<Found, IssuanceError> {
        let found = Subject::load(&self.vault, tables, id)?.ok_or(IssuanceError::OutOfForce(Status::Erased))?;
        let status = found.subject.status;
        if status.is_in_force() { Ok(found) } else { Err(IssuanceError::OutOfForce(status)) }
    }

    fn vid_policy(&self, kind: &str) -> Result<&VidPolicy, IssuanceError> {
        self.settings.vid_policies.find(kind).ok_or_else(|| IssuanceError::Kind(kind.to_owned()))
    }

    /// A new one; of a person who has as many of the kind as he may, MOSIP's policy lets none begin.
    fn begin_vid(&self, draft: &mut Draft<'_>, found: &mut Found, kind: &str) -> Result<Vid, IssuanceError> {
        let (policy, now_ms) = (self.vid_policy(kind)?, self.now_ms());
        let vids = &mut found.subject.vids;
        let is_active = |vid: &&Vid| vid.kind == kind && vid.life.status_at(now_ms) == VidStatus::Active;
        may_begin(policy, vids.iter().filter(is_active).count() as u32)?;
        let number = claim_number::<IssuanceError>(&self.vault, draft, ("vid", &self.filters.vid), found.subject.id)?;
        let vid = Vid { number, kind: kind.to_owned(), life: VidLife::begin(policy, now_ms) };
        vids.push(vid.clone());
        let ended = vids.iter().position(|vid| vid.life.status_at(now_ms) != VidStatus::Active);
        if let Some(ended) = ended.filter(|_| vids.len() > MOST_KEPT) {
            vids.remove(ended);
        }
        Ok(vid)
    }

    fn save_vids(&self, draft: &mut Draft<'_>, mut found: Found, what: &str, kind: &str) -> Result<(), IssuanceError> {
        let at_ms = self.now_ms();
        found.subject.updated_ms = at_ms;
        let change = Change { at_ms, by: "holder".to_owned(), what: what.to_owned(), detail: kind.to_owned() };
        note(&self.vault, draft, &found, &change)?;
        Ok(found.save(&self.vault, draft)?)
    }
}
