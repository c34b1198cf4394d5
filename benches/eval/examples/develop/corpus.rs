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

impl Source {
    /// The source that the command line calls `name`.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "fingerjet" => Self::Records("fingerjet-iso"),
            "secugen" => Self::Records("secugen-iso"),
            _ => Self::Own,
        }
    }
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
        Source::Records(folder) => foreign(&path, folder, ppi),
    };
    Entry { name, finger, template }
}

fn own(path: &Path, ppi: Option<Ppi>) -> Option<FingerTemplate> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let image = whorl_formats::image::decode(&bytes).expect("a readable image").pixels.into_grey();
    fingerprint::extract(&image, ppi, &mut fingerprint::NoTrace).ok()
}

/// The minutiae of the ISO/IEC 19794-2:2005 record in `folder` beside the image at `path`, brought to 500 ppi.
///
/// The extractor of `SecuGen` was given images that had been stretched to 300 x 400 pixels: its records are stretched back.
fn foreign(path: &Path, folder: &str, ppi: Option<Ppi>) -> Option<FingerTemplate> {
    let record = path.with_file_name(folder).join(path.with_extension("iso").file_name()?);
    // An extractor that found nothing left an empty file.
    let bytes = std::fs::read(record).ok().filter(|bytes| bytes.len() >= 28)?;
    let number = |at: usize| f32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]) & 0x3fff);
    let scale = 500.0 / ppi.map_or(500.0, Ppi::get);
    let [width, height] = image_size(path).map(|side| side as f32 * scale);
    let (across, down) = (width / number(14), height / number(16));
    let count = usize::from(bytes[27]);
    let minutiae = (0..count.min(FingerTemplate::MAX_MINUTIAE)).map(|which| {
        let at = 28 + 6 * which;
        let (sin, cos) = libm::sincosf(f32::from(bytes[at + 4]) * std::f32::consts::TAU / 256.0);
        let turns = libm::atan2f(sin * down, cos * across) / std::f32::consts::TAU;
        Minutia {
            x_px8: (number(at) * across * 8.0) as u16,
            y_px8: (number(at + 2) * down * 8.0) as u16,
            angle: (turns * 256.0).round() as i32 as u8,
            kind: MinutiaKind::Other,
            quality: Quality::new(bytes[at + 5].min(100)).expect("at most 100"),
        }
    });
    fingerprint::from_minutiae(width as u16 + 1, height as u16 + 1, minutiae.collect()).ok()
}

/// Width and height of the image at `path`.
fn image_size(path: &Path) -> [u32; 2] {
    let size = image::image_dimensions(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    size.into()
}

/// The captures of FCJ2020 whose label is wrong, by three matchers' agreement.
pub(crate) fn suspect_labels() -> HashSet<String> {
    let path = folder().join("fingerprint/fcj2020/suspect_labels.csv");
    let Ok(mut reader) = csv::Reader::from_path(path) else { return HashSet::new() };
    reader.records().flatten().map(|row| row[0].trim_end_matches(".bmp").to_owned()).collect()
}
