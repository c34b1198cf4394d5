//! Whorl inside a Rust program, or a client of it: what an integrator depends on, under one name.
//!
//! ```
//! use whorl_datasets::synthetic::{fingerprint, iris};
//! use whorl_sdk::sample::{Instance, NoTrace, SampleError, decode};
//! use whorl_sdk::types::{Capture, Decision, Fmr, GreyImage, Modality, Position};
//! use whorl_sdk::{Engine, formats};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::new(1)?;
//! let finger = fingerprint::Finger::new(7, Position::RightIndex);
//! let eye = iris::Iris::new(7, Position::LeftEye);
//!
//! // One person twice, a finger and an eye each time, as files would hold them.
//! let captured = |seed| -> Result<Vec<Instance>, SampleError> {
//!     let print = finger.print(&fingerprint::Conditions::ideal(fingerprint::Sensor::Optical), seed);
//!     let photograph = eye.photograph(&iris::Conditions::ideal(iris::Camera::CloseUp), seed);
//!     let templates = |modality, position, image: &GreyImage| -> Result<Vec<Instance>, SampleError> {
//!         let capture = Capture { modality, position, ppi: None, liveness: None };
//!         let contents = decode(&formats::image::encode_png(image, None), &capture)?;
//!         contents.into_iter().map(|content| content?.extract(engine.faces(), &mut NoTrace)).collect()
//!     };
//!     let fingers = templates(Modality::Fingerprint, Position::RightIndex, &print)?;
//!     let eyes = templates(Modality::Iris, Position::LeftEye, &photograph)?;
//!     Ok([fingers, eyes].concat())
//! };
//! let (probe, reference) = (captured(1)?, captured(2)?);
//!
//! let in_a_mirror = false;
//! let evidence = engine.compare(&probe, &reference, in_a_mirror);
//! assert_eq!(evidence.instances.len(), 2);
//! assert_eq!(engine.decide(&evidence, Fmr::new(1e-4)?), Decision::Match);
//! # Ok(())
//! # }
//! ```
//!
//! All of that happens in the calling process. [`client`] asks a server instead.
//!
//! What this crate is not: it has no operation of its own, and a client decides nothing that the server did not.

pub mod client;

pub use whorl_api::service::*;
pub use whorl_formats as formats;
pub use whorl_types as types;
