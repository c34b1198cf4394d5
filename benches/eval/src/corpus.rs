//! The samples of a manifest, extracted.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use whorl_datasets::manifest::Entry;
use whorl_types::Ppi;

use crate::matcher::{Extracted, Failure, Matcher};
use crate::progress::Progress;

/// The largest file that is read as a sample: a ten-print card at 1000 ppi, uncompressed, fits.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// One row of the manifest and what became of it.
pub(crate) struct Sample<T> {
    pub(crate) entry: Entry,
    pub(crate) outcome: Result<Extracted<T>, Failure>,
    digest: [u8; 32],
}

impl<T> Sample<T> {
    pub(crate) fn template(&self) -> Option<&T> {
        self.outcome.as_ref().ok().map(|extracted| &extracted.template)
    }
}

/// All samples of one modality, in the manifest's order.
pub(crate) struct Corpus<T> {
    pub(crate) samples: Vec<Sample<T>>,
    /// Hash of what was listed and of what the files held, whatever folder they lie in.
    pub(crate) hash: String,
}

impl<T: Send + Sync> Corpus<T> {
    /// Reads and extracts every sample, on all cores.
    pub(crate) fn extract<M>(matcher: &M, entries: Vec<Entry>, progress: &impl Progress) -> Self
    where
        M: Matcher<Template = T>,
    {
        progress.begin("extracting", entries.len() as u64);
        let samples: Vec<Sample<T>> = entries
            .into_par_iter()
            .map(|entry| {
                let sample = sample(matcher, entry);
                progress.advance(1);
                sample
            })
            .collect();
        let hash = hash(&samples);
        Self { samples, hash }
    }
}

fn sample<M: Matcher>(matcher: &M, entry: Entry) -> Sample<M::Template> {
    let bytes = read(&entry.path);
    let digest = Sha256::digest(bytes.as_deref().unwrap_or_default()).into();
    let outcome = bytes.map_err(Failure::File).and_then(|bytes| matcher.extract(&bytes, &entry));
    Sample { entry, outcome, digest }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    // A reader might wait on a pipe for ever.
    if !fs::metadata(path).map_err(|error| error.to_string())?.is_file() {
        return Err("it is no regular file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("it has more than {MAX_FILE_BYTES} bytes"));
    }
    Ok(bytes)
}

fn hash<T>(samples: &[Sample<T>]) -> String {
    let mut hasher = Sha256::new();
    for Sample { entry, digest, .. } in samples {
        let Entry { listed, subject, modality, position, ppi, .. } = entry;
        let ppi = ppi.map_or(0.0, Ppi::get);
        hasher.update(format!("{listed}\n{subject}\n{modality}\n{position}\n{ppi}\n"));
        hasher.update(digest);
    }
    hasher.finalize().iter().fold(String::from("sha256:"), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}
