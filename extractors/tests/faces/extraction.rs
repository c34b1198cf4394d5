//! From a picture with a face to its template.

use whorl_extractors::face::{Face, NoTrace, Point, Several, Similarity, Trace, detect, extract, warp};
use whorl_types::{FaceMeasures, FaceTemplate, Pixels, RgbImage};

use crate::drawn::{Drawn, farthest, picture};
use crate::markers::model;

fn template(picture: &Pixels) -> FaceTemplate {
    extract(&model(false), picture, Several::Largest, &mut NoTrace).unwrap()
}

fn points(template: &FaceTemplate) -> [Point; 5] {
    template.points().px8.map(|point| point.map(|eighths| eighths as f32 / 8.0))
}

/// The cosine between two embeddings.
fn likeness(one: &FaceTemplate, other: &FaceTemplate) -> f32 {
    let dot = |a: &FaceTemplate, b: &FaceTemplate| -> f32 {
        a.embedding().iter().zip(b.embedding()).map(|(a, b)| f32::from(*a) * f32::from(*b)).sum()
    };
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

/// The square picture turned clockwise.
fn turned(picture: &Pixels, quarter_turns: u8) -> (Pixels, Similarity) {
    let side_px = picture.width_px() as usize;
    let back = Similarity::unturning(quarter_turns, side_px);
    (warp(picture, &back, side_px, side_px), back)
}

#[test]
fn the_points_of_a_face_are_found_whatever_its_size_place_and_turn() {
    for (width, height) in [(400, 400), (640, 360), (300, 700), (2000, 1500)] {
        let unit = width.min(height) as f32;
        for (share, degrees) in [(0.12, 0.0), (0.16, 20.0), (0.2, -35.0)] {
            let face = Drawn { degrees, ..Drawn::at(0.5 * width as f32, 0.4 * height as f32, share * unit) };
            let template = template(&picture(width, height, &[face]));
            let away = farthest(&points(&template), &face.points());
            assert!(away < 0.06 * face.eye_distance_px, "{width} x {height}, {degrees}: {away} px");
        }
    }
}

#[test]
fn a_face_embeds_the_same_wherever_it_stands() {
    let usual = template(&picture(400, 400, &[Drawn::at(200.0, 160.0, 60.0)]));
    for (width, height, face) in [
        (400, 400, Drawn::at(140.0, 200.0, 52.0)),
        (1600, 1200, Drawn::at(700.0, 400.0, 230.0)),
        (500, 400, Drawn { degrees: -25.0, ..Drawn::at(300.0, 160.0, 60.0) }),
    ] {
        let other = template(&picture(width, height, &[face]));
        assert!(likeness(&usual, &other) > 0.97, "{}", likeness(&usual, &other));
    }
}

#[test]
fn a_picture_on_its_side_or_upside_down_gives_the_same_template_at_its_own_points() {
    #[derive(Default)]
    struct Turns(Vec<u8>);
    impl Trace for Turns {
        fn chosen(&mut self, _face: &Face, quarter_turns: u8) {
            self.0.push(quarter_turns);
        }
    }
    let face = Drawn { degrees: 8.0, ..Drawn::at(180.0, 150.0, 64.0) };
    let upright = picture(400, 400, &[face]);
    let expected = template(&upright);
    for quarter_turns in 0..4 {
        let (lying, back) = turned(&upright, quarter_turns);
        let mut turns = Turns::default();
        let template = extract(&model(false), &lying, Several::Largest, &mut turns).unwrap();
        assert_eq!(turns.0, [(4 - quarter_turns) % 4], "that it takes to set the picture right");
        let returned = points(&template).map(|point| back.apply(point));
        assert!(farthest(&returned, &face.points()) < 2.0, "{returned:?}");
        assert!(likeness(&template, &expected) > 0.99);
    }
}

#[test]
fn a_face_and_its_mirror_image_embed_alike_where_the_model_adds_both() {
    let mirrored = |picture: &Pixels| {
        let Pixels::Rgb(rgb) = picture else { panic!("drawn in colour") };
        let rows = rgb.samples().chunks_exact(3 * rgb.width_px() as usize);
        let samples = rows.flat_map(|row| row.chunks_exact(3).rev().flatten().copied()).collect();
        Pixels::Rgb(RgbImage::new(rgb.width_px(), rgb.height_px(), samples).unwrap())
    };
    let plain = picture(400, 400, &[Drawn::at(199.5, 160.0, 60.0)]);
    let Pixels::Rgb(rgb) = mirrored(&plain) else { panic!("drawn in colour") };
    // In a mirror the left eye is red no longer: it gets the colour that the detector knows it by.
    let swapped = rgb.samples().chunks_exact(3).flat_map(|pixel| match pixel {
        [230, 20, 20] => [20, 200, 20],
        [20, 200, 20] => [230, 20, 20],
        [220, 220, 20] => [220, 20, 220],
        [220, 20, 220] => [220, 220, 20],
        other => [other[0], other[1], other[2]],
    });
    let image = Pixels::Rgb(RgbImage::new(400, 400, swapped.collect()).unwrap());
    let both =
        |model: &_| [&plain, &image].map(|picture| extract(model, picture, Several::Largest, &mut NoTrace).unwrap());
    let [one, other] = both(&model(true));
    assert!(likeness(&one, &other) > 0.995, "{}", likeness(&one, &other));
    let [one, other] = both(&model(false));
    assert!(likeness(&one, &other) < 0.99, "without, they differ: {}", likeness(&one, &other));
}

#[test]
fn every_stage_is_shown_in_order() {
    #[derive(Default)]
    struct Stages(Vec<String>, FaceMeasures);
    impl Trace for Stages {
        fn faces(&mut self, faces: &[Face], quarter_turns: u8) {
            self.0.push(format!("{} faces, turned {quarter_turns}", faces.len()));
        }
        fn chosen(&mut self, face: &Face, quarter_turns: u8) {
            self.0.push(format!("one {:.0} px high, turned {quarter_turns}", face.bounds.height_px));
        }
        fn crop(&mut self, crop: &Pixels) {
            self.0.push(format!("crop {} x {}", crop.width_px(), crop.height_px()));
        }
        fn measures(&mut self, measures: &FaceMeasures) {
            self.0.push("measures".to_owned());
            self.1 = *measures;
        }
    }
    let drawing = picture(500, 400, &[Drawn::at(160.0, 150.0, 50.0), Drawn::at(380.0, 150.0, 30.0)]);
    let mut stages = Stages::default();
    let template = extract(&model(false), &drawing, Several::Largest, &mut stages).unwrap();
    assert_eq!(stages.0, ["2 faces, turned 0", "one 150 px high, turned 0", "crop 112 x 112", "measures"]);
    assert_eq!(&stages.1, template.measures());
    assert_eq!(template.measures().eye_distance_px, 50);
    assert_eq!(template.measures().head_size, 38, "150 of 400 pixels");
}

#[test]
fn detection_alone_tells_every_face_strongest_first() {
    let drawn = [Drawn::at(160.0, 150.0, 50.0), Drawn::at(380.0, 150.0, 30.0)];
    let mut faces = detect(&model(false), &picture(500, 400, &drawn));
    assert_eq!(faces.len(), 2);
    assert!(faces.is_sorted_by(|one, other| one.score >= other.score));
    faces.sort_by(|one, other| other.size_px().total_cmp(&one.size_px()));
    for (face, drawn) in faces.iter().zip(&drawn) {
        assert!(farthest(&face.points, &drawn.points()) < 2.0, "{face:?}");
    }
}
