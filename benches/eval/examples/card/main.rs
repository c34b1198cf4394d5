//! Prints an accuracy card, in Markdown.
//!
//! `WHORL_DATA=../shared/data cargo run --release -p whorl-eval --example card -- MODALITY > benches/eval/cards/MODALITY.md`
//! evaluates every development set of that modality. One row of a table is what `whorl eval` reports of that set.

mod face;
mod fingerprint;
mod iris;
mod table;

use std::io;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let data = std::env::var_os("WHORL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    match std::env::args().nth(1).as_deref() {
        Some("fingerprint") => fingerprint::print(&data),
        Some("iris") => iris::print(&data),
        Some("face") => face::print(&data),
        _ => Err(io::Error::other("card fingerprint|iris|face")),
    }
}
