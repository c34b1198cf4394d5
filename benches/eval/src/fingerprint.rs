//! Whorl's own fingerprint matcher, from file to score.

use std::time::Instant;

use whorl_datasets::manifest::Entry;
use whorl_engine::finger::{COMPARATOR, Probe, similarity};
use whorl_extractors::fingerprint::{EXTRACTOR, NoTrace, extract, from_minutiae};
use whorl_formats::sample::Picture;
use whorl_formats::{minutiae, template};
use whorl_types::{FingerTemplate, Modality, Refusal, Similarity};

use crate::matcher::{Extracted, Failure, Matcher};
use crate::picture::picture;

/// Fingerprints by minutiae: images of any format that is known, or minutiae records of other extractors.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fingerprints;

impl Matcher for Fingerprints {
    type Template = FingerTemplate;
    type Probe = Probe;

    fn modality(&self) -> Modality {
        Modality::Fingerprint
    }

    fn extractor(&self) -> String {
        EXTRACTOR.to_owned()
    }

    fn comparator(&self) -> String {
        COMPARATOR.to_owned()
    }

    fn extract(&self, bytes: &[u8], entry: &Entry) -> Result<Extracted<FingerTemplate>, Failure> {
        if minutiae::sniff(bytes) { from_record(bytes) } else { from_image(bytes, entry) }
    }

    fn prepare(&self, template: &FingerTemplate) -> Probe {
        Probe::new(template)
    }

    fn compare(&self, probe: &Probe, reference: &FingerTemplate) -> Similarity {
        similarity(probe, reference)
    }
}

/// The sampling rate of the manifest goes before the one in the file: scanners' files often carry a default.
fn from_image(bytes: &[u8], entry: &Entry) -> Result<Extracted<FingerTemplate>, Failure> {
    let Picture { image, ppi, .. } = picture(bytes, entry)?;
    let image = image.into_grey();
    let began = Instant::now();
    let template = extract(&image, entry.ppi.or(ppi), &mut NoTrace)?;
    let took = Some(began.elapsed());
    Ok(Extracted { quality: template.quality(), template_bytes: stored_bytes(&template), template, took })
}

/// The first view of a record.
fn from_record(bytes: &[u8]) -> Result<Extracted<FingerTemplate>, Failure> {
    let record = minutiae::decode(bytes).map_err(|error| Failure::Format(error.to_string()))?;
    let fingers = record.fingers().map_err(|error| Failure::Format(error.to_string()))?;
    let finger = fingers.into_iter().next().ok_or(Refusal::TooFewMinutiae)?;
    let template = from_minutiae(finger.width_px, finger.height_px, finger.minutiae)
        .map_err(|error| Failure::Format(error.to_string()))?;
    Ok(Extracted { quality: template.quality(), template_bytes: stored_bytes(&template), template, took: None })
}

fn stored_bytes(template: &FingerTemplate) -> usize {
    template::finger::encode(template).len()
}
