//! What is asked, made before the clock starts.

use rayon::prelude::*;
use whorl_datasets::synthetic::fingerprint::{Conditions, Finger, Sensor};
use whorl_formats::image::encode_png;
use whorl_index::Instances;
use whorl_proto::v1;
use whorl_service::sample::Instance;
use whorl_types::{Modality, Position};

use super::stand::{ENROLLED, GALLERY};
use super::{PICTURES, Settings};
use crate::population::{Population, id};

/// Who is known by the picture of a finger.
const PORTRAYED: &str = "portrayed";

/// All requests of a run.
pub(super) struct Requests {
    /// That persons are who they are, by their templates.
    pub(super) claims: Vec<v1::VerifyRequest>,
    /// Enrols somebody by a picture.
    pub(super) portrait: v1::EnrolRequest,
    /// That somebody is who he is, by other pictures.
    pub(super) pictures: Vec<v1::VerifyRequest>,
    pub(super) searches: Vec<Search>,
    pub(super) enrolments: Vec<v1::EnrolRequest>,
}

/// A search for somebody who is enrolled, for a client and for the library.
#[derive(Clone)]
pub(super) struct Search {
    pub(super) asked: v1::IdentifyRequest,
    pub(super) probe: Vec<Instance>,
    pub(super) mate: String,
}

impl Requests {
    /// Runs in the rayon pool of the caller.
    pub(super) fn new(population: &Population, settings: &Settings) -> Self {
        let Settings { persons, probes, enrolments, .. } = *settings;
        // Spread over the gallery.
        let sought = (0..probes).into_par_iter().map(|number| number * (persons / probes).max(1));
        let searches = sought.map(|person| search(population, person)).collect::<Vec<_>>();
        let claims = searches.iter().map(|Search { asked, mate, .. }| claim(GALLERY, mate, asked.samples.clone()));
        let pictures = (1..=PICTURES as u64).map(|capture| claim(ENROLLED, PORTRAYED, vec![picture(capture)]));
        let arrivals = (0..enrolments).into_par_iter().map(|number| {
            let person = persons + number;
            enrolment(id(person).as_str(), samples(population.instances(person, 0)))
        });
        Self {
            claims: claims.collect(),
            portrait: enrolment(PORTRAYED, vec![picture(0)]),
            pictures: pictures.collect(),
            enrolments: arrivals.collect(),
            searches,
        }
    }
}

fn search(population: &Population, person: usize) -> Search {
    let captured = population.instances(person, 1);
    let instance = |(position, template)| Instance { position, template, liveness: None };
    let probe = captured.clone().into_iter().map(instance).collect();
    let asked = v1::IdentifyRequest {
        gallery: GALLERY.to_owned(),
        samples: samples(captured),
        ..v1::IdentifyRequest::default()
    };
    Search { asked, probe, mate: id(person).as_str().to_owned() }
}

fn claim(gallery: &str, id: &str, samples: Vec<v1::Sample>) -> v1::VerifyRequest {
    v1::VerifyRequest { gallery: gallery.to_owned(), id: id.to_owned(), samples, ..v1::VerifyRequest::default() }
}

/// Without a search for duplicates, which another figure tells.
fn enrolment(id: &str, samples: Vec<v1::Sample>) -> v1::EnrolRequest {
    v1::EnrolRequest {
        gallery: ENROLLED.to_owned(),
        id: id.to_owned(),
        samples,
        check: v1::DuplicateCheck::None.into(),
        ..v1::EnrolRequest::default()
    }
}

/// Templates in Whorl's format.
fn samples(captured: Instances) -> Vec<v1::Sample> {
    let sample = |(position, template): (Position, _)| {
        let modality = match position.modality() {
            Some(Modality::Fingerprint) | None => v1::Modality::Fingerprint,
            Some(Modality::Iris) => v1::Modality::Iris,
            Some(Modality::Face) => v1::Modality::Face,
        };
        let instance = Instance { position, template, liveness: None };
        v1::Sample {
            data: instance.to_bytes().into(),
            modality: modality.into(),
            position: position as i32,
            ..v1::Sample::default()
        }
    };
    captured.into_iter().map(sample).collect()
}

/// A picture of a finger.
fn picture(capture: u64) -> v1::Sample {
    let print = Finger::new(1, Position::RightIndex).print(&Conditions::ideal(Sensor::Optical), capture);
    v1::Sample {
        data: encode_png(&print, None).into(),
        modality: v1::Modality::Fingerprint.into(),
        position: v1::Position::RightIndex.into(),
        ..v1::Sample::default()
    }
}

/// Whether `mate` is the first candidate.
pub(super) fn is_first(answer: &v1::IdentifyResponse, mate: &str) -> bool {
    let found = answer.found.as_ref().and_then(|found| found.candidates.first());
    found.is_some_and(|candidate| candidate.id == mate)
}
