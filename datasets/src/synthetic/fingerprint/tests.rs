use std::collections::HashMap;

use super::*;

fn print(person: u64, seed: u64) -> GreyImage {
    Finger::new(person, Position::RightThumb).print(&Conditions::draw(Sensor::Optical, 1.0, seed), seed)
}

/// FNV-1a, 64 bit.
fn hash(image: &GreyImage) -> u64 {
    image
        .pixels()
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, &pixel| (hash ^ u64::from(pixel)).wrapping_mul(0x0100_0000_01B3))
}

#[test]
fn the_same_seeds_give_the_same_print_on_every_machine() {
    let hashes: Vec<String> = (0..3).map(|person| format!("{:016x}", hash(&print(person, 5)))).collect();
    assert_eq!(
        hashes,
        ["bbd2ae06580b0b38", "c45cc938411208de", "fc7337fc07bb1d6e"],
        "the generator changed: say so in the change log"
    );
}

#[test]
fn two_prints_of_a_finger_differ_and_so_do_two_fingers() {
    assert_ne!(print(1, 1).pixels(), print(1, 2).pixels());
    let ideal = Conditions::ideal(Sensor::Optical);
    let fingers = [Position::RightIndex, Position::LeftIndex].map(|position| Finger::new(1, position).print(&ideal, 1));
    assert_ne!(fingers[0].pixels(), fingers[1].pixels());
}

#[test]
fn every_sensor_shows_a_finger_with_dark_ridges_and_light_valleys() {
    let finger = Finger::new(3, Position::LeftMiddle);
    for sensor in [Sensor::Optical, Sensor::Capacitive, Sensor::Thermal, Sensor::Ink] {
        let image = finger.print(&Conditions::ideal(sensor), 1);
        let dark = image.pixels().iter().filter(|&&pixel| pixel < 90).count();
        let share = dark as f32 / image.pixels().len() as f32;
        assert!((0.12..0.6).contains(&share), "{sensor:?}: {share}");
    }
}

#[test]
fn the_worst_conditions_still_give_an_image() {
    let worst = Conditions {
        sensor: Sensor::Capacitive,
        turn_degrees: 180.0,
        right_px: 1e4,
        up_px: -1e4,
        roll_px: -900.0,
        pitch_px: f32::INFINITY,
        contact: 0.01,
        slip_px: 200.0,
        pressure: -5.0,
        unevenness: 7.0,
        dryness: 9.0,
        wetness: 9.0,
        noise: 50.0,
        scratches: 50,
    };
    assert_eq!(Finger::new(1, Position::Unknown).print(&worst, 1).width_px(), 300);
}

/// Rows between one ridge and the next, measured where ridges lie level: below the deltas.
#[test]
fn ridges_are_about_nine_pixels_apart() {
    let mut periods = Vec::new();
    for person in 0..6 {
        let skin = Finger::new(person, Position::RightIndex).skin;
        let column = skin.width / 2;
        let heights: Vec<f32> = (430..skin.height).map(|y| skin.values[y * skin.width + column]).collect();
        let rises = heights.windows(2).filter(|pair| pair[0] <= 0.0 && pair[1] > 0.0).count();
        periods.push(heights.len() as f32 / rises as f32);
    }
    let mean = periods.iter().sum::<f32>() / periods.len() as f32;
    assert!((8.5..12.0).contains(&mean), "{periods:?}");
}

#[test]
fn patterns_come_as_often_as_in_nature() {
    let mut counts = HashMap::new();
    for person in 0..3000 {
        for position in &Position::ALL[1..=10] {
            let random = &mut Random::new(derive(person, u64::from(position.code())), 1);
            *counts.entry(Pattern::draw(*position, random)).or_insert(0_u32) += 1;
        }
    }
    let percent = |patterns: &[Pattern]| patterns.iter().map(|pattern| counts[pattern]).sum::<u32>() as f32 / 300.0;
    for (patterns, expected) in [
        (&[Pattern::Arch][..], 3.7),
        (&[Pattern::TentedArch], 2.9),
        (&[Pattern::LeftLoop, Pattern::RightLoop], 65.5),
        (&[Pattern::Whorl, Pattern::DoubleLoop], 27.9),
    ] {
        assert!((percent(patterns) - expected).abs() < 1.0, "{patterns:?}: {} percent", percent(patterns));
    }
}
