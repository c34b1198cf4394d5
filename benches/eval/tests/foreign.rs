//! Minutiae records of other makers match the finger that they were made of.

use whorl_datasets::synthetic::fingerprint::{Conditions, Finger, Sensor};
use whorl_engine::finger::{Probe, similarity};
use whorl_extractors::fingerprint::{NoTrace, extract, from_minutiae};
use whorl_formats::minutiae::{self, Format, MinutiaeRecord};
use whorl_types::{FingerTemplate, Position, Ppi};

const PERSONS: u64 = 6;

/// Whorl's own template of a drawn print.
fn impression(person: u64, seed: u64) -> FingerTemplate {
    let print = Finger::new(person, Position::RightIndex).print(&Conditions::draw(Sensor::Optical, 0.5, seed), seed);
    extract(&print, Some(Ppi::STANDARD), &mut NoTrace).expect("a drawn print is good enough")
}

/// What arrives when `template` is sent as a record: whole pixels and directions, and nothing of the image.
fn through_a_record(format: Format, template: &FingerTemplate) -> FingerTemplate {
    let finger = minutiae::Finger::of_template(Position::RightIndex, template);
    let record = MinutiaeRecord::of_fingers(format, &[finger]).expect("a template fits a record");
    let mut fingers =
        minutiae::decode(&record.encode()).expect("an own record is sound").fingers().expect("as it was made");
    let finger = fingers.remove(0);
    from_minutiae(finger.width_px, finger.height_px, finger.minutiae).expect("as it was made")
}

/// The lowest score of a finger with itself, and the highest with another.
fn extremes(probes: &[FingerTemplate], references: &[FingerTemplate]) -> (u32, u32) {
    let (mut mate, mut stranger) = (u32::MAX, 0);
    for (i, probe) in probes.iter().enumerate() {
        let probe = Probe::new(probe);
        for (j, reference) in references.iter().enumerate() {
            let score = similarity(&probe, reference).get();
            if i == j { mate = mate.min(score) } else { stranger = stranger.max(score) }
        }
    }
    (mate, stranger)
}

#[test]
fn a_foreign_record_matches_another_impression_of_its_finger_well_above_strangers() {
    let own: Vec<_> = (0..PERSONS).map(|person| impression(person, 1)).collect();
    let again: Vec<_> = (0..PERSONS).map(|person| impression(person, 2)).collect();
    for format in [Format::Iso2005, Format::Ansi2004] {
        let records: Vec<_> = again.iter().map(|template| through_a_record(format, template)).collect();
        let (mate, stranger) = extremes(&records, &own);
        assert!(mate > stranger + 300, "{format:?} against an image: mate {mate}, stranger {stranger}");
        let others: Vec<_> = own.iter().map(|template| through_a_record(format, template)).collect();
        let (mate, stranger) = extremes(&records, &others);
        assert!(mate > stranger + 300, "{format:?} against {format:?}: mate {mate}, stranger {stranger}");
    }
}
