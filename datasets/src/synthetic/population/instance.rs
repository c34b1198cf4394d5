//! What samples are taken of, and the files they become.

use whorl_formats::image::{encode_jpeg, encode_png};
use whorl_types::{Modality, Position, Ppi};

use super::Population;
use crate::synthetic::face::{self, Face};
use crate::synthetic::fingerprint::{self, Finger};
use crate::synthetic::iris::{self, Iris};

/// A finger, an eye or a face.
pub(super) enum Instance {
    Finger(Box<Finger>),
    Eye(Box<Iris>),
    Face(Box<Face>),
}

impl Instance {
    pub(super) fn grow(person: u64, position: Position) -> Self {
        match position.modality() {
            Some(Modality::Face) => Self::Face(Box::new(Face::new(person))),
            Some(Modality::Iris) => Self::Eye(Box::new(Iris::new(person, position))),
            Some(Modality::Fingerprint) | None => Self::Finger(Box::new(Finger::new(person, position))),
        }
    }

    /// The file of a sample of it. Prints and eyes are kept as PNG, as recognition wants them; portraits as JPEG, as enrolment
    /// stations keep them.
    pub(super) fn file(&self, population: &Population, seed: u64) -> Vec<u8> {
        let carelessness = population.carelessness;
        match self {
            Self::Finger(finger) => {
                let how = fingerprint::Conditions::draw(population.sensor, carelessness, seed);
                encode_png(&finger.print(&how, seed), Some(Ppi::STANDARD))
            }
            Self::Eye(iris) => {
                let how = iris::Conditions::draw(population.camera, carelessness, seed);
                encode_png(&iris.photograph(&how, seed), None)
            }
            Self::Face(face) => {
                let how = face::Conditions::draw(carelessness, seed);
                encode_jpeg(&face.photograph(&how, seed), how.jpeg_quality)
            }
        }
    }
}
