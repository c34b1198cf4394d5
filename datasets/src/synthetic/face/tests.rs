use super::*;
use crate::synthetic::plane::Plane;

/// FNV-1a, 64 bit.
fn hash(image: &RgbImage) -> u64 {
    image
        .samples()
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, &sample| (hash ^ u64::from(sample)).wrapping_mul(0x0100_0000_01B3))
}

fn photograph(person: u64, seed: u64) -> RgbImage {
    Face::new(person).photograph(&Conditions::draw(1.0, seed), seed)
}

#[test]
fn the_same_seeds_give_the_same_portrait_on_every_machine() {
    let hashes = [0, 1, 2].map(|person| format!("{:016x}", hash(&photograph(person, person + 5))));
    assert_eq!(
        hashes,
        ["6b2833d8ec57029b", "daed44ae60adb311", "4dc6279fea947611"],
        "the generator changed: say so in the change log"
    );
}

#[test]
fn the_worst_conditions_still_give_an_image() {
    let worst = Conditions {
        yaw_degrees: 1e9,
        pitch_degrees: f32::NAN,
        roll_degrees: f32::INFINITY,
        right_px: 1e9,
        up_px: f32::NAN,
        scale: 1e9,
        distance_mm: -5.0,
        smile: 1e9,
        astonishment: -1e9,
        openness: -3.0,
        gaze_right_degrees: 1e9,
        gaze_up_degrees: f32::NAN,
        light_right_degrees: 1e9,
        light_up_degrees: f32::NAN,
        hardness: 1e9,
        warmth: -1e9,
        exposure: 1e9,
        blur_px: 1e9,
        noise: 1e9,
        backdrop: Backdrop::Room,
        hair: f32::NAN,
        jpeg_quality: 0,
    };
    let face = Face::new(1);
    assert_eq!(face.photograph(&worst, 1).width_px(), 240);
    assert_eq!(face.photograph(&Conditions { scale: f32::NAN, yaw_degrees: 180.0, ..worst }, 1).height_px(), 320);
}

#[test]
fn the_truth_lies_in_the_frame_and_in_order() {
    for person in 0..12 {
        let face = Face::new(person);
        for seed in 0..4 {
            let FaceTruth { points_px, box_px } = face.truth(&Conditions::draw(1.0, person * 10 + seed));
            let [left, top, width, height] = box_px;
            for [x, y] in points_px {
                assert!(
                    x > left && x < left + width && y > top && y < top + height,
                    "{person} {seed}: {points_px:?} {box_px:?}"
                );
            }
            assert!(
                left > 0.0 && top > 0.0 && left + width < 239.0 && top + height < 319.0,
                "{person} {seed}: {box_px:?}"
            );
            let [left_eye, right_eye, nose, left_mouth, right_mouth] = points_px;
            assert!((45.0..80.0).contains(&(right_eye[0] - left_eye[0])), "{points_px:?}");
            assert!(
                left_eye[1].max(right_eye[1]) < nose[1] && nose[1] < left_mouth[1].min(right_mouth[1]),
                "{points_px:?}"
            );
            assert!(left_mouth[0] < nose[0] && nose[0] < right_mouth[0], "{points_px:?}");
        }
    }
}

#[test]
fn pupils_are_dark_between_the_whites_of_the_eyes_where_the_truth_has_them() {
    for person in 0..8 {
        let face = Face::new(person);
        let how = Conditions { noise: 0.0, ..Conditions::ideal() };
        let (grey, truth) = (face.photograph(&how, 1).to_grey(), face.truth(&how));
        for [x, y] in &truth.points_px[..2] {
            let mean = |dx: i32, dy: i32| {
                let at = |x: i32, y: i32| f32::from(grey.at((x + dx) as u32, (y + dy) as u32));
                let (x, y) = ((x + 0.5) as i32, (y + 0.5) as i32);
                (at(x, y) + at(x - 1, y) + at(x, y + 1) + at(x - 1, y + 1)) / 4.0
            };
            let white = mean(-10, 0).max(mean(10, 0));
            assert!(mean(0, 1) + 20.0 < white, "{person}: {} {white}", mean(0, 1));
        }
    }
}

/// What a simple comparator sees of a portrait: greys of the face, brought upright by the true points to 48 x 48 pixels,
/// blurred, less their mean, with length 1.
fn seen(portrait: &RgbImage, truth: &FaceTruth) -> Vec<f32> {
    const SIDE: usize = 48;
    let grey = portrait.to_grey();
    let values = grey.pixels().iter().map(|&pixel| f32::from(pixel)).collect();
    let plane = Plane { width: grey.width_px() as usize, height: grey.height_px() as usize, values };
    let [left, right, _, below_left, below_right] = truth.points_px;
    let eyes = [0.5 * (left[0] + right[0]), 0.5 * (left[1] + right[1])];
    let mouth = [0.5 * (below_left[0] + below_right[0]), 0.5 * (below_left[1] + below_right[1])];
    let middle = [0.5 * (eyes[0] + mouth[0]), 0.5 * (eyes[1] + mouth[1])];
    // The upright of the face, four fifths of its length a unit; the other axis stands on it.
    let down = [mouth[0] - eyes[0], mouth[1] - eyes[1]];
    let blurred = plane.blurred(1.5);
    let mut values: Vec<f32> = (0..SIDE * SIDE)
        .map(|at| {
            let unit = |cell: usize| 2.4 * ((cell as f32 + 0.5) / SIDE as f32 - 0.5);
            let (right, lower) = (unit(at % SIDE), unit(at / SIDE));
            let x = middle[0] + down[0] * lower + down[1] * right;
            let y = middle[1] + down[1] * lower - down[0] * right;
            blurred.at(x, y)
        })
        .collect();
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    for value in &mut values {
        *value -= mean;
    }
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    for value in &mut values {
        *value /= length;
    }
    values
}

#[test]
fn portraits_of_one_person_are_more_alike_than_those_of_two() {
    const PERSONS: u64 = 12;
    const EACH: u64 = 3;
    let mut portraits = Vec::new();
    for person in 0..PERSONS {
        let face = Face::new(100 + person);
        for seed in 0..EACH {
            let how = Conditions::draw(0.7, 10 * person + seed);
            portraits.push((person, seen(&face.photograph(&how, seed), &face.truth(&how))));
        }
    }
    let (mut within, mut between) = (Vec::new(), Vec::new());
    for (at, (person, one)) in portraits.iter().enumerate() {
        for (other_person, other) in &portraits[..at] {
            let alike: f32 = one.iter().zip(other).map(|(a, b)| a * b).sum();
            if person == other_person { within.push(alike) } else { between.push(alike) }
        }
    }
    within.sort_by(f32::total_cmp);
    between.sort_by(f32::total_cmp);
    let (usual, stranger) = (within[within.len() / 2], between[between.len() * 95 / 100]);
    assert!(usual > stranger, "median within {usual}, 95 of 100 between below {stranger}");
}

#[test]
fn two_portraits_of_a_person_differ_and_so_do_two_persons() {
    assert_ne!(photograph(1, 1).samples(), photograph(1, 2).samples());
    let ideal = Conditions::ideal();
    assert_ne!(Face::new(1).photograph(&ideal, 1).samples(), Face::new(2).photograph(&ideal, 1).samples());
}
