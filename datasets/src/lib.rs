//! Manifests, loaders of known layouts, and synthetic samples.
//!
//! - [`manifest`]: the CSV files that say which sample is of whom, and which pairs to compare.
//! - [`layouts`]: makes manifests of folders whose file names say what each file is (FVC, FCJ, CASIA, MMU, IITD).
//! - [`people`]: names, birth dates and addresses of people who do not exist, and how clerks miswrite them.
//! - [`synthetic`]: fingerprints, eyes and faces of people who do not exist, and whole populations of them.
//!
//! What this crate is not: it holds no biometric data; what it makes is nobody's, and says nothing about accuracy on people.
//! It decodes no images and compares nothing.

pub mod layouts;
pub mod manifest;
pub mod people;
pub mod synthetic;
