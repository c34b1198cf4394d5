//! Pictures of several people.

use whorl_extractors::face::{NoTrace, Several, extract, extract_all};
use whorl_types::{FaceTemplate, Refusal};

use crate::drawn::{Drawn, farthest, picture};
use crate::markers::model;

fn stands_at(template: &FaceTemplate, face: &Drawn) -> bool {
    let points = template.points().px8.map(|point| point.map(|eighths| eighths as f32 / 8.0));
    farthest(&points, &face.points()) < 0.15 * face.eye_distance_px
}

#[test]
fn the_largest_face_is_meant_or_a_picture_of_several_is_refused() {
    let [near, far] = [Drawn::at(130.0, 140.0, 50.0), Drawn::at(360.0, 150.0, 36.0)];
    let pair = picture(500, 400, &[near, far]);
    let largest = extract(&model(false), &pair, Several::Largest, &mut NoTrace).unwrap();
    assert!(stands_at(&largest, &near));
    assert_eq!(extract(&model(false), &pair, Several::Refuse, &mut NoTrace), Err(Refusal::SeveralFaces));
}

#[test]
fn somebody_far_behind_is_no_second_face() {
    let (near, far) = (Drawn::at(150.0, 140.0, 60.0), Drawn::at(400.0, 150.0, 24.0));
    let template = extract(&model(false), &picture(500, 400, &[near, far]), Several::Refuse, &mut NoTrace).unwrap();
    assert!(stands_at(&template, &near));
}

#[test]
fn no_bystander_is_taken_for_somebody_who_looks_away() {
    let away = Drawn { nose_aside: 0.8, ..Drawn::at(150.0, 140.0, 60.0) };
    let bystander = Drawn::at(400.0, 150.0, 30.0);
    let outcome = extract(&model(false), &picture(500, 400, &[away, bystander]), Several::Largest, &mut NoTrace);
    assert_eq!(outcome, Err(Refusal::Pose));
}

#[test]
fn everybody_in_a_picture_is_extracted() {
    let faces = [Drawn::at(130.0, 140.0, 50.0), Drawn::at(360.0, 150.0, 36.0), Drawn::at(260.0, 300.0, 24.0)];
    let templates = extract_all(&model(false), &picture(500, 400, &faces));
    assert_eq!(templates.len(), 3);
    for face in &faces {
        assert!(templates.iter().flatten().any(|template| stands_at(template, face)));
    }
    assert!(extract_all(&model(false), &picture(500, 400, &[])).is_empty());
}

#[test]
fn small_faces_in_a_large_picture_are_found_in_its_tiles() {
    let columns = (0..6).flat_map(|column| (0..3).map(move |row| (column, row)));
    let faces: Vec<Drawn> = columns
        .map(|(column, row)| Drawn::at(200.0 + 420.0 * column as f32, 250.0 + 500.0 * row as f32, 44.0))
        .collect();
    let crowd = picture(2600, 1700, &faces);
    let templates = extract_all(&model(false), &crowd);
    assert_eq!(templates.iter().flatten().count(), faces.len(), "each once");
    for face in &faces {
        assert!(templates.iter().flatten().any(|template| stands_at(template, face)));
    }
    assert_eq!(extract(&model(false), &crowd, Several::Largest, &mut NoTrace), Err(Refusal::NoFace), "as a whole");
}

#[test]
fn a_picture_on_its_side_gives_everybody_too() {
    let lying = |x: f32, y: f32, eye_distance: f32| Drawn { degrees: 90.0, ..Drawn::at(x, y, eye_distance) };
    let faces = [lying(200.0, 120.0, 40.0), lying(300.0, 330.0, 34.0)];
    let templates = extract_all(&model(false), &picture(500, 450, &faces));
    assert_eq!(templates.iter().flatten().count(), 2);
    assert!(faces.iter().all(|face| templates.iter().flatten().any(|template| stands_at(template, face))));
}
