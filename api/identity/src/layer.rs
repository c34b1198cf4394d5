//! The identity layer, open: what every operation needs.

use std::fmt;
use std::sync::Arc;

use crate::authentication::Means;
use crate::clock::Clock;
use crate::demography::Demography;
use crate::matcher::Matcher;
use crate::numbers::{Filter, RulesError};
use crate::settings::{Settings, SettingsError};
use crate::store::{Database, Draft, StoreError};
use crate::vault::Vault;

/// The identity layer, open. Any number of threads may use it.
pub struct Layer {
    pub(crate) database: Database,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) demography: Demography,
    pub(crate) matcher: Option<Matcher>,
    pub(crate) filters: Filters,
    pub(crate) means: Means,
}

/// The rules of numbers, ready to draw by.
pub(crate) struct Filters {
    pub(crate) uin: Filter,
    pub(crate) vid: Filter,
}

impl Filters {
    /// Those of a deployment.
    ///
    /// # Errors
    /// [`RulesError`] where they ask for numbers that cannot be.
    pub(crate) fn of(settings: &Settings) -> Result<Self, RulesError> {
        Ok(Self { uin: Filter::new(settings.uin.clone())?, vid: Filter::new(settings.vid.clone())? })
    }
}

/// What a layer is made of.
pub struct Parts {
    /// Where records lie.
    pub database: Database,
    /// The keys of persons.
    pub vault: Vault,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The rules of the deployment.
    pub settings: Settings,
    /// What demographic fields mean.
    pub demography: Demography,
    /// The engine; without it, the deployment has no biometrics.
    pub matcher: Option<Matcher>,
}

impl Layer {
    /// A layer of these parts.
    ///
    /// # Errors
    /// [`SettingsError`] where the settings cannot be followed.
    pub fn new(parts: Parts) -> Result<Self, SettingsError> {
        let Parts { database, vault, clock, settings, demography, matcher } = parts;
        let demography = demography.for_persons(settings.expected_persons);
        let filters = settings.filters()?;
        Ok(Self { database, vault, clock, settings, demography, matcher, filters, means: Means::default() })
    }

    /// The rules of the deployment.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What time it is, in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Changes the store; see [`Database::write`].
    pub(crate) fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnMut(&mut Draft<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.database.write(work)
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layer({:?})", self.database)
    }
}
