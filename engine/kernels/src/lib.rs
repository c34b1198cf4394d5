//! Arithmetic inner loops, one file per instruction set, all with the same exact answer.
//!
//! What this crate is not: it knows no biometrics. Words of bits and rows of numbers go in, numbers come out.
