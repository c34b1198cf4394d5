use super::*;

/// The part of the bits that both see and that differ, at the best of 13 rotations, or without any.
fn distance(one: &IrisTemplate, other: &IrisTemplate, rotations: i32) -> f64 {
    let (one, other) = (one.code(), other.code());
    let at = |rotation: i32| {
        let (mut differ, mut common) = (0, 0);
        for direction in 0..IrisCode::ANGLES {
            let turned = (direction as i32 + rotation).rem_euclid(IrisCode::ANGLES as i32) as usize;
            let both = one.visible[direction] & other.visible[turned];
            let bits = (0..8).filter(|ring| both >> ring & 1 == 1).map(|ring| 0xFF << (8 * ring)).sum::<u64>();
            differ += ((one.cells[direction] ^ other.cells[turned]) & bits).count_ones();
            common += bits.count_ones();
        }
        f64::from(differ) / f64::from(common)
    };
    (-rotations..=rotations).map(at).fold(1.0, f64::min)
}

fn mean_and_deviation(numbers: &[f64]) -> (f64, f64) {
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    let variance = numbers.iter().map(|number| (number - mean) * (number - mean)).sum::<f64>() / numbers.len() as f64;
    (mean, variance.sqrt())
}

fn strangers(rotations: i32) -> (f64, f64) {
    let eyes: Vec<IrisTemplate> = (0..60).map(|eye| template(1, eye, 0)).collect();
    let pairs = (0..60).flat_map(|one| (0..one).map(move |other| (one, other)));
    mean_and_deviation(&pairs.map(|(one, other)| distance(&eyes[one], &eyes[other], rotations)).collect::<Vec<_>>())
}

#[test]
fn the_same_numbers_give_the_same_template() {
    assert!(template(1, 2, 3) == template(1, 2, 3));
    assert!(template(1, 2, 3) != template(1, 2, 4));
    assert!(template(1, 2, 3) != template(2, 2, 3));
}

#[test]
fn codes_of_strangers_have_some_hundred_degrees_of_freedom() {
    let (mean, deviation) = strangers(0);
    let freedom = 0.25 / (deviation * deviation);
    assert!((mean - 0.5).abs() < 0.005 && (350.0..700.0).contains(&freedom), "{mean} {freedom}");
}

#[test]
fn codes_of_strangers_differ_by_46_percent_at_their_best_rotation() {
    let (mean, deviation) = strangers(6);
    assert!((mean - 0.463).abs() < 0.007 && (0.012..0.019).contains(&deviation), "{mean} {deviation}");
}

#[test]
fn codes_of_one_eye_differ_by_a_quarter() {
    let mates: Vec<f64> = (0..200).map(|eye| distance(&template(2, eye, 0), &template(2, eye, 1), 6)).collect();
    let (mean, deviation) = mean_and_deviation(&mates);
    assert!((0.21..0.27).contains(&mean) && (0.02..0.06).contains(&deviation), "{mean} {deviation}");
    assert!(mates.iter().all(|&mate| mate < 0.36), "{mates:?}");
}
