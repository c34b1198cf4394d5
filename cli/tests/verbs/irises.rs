//! Every verb with eyes alone.

use std::fs;

use whorl_formats::image::{decode, encode_png};
use whorl_types::GreyImage;

use crate::whorl::Folder;

/// A folder with `people/`: so many persons with two eyes and so many photographs of each.
fn with_eyes(persons: u32, impressions: u32) -> Folder {
    Folder::with(persons, ["0", "2"], impressions)
}

/// The picture at `name`, flipped from left to right, as `flipped.png`.
fn flip(folder: &Folder, name: &str) {
    let bytes = fs::read(folder.path(name)).expect("the picture is there");
    let image = decode(&bytes).expect("it was written by whorl").pixels.into_grey();
    let rows = image.pixels().chunks(image.width_px() as usize).flat_map(|row| row.iter().rev().copied());
    let flipped = GreyImage::new(image.width_px(), image.height_px(), rows.collect()).expect("it has as many pixels");
    folder.write("flipped.png", encode_png(&flipped, None));
}

#[test]
fn an_eye_becomes_a_template_and_its_trace_shows_contours_and_the_strip() {
    let folder = with_eyes(1, 1);
    let eye = &folder.samples()[0];
    let run = folder.whorl(&["extract", eye, "--out", "out", "--modality", "iris", "--trace", "stages", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let template = &run.json()["templates"][0];
    assert_eq!(template["modality"], "iris");
    assert!(template["measures"]["usable-area"].as_u64() > Some(30), "{template}");
    let stages = fs::read_dir(folder.path("stages")).unwrap().next().unwrap().unwrap().path();
    let svg = fs::read_to_string(stages.join("eye.svg")).unwrap();
    assert!(svg.contains("class=\"pupil\"") && svg.contains("class=\"limbus\"") && svg.contains("class=\"hidden\""));
    assert_eq!(svg.matches("data:image/").count(), 2, "the eye and its strip");
    assert!(fs::read_to_string(stages.join("quality.txt")).unwrap().contains("usable-area: "));
}

#[test]
fn a_position_of_an_eye_and_a_template_of_one_say_what_they_are() {
    let folder = with_eyes(1, 1);
    let eye = &folder.samples()[0];
    let run = folder.whorl(&["extract", eye, "--out", "out", "--position", "left", "--json"]);
    let template = run.json()["templates"][0].clone();
    assert_eq!((&template["modality"], &template["position"]), (&"iris".into(), &"left".into()), "{run:?}");
    let template = template["template"].as_str().unwrap();
    let run = folder.whorl(&["compare", template, eye, "--json"]);
    assert_eq!(run.code, 3, "the picture by itself is taken for a print: {run:?}");
    assert!(run.err.contains("add --modality iris"), "{}", run.err);
    assert!(folder.whorl(&["extract", eye, "--out", "out"]).err.contains("add --modality iris"));
    let run = folder.whorl(&["compare", template, template, "--json"]);
    assert_eq!(run.json()["instances"][0]["modality"], "iris", "{run:?}");
}

#[test]
fn a_record_of_the_picture_gives_the_same_template() {
    let folder = with_eyes(1, 1);
    let eye = &folder.samples()[0];
    let iris = ["--modality", "iris", "--position", "right"];
    for (image, format, out) in [(eye.as_str(), "iso19794-6", "records"), (eye, "whorl", "templates")] {
        let run = folder.whorl(&[["extract", image, "--out", out, "--format", format].as_slice(), &iris].concat());
        assert_eq!(run.code, 0, "{run:?}");
    }
    let stem = eye.rsplit_once('/').unwrap().1.trim_end_matches(".png");
    let record = format!("records/{stem}.iir");
    assert!(fs::read(folder.path(&record)).unwrap().starts_with(b"IIR\0"));
    let run = folder.whorl(&["extract", &record, "--out", "again", "--json"]);
    let again = run.json()["templates"][0].clone();
    assert_eq!((&again["modality"], &again["position"]), (&"iris".into(), &"right".into()), "{run:?}");
    let bytes = |name: String| fs::read(folder.path(&name)).unwrap();
    assert_eq!(bytes(format!("again/{stem}.whorl")), bytes(format!("templates/{stem}.whorl")));
}

#[test]
fn formats_that_are_not_for_an_eye_are_refused_in_words() {
    let folder = with_eyes(1, 1);
    let run =
        folder.whorl(&["extract", &folder.samples()[0], "--out", "o", "--modality", "iris", "--format", "ansi378"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("an iris has no minutiae") && run.err.contains("iso19794-6"), "{}", run.err);
}

#[test]
fn two_photographs_of_an_eye_match_and_the_drawing_shows_where() {
    let folder = with_eyes(2, 2);
    let eyes = folder.samples();
    let compare = |a: &str, b: &str| {
        let run = folder.whorl(&["compare", a, b, "--modality", "iris", "--svg", "both.svg", "--json"]);
        assert_eq!(run.code, 0, "{run:?}");
        run.json()
    };
    let (mated, strangers) = (compare(&eyes[0], &eyes[1]), compare(&eyes[0], &eyes[7]));
    assert_eq!((&mated["decision"], &strangers["decision"]), (&"match".into(), &"non-match".into()), "{mated}");
    assert!(mated["hamming_distance"].as_f64() < Some(0.33), "{mated}");
    assert!(strangers["hamming_distance"].as_f64() > Some(0.36), "{strangers}");
    let svg = folder.read("both.svg");
    for sign in ["class=\"same\"", "class=\"apart\"", "class=\"hidden\"", "class=\"pupil\"", "class=\"limbus\""] {
        assert!(svg.contains(sign), "{sign}");
    }
    assert_eq!(svg.matches("data:image/").count(), 4, "two eyes and two strips");
}

#[test]
fn a_flipped_picture_is_found_in_the_mirror_and_only_there() {
    let folder = with_eyes(1, 2);
    let eyes = folder.samples();
    flip(&folder, &eyes[0]);
    let files = ["compare", "flipped.png", &eyes[1], "--modality", "iris", "--json"];
    let plain = folder.whorl(&files).json();
    let mirrored = folder.whorl(&[files.as_slice(), &["--mirrored", "--svg", "both.svg"]].concat()).json();
    assert_eq!((&plain["decision"], &plain["mirrored"]), (&"non-match".into(), &false.into()), "{plain}");
    assert_eq!((&mirrored["decision"], &mirrored["mirrored"]), (&"match".into(), &true.into()), "{mirrored}");
    assert!(folder.read("both.svg").contains("scale(-"));
}

#[test]
fn who_was_enrolled_is_identified_by_another_photograph_and_in_a_mirror() {
    let folder = with_eyes(5, 2);
    let manifest = folder.read("people/manifest.csv");
    let first: Vec<&str> = manifest.lines().filter(|row| !row.contains("_2.png")).collect();
    folder.write("people/first.csv", first.join("\n"));
    let run = folder.whorl(&["enrol", "--gallery", "gallery", "--manifest", "people/first.csv", "--json"]);
    assert_eq!((run.code, &run.json()["templates"]), (0, &10.into()), "{run:?}");
    let info = folder.whorl(&["gallery", "info", "gallery", "--json"]).json();
    assert_eq!((&info["references"], &info["fingers"], &info["irises"]), (&5.into(), &0.into(), &10.into()));
    let eye = folder.samples().into_iter().find(|name| name.contains("_right_2.png")).unwrap();
    let subject = folder.rows("people/manifest.csv").into_iter().find(|row| eye.ends_with(&row["path"])).unwrap();
    flip(&folder, &eye);
    let best = |image: &str, more: &[&str]| {
        let search = ["identify", "--gallery", "gallery", image, "--position", "right", "--json"];
        let run = folder.whorl(&[search.as_slice(), more].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run.json()["searches"][0]["candidates"][0].clone()
    };
    for more in [vec![], vec!["--exact"]] {
        let best = best(&eye, &more);
        assert!(best["reference"].as_str().unwrap().starts_with(&subject["subject"]), "{best}");
        assert_eq!(best["verdict"], "duplicate");
    }
    let mirrored = best("flipped.png", &["--mirrored"]);
    assert_eq!((&mirrored["verdict"], &mirrored["mirrored"]), (&"duplicate".into(), &true.into()), "{mirrored}");
    assert_eq!(best("flipped.png", &[])["verdict"], "unique");
}

#[test]
fn the_eyes_of_a_manifest_are_measured_without_being_told_so() {
    let folder = with_eyes(4, 2);
    let run = folder.whorl(&["eval", "--manifest", "people/manifest.csv", "--protocol", "all-pairs", "--out", "out"]);
    assert_eq!(run.code, 0, "{run:?}");
    let report: serde_json::Value = serde_json::from_str(&folder.read("out/report.json")).unwrap();
    assert_eq!((&report["genuine"], &report["impostor"]), (&8.into(), &112.into()), "{report}");
    assert!(report["eer"].as_f64() < Some(0.05), "{report}");
    let run = folder.whorl(&["calibrate", "--manifest", "people/manifest.csv", "--out", "calibration.txt"]);
    assert!(run.code == 3 && run.err.contains("8 mated and 112 non-mated"), "{run:?}");
}
