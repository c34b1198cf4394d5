//! Pictures that give no template, and why.

use whorl_extractors::face::{NoTrace, Several, extract};
use whorl_types::{GreyImage, Pixels, Refusal, RgbImage};

use crate::drawn::{Drawn, picture};
use crate::markers::model;

fn refusal(picture: &Pixels) -> Option<Refusal> {
    extract(&model(false), picture, Several::Largest, &mut NoTrace).err()
}

/// The picture with every sample changed.
fn changed(picture: &Pixels, change: impl Fn(u8) -> u8) -> Pixels {
    let Pixels::Rgb(rgb) = picture else { panic!("drawn in colour") };
    let samples = rgb.samples().iter().map(|&sample| change(sample)).collect();
    Pixels::Rgb(RgbImage::new(rgb.width_px(), rgb.height_px(), samples).unwrap())
}

#[test]
fn a_picture_of_one_shade_is_blank() {
    let blank = |shade| Pixels::Grey(GreyImage::new(300, 200, vec![shade; 60_000]).unwrap());
    assert_eq!([0, 128, 255].map(|shade| refusal(&blank(shade))), [Some(Refusal::Blank); 3]);
    let rustling = (0..60_000).map(|at| 90 + (at % 3) as u8).collect();
    assert_eq!(refusal(&Pixels::Grey(GreyImage::new(300, 200, rustling).unwrap())), Some(Refusal::Blank));
}

#[test]
fn a_picture_of_a_few_pixels_is_too_small() {
    for (width, height) in [(1, 1), (23, 4000), (4000, 23)] {
        assert_eq!(refusal(&picture(width, height, &[])), Some(Refusal::ImageTooSmall));
    }
}

#[test]
fn a_wall_shows_no_face_however_it_is_turned() {
    assert_eq!(refusal(&picture(500, 400, &[])), Some(Refusal::NoFace));
}

#[test]
fn a_face_of_a_few_pixels_is_too_small() {
    let face = Drawn::at(30.0, 25.0, 9.0);
    assert_eq!(refusal(&picture(60, 60, &[face])), Some(Refusal::FaceTooSmall));
    assert_eq!(refusal(&picture(60, 60, &[Drawn { eye_distance_px: 12.0, ..face }])), None);
}

#[test]
fn a_face_that_looks_away_is_refused_for_its_pose() {
    for (nose_aside, outcome) in [(0.0, None), (0.2, None), (-0.9, Some(Refusal::Pose)), (0.9, Some(Refusal::Pose))] {
        let face = Drawn { nose_aside, ..Drawn::at(200.0, 160.0, 60.0) };
        assert_eq!(refusal(&picture(400, 400, &[face])), outcome, "{nose_aside}");
    }
}

#[test]
fn a_long_strip_and_a_huge_picture_are_looked_at_like_any_other() {
    assert_eq!(refusal(&picture(3000, 30, &[])), Some(Refusal::NoFace));
    let huge = picture(12_000, 5_000, &[Drawn::at(6000.0, 2000.0, 900.0)]);
    assert_eq!(refusal(&huge), None);
    assert_eq!(refusal(&changed(&huge, |_| 77)), Some(Refusal::Blank));
}
