//! `whorl gallery remove` and `compact`: taking references out, and what they left behind.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;
use whorl_sdk::client::Gallery;
use whorl_types::ReferenceId;

use super::{Folder, There};
use crate::console::{Console, Show};
use crate::outcome::Outcome;

/// What became of a gallery.
#[derive(Debug, Serialize)]
struct Changed {
    gallery: PathBuf,
    removed: usize,
    references: u64,
    /// References that were removed and take up room until the gallery is compacted.
    removed_still_there: u64,
    segments: u64,
    bytes_before: u64,
    bytes: u64,
}

pub(super) fn remove(folder: &Folder, ids: &[String], compact: bool, console: Console) -> anyhow::Result<Outcome> {
    let named = ids.iter().map(|id| ReferenceId::new(id.as_str()).with_context(|| format!("\"{id}\"")));
    change(folder, named.collect::<Result<_, _>>()?, compact, console)
}

pub(super) fn compact(folder: &Folder, console: Console) -> anyhow::Result<Outcome> {
    change(folder, Vec::new(), true, console)
}

fn change(folder: &Folder, ids: Vec<ReferenceId>, compact: bool, console: Console) -> anyhow::Result<Outcome> {
    let gallery = folder.keyed.gallery(&folder.gallery)?;
    let (before, removed) = (gallery.snapshot().stats(), ids.len());
    gallery.remove(ids)?;
    if compact {
        gallery.compact()?
    } else {
        gallery.settle()?
    };
    let after = gallery.snapshot().stats();
    console.print(&Changed {
        gallery: folder.gallery.clone(),
        removed,
        references: after.references,
        removed_still_there: after.removed,
        segments: after.segments,
        bytes_before: before.hot_bytes + before.cold_bytes,
        bytes: after.hot_bytes + after.cold_bytes,
    })?;
    Ok(Outcome::Complete)
}

/// Takes references out of a gallery of a server, one after the other: where one is not enrolled, those before it are out.
pub(super) fn change_there(
    there: &There<'_>,
    ids: &[String],
    compact: bool,
    console: Console,
) -> anyhow::Result<Outcome> {
    let (galleries, name) = (there.client.galleries(), there.name);
    let before = galleries.get(name)?;
    let named = ids.iter().map(|id| ReferenceId::new(id.as_str()).with_context(|| format!("\"{id}\"")));
    for id in named.collect::<Result<Vec<_>, _>>()? {
        there.client.remove(name, &id).with_context(|| format!("\"{id}\" was not removed"))?;
    }
    let after = if compact { galleries.compact(name)? } else { galleries.get(name)? };
    console.print(&Changed::of(name, ids.len(), &before, &after))?;
    Ok(Outcome::Complete)
}

/// Has a gallery of a server take changes again.
pub(super) fn reopen_there(there: &There<'_>, console: Console) -> anyhow::Result<Outcome> {
    let (galleries, name) = (there.client.galleries(), there.name);
    let before = galleries.get(name)?;
    let after = galleries.reopen(name)?;
    console.print(&Changed::of(name, 0, &before, &after))?;
    Ok(Outcome::Complete)
}

impl Changed {
    /// What became of a gallery of a server.
    fn of(name: &str, removed: usize, before: &Gallery, after: &Gallery) -> Self {
        Self {
            gallery: name.into(),
            removed,
            references: after.references,
            removed_still_there: after.removed,
            segments: after.segments,
            bytes_before: before.hot_bytes + before.cold_bytes,
            bytes: after.hot_bytes + after.cold_bytes,
        }
    }
}

impl Show for Changed {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { gallery, removed, references, removed_still_there, segments, bytes_before, bytes } = self;
        if *removed > 0 {
            writeln!(out, "removed {removed} references")?;
        }
        writeln!(out, "{} holds {references} references in {segments} segments now", gallery.display())?;
        if *removed_still_there > 0 {
            writeln!(out, "{removed_still_there} removed ones are in its files until it is compacted")?;
        }
        writeln!(out, "{bytes} bytes, {bytes_before} before")
    }
}
