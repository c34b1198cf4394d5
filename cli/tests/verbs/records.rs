//! Records of several pictures, some of them bad: the others count.

use std::fs;

use whorl_formats::image::decode;
use whorl_formats::image_record::Edition;
use whorl_formats::iris_image::{IrisImageRecord, Picture};
use whorl_types::{GreyImage, Position};

use crate::whorl::Folder;

/// A person's two eyes, and `both.iir` with a picture that is cut, one that shows nothing, and each eye.
fn with_a_mixed_record() -> Folder {
    let folder = Folder::with(1, ["0", "2"], 2);
    let picture = |position: Position| {
        let samples = folder.samples();
        let sample = samples.iter().find(|name| name.contains(&format!("_{position}_"))).expect("of either eye");
        let bytes = fs::read(folder.path(sample)).expect("the picture is there");
        Picture::png(position, &decode(&bytes).expect("it was written by whorl").pixels.into_grey())
    };
    let cut = Picture { data: picture(Position::LeftEye).data[..900].to_vec(), ..picture(Position::LeftEye) };
    let grey = GreyImage::new(320, 280, vec![90; 320 * 280]).expect("every place has a shade");
    let blank = Picture::png(Position::LeftEye, &grey);
    let pictures = vec![cut, blank, picture(Position::LeftEye), picture(Position::RightEye)];
    let record = IrisImageRecord::of_pictures(Edition::Iso2011, pictures).expect("four pictures fit a record");
    folder.write("both.iir", record.encode());
    folder.write("people.csv", "path,subject,modality,position\nboth.iir,ann,iris,unknown\n");
    folder
}

/// What was left out names the picture and the reason.
fn assert_both_are_told(folder: &Folder, list: &str, line: &str) {
    let rows = folder.rows(list);
    let told: Vec<(&str, &str, &str)> =
        rows.iter().map(|row| (row["line"].as_str(), row["what"].as_str(), row["reason"].as_str())).collect();
    assert_eq!(told, [(line, "both.iir", "damaged"), (line, "both.iir", "blank")]);
    assert!(rows[0]["detail"].starts_with("picture 1 of 4 in the record: "), "{rows:?}");
    assert_eq!(rows[1]["detail"], "picture 2 of 4 in the record: the image is blank");
}

#[test]
fn extract_writes_the_good_pictures_and_names_the_bad() {
    let folder = with_a_mixed_record();
    let run = folder.whorl(&["extract", "both.iir", "--out", "out", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(folder.exists("out/both-3-left.whorl") && folder.exists("out/both-4-right.whorl"), "{run:?}");
    assert_both_are_told(&folder, "out/left-out.csv", "");
}

#[test]
fn compare_goes_on_with_the_good_pictures() {
    let folder = with_a_mixed_record();
    let run = folder.whorl(&["compare", "both.iir", "both.iir", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let said = run.json();
    assert_eq!(said["instances"].as_array().unwrap().len(), 2, "{run:?}");
    assert_eq!(said["left_out"].as_array().unwrap().len(), 4);
    assert!(run.err.contains("left out: both.iir: picture 2 of 4 in the record: the image is blank"), "{}", run.err);
}

#[test]
fn enrolment_search_and_deduplication_take_the_good_pictures() {
    let folder = with_a_mixed_record();
    let run = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people.csv", "--json"]);
    assert_eq!((run.code, run.json()["templates"].as_u64()), (1, Some(2)), "{run:?}");
    assert_both_are_told(&folder, "left-out.csv", "2");
    let run = folder.whorl(&["identify", "--gallery", "gallery", "both.iir", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let found = &run.json()["searches"][0]["candidates"][0];
    assert_eq!((found["reference"].as_str(), found["instances"].as_u64()), (Some("ann/1"), Some(2)), "{run:?}");
    assert_both_are_told(&folder, "not-identified.csv", "");
    folder.write("two.csv", "path,subject,modality,position\nboth.iir,ann,iris,unknown\nboth.iir,bob,iris,unknown\n");
    let run = folder.whorl(&["dedup", "--manifest", "two.csv", "--out", "result"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(folder.read("result/report.html").contains("<image id=\"picture-0-1\""), "pictures of both eyes are shown");
}
