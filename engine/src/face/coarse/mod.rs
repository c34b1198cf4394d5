//! The first stage of a search for a face: every face of a gallery, in some nanoseconds each.
//!
//! It is two steps. Of each face it keeps 512 bits, on which side of as many planes its embedding lies: planes that a fixed
//! random rotation (three rounds of sign flips and Walsh-Hadamard transforms) gives, in whole numbers. Two codes differ in a part of
//! their bits that is the angle over half a turn (Charikar, STOC 2002), give or take: the planes stand at right angles to one
//! another, or nearly so where the embedding has fewer dimensions, so that the number of bits strays by 8.6 where independent
//! planes would let it by up to 11.3. Eight codes lie side by side, so that one vector serves eight comparisons and is never summed
//! across. Faces within [`PASS_DISTANCE`] are then compared in full where they lie, and those that reach [`PASS_SIMILARITY`]
//! pass: what falls short of that speaks against the pair, and adds to no other evidence of it.
//!
//! All of it is exact: a code, a score and who passes are the same on every machine and instruction set.
//!
//! # What it keeps
//!
//! Of synthetic templates in 256 dimensions (`whorl_datasets::synthetic::templates::face`: cosines of mates 0.55, sd 0.13, of
//! strangers 0.00, sd 0.10; 100,000 pairs of mates, 6,553,600 of strangers; `cargo run --release -p whorl-benches --example
//! face_rates`), all in %: strangers that the sign codes pass, mates that they miss, and of the mates whose full comparison
//! matches at some FMR those that they miss.
//!
//! | within | strangers passed | mates missed | of those matched at FMR 1e-2 / 1e-3 / 1e-4 |
//! |---|---|---|---|
//! | 212 | 0.96 | 1.77 | 1.236 / 0.469 / 0.085 |
//! | 220 | 2.82 | 0.73 | 0.331 / 0.064 / 0.005 |
//! | 224 | 4.54 | 0.45 | 0.147 / 0.023 / 0.001 |
//! | **228** | 7.01 | 0.27 | 0.053 / 0.003 / 0.000 |
//! | 232 | 10.41 | 0.16 | 0.021 / 0.001 / 0.000 |
//! | 240 | 20.33 | 0.05 | 0.002 / 0.000 / 0.000 |
//!
//! Both steps together pass 1.25 % of strangers and miss 0.55 % of mates, nearly all of whose cosine is below 0.22: one
//! stranger in 75 is as alike. At a cosine of 0.25 the two distributions are equally dense, so that evidence begins above it.
//!
//! The same, simulated for mates as alike in other dimensions: of embeddings of 128 dimensions (strangers' sd 0.12) 228 passes
//! 10.8 % of strangers and misses 0.005 % of the mates matched at FMR 1e-2; of 512 (sd 0.07) 2.8 %, and 0.065 / 0.045 / 0.025 % of
//! those matched at FMR 1e-2 / 1e-3 / 1e-4.
//!
//! Of real faces by the model that ships (`whorl-face 4`; sets orl, lfw and celeba, in part learnt from; `cargo run --release -p whorl-eval
//! --example retention -- face`) both steps together pass 50, 23 and 32 % of strangers and miss 0.00, 0.24 and 0.57 % of mates, none of
//! those matched at FMR 1e-2: its strangers do not lie about right angles. A search goes on with one in twenty of them.
//!
//! Two bounds on what that says: real networks differ, and both constants are for the embeddings of networks that were trained
//! for angles, whose strangers lie about right angles. A network that puts all faces into one corner of its space passes more
//! strangers and takes longer; the shortlist of a search keeps the most alike of them.

mod block;
mod probe;
mod scan;
mod sift;
mod signs;
#[cfg(test)]
mod tests;

pub use block::CoarseBlock;
pub use probe::CoarseProbe;
pub use scan::{scan, scan_on, scores};
pub use sift::{sift, sift_on};

/// The most signs in which the codes of two faces may differ if the first step is to pass them: those of a cosine of 0.17, and
/// two and a half standard deviations more than those of a cosine of 0.30, which one stranger in a thousand reaches.
pub const PASS_DISTANCE: u16 = 228;

/// The least signs that agree, 512 less a distance of 212, of a face whose owner has a finger or an eye that is compared, too: one
/// that is less alike is worth next to nothing beside those, and would be most of what a search reads.
pub const BESIDE_SCORE: u32 = 300;

/// The least similarity that the second step passes, a cosine of 0.22: what one of 75 strangers reaches.
pub const PASS_SIMILARITY: u32 = 40_000;
