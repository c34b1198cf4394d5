//! What is no eye, or not a good one: refused by name.

use std::fs;

use whorl_formats::image::{decode, encode_png};
use whorl_types::GreyImage;

use crate::whorl::Folder;

/// A picture of what `shade` gives for each place.
fn picture(width: u32, height: u32, shade: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let pixels = (0..width * height).map(|at| shade(at % width, at / width)).collect();
    encode_png(&GreyImage::new(width, height, pixels).expect("every place has a shade"), None)
}

/// A picture in colour, as text: every pixel red, green and blue.
fn in_colour(grey: &GreyImage, tint: [u16; 3]) -> Vec<u8> {
    let head = format!("P6 {} {} 255\n", grey.width_px(), grey.height_px());
    let pixels =
        grey.pixels().iter().flat_map(|&shade| tint.map(|part| (u16::from(shade) * part / 100).min(255) as u8));
    head.into_bytes().into_iter().chain(pixels).collect()
}

#[test]
fn what_shows_no_eye_is_refused_by_name_and_the_others_go_on() {
    let folder = Folder::with(1, ["1", "1"], 1);
    let samples = folder.samples();
    let (print, eye) = (&samples.iter().find(|name| name.contains("index")).unwrap(), &samples[0]);
    let eye = if eye.contains("index") { &samples[1] } else { eye };
    let grey = decode(&fs::read(folder.path(eye)).unwrap()).unwrap().pixels.into_grey();
    folder.write("black.png", picture(320, 280, |_, _| 0));
    folder.write("face.png", picture(320, 320, |x, y| face(f64::from(x) / 320.0, f64::from(y) / 320.0)));
    // Lids and lashes: bright skin with a dark fringe across.
    folder.write("closed.png", picture(320, 280, |x, y| if (150..156).contains(&(y + x % 3)) { 60 } else { 170 }));
    folder.write("tiny.png", picture(20, 20, |x, _| x as u8 * 10));
    folder.write("cut.png", &fs::read(folder.path(eye)).unwrap()[..900]);
    folder.write("daylight.ppm", in_colour(&grey, [130, 100, 70]));
    folder.write("grey.ppm", in_colour(&grey, [100, 100, 100]));
    let images = ["black.png", "face.png", "closed.png", "tiny.png", "cut.png", "daylight.ppm", "grey.ppm", print];
    let run = folder.whorl(&[["extract", "--out", "out", "--modality", "iris", "--json"].as_slice(), &images].concat());
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.json()["templates"].as_array().unwrap().len(), 1, "only the grey eye in three channels: {run:?}");
    let reasons: Vec<(String, String)> =
        folder.rows("out/left-out.csv").iter().map(|row| (row["what"].clone(), row["reason"].clone())).collect();
    let reason = |name: &str| reasons.iter().find(|(what, _)| what == name).map(|(_, reason)| reason.as_str());
    assert_eq!(reason("tiny.png"), Some("image-too-small"));
    assert_eq!(reason("cut.png"), Some("damaged"));
    assert_eq!(reason("daylight.ppm"), Some("visible-light"));
    for name in ["black.png", "face.png", "closed.png", print] {
        let refusals = [
            "blank",
            "no-eye",
            "no-pupil",
            "no-limbus",
            "iris-too-small",
            "too-little-visible",
            "out-of-frame",
            "too-blurred",
        ];
        assert!(reason(name).is_some_and(|reason| refusals.contains(&reason)), "{name}: {reasons:?}");
    }
}

/// A bright oval with two dark eyes and a mouth.
fn face(x: f64, y: f64) -> u8 {
    let near = |u: f64, v: f64, a: f64, b: f64| ((x - u) / a).powi(2) + ((y - v) / b).powi(2) < 1.0;
    if near(0.36, 0.42, 0.05, 0.025) || near(0.64, 0.42, 0.05, 0.025) || near(0.5, 0.72, 0.12, 0.03) {
        50
    } else if near(0.5, 0.5, 0.34, 0.45) {
        180
    } else {
        90
    }
}

#[test]
fn a_picture_of_100_million_pixels_is_refused_before_it_is_read() {
    let folder = Folder::new();
    folder.write("huge.pgm", "P5 10000 10000 255\n");
    let run = folder.whorl(&["extract", "huge.pgm", "--out", "out", "--modality", "iris"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("too-large") && run.err.contains("10000 x 10000"), "{}", run.err);
}

#[test]
fn records_that_are_cut_short_are_damaged_wherever_they_end() {
    let folder = Folder::with(1, ["0", "1"], 1);
    let eye = &folder.samples()[0];
    let written = folder.whorl(&["extract", eye, "--out", "out", "--position", "right", "--format", "iso19794-6"]);
    assert_eq!(written.code, 0, "{written:?}");
    let stem = eye.rsplit_once('/').unwrap().1.trim_end_matches(".png");
    let record = fs::read(folder.path(&format!("out/{stem}.iir"))).unwrap();
    let lengths = [5, 16, 40, 68, 200, record.len() / 2, record.len() - 1];
    let names = lengths.map(|length| {
        let name = format!("cut-{length}.iir");
        folder.write(&name, &record[..length]);
        name
    });
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let run = folder.whorl(&[["extract", "--out", "again", "--modality", "iris"].as_slice(), &names].concat());
    assert_eq!(run.code, 3, "{run:?}");
    for row in folder.rows("again/left-out.csv") {
        assert!(["damaged", "unknown-format"].contains(&row["reason"].as_str()), "{row:?}");
    }
}

#[test]
fn what_a_file_says_of_itself_goes_before_what_it_is_said_to_be() {
    let folder = Folder::with(1, ["1", "1"], 1);
    for (position, out) in [("right", "eye"), ("right-index", "finger")] {
        let image = folder.samples().into_iter().find(|name| name.contains(&format!("_{position}_"))).unwrap();
        assert_eq!(folder.whorl(&["extract", &image, "--out", out, "--position", position]).code, 0);
    }
    for (file, said, is) in [("eye", "fingerprint", "iris"), ("finger", "iris", "fingerprint")] {
        let template = fs::read_dir(folder.path(file)).unwrap().next().unwrap().unwrap().path();
        let run = folder.whorl(&["extract", template.to_str().unwrap(), "--out", "out", "--modality", said]);
        assert_eq!(run.code, 3, "{run:?}");
        assert!(run.err.contains(&format!("it is of modality {is}")), "{}", run.err);
    }
    let run = folder.whorl(&["extract", "a.png", "--out", "out", "--modality", "iris", "--position", "left-thumb"]);
    assert_eq!(run.code, 3, "{run:?}");
}
