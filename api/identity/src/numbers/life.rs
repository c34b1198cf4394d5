//! The life of a VID: what a use, an action and the passing of time make of it.
//!
//! Source: MOSIP 1.2, `VidServiceImpl` of id-repository. All is a pure function of what is kept of the VID, its policy and the time;
//! times are milliseconds since 1970 in UTC, and never read from a clock here.

use serde::{Deserialize, Serialize};

use super::policy::{RestoreOn, VidPolicy};

const MS_PER_MINUTE: u64 = 60_000;

/// What has become of a VID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum VidStatus {
    /// It can be used.
    Active,
    /// Its holder took it back.
    Revoked,
    /// Its time is over.
    Expired,
    /// It was used as often as it could be.
    Used,
    /// Another took its place.
    Invalidated,
    /// It is out of use until it is reactivated.
    Deactivated,
}

impl VidStatus {
    /// The word of MOSIP for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
            Self::Used => "USED",
            Self::Invalidated => "INVALIDATED",
            Self::Deactivated => "DEACTIVATED",
        }
    }

    /// Whether another can be asked for in the place of a VID of this status.
    #[must_use]
    pub fn may_be_regenerated(self) -> bool {
        match self {
            Self::Active | Self::Revoked | Self::Expired | Self::Used => true,
            Self::Invalidated | Self::Deactivated => false,
        }
    }
}

/// What is kept of a VID beside its number and its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VidLife {
    /// As it was last set; [`VidLife::status_at`] also knows what time made of it.
    pub status: VidStatus,
    /// When it was made, in milliseconds since 1970.
    pub made_unix_ms: u64,
    /// From when on it is expired, in milliseconds since 1970; never where there is none.
    pub expires_unix_ms: Option<u64>,
    /// How often it can still be used; as often as wanted where there is none.
    pub uses_left: Option<u32>,
}

/// Why something cannot be done with a VID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LifeError {
    /// Its status does not allow that.
    #[error("VID is {}", .0.name())]
    Status(VidStatus),
    /// Its policy does not let its holder ask for another, because another comes by itself.
    #[error("VID is of a kind that is restored by itself, and cannot be asked for again")]
    RestoredByItself,
    /// The person has as many as the policy allows.
    #[error("{active} VIDs of this kind are active, and the policy allows {allowed}")]
    TooMany {
        /// How many.
        active: u32,
        /// By the policy.
        allowed: u32,
    },
    /// A VID cannot be made so by an action.
    #[error("a VID is not made {} by an action", .0.name())]
    NoAction(VidStatus),
}

/// Whether one more VID may be made for a person who has `active` of the kind: those whose [`VidLife::status_at`] is active.
///
/// # Errors
/// [`LifeError::TooMany`].
pub fn may_begin(policy: &VidPolicy, active: u32) -> Result<(), LifeError> {
    let allowed = policy.instances_allowed;
    if active < allowed { Ok(()) } else { Err(LifeError::TooMany { active, allowed }) }
}

impl VidLife {
    /// A VID that is made now.
    #[must_use]
    pub fn begin(policy: &VidPolicy, now_unix_ms: u64) -> Self {
        let expires = |minutes: u64| now_unix_ms.saturating_add(minutes.saturating_mul(MS_PER_MINUTE));
        Self {
            status: VidStatus::Active,
            made_unix_ms: now_unix_ms,
            expires_unix_ms: policy.valid_for_in_minutes.map(expires),
            uses_left: policy.transactions_allowed,
        }
    }

    /// Its status at an instant: one whose time is over is expired, whatever was last kept.
    #[must_use]
    pub fn status_at(&self, now_unix_ms: u64) -> VidStatus {
        let over = self.expires_unix_ms.is_some_and(|expires| now_unix_ms >= expires);
        if self.status != VidStatus::Active {
            self.status
        } else if over {
            VidStatus::Expired
        } else if self.uses_left == Some(0) {
            VidStatus::Used
        } else {
            VidStatus::Active
        }
    }

    /// What a use at an instant makes of it: one use less, and it is used after the last.
    ///
    /// # Errors
    /// [`LifeError::Status`] where it is not active then; it is not to be honoured.
    pub fn used(self, now_unix_ms: u64) -> Result<Self, LifeError> {
        let active = self.active(now_unix_ms)?;
        let uses_left = active.uses_left.map(|uses| uses.saturating_sub(1));
        let status = if uses_left == Some(0) { VidStatus::Used } else { VidStatus::Active };
        Ok(Self { status, uses_left, ..active })
    }

    /// What it becomes when somebody says that it is `status`, and whether another is to be made for its holder at once, as
    /// [`VidPolicy::auto_restore_allowed`] says. A VID that can be used as often as wanted stays active when it is said to be used.
    ///
    /// # Errors
    /// [`LifeError::Status`] where it is not active, [`LifeError::NoAction`] for what only [`VidLife::regenerated`],
    /// [`VidLife::deactivated`] and [`VidLife::reactivated`] do.
    pub fn ended(self, status: VidStatus, policy: &VidPolicy, now_unix_ms: u64) -> Result<(Self, bool), LifeError> {
        let active = self.active(now_unix_ms)?;
        match status {
            VidStatus::Revoked => {
                let restores = policy.auto_restore_allowed && policy.restore_on_action == RestoreOn::Revoked;
                Ok((Self { status, ..active }, restores))
            }
            VidStatus::Used if active.uses_left.is_none() => Ok((active, false)),
            VidStatus::Used => Ok((Self { status, uses_left: Some(0), ..active }, false)),
            VidStatus::Expired => Ok((Self { status, ..active }, false)),
            VidStatus::Active | VidStatus::Invalidated | VidStatus::Deactivated => Err(LifeError::NoAction(status)),
        }
    }

    /// What it becomes when its holder asks for another: invalidated. The other begins as any, where [`may_begin`] allows it with this
    /// one no longer counted.
    ///
    /// # Errors
    /// [`LifeError::RestoredByItself`], [`LifeError::Status`].
    pub fn regenerated(self, policy: &VidPolicy, now_unix_ms: u64) -> Result<Self, LifeError> {
        if policy.auto_restore_allowed {
            return Err(LifeError::RestoredByItself);
        }
        let status = self.status_at(now_unix_ms);
        if status.may_be_regenerated() {
            Ok(Self { status: VidStatus::Invalidated, ..self })
        } else {
            Err(LifeError::Status(status))
        }
    }

    /// What it becomes when its holder's VIDs are put out of use.
    ///
    /// # Errors
    /// [`LifeError::Status`] where it is not active; it stays as it is.
    pub fn deactivated(self, now_unix_ms: u64) -> Result<Self, LifeError> {
        Ok(Self { status: VidStatus::Deactivated, ..self.active(now_unix_ms)? })
    }

    /// What it becomes when its holder's VIDs are put back into use. Its time has gone on meanwhile.
    ///
    /// # Errors
    /// [`LifeError::Status`] where it is not deactivated, or has expired while it was.
    pub fn reactivated(self, now_unix_ms: u64) -> Result<Self, LifeError> {
        if self.status != VidStatus::Deactivated {
            return Err(LifeError::Status(self.status_at(now_unix_ms)));
        }
        Self { status: VidStatus::Active, ..self }.active(now_unix_ms)
    }

    fn active(self, now_unix_ms: u64) -> Result<Self, LifeError> {
        let status = self.status_at(now_unix_ms);
        if status == VidStatus::Active { Ok(self) } else { Err(LifeError::Status(status)) }
    }
}
