//! The development sets: manifests in, labelled templates out.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use whorl_extractors::fingerprint;
use whorl_types::{FingerTemplate, Minutia, MinutiaKind, Ppi, Quality};

/// Whose minutiae to compare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Our own extractor, from the image.
    Own,
    /// The ISO 19794-2 records of another extractor, in a folder of this name beside the images.
    Records(&'static str),
}

/// One capture of a set.
pub(crate) struct Entry {
    /// File name without its extension.
    pub(crate) name: String,
    /// Finger: two entries are mates where this is equal.
    pub(crate) finger: String,
    /// None where nothing could be extracted.
    pub(crate) template: Option<FingerTemplate>,
}

/// One set of captures.
pub(crate) struct Corpus {
    /// The manifest's name.
    pub(crate) name: String,
    /// Every row of the manifest.
    pub(crate) entries: Vec<Entry>,
    /// Mean time from pixels to template, in ms.
    pub(crate) extract_ms: f64,
}

/// The sets that development watches.
pub(crate) const NAMES: [&str; 5] = ["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b", "fcj2020"];

/// Where the samples are: `WHORL_DATA`, else beside the checkout.
pub(crate) fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from)
}

/// Reads the set `name`, extracting every capture.
pub(crate) fn read(name: &str, source: Source) -> Corpus {
    let manifest = folder().join(format!("fingerprint-{name}.csv"));
    let mut reader =
        csv::Reader::from_path(&manifest).unwrap_or_else(|error| panic!("{}: {error}", manifest.display()));
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a well-formed manifest")).collect();
    let started = Instant::now();
    let entries: Vec<Entry> = rows.par_iter().map(|row| entry(row, source)).collect();
    let threads = rayon::current_num_threads() as f64;
    let extract_ms = started.elapsed().as_secs_f64() * 1e3 * threads / entries.len() as f64;
    Corpus { name: name.to_owned(), entries, extract_ms }
}

fn entry(row: &csv::StringRecord, source: Source) -> Entry {
    let path = folder().join(&row[0]);
    let name = path.file_stem().expect("a manifest names files").to_string_lossy().into_owned();
    // FVC subjects are fingers; FCJ files are PERSON_FINGER_IMPRESSION.
    let finger = name.rsplit_once('_').expect("FINGER_IMPRESSION").0.to_owned();
    let ppi = row.get(5).and_then(|text| text.parse().ok()).and_then(|ppi| Ppi::new(ppi).ok());
    let template = match source {
        Source::Own => own(&path, ppi),
        Source::Records(folder) => foreign(&path.with_file_name(folder).join(format!("{name}.iso")), ppi),
    };
    Entry { name, finger, template }
}

fn own(path: &Path, ppi: Option<Ppi>) -> Option<FingerTemplate> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let image = whorl_formats::image::decode(&bytes).expect("a readable image").pixels.into_grey();
    fingerprint::extract(&image, ppi, &mut fingerprint::NoTrace).ok()
}

/// The minutiae of an ISO/IEC 19794-2:2005 record, brought from the image's rate to 500 ppi.
fn foreign(path: &Path, ppi: Option<Ppi>) -> Option<FingerTemplate> {
    let bytes = std::fs::read(path).ok()?;
    let number = |at: usize| u32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    let scale = 500.0 / ppi.map_or(500.0, Ppi::get);
    let at_500 = |px: u32| px as f32 * scale;
    let count = usize::from(bytes[27]);
    let minutiae = (0..count.min(FingerTemplate::MAX_MINUTIAE)).map(|which| {
        let at = 28 + 6 * which;
        Minutia {
            x_px8: (at_500(number(at) & 0x3fff) * 8.0) as u16,
            y_px8: (at_500(number(at + 2) & 0x3fff) * 8.0) as u16,
            angle: bytes[at + 4],
            kind: MinutiaKind::Other,
            quality: Quality::new(bytes[at + 5].min(100)).expect("at most 100"),
        }
    });
    let [width, height] = [14, 16].map(|at| at_500(number(at)) as u16 + 1);
    fingerprint::from_minutiae(width, height, minutiae.collect()).ok()
}

/// The captures of FCJ2020 whose label is wrong, by three matchers' agreement.
pub(crate) fn suspect_labels() -> HashSet<String> {
    let path = folder().join("fingerprint/fcj2020/suspect_labels.csv");
    let Ok(mut reader) = csv::Reader::from_path(path) else { return HashSet::new() };
    reader.records().flatten().map(|row| row[0].trim_end_matches(".bmp").to_owned()).collect()
}
