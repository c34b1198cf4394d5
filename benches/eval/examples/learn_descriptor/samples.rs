//! The raw surroundings of the minutiae of whole sets, and which of them are mates.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use whorl_engine::finger::{self, Probe};
use whorl_extractors::fingerprint::describe::Surroundings;
use whorl_extractors::fingerprint::{self, QualityMeasures, Trace};
use whorl_types::{FingerTemplate, GreyImage, Minutia, Ppi, Similarity};

use crate::SIZE;
use crate::algebra::Matrix;

/// The sets that the shipped table is learned from.
pub(crate) const SETS: [&str; 5] = ["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b", "fcj2020"];

/// Prints of one finger that are at least this similar are laid on one another rightly, as good as certainly.
const SURELY_MATED: u32 = 900;

/// What is learned from.
pub(crate) struct Samples {
    /// Surroundings of every described minutia.
    pub(crate) vectors: Vec<[i8; SIZE]>,
    /// Mated minutiae, as places among the vectors.
    pub(crate) mates: Vec<(usize, usize)>,
}

/// One capture.
struct Print {
    finger: String,
    template: FingerTemplate,
    surroundings: Vec<Surroundings>,
}

/// Keeps the raw surroundings that an extraction shows.
#[derive(Default)]
struct Keep(Vec<Surroundings>);

impl Trace for Keep {
    fn image(&mut self, _stage: &'static str, _draw: impl FnOnce() -> GreyImage) {}

    fn minutiae(&mut self, _stage: &'static str, _list: impl FnOnce() -> Vec<Minutia>) {}

    fn measures(&mut self, _measures: &QualityMeasures) {}

    fn surroundings(&mut self, list: impl FnOnce() -> Vec<Surroundings>) {
        self.0 = list();
    }
}

impl Samples {
    /// Extracts every capture of `sets` and pairs those of one finger.
    pub(crate) fn read(sets: &[&str]) -> Self {
        let mut samples = Self { vectors: Vec::new(), mates: Vec::new() };
        for set in sets {
            let prints = read_set(set);
            let mut starts = Vec::new();
            for print in &prints {
                starts.push(samples.vectors.len());
                samples.vectors.extend(print.surroundings.iter().map(|surroundings| surroundings.0));
            }
            let of_first = |first: usize| mates_of(first, &prints, &starts);
            samples.mates.extend((0..prints.len()).into_par_iter().flat_map_iter(of_first).collect::<Vec<_>>());
        }
        samples
    }

    pub(crate) fn mean(&self) -> Vec<f64> {
        let mut sums = vec![0.0; SIZE];
        for vector in &self.vectors {
            sums.iter_mut().zip(vector).for_each(|(sum, &number)| *sum += f64::from(number));
        }
        sums.iter().map(|sum| sum / self.vectors.len() as f64).collect()
    }

    /// Covariance of all vectors.
    pub(crate) fn total(&self) -> Matrix {
        let mean = self.mean();
        let centred =
            |vector: &[i8; SIZE]| vector.iter().zip(&mean).map(|(&a, mean)| (f64::from(a) - mean) as f32).collect();
        scatter(&self.vectors.iter().map(centred).collect::<Vec<_>>(), 1.0)
    }

    /// Covariance of a vector about what it shares with its mates.
    pub(crate) fn within(&self) -> Matrix {
        let difference = |&(a, b): &(usize, usize)| {
            let (a, b) = (&self.vectors[a], &self.vectors[b]);
            a.iter().zip(b).map(|(&a, &b)| f32::from(a) - f32::from(b)).collect()
        };
        scatter(&self.mates.iter().map(difference).collect::<Vec<_>>(), 0.5)
    }
}

fn scatter(vectors: &[Vec<f32>], scale: f64) -> Matrix {
    let row = |at: usize| {
        let mut sums = vec![0.0_f32; SIZE];
        let mut row = vec![0.0_f64; SIZE];
        for some in vectors.chunks(256) {
            for vector in some {
                let factor = vector[at];
                sums.iter_mut().zip(vector).for_each(|(sum, number)| *sum += factor * number);
            }
            row.iter_mut().zip(&mut sums).for_each(|(row, sum)| *row += f64::from(std::mem::take(sum)));
        }
        row.iter().map(|sum| sum * scale / vectors.len() as f64).collect::<Vec<_>>()
    };
    Matrix::of_rows((0..SIZE).into_par_iter().map(row).collect())
}

fn read_set(set: &str) -> Vec<Print> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from);
    let manifest = folder.join(format!("fingerprint-{set}.csv"));
    let mut reader =
        csv::Reader::from_path(&manifest).unwrap_or_else(|error| panic!("{}: {error}", manifest.display()));
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a well-formed manifest")).collect();
    rows.par_iter().filter_map(|row| print(&folder.join(&row[0]), &row[5])).collect()
}

fn print(path: &Path, ppi: &str) -> Option<Print> {
    let name = path.file_stem()?.to_string_lossy().into_owned();
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let image = whorl_formats::image::decode(&bytes).expect("a readable image").pixels.into_grey();
    let mut keep = Keep::default();
    let template = fingerprint::extract(&image, Ppi::new(ppi.parse().ok()?).ok(), &mut keep).ok()?;
    Some(Print { finger: name.rsplit_once('_')?.0.to_owned(), template, surroundings: keep.0 })
}

fn mates_of(first: usize, prints: &[Print], starts: &[usize]) -> Vec<(usize, usize)> {
    let probe = Probe::new(&prints[first].template);
    let mut mates = Vec::new();
    for second in first + 1..prints.len() {
        if prints[first].finger != prints[second].finger {
            continue;
        }
        let found = finger::compare(&probe, &prints[second].template);
        if found.similarity < Similarity::new(SURELY_MATED) {
            continue;
        }
        let pairs = found.pairs.iter().map(|pair| (usize::from(pair.probe), usize::from(pair.reference)));
        let described =
            |&(a, b): &(usize, usize)| a < prints[first].surroundings.len() && b < prints[second].surroundings.len();
        mates.extend(pairs.filter(described).map(|(a, b)| (starts[first] + a, starts[second] + b)));
    }
    mates
}
