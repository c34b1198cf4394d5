//! `whorl gallery verify`: whether a gallery is whole.

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;
use whorl_index::Flawed;

use super::{Folder, There};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// What is wrong with a gallery.
#[derive(Debug, Serialize)]
struct Verified {
    gallery: PathBuf,
    whole: bool,
    references: u64,
    sequence: u64,
    flaws: Vec<String>,
    /// Ends of journals that were passed over: changes that nobody was told were safe.
    unfinished: Vec<String>,
}

pub(super) fn verify(folder: &Folder, console: Console) -> anyhow::Result<Outcome> {
    let snapshot = folder.snapshot()?;
    let told = |flaws: &[Flawed]| flaws.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (flaws, unfinished) = (told(&snapshot.verify()), told(snapshot.torn()));
    let (whole, references, sequence) = (flaws.is_empty(), snapshot.len(), snapshot.sequence());
    console.print(&Verified { gallery: folder.gallery.clone(), whole, references, sequence, flaws, unfinished })?;
    Ok(if whole { Outcome::Complete } else { Outcome::Failed })
}

pub(super) fn verify_there(there: &There<'_>, console: Console) -> anyhow::Result<Outcome> {
    let galleries = there.client.galleries();
    let flaws = galleries.scrub(there.name)?;
    let state = galleries.get(there.name)?;
    let (whole, references, sequence) = (flaws.is_empty(), state.references, state.sequence);
    // What a server passed over when it began stands in its log.
    let (gallery, unfinished) = (there.name.into(), Vec::new());
    console.print(&Verified { gallery, whole, references, sequence, flaws, unfinished })?;
    Ok(if whole { Outcome::Complete } else { Outcome::Failed })
}

impl Show for Verified {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        for flaw in &self.flaws {
            writeln!(out, "damaged: {flaw}")?;
        }
        for end in &self.unfinished {
            writeln!(out, "note: {end}")?;
        }
        let answer = if self.whole { "whole" } else { "damaged" };
        writeln!(out, "{} is {answer}: {} references", self.gallery.display(), self.references)
    }
}
