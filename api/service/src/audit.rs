//! The audit log: one line for every operation, searches and reads among them, each chained to the one before.
//!
//! A folder of files `00000001.jsonl`, `00000002.jsonl` and so on, of which a new one is begun whenever the log is opened and whenever
//! the last is large; none is ever written again. A line is a JSON object: `sequence` (from 1, without gaps), `time_unix_ms`, who
//! (`client`) did what (`method`, `gallery`, `references`), why (`purpose`), how it ended (`outcome`), under which `request`, the
//! SHA-256 of details kept elsewhere (`detail_sha256`), the hash of the line before (`previous`, 64 zeros before the first) and its
//! own (`hash`): SHA-256 over the bytes of the line up to, and without, `,"hash":`. So anybody can check a log with a few lines of
//! any language. A line is durable before [`Audit::record`] returns.
//!
//! Where the log is opened with a master key ([`Audit::open_with`]), everything between the time and `previous` is sealed: such a line
//! has in its place `sealed`, the entry as a JSON object (`client`, `method` and so on), under AES-256-GCM, as nonce, tag and
//! ciphertext in base64. The associated data are the text `whorl audit entry`, the number, the time (both as eight bytes, the lowest
//! first) and the 32 bytes of `previous`. Hashes are those of the lines as they stand, so that nobody needs a key to verify. The keys
//! that seal are in the file `KEYS`, wrapped by the master key; [`rotate`] wraps them by another. Who reads the log without a key
//! learns when something was asked and, by lengths, roughly how many references it was about. Lines of [`SET_ASIDE`] are never sealed,
//! and a log may go from clear to sealed, and back, on one chain.
//!
//! What [`verify`] detects, and what it cannot:
//! - a bit that was changed, a line that was removed, added or moved, a file that was removed: always;
//! - an end that was cut off: up to the last line that the file `HEAD` names, which is written when the log is closed and, while it
//!   is in use, about once a second. Who can cut off the end can set `HEAD` back too. Against that, keep an [`Anchor`] where
//!   whoever can write the log cannot write (print it to a console log every hour, say), and verify with it: then everything up
//!   to that anchor must be there, byte for byte;
//! - a log that was written anew from the first line to the last by who knows this page: only with an anchor, for there is no secret
//!   in the chain;
//! - a folder that was emptied altogether: only with an anchor;
//! - an operation that a changed program never recorded: not at all.
//!
//! After a crash the last lines may be damaged that nobody was told were safe. They stay where they are, and the first line that is
//! written afterwards, of the method [`SET_ASIDE`], has their SHA-256; [`verify`] names them. What the log never holds: samples,
//! templates, names or other data of people; a reference's id says nothing of the person.

mod anchor;
mod commit;
mod entry;
mod error;
mod flaw;
mod head;
mod keys;
mod line;
mod log;
mod read;
mod rotate;
#[cfg(test)]
mod tests;
mod verify;
mod walk;

pub use anchor::{Anchor, Hash, NoAnchor};
pub use entry::{Entry, SET_ASIDE};
pub use error::AuditError;
pub use flaw::{Flaw, Place};
pub use line::Record;
pub use log::Audit;
pub use read::{Filter, Page, Records, Unread, read};
pub use rotate::{is_sealed, rotate};
pub use verify::{Report, verify, verify_on};
pub use walk::SetAside;
