//! Which picture of a file is measured, and which files show no iris.

use std::path::PathBuf;

use whorl_datasets::manifest::Entry;
use whorl_datasets::synthetic::iris::{Camera, Conditions, Iris};
use whorl_eval::{Failure, Irises, Matcher};
use whorl_formats::image_record::Edition;
use whorl_formats::iris_image::{IrisImageRecord, Picture};
use whorl_types::{GreyImage, Modality, Position, Refusal};

fn photograph(position: Position) -> GreyImage {
    Iris::new(1, position).photograph(&Conditions::ideal(Camera::CloseUp), 1)
}

fn entry(position: Position) -> Entry {
    Entry {
        path: PathBuf::new(),
        listed: String::new(),
        line: 2,
        subject: "ann".to_owned(),
        modality: Modality::Iris,
        position,
        encounter: "1".to_owned(),
        ppi: None,
        liveness: None,
    }
}

#[test]
fn a_damaged_picture_of_a_record_costs_its_own_row_alone() {
    let [left, right] = [Position::LeftEye, Position::RightEye].map(|eye| Picture::png(eye, &photograph(eye)));
    let cut = Picture { data: right.data[..900].to_vec(), ..right };
    let record = IrisImageRecord::of_pictures(Edition::Iso2011, vec![cut, left]).unwrap().encode();
    assert!(Irises.extract(&record, &entry(Position::LeftEye)).is_ok());
    let failure = Irises.extract(&record, &entry(Position::RightEye)).unwrap_err();
    assert!(failure.to_string().contains("picture 1 of 2 in the record"), "{failure}");
}

#[test]
fn an_eye_in_daylight_is_refused() {
    let grey = photograph(Position::LeftEye);
    let mut tinted = format!("P6 {} {} 255\n", grey.width_px(), grey.height_px()).into_bytes();
    tinted.extend(grey.pixels().iter().flat_map(|&shade| [shade, shade / 4 * 3, shade / 2]));
    let failure = Irises.extract(&tinted, &entry(Position::LeftEye)).unwrap_err();
    assert_eq!(failure, Failure::Refused(Refusal::VisibleLight));
}
