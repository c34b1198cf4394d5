//! The shape of the house, held as data: who may import whom, how long things may be, and what must be absent.

mod absences;
mod imports;
mod lengths;
mod manifests;
mod tree;
