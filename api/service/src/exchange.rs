//! Galleries in and out in the open, so that nobody is locked in: a tar archive of parts, each with its manifest.
//!
//! ```text
//! part-000001/
//!   manifest.csv                        path,subject,modality,position,encounter,reference
//!   templates/0000-00-right-index.whorl    number in the part, number in the reference, position
//!   minutiae.csv                        the same columns, of the next
//!   minutiae/0000-00-right-index.fmr    ISO/IEC 19794-2:2005, of fingers, where asked for
//! part-000002/
//!   ...
//! ```
//! Paths in a manifest are relative to its folder, as everywhere in Whorl, so an unpacked part can be enrolled by its manifest.
//! `templates` holds what the gallery does, bit by bit; minutiae records are for other systems, and hold less.

mod export;
mod import;

pub use export::{ExportError, Exported, export};
pub use import::{ImportError, Imported, import, read};

/// References of a part: what is in memory at a time.
const PART: usize = 1_024;

const MANIFEST: &str = "manifest.csv";

const COLUMNS: [&str; 6] = ["path", "subject", "modality", "position", "encounter", "reference"];
