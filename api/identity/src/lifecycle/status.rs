//! Blocking and deactivating, locking kinds of authentication, and what was done so far.

use super::{Deed, LifecycleError};
use crate::authentication::{AuthenticationLock, Factor};
use crate::layer::Layer;
use crate::store::{Draft, Tables};
use crate::subject::{Change, Found, Status, Subject, history, note};

impl Layer {
    /// The record of who has a UIN, whatever its state.
    ///
    /// # Errors
    /// [`LifecycleError::Unknown`].
    pub fn subject(&self, uin: &str) -> Result<Subject, LifecycleError> {
        self.database.read(|tables| Ok(self.holder_of(tables, uin)?.subject))
    }

    /// Suspends a UIN in force: its holder cannot be authenticated until it is unblocked, and his credentials are suspended.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn block(&self, uin: &str, deed: Deed<'_>) -> Result<(), LifecycleError> {
        self.turn(uin, deed, Status::Active, Status::Blocked)
    }

    /// Ends a suspension.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn unblock(&self, uin: &str, deed: Deed<'_>) -> Result<(), LifecycleError> {
        self.turn(uin, deed, Status::Blocked, Status::Active)
    }

    fn turn(&self, uin: &str, deed: Deed<'_>, from: Status, to: Status) -> Result<(), LifecycleError> {
        self.amend(uin, deed, to.name(), |found| {
            if found.subject.status != from {
                return Err(LifecycleError::Status(found.subject.status));
            }
            found.subject.status = to;
            Ok(())
        })
    }

    /// Locks a kind of authentication, for its holder's own sake.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn lock(&self, uin: &str, factor: Factor, deed: Deed<'_>) -> Result<(), LifecycleError> {
        let since_ms = self.now_ms();
        self.amend(uin, deed, &format!("locked {}", factor.name()), |found| {
            in_force(found)?;
            found.subject.locks.retain(|lock| lock.factor != factor);
            found.subject.locks.push(AuthenticationLock { factor, since_ms, open_until_ms: None });
            Ok(())
        })
    }

    /// Unlocks it: for so many seconds, or for good.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn unlock(
        &self,
        uin: &str,
        factor: Factor,
        for_seconds: Option<u64>,
        deed: Deed<'_>,
    ) -> Result<(), LifecycleError> {
        let open_until_ms = for_seconds.map(|seconds| self.now_ms().saturating_add(seconds.saturating_mul(1_000)));
        self.amend(uin, deed, &format!("unlocked {}", factor.name()), |found| {
            in_force(found)?;
            match open_until_ms {
                None => found.subject.locks.retain(|lock| lock.factor != factor),
                Some(_) => {
                    for lock in found.subject.locks.iter_mut().filter(|lock| lock.factor == factor) {
                        lock.open_until_ms = open_until_ms;
                    }
                }
            }
            Ok(())
        })
    }

    /// What was done to a record, oldest first, from `since_ms` on, `most` changes.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn history(&self, uin: &str, since_ms: u64, most: usize) -> Result<Vec<Change>, LifecycleError> {
        self.database.read(|tables| {
            let found = self.holder_of(tables, uin)?;
            Ok(history(&self.vault, tables, found.subject.id, since_ms, most)?)
        })
    }

    /// Changes the record of who has a UIN, and notes that in its history.
    pub(super) fn amend(
        &self,
        uin: &str,
        deed: Deed<'_>,
        what: &str,
        mut change: impl FnMut(&mut Found) -> Result<(), LifecycleError>,
    ) -> Result<(), LifecycleError> {
        deed.check()?;
        self.write(|draft| {
            let mut found = self.holder_of(draft, uin)?;
            change(&mut found)?;
            self.record(draft, &mut found, deed, what)
        })
    }

    /// Writes a record that was changed, with a line of its history.
    pub(super) fn record(
        &self,
        draft: &mut Draft<'_>,
        found: &mut Found,
        deed: Deed<'_>,
        what: &str,
    ) -> Result<(), LifecycleError> {
        let at_ms = self.now_ms();
        found.subject.updated_ms = at_ms;
        let change = Change { at_ms, by: deed.by.to_owned(), what: what.to_owned(), detail: deed.reason.to_owned() };
        note(&self.vault, draft, found, &change)?;
        Ok(found.save(&self.vault, draft)?)
    }

    /// Who has a UIN, whatever its state, but for those who were erased.
    pub(super) fn holder_of(&self, tables: &dyn Tables, uin: &str) -> Result<Found, LifecycleError> {
        let found = self.holder(tables, Some(uin))?.ok_or(LifecycleError::Unknown)?;
        if found.subject.status == Status::Erased { Err(LifecycleError::Unknown) } else { Ok(found) }
    }
}

pub(super) fn in_force(found: &Found) -> Result<(), LifecycleError> {
    if found.subject.status.is_in_force() { Ok(()) } else { Err(LifecycleError::Status(found.subject.status)) }
}
