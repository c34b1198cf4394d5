use super::super::tests::mean_and_deviation;
use super::*;

fn cosine(one: &FaceTemplate, other: &FaceTemplate) -> f64 {
    let dot = |one: &FaceTemplate, other: &FaceTemplate| {
        let pairs = one.embedding().iter().zip(other.embedding());
        pairs.map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>()
    };
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

#[test]
fn the_same_numbers_give_the_same_template() {
    assert!(template(1, 2, 3) == template(1, 2, 3));
    assert!(template(1, 2, 3) != template(1, 2, 4));
    assert!(template(1, 2, 3) != template(2, 2, 3));
    assert_eq!(template(1, 2, 3).dimension(), DIMENSION);
}

#[test]
fn faces_of_strangers_are_as_far_from_right_angles_as_real_ones() {
    let faces: Vec<_> = (0..120).map(|person| template(1, person, 0)).collect();
    let pairs = (0..faces.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    let cosines: Vec<_> = pairs.map(|(one, other)| cosine(&faces[one], &faces[other])).collect();
    let (mean, deviation) = mean_and_deviation(&cosines);
    assert!(mean.abs() < 0.01 && (deviation - 0.10).abs() < 0.01, "{mean} {deviation}");
}

#[test]
fn faces_of_one_person_are_as_alike_as_real_ones() {
    let mates: Vec<_> = (0..2000).map(|person| cosine(&template(2, person, 0), &template(2, person, 1))).collect();
    let (mean, deviation) = mean_and_deviation(&mates);
    assert!((mean - 0.55).abs() < 0.01 && (deviation - 0.13).abs() < 0.01, "{mean} {deviation}");
}
