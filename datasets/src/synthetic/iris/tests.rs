use super::*;

fn photograph(person: u64, camera: Camera, seed: u64) -> GreyImage {
    Iris::new(person, Position::RightEye).photograph(&Conditions::draw(camera, 1.0, seed), seed)
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
            let outer = grey(&image, truth.limbus, 0.8, 0.92);
            let sclera = grey(&image, truth.limbus, 1.1, 1.25);
            assert!(
                pupil + 25.0 < inner && outer + 8.0 < sclera,
                "{camera:?} {seed}: {pupil} {inner} {outer} {sclera}"
            );
        }
    }
}
