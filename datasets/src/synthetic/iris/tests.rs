use super::*;

fn photograph(person: u64, camera: Camera, seed: u64) -> GreyImage {
    Iris::new(person, Position::RightEye).photograph(&Conditions::draw(camera, 1.0, seed), seed)
}

/// FNV-1a, 64 bit.
fn hash(image: &GreyImage) -> u64 {
    image
        .pixels()
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, &pixel| (hash ^ u64::from(pixel)).wrapping_mul(0x0100_0000_01B3))
}

#[test]
fn the_same_seeds_give_the_same_photograph_on_every_machine() {
    let hashes = Camera::ALL.map(|camera| format!("{:016x}", hash(&photograph(3, camera, 5))));
    assert_eq!(
        hashes,
        ["d84a4daa1455d7f7", "d14c2a1d42381f54", "0a94bef5a4cfb0b4"],
        "the generator changed: say so in the change log"
    );
}

#[test]
fn the_worst_conditions_still_give_an_image() {
    let worst = Conditions {
        camera: Camera::Handheld,
        dilation: -1.0,
        tilt_degrees: 1e6,
        gaze_right: f32::INFINITY,
        gaze_up: -9.0,
        right_px: 1e9,
        up_px: f32::NAN,
        scale: 1e9,
        openness: -3.0,
        defocus_px: 1e9,
        motion_px: 1e9,
        noise: 1e9,
        brightness: 1e9,
        contrast: -1e9,
        glare: 99.0,
        drag: 1e9,
    };
    let iris = Iris::new(1, Position::Unknown);
    assert_eq!(iris.photograph(&worst, 1).width_px(), 320);
    assert_eq!(iris.photograph(&Conditions { scale: f32::NAN, ..worst }, 1).width_px(), 320);
}

#[test]
fn both_eyes_of_a_person_are_as_unlike_as_eyes_of_two() {
    let likeness = |one: &Iris, other: &Iris| {
        let places = (0..6400).map(|at| ((at % 160) as f32 / 160.0, (at / 160) as f32 / 40.0));
        places.map(|(turn, depth)| one.texture.at(turn, depth) * other.texture.at(turn, depth)).sum::<f32>() / 6400.0
    };
    for person in 0..10 {
        let [right, left] = [Position::RightEye, Position::LeftEye].map(|position| Iris::new(person, position));
        let stranger = Iris::new(person + 100, Position::RightEye);
        assert!(likeness(&right, &right) > 0.8);
        for other in [&left, &stranger] {
            // What there is comes from the dark rims that all eyes have.
            assert!(likeness(&right, other) < 0.5, "{person}: {}", likeness(&right, other));
        }
    }
}

#[test]
fn a_lid_that_closes_hides_the_iris() {
    let iris = Iris::new(4, Position::RightEye);
    let open = |openness| iris.truth(&Conditions { openness, ..Conditions::ideal(Camera::Station) }, 1).open;
    assert!(open(1.0) > 0.85 && open(0.0) < 0.1, "{} {}", open(1.0), open(0.0));
    assert!(open(1.0) > open(0.7) && open(0.7) > open(0.4));
}

#[test]
fn two_photographs_of_an_eye_differ_and_so_do_two_eyes() {
    assert_ne!(photograph(1, Camera::CloseUp, 1).pixels(), photograph(1, Camera::CloseUp, 2).pixels());
    let ideal = Conditions::ideal(Camera::CloseUp);
    let eyes = [Position::RightEye, Position::LeftEye].map(|position| Iris::new(1, position).photograph(&ideal, 1));
    assert_ne!(eyes[0].pixels(), eyes[1].pixels());
}

/// Mean grey of what lies `from` to `to` radii of `circle` from its middle, to the left and right where no lid is.
fn grey(image: &GreyImage, circle: EyeCircle, from: f32, to: f32) -> f32 {
    let (cx, cy, radius) = (circle.x_px8 as f32 / 8.0, circle.y_px8 as f32 / 8.0, circle.radius_px8 as f32 / 8.0);
    let (mut sum, mut count) = (0.0, 0);
    for (at, &pixel) in image.pixels().iter().enumerate() {
        let (x, y) = (at as u32 % image.width_px(), at as u32 / image.width_px());
        let (dx, dy) = ((x as f32 - cx) / radius, (y as f32 - cy) / radius);
        if (from..to).contains(&(dx * dx + dy * dy).sqrt()) && dy.abs() < 0.3 * dx.abs() {
            (sum, count) = (sum + f32::from(pixel), count + 1);
        }
    }
    sum / count as f32
}

#[test]
fn the_truth_is_where_pupil_and_iris_are_seen() {
    for seed in 0..12 {
        for camera in Camera::ALL {
            let iris = Iris::new(seed, Position::LeftEye);
            let how = Conditions { openness: 1.0, glare: 0.0, ..Conditions::draw(camera, 1.0, seed) };
            let (image, truth) = (iris.photograph(&how, seed), iris.truth(&how, seed));
            let pupil = grey(&image, truth.pupil, 0.7, 0.9);
            let inner = grey(&image, truth.pupil, 1.1, 1.3);
            let outer = grey(&image, truth.limbus, 0.88, 0.97);
            let sclera = grey(&image, truth.limbus, 1.1, 1.25);
            assert!(
                pupil + 25.0 < inner && outer + 5.0 < sclera,
                "{camera:?} {seed}: {pupil} {inner} {outer} {sclera}"
            );
        }
    }
}
