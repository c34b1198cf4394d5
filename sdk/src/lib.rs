//! Whorl inside a Rust program: what an integrator depends on, under one name.
//!
//! ```
//! use whorl_datasets::synthetic::fingerprint::{Conditions, Finger, Sensor};
//! use whorl_sdk::sample::{Instance, templates};
//! use whorl_sdk::types::{Capture, Decision, Fmr, Modality, Position};
//! use whorl_sdk::{Engine, formats};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let position = Position::RightIndex;
//! let capture = Capture { modality: Modality::Fingerprint, position, ppi: None };
//! let engine = Engine::new(1)?;
//!
//! // Two captures of one finger, as files would hold them.
//! let finger = Finger::new(7, position);
//! let captured = |seed| {
//!     let image = finger.print(&Conditions::ideal(Sensor::Optical), seed);
//!     formats::image::encode_png(&image, None)
//! };
//! let probe: Vec<Instance> = templates(&captured(1), &capture)?;
//! let reference: Vec<Instance> = templates(&captured(2), &capture)?;
//!
//! let evidence = engine.compare(&probe, &reference);
//! assert_eq!(engine.decide(&evidence, Fmr::new(1e-4)?), Decision::Match);
//! # Ok(())
//! # }
//! ```
//!
//! What this crate is not, yet: a client of a server. Everything happens in the calling process.

pub use whorl_api::service::*;
pub use whorl_formats as formats;
pub use whorl_types as types;
