//! What the first stage of a search keeps: how many mates it misses for how many strangers it passes, and what that costs at
//! the threshold of a decision.
//!
//! `WHORL_DATA=shared/data cargo run --release -p whorl-eval --example retention -- fingerprint` (or `iris`, `face`) compares every
//! capture of each development set with every other one and prints two Markdown tables:
//! - mates missed (%) where the first stage passes so many strangers, whatever score that takes;
//! - for some passing scores: strangers passed (%), mates missed (%), and the FNMR (%) of the whole cascade, whose threshold is
//!   that of comparing everything: at FMR 1e-3 for fingers, 1e-4 for irises, 1e-2 for faces.
//!
//! `-- persons` does the same for persons of whom several templates are scanned.

mod captures;
mod persons;
mod rows;
mod staged;

use whorl_eval::{Faces, Fingerprints, Irises};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("fingerprint") => rows::print(&Fingerprints),
        Some("iris") => rows::print(&Irises),
        Some("face") => rows::print(&Faces::default()),
        Some("persons") => persons::print(),
        _ => eprintln!("say of what: retention -- fingerprint, iris, face, or persons"),
    }
}
