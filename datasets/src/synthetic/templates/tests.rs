use super::*;

fn distance(one: &Descriptor, other: &Descriptor, words: usize) -> f64 {
    (0..words).map(|word| f64::from((one.words[word] ^ other.words[word]).count_ones())).sum()
}

pub(super) fn mean_and_deviation(numbers: &[f64]) -> (f64, f64) {
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    let variance = numbers.iter().map(|number| (number - mean) * (number - mean)).sum::<f64>() / numbers.len() as f64;
    (mean, variance.sqrt())
}

fn bits(template: &FingerTemplate) -> &[Descriptor] {
    template.descriptors().unwrap().of_minutiae()
}

#[test]
fn the_same_numbers_give_the_same_template() {
    assert!(template(1, 2, 3) == template(1, 2, 3));
    assert!(template(1, 2, 3) != template(1, 2, 4));
    assert!(template(1, 2, 3) != template(2, 2, 3));
}

#[test]
fn descriptors_of_strangers_differ_as_those_of_real_strangers() {
    let (one, other) = (template(5, 1, 0), template(5, 2, 0));
    let pairs = || bits(&one).iter().flat_map(|a| bits(&other).iter().map(move |b| (a, b)));
    let (mean, deviation) = mean_and_deviation(&pairs().map(|(a, b)| distance(a, b, 4)).collect::<Vec<_>>());
    assert!((mean - 127.5).abs() < 2.0 && (deviation - 9.6).abs() < 1.0, "{mean} {deviation}");
    let (mean, deviation) = mean_and_deviation(&pairs().map(|(a, b)| distance(a, b, 8)).collect::<Vec<_>>());
    assert!((mean - 255.0).abs() < 4.0 && (deviation - 16.7).abs() < 2.0, "{mean} {deviation}");
}

#[test]
fn descriptors_of_one_minutia_differ_as_those_of_a_real_one() {
    let (mut near, mut minutiae) = (Vec::new(), 0);
    for finger in 0..40 {
        let (one, other) = (template(6, finger, 0), template(6, finger, 1));
        minutiae += bits(&one).len();
        for a in bits(&one) {
            let nearest = bits(&other).iter().map(|b| distance(a, b, 4)).fold(f64::MAX, f64::min);
            if nearest < 95.0 {
                near.push(nearest);
            }
        }
    }
    let (mean, deviation) = mean_and_deviation(&near);
    assert!((57.0..72.0).contains(&mean) && (12.0..20.0).contains(&deviation), "{mean} {deviation}");
    let found_again = near.len() as f64 / minutiae as f64;
    assert!((0.64..0.75).contains(&found_again), "{found_again}");
}

#[test]
fn templates_have_as_many_minutiae_as_real_ones() {
    let counts: Vec<_> = (0..300).map(|finger| template(7, finger, 0).minutiae().len() as f64).collect();
    let (mean, deviation) = mean_and_deviation(&counts);
    assert!((mean - 43.0).abs() < 3.0 && (deviation - 10.0).abs() < 2.0, "{mean} {deviation}");
}
