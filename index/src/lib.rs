//! Galleries on disk and in memory: who is near this probe.
//!
//! A [`Gallery`] holds [`Reference`]s in immutable, checksummed segments, and what was changed since in journals; it is written by
//! one process at a time, by any number of its threads. A [`Snapshot`] of it is read and searched by any number of threads. All files go through a [`Storage`]. `FORMAT.md`, beside
//! this crate's sources, says what every byte of them is.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use whorl_index::{Gallery, Memory, Reference};
//! use whorl_types::ReferenceId;
//!
//! let gallery = Gallery::create(Arc::new(Memory::new()))?;
//! let before = gallery.snapshot();
//! let id = ReferenceId::new("0a1b/17")?;
//! gallery.enrol(vec![Reference { id: id.clone(), templates: Vec::new() }])?;
//! assert!(gallery.snapshot().contains(&id));
//! assert!(before.is_empty(), "a snapshot does not move");
//! # Ok(())
//! # }
//! ```
//!
//! What this crate is not: it extracts nothing and decides nothing; it answers with candidates and what it covered.

// Columns are read in place, and their numbers are stored as `FORMAT.md` says: the low byte first.
#[cfg(not(all(target_endian = "little", target_pointer_width = "64")))]
compile_error!("galleries are read in place, which needs a little-endian 64-bit machine");

mod ann;
mod backup;
mod change;
mod column;
mod contents;
mod dedup;
mod flaw;
mod gallery;
mod growth;
mod journal;
mod keys;
mod kind;
mod layer;
mod manifest;
mod reference;
mod sealed;
mod search;
mod segment;
mod snapshot;
mod storage;
mod tombstones;
mod verify;
mod workers;

pub use ann::{AnnError, AnnIndex, AnnKind, FaissError, Recall};
pub use backup::{Copied, back_up};
pub use change::Change;
pub use dedup::Deduplication;
pub use flaw::{Flaw, Flawed};
pub use gallery::{Gallery, GalleryError, Keeper, Tended};
pub use keys::{Encryption, KeyError, Keychain, MasterKey, PayloadKey, WRAPPED_BYTES, rotate};
pub use reference::{Instances, Reference};
pub use search::{
    Findings, Found, Limits, Mode, Pair, Positions, SearchError, Shortlist, Waiting, Wanted, Weigh, compare,
};
pub use snapshot::{Snapshot, Stats};
pub use storage::{Access, Append, Bytes, Fault, Files, Memory, Storage, StorageError, WriterLock};
