//! Samples of nobody.

use whorl_datasets::synthetic::fingerprint::{self, Finger, Sensor};
use whorl_datasets::synthetic::iris::{self, Camera, Iris};
use whorl_sdk::client::{Enrolment, Sample};
use whorl_sdk::formats::image::encode_png;
use whorl_sdk::types::{Position, Ppi, ReferenceId};

/// A print of a person's right index finger, as the file of a scanner; each `capture` is another.
pub(crate) fn print(person: u64, capture: u64) -> Vec<u8> {
    let finger = Finger::new(person, Position::RightIndex);
    let print = finger.print(&fingerprint::Conditions::ideal(Sensor::Optical), capture);
    encode_png(&print, Some(Ppi::STANDARD))
}

/// A photograph of a person's left eye.
pub(crate) fn photograph(person: u64, capture: u64) -> Vec<u8> {
    let eye = Iris::new(person, Position::LeftEye);
    encode_png(&eye.photograph(&iris::Conditions::ideal(Camera::CloseUp), capture), None)
}

/// A finger and an eye.
pub(crate) fn samples(person: u64, capture: u64) -> Vec<Sample> {
    let finger = Sample::at(Position::RightIndex, print(person, capture));
    vec![finger, Sample::at(Position::LeftEye, photograph(person, capture))]
}

pub(crate) fn id(id: &str) -> ReferenceId {
    ReferenceId::new(id).unwrap()
}

/// A person's enrolment into the gallery `nation`.
pub(crate) fn enrolment(name: &str, person: u64, capture: u64) -> Enrolment {
    Enrolment::new("nation", id(name), samples(person, capture))
}
