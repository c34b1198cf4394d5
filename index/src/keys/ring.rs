//! The keys of a gallery that is open.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::cipher::{Secret, nonces};
use super::table::{self, DIRECTORY, Header, OWN, SLOT_BYTES, Slot, TABLE, slot_offset};
use super::{Held, KeyError, MasterKey, PayloadKey, ReferenceKey};
use crate::flaw::Flaw;
use crate::gallery::GalleryError;
use crate::storage::Storage;

/// How many keys are made ahead at first, so that who enrols one reference leaves 4 KiB.
const FEWEST_AHEAD: usize = 64;

/// How many are made ahead at most, 256 KiB: who enrols many then waits for the table once in so many.
const MOST_AHEAD: usize = 4_096;

/// All keys of a gallery, wrapped as they lie on the disk, and those made ahead for references to come.
pub(crate) struct KeyRing {
    master: MasterKey,
    gallery: u64,
    own: Secret,
    state: Mutex<State>,
}

struct State {
    slots: Vec<Slot>,
    spare: VecDeque<ReferenceKey>,
    /// How many are made ahead the next time.
    ahead: usize,
}

impl KeyRing {
    /// A new table of keys, durable.
    pub(crate) fn create(storage: &dyn Storage, master: &MasterKey) -> Result<Self, GalleryError> {
        let mut gallery = [0; size_of::<u64>()];
        super::cipher::fill(&mut gallery)?;
        let gallery = u64::from_le_bytes(gallery);
        let PayloadKey(secret) = PayloadKey::generate()?;
        let own = ReferenceKey { number: OWN, secret };
        let slots = vec![Slot::of(&own, gallery, master, nonces(1)?[0])];
        storage.create_dir(DIRECTORY)?;
        table::write(storage, TABLE, Header::new(gallery), &slots)?;
        storage.sync_dir(DIRECTORY)?;
        storage.sync_dir("")?;
        Self::open(storage, master, gallery)
    }

    /// The table of keys of the gallery that its manifest names so.
    pub(crate) fn open(storage: &dyn Storage, master: &MasterKey, gallery: u64) -> Result<Self, GalleryError> {
        let (header, slots) = table::read(storage)?;
        if header.gallery != gallery {
            return Err(KeyError::Foreign(storage.place()).into());
        }
        let own = slots.first().copied().unwrap_or_else(|| Slot::destroyed(OWN));
        match own.held(OWN, gallery, master) {
            Held::Key(ReferenceKey { secret, .. }) => {
                let state = State { slots, spare: VecDeque::new(), ahead: FEWEST_AHEAD };
                Ok(Self { master: master.clone(), gallery, own: secret, state: Mutex::new(state) })
            }
            Held::Damaged(_) if own.is_whole(OWN) => Err(KeyError::Wrong(storage.place()).into()),
            Held::Damaged(_) | Held::Destroyed(_) | Held::Unknown(_) => {
                Err(Flaw::Checksum.at(TABLE, slot_offset(OWN)).into())
            }
        }
    }

    /// What the manifest calls the gallery.
    pub(crate) fn gallery(&self) -> u64 {
        self.gallery
    }

    /// The key for what is kept beside the gallery.
    pub(crate) fn payload_key(&self) -> PayloadKey {
        PayloadKey(self.own.clone())
    }

    /// The key of a number.
    pub(crate) fn held(&self, number: u64) -> Held {
        let slot = usize::try_from(number).ok().and_then(|number| self.state().slots.get(number).copied());
        slot.map_or(Held::Unknown(number), |slot| slot.held(number, self.gallery, &self.master))
    }

    /// Keys for `count` references; they are durable in the table before anything is encrypted with them.
    pub(crate) fn assign(&self, storage: &dyn Storage, count: usize) -> Result<Vec<ReferenceKey>, GalleryError> {
        let mut state = self.state();
        if state.spare.len() < count {
            let ahead = state.ahead.max(count - state.spare.len());
            self.make(storage, &mut state, ahead)?;
            state.ahead = (state.ahead * 2).min(MOST_AHEAD);
        }
        Ok(state.spare.drain(..count).collect())
    }

    fn make(&self, storage: &dyn Storage, state: &mut State, count: usize) -> Result<(), GalleryError> {
        let first = state.slots.len() as u64;
        let numbered = (first..).zip(Secret::draw(count)?).map(|(number, secret)| ReferenceKey { number, secret });
        let keys = numbered.collect::<Vec<_>>();
        let wrapped =
            keys.iter().zip(nonces(count)?).map(|(key, nonce)| Slot::of(key, self.gallery, &self.master, nonce));
        let slots = wrapped.collect::<Vec<_>>();
        put(storage, &[(first, &slots)])?;
        state.slots.extend(slots);
        state.spare.extend(keys);
        Ok(())
    }

    /// Writes over the places of these keys; once this returns, that is durable.
    pub(crate) fn destroy(&self, storage: &dyn Storage, numbers: &[u64]) -> Result<(), GalleryError> {
        let mut state = self.state();
        let known = numbers.iter().copied().filter(|&number| number != OWN && number < state.slots.len() as u64);
        let gone = known.map(|number| (number, [Slot::destroyed(number)])).collect::<Vec<_>>();
        let there = |(number, slot): &&(u64, [Slot; 1])| state.slots[*number as usize] != slot[0];
        let parts = gone.iter().filter(there).map(|(number, slot)| (*number, &slot[..])).collect::<Vec<_>>();
        if parts.is_empty() {
            return Ok(());
        }
        put(storage, &parts)?;
        for (number, [slot]) in gone {
            state.slots[number as usize] = slot;
        }
        Ok(())
    }

    /// All places, wrapped by another master key; what is damaged or destroyed stays so.
    pub(super) fn rewrapped(&self, master: &MasterKey) -> Result<Vec<Slot>, KeyError> {
        let state = self.state();
        let nonces = nonces(state.slots.len())?;
        let rewrap = |((number, slot), nonce): ((u64, &Slot), _)| match slot.held(number, self.gallery, &self.master) {
            Held::Key(key) => Slot::of(&key, self.gallery, master, nonce),
            Held::Destroyed(_) | Held::Damaged(_) | Held::Unknown(_) => *slot,
        };
        Ok((0..).zip(&state.slots).zip(nonces).map(rewrap).collect())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What it holds is changed only once the table is.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes places of the table in place, and reads them back: a disk that says it wrote and did not is found out before anybody is told
/// that a key is safe, or gone.
fn put(storage: &dyn Storage, parts: &[(u64, &[Slot])]) -> Result<(), GalleryError> {
    let placed = parts.iter().map(|&(number, slots)| (slot_offset(number), bytemuck::cast_slice::<_, u8>(slots)));
    let placed = placed.collect::<Vec<_>>();
    storage.write_at(TABLE, &placed)?;
    for (offset, bytes) in placed {
        debug_assert_eq!(bytes.len() % SLOT_BYTES, 0);
        if storage.read_at(TABLE, offset, bytes.len())? != bytes {
            return Err(Flaw::Checksum.at(TABLE, offset).into());
        }
    }
    Ok(())
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} keys)", self.state().slots.len())
    }
}
