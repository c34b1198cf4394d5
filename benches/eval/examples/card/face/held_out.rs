//! The persons that no network was trained on, as `extractors/face/training/samples.py` holds them out.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use whorl_datasets::manifest::{self, Entry, Manifest, Pair, Pairs};
use whorl_types::Modality;

/// The fold of LFW's pairs whose persons were held out.
const FOLD: u32 = 5;

/// Of the persons of `CelebA` one in so many, the last by name.
const CELEBA: usize = 5;

/// Parts into which the pairs of the fold are divided, to find a threshold on the others.
const PARTS: usize = 5;

/// Manifests and pairs of persons that were held out.
pub(super) struct HeldOut {
    orl: PathBuf,
    celeba: PathBuf,
    lfw: PathBuf,
    /// The pairs of the fold, in [`PARTS`] parts.
    pub(super) pairs: PathBuf,
    /// A list of no pairs, for an evaluation that extracts only.
    pub(super) no_pairs: PathBuf,
}

impl HeldOut {
    /// Picks them out of the manifests in `data` and lists them in `folder`.
    pub(super) fn write(data: &Path, folder: &Path) -> io::Result<Self> {
        let pairs = Pairs::read(&data.join("face-lfw-pairs.csv")).map_err(io::Error::other)?.pairs;
        let of_fold: Vec<&Pair> = pairs.iter().filter(|pair| pair.fold == Some(FOLD)).collect();
        let pictures: BTreeSet<&str> =
            of_fold.iter().flat_map(|pair| [pair.probe.as_str(), pair.reference.as_str()]).collect();
        let lfw = entries(data, "lfw")?;
        let persons: BTreeSet<String> = lfw
            .iter()
            .filter(|entry| pictures.contains(entry.listed.as_str()))
            .map(|entry| entry.subject.clone())
            .collect();
        let celeba = entries(data, "celeba")?;
        let named: BTreeSet<&String> = celeba.iter().map(|entry| &entry.subject).collect();
        let last: BTreeSet<String> =
            named.iter().rev().take(named.len().div_ceil(CELEBA)).map(|name| (*name).clone()).collect();
        Ok(Self {
            orl: list(folder, "orl", entries(data, "orl")?, |_| true)?,
            celeba: list(folder, "celeba", celeba, |subject| last.contains(subject))?,
            lfw: list(folder, "lfw", lfw, |subject| persons.contains(subject))?,
            pairs: list_pairs(folder, "pairs", &of_fold)?,
            no_pairs: list_pairs(folder, "no-pairs", &[])?,
        })
    }

    /// Each set with its manifest.
    pub(super) fn manifests(&self) -> [(&'static str, &Path); 3] {
        [("orl", &self.orl), ("celeba, held out", &self.celeba), ("lfw, held out", &self.lfw)]
    }
}

fn entries(data: &Path, set: &str) -> io::Result<Vec<Entry>> {
    let manifest = Manifest::read(&data.join(format!("face-{set}.csv")), Some(Modality::Face));
    Ok(manifest.map_err(io::Error::other)?.entries)
}

/// Lists the entries of the `wanted` subjects.
fn list(folder: &Path, set: &str, entries: Vec<Entry>, wanted: impl Fn(&String) -> bool) -> io::Result<PathBuf> {
    let mut listed = Vec::new();
    for entry in entries.into_iter().filter(|entry| wanted(&entry.subject)) {
        listed.push(Entry { listed: fs::canonicalize(&entry.path)?.to_string_lossy().into_owned(), ..entry });
    }
    let path = folder.join(format!("{set}.csv"));
    manifest::write(&path, &listed).map_err(io::Error::other)?;
    Ok(path)
}

fn list_pairs(folder: &Path, name: &str, pairs: &[&Pair]) -> io::Result<PathBuf> {
    let path = folder.join(format!("{name}.csv"));
    let line = |(at, pair): (usize, &&Pair)| {
        format!("{},{},{},{}\n", at % PARTS + 1, pair.probe, pair.reference, u8::from(pair.mated))
    };
    let lines: String = pairs.iter().enumerate().map(line).collect();
    fs::write(&path, format!("fold,probe,reference,mated\n{lines}"))?;
    Ok(path)
}
