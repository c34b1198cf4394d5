//! Learns the projection of minutia descriptors: `extractors/src/fingerprint/describe/projection.bin`.
//!
//! `cargo run --release -p whorl-eval --example learn_descriptor -- OUT.bin [SET,SET...]`
//!
//! The raw surroundings of minutiae are vectors. Mated minutiae (those that the present comparison pairs in prints of one
//! finger that match well) say how much a vector varies though nothing changed; all minutiae say how much it varies at all. The
//! linear discriminants (Fisher, 1936) are the directions in which the second is largest against the first. The best
//! [`DIRECTIONS`] are weighed and turned at random, block by block, so that every bit is worth about the same, and the signs of
//! the result are the bits: a random rotation of a space keeps angles in its signs (Charikar, STOC 2002).
//!
//! To see what it is worth, learn on some sets, put the table in place, and run the example `develop` on the others.

mod algebra;
mod samples;

use algebra::{Matrix, cholesky, eigen, invert_lower};
use samples::Samples;
use whorl_extractors::fingerprint::describe::Surroundings;
use whorl_types::Descriptor;

/// Numbers of a raw vector.
const SIZE: usize = Surroundings::COUNT;

/// Discriminants that are kept.
const DIRECTIONS: usize = 200;

/// Added to the variance within mates, as a fraction of its mean: directions in which mates never differed are luck.
const RIDGE: f64 = 0.01;

fn main() {
    let mut words = std::env::args().skip(1);
    let out = words.next().expect("the first argument names the table to write");
    let sets = words.next().unwrap_or_else(|| samples::SETS.join(","));
    let samples = Samples::read(&sets.split(',').collect::<Vec<_>>());
    println!("{} minutiae, {} mated pairs", samples.vectors.len(), samples.mates.len());
    let rows = directions(&samples);
    let bits = algebra::rotations(Descriptor::WORDS * 64, DIRECTIONS).product(&rows);
    std::fs::write(&out, table(&bits, &samples.mean())).unwrap_or_else(|error| panic!("{out}: {error}"));
}

/// The weighted discriminants, one a row.
fn directions(samples: &Samples) -> Matrix {
    let total = samples.total();
    let mut within = samples.within();
    let mean: f64 = (0..SIZE).map(|at| within.at(at, at)).sum::<f64>() / SIZE as f64;
    for at in 0..SIZE {
        *within.at_mut(at, at) += RIDGE * mean;
    }
    let whiten = invert_lower(&cholesky(&within));
    let (values, vectors) = eigen(&whiten.product(&total).product(&whiten.transposed()));
    let mut rows = Matrix::zeros(DIRECTIONS, SIZE);
    for (row, (&value, vector)) in values.iter().zip(&vectors).enumerate().take(DIRECTIONS) {
        // Between the variance that separates best and the one that whitens: tried on sets left out of the learning.
        let weight = (value - 1.0).max(0.0).sqrt() / value.powf(0.75);
        for column in 0..SIZE {
            let sum: f64 = (0..SIZE).map(|k| vector[k] * whiten.at(k, column)).sum();
            *rows.at_mut(row, column) = weight * sum;
        }
    }
    rows
}

/// The bytes of the table: for each bit the threshold (i32, little-endian) and the weights (i8).
fn table(bits: &Matrix, mean: &[f64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for bit in 0..bits.rows() {
        let row = bits.row(bit);
        let largest = row.iter().fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
        let weights: Vec<i8> = row.iter().map(|weight| (weight / largest * 127.0).round() as i8).collect();
        let threshold: f64 = weights.iter().zip(mean).map(|(&weight, mean)| f64::from(weight) * mean).sum();
        bytes.extend((threshold.round() as i32).to_le_bytes());
        bytes.extend(weights.iter().map(|&weight| weight as u8));
    }
    bytes
}
