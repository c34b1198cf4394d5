//! Two records that turn out to be of one person, and the way back.

use super::{Deed, LifecycleError};
use crate::layer::Layer;
use crate::subject::Status;

impl Layer {
    /// Puts the UIN `second` out of force, for its holder is that of `first`, whose identity goes on. Nothing is lost by it, so that it can
    /// be undone: templates of both stay in the gallery, and whoever is like the second is a duplicate as before. Only the credentials of
    /// the second are revoked, for good: who was told so must not be told otherwise later.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn merge(&self, first: &str, second: &str, deed: Deed<'_>) -> Result<(), LifecycleError> {
        deed.check()?;
        self.write(|draft| {
            let mut stays = self.holder_of(draft, first)?;
            let mut goes = self.holder_of(draft, second)?;
            if stays.subject.id == goes.subject.id {
                return Err(LifecycleError::Same);
            }
            for found in [&stays, &goes] {
                if let Some(busy) = &found.subject.in_process {
                    return Err(LifecycleError::Busy(busy.clone()));
                }
            }
            if !stays.subject.status.is_in_force() {
                return Err(LifecycleError::Status(stays.subject.status));
            }
            if let Status::Merged { .. } = goes.subject.status {
                return Err(LifecycleError::Status(goes.subject.status));
            }
            goes.subject.status = Status::Merged { into: stays.subject.id };
            goes.subject.revoke_credentials(self.now_ms());
            self.record(draft, &mut goes, deed, "merged into another")?;
            self.record(draft, &mut stays, deed, "another was merged into this")
        })
    }

    /// Puts a UIN in force again that was merged by mistake. Its holder gets new credentials.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn unmerge(&self, second: &str, deed: Deed<'_>) -> Result<(), LifecycleError> {
        self.amend(second, deed, "separated", |found| {
            let Status::Merged { .. } = found.subject.status else {
                return Err(LifecycleError::Status(found.subject.status));
            };
            found.subject.status = Status::Active;
            Ok(())
        })
    }
}
