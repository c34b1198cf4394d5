//! Synthetic eyes end to end: found where they are, and told apart whatever the conditions they were photographed under.

use whorl_datasets::synthetic::iris::{Camera, Conditions, Iris};
use whorl_engine::iris::{Probe, compare};
use whorl_extractors::iris::{NoTrace, extract};
use whorl_types::{EyeCircle, IrisTemplate, Position};

/// The distance below which two eyes are one: FMR 1e-5 on the development sets lies near 0.35.
const SAME: f64 = 0.36;

fn template(iris: &Iris, how: &Conditions, seed: u64) -> IrisTemplate {
    extract(&iris.photograph(how, seed), &mut NoTrace).unwrap_or_else(|refusal| panic!("{refusal}: {how:?}"))
}

fn distance(one: &IrisTemplate, other: &IrisTemplate) -> f64 {
    compare(&Probe::new(one), other).distance().unwrap_or(0.5)
}

fn eyes(count: u64) -> Vec<Iris> {
    (0..count).map(|person| Iris::new(person, [Position::RightEye, Position::LeftEye][person as usize % 2])).collect()
}

/// How far two circles are apart, and how much their radii differ, as parts of the radius of the second.
fn apart(found: EyeCircle, truth: EyeCircle) -> (f32, f32) {
    let (dx, dy) = ((found.x_px8 - truth.x_px8) as f32, (found.y_px8 - truth.y_px8) as f32);
    let radius = truth.radius_px8 as f32;
    ((dx * dx + dy * dy).sqrt() / radius, (found.radius_px8 as f32 / radius - 1.0).abs())
}

#[test]
fn eyes_are_found_where_they_are() {
    let (mut photographs, mut found) = (0, 0);
    for (seed, iris) in (0_u64..).zip(&eyes(16)) {
        for camera in Camera::ALL {
            let how = Conditions::draw(camera, 0.7, seed);
            let truth = iris.truth(&how, seed);
            photographs += 1;
            let Ok(template) = extract(&iris.photograph(&how, seed), &mut NoTrace) else { continue };
            let (pupil, limbus) = (apart(template.pupil(), truth.pupil), apart(template.limbus(), truth.limbus));
            let close = pupil.0 < 0.08 && pupil.1 < 0.08 && limbus.0 < 0.06 && limbus.1 < 0.06;
            println!("{camera:?} {seed}: pupil {pupil:?} limbus {limbus:?}{}", if close { "" } else { " !" });
            found += u32::from(close);
        }
    }
    println!("{found} of {photographs}");
    assert!(found * 100 >= photographs * 95, "{found} of {photographs} eyes were found");
}

#[test]
fn one_eye_is_recognised_through_every_single_hindrance() {
    let ideal = Conditions::ideal(Camera::CloseUp);
    let hindrances = [
        ("narrow pupil", Conditions { dilation: 0.27, ..ideal }),
        ("wide pupil", Conditions { dilation: 0.58, ..ideal }),
        ("leaning left", Conditions { tilt_degrees: -12.0, ..ideal }),
        ("leaning right", Conditions { tilt_degrees: 12.0, ..ideal }),
        ("looking aside", Conditions { gaze_right: 0.2, gaze_up: 0.08, ..ideal }),
        ("off the middle", Conditions { right_px: 25.0, up_px: -12.0, ..ideal }),
        ("nearer", Conditions { scale: 1.12, ..ideal }),
        ("further", Conditions { scale: 0.8, ..ideal }),
        ("half closed", Conditions { openness: 0.6, ..ideal }),
        ("out of focus", Conditions { defocus_px: 1.8, ..ideal }),
        ("moving", Conditions { motion_px: 4.0, ..ideal }),
        ("noisy", Conditions { noise: 3.0, ..ideal }),
        ("dark", Conditions { brightness: -22.0, contrast: 0.8, ..ideal }),
        ("light", Conditions { brightness: 30.0, ..ideal }),
        ("mirroring a window", Conditions { glare: 0.7, ..ideal }),
    ];
    for (seed, iris) in (0_u64..).zip(&eyes(4)) {
        let reference = template(iris, &ideal, seed);
        for (name, how) in &hindrances {
            let distance = distance(&template(iris, how, seed + 100), &reference);
            println!("eye {seed} {name}: {distance:.3}");
            assert!(distance < SAME, "eye {seed}, {name}: {distance}");
        }
    }
}

#[test]
fn eyes_of_strangers_and_the_other_eye_are_told_apart() {
    let mut eyes = eyes(12);
    eyes.extend((0..12).map(|person| Iris::new(person, [Position::LeftEye, Position::RightEye][person as usize % 2])));
    for camera in Camera::ALL {
        let templates: Vec<Option<IrisTemplate>> = (0_u64..)
            .zip(&eyes)
            .map(|(seed, iris)| {
                extract(&iris.photograph(&Conditions::draw(camera, 0.7, seed), seed), &mut NoTrace).ok()
            })
            .collect();
        let made: Vec<&IrisTemplate> = templates.iter().flatten().collect();
        for (at, one) in made.iter().enumerate() {
            for other in &made[..at] {
                assert!(distance(one, other) > SAME, "{camera:?}: {}", distance(one, other));
            }
        }
    }
}
