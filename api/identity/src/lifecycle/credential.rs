//! Credentials that a person was handed: entered before he has them, and revoked one by one.

use super::status::in_force;
use super::{Deed, LifecycleError};
use crate::credential::CredentialStatus;
use crate::layer::Layer;
use crate::subject::{HeldCredential, Subject};

impl Layer {
    /// Enters a credential that was signed, before it is handed over: from then on it follows what becomes of its holder. Those that are over
    /// are forgotten. With `replaces` the others of its form and kind are revoked in the same change.
    ///
    /// # Errors
    /// [`LifecycleError`], and then it must not be handed over.
    pub fn enter_credential(
        &self,
        uin: &str,
        credential: &HeldCredential,
        replaces: bool,
        by: &str,
    ) -> Result<(), LifecycleError> {
        let deed = Deed { by, reason: credential.form.name() };
        self.amend(uin, deed, "credential issued", |found| {
            in_force(found)?;
            let held = &mut found.subject.credentials;
            held.retain(|known| known.until_ms > credential.issued_ms);
            if replaces {
                let same = |known: &&mut HeldCredential| known.form == credential.form && known.kind == credential.kind;
                for known in held.iter_mut().filter(same) {
                    known.revoked_ms.get_or_insert(credential.issued_ms);
                }
            }
            make_room(held)?;
            held.push(credential.clone());
            Ok(())
        })
    }

    /// Revokes a credential of who has a UIN, whatever his state, for ever; one that is revoked already stays so.
    ///
    /// # Errors
    /// [`LifecycleError::NoCredential`] where he was handed none of this name, or it is over.
    pub fn revoke_credential(&self, uin: &str, id: &str, deed: Deed<'_>) -> Result<(), LifecycleError> {
        let now_ms = self.now_ms();
        self.amend(uin, deed, "credential revoked", |found| {
            let held = found.subject.credentials.iter_mut().find(|known| known.id == id);
            held.ok_or(LifecycleError::NoCredential)?.revoked_ms.get_or_insert(now_ms);
            Ok(())
        })
    }

    /// The credentials of who has a UIN that are not over, oldest first, and whether they count.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn credentials(&self, uin: &str) -> Result<Vec<(HeldCredential, CredentialStatus)>, LifecycleError> {
        let (subject, now_ms) = (self.subject(uin)?, self.now_ms());
        let status = subject.status;
        let held = subject.credentials.into_iter().filter(|held| held.until_ms > now_ms);
        Ok(held.map(|held| (held.clone(), held.status(status))).collect())
    }
}

/// Forgets the oldest of those that are revoked where there are too many: their places in the lists say so without them.
fn make_room(held: &mut Vec<HeldCredential>) -> Result<(), LifecycleError> {
    if held.len() < Subject::MOST_CREDENTIALS {
        return Ok(());
    }
    let oldest = held.iter().position(|known| known.revoked_ms.is_some());
    held.remove(oldest.ok_or(LifecycleError::ManyCredentials)?);
    Ok(())
}
