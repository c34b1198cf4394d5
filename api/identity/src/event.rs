//! What happened, for those who listen: names of registrations and their stages, and nothing of a person.

use serde::{Deserialize, Serialize};

use crate::chance::{Opaque, from_hexadecimal, hexadecimal};
use crate::layer::Layer;
use crate::registration::{Registration, RegistrationId, Stage};
use crate::store::{Draft, StoreError, Table, following};
use crate::vault::VaultError;

/// How long an event is held back: as long as changes may take that carry an earlier time. Whoever has read up to an event has then
/// missed none before it.
pub const HOLD_BACK_MS: u64 = 2_000;

/// That a registration reached a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Which registration.
    pub registration: RegistrationId,
    /// Which stage.
    pub stage: Stage,
    /// Why it was rejected, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejection: Option<String>,
}

/// A place in the sequence of events: where somebody who listens has got to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(Vec<u8>);

impl Cursor {
    /// The place after all events up to `at_ms`.
    #[must_use]
    pub fn at(at_ms: u64) -> Self {
        Self([&at_ms.to_be_bytes()[..], &[u8::MAX; Opaque::BYTES]].concat())
    }

    /// The place as text.
    #[must_use]
    pub fn spell(&self) -> String {
        hexadecimal(&self.0)
    }

    /// The place that [`Cursor::spell`] wrote; none where it is not one. An empty text is the beginning.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let is_short = text.len() <= 2 * (size_of::<u64>() + Opaque::BYTES);
        from_hexadecimal(text).filter(|_| is_short).map(Self)
    }
}

/// Notes that a registration reached the stage that it is in.
pub(crate) fn tell(draft: &mut Draft<'_>, registration: &Registration) -> Result<(), VaultError> {
    let at_ms = registration.steps.last().map_or(registration.received_ms, |step| step.at_ms);
    let event = Event {
        at_ms,
        registration: registration.id.clone(),
        stage: registration.stage,
        rejection: registration.rejection.as_ref().map(|rejection| rejection.name().to_owned()),
    };
    // Steps of one millisecond stay in their order.
    let step = u16::try_from(registration.steps.len()).unwrap_or(u16::MAX);
    let chance = Opaque::draw()?;
    let key = [&at_ms.to_be_bytes()[..], &step.to_be_bytes(), &chance.bytes()[size_of_val(&step)..]].concat();
    let text = serde_json::to_vec(&event).map_err(|_| StoreError::Damaged { table: Table::Events.name() })?;
    draft.put(Table::Events, &key, text);
    Ok(())
}

impl Layer {
    /// The events after a place, oldest first, `most` of them, and the place after the last. Those of the last [`HOLD_BACK_MS`] come later.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn events(&self, after: &Cursor, most: usize) -> Result<(Vec<Event>, Cursor), StoreError> {
        let until = self.now_ms().saturating_sub(HOLD_BACK_MS).to_be_bytes();
        let records = self.database.read(|tables| tables.range(Table::Events, &following(&after.0), &until, most))?;
        let place = records.last().map_or_else(|| after.clone(), |(key, _)| Cursor(key.clone()));
        let events = records.iter().map(|(_, text)| {
            serde_json::from_slice(text).map_err(|_| StoreError::Damaged { table: Table::Events.name() })
        });
        Ok((events.collect::<Result<_, _>>()?, place))
    }
}
