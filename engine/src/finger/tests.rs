use whorl_types::{Descriptor, DescriptorBasis, Descriptors, FingerTemplate, Minutia, MinutiaKind, Quality};

use super::{Probe, compare, similarity};

/// A sequence of numbers that looks random and is the same everywhere (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Minutiae strewn over the middle of a picture, each with random surroundings.
fn strewn(seed: u64, count: usize) -> (Vec<Minutia>, Vec<Descriptor>) {
    let mut numbers = Numbers(seed);
    let minutia = |_| Minutia {
        x_px8: 8 * 120 + numbers.below(8 * 200) as u16,
        y_px8: 8 * 120 + numbers.below(8 * 200) as u16,
        angle: numbers.below(256) as u8,
        kind: MinutiaKind::Ending,
        quality: Quality::new(60).unwrap(),
    };
    let minutiae = (0..count).map(minutia).collect();
    let bits = (0..count.min(Descriptors::MOST)).map(|_| Descriptor { words: std::array::from_fn(|_| numbers.next()) });
    (minutiae, bits.collect())
}

fn template(finger: (Vec<Minutia>, Vec<Descriptor>)) -> FingerTemplate {
    template_of(DescriptorBasis::Ridges, finger)
}

fn template_of(basis: DescriptorBasis, (minutiae, bits): (Vec<Minutia>, Vec<Descriptor>)) -> FingerTemplate {
    let descriptors = Descriptors::new(1, basis, bits).unwrap();
    FingerTemplate::new(440, 440, minutiae, Quality::new(60).unwrap()).unwrap().with_descriptors(descriptors).unwrap()
}

/// The same finger laid otherwise: turned by `turn` 256ths about the middle of the picture, and shifted.
fn moved(minutiae: &[Minutia], turn: u8, (right_px, down_px): (f64, f64)) -> Vec<Minutia> {
    let (sin, cos) = (f64::from(turn) / 256.0 * std::f64::consts::TAU).sin_cos();
    let move_one = |minutia: &Minutia| {
        let (x, y) = (f64::from(minutia.x_px8) / 8.0 - 220.0, f64::from(minutia.y_px8) / 8.0 - 220.0);
        let (u, v) = (x * cos + y * sin + right_px, y * cos - x * sin + down_px);
        let eighths = |place: f64| ((place + 220.0) * 8.0).round() as u16;
        Minutia { x_px8: eighths(u), y_px8: eighths(v), angle: minutia.angle.wrapping_add(turn), ..*minutia }
    };
    minutiae.iter().map(move_one).collect()
}

/// Each bit of the surroundings flipped with a chance of one in `rate`: what noise does.
fn noisy(bits: &[Descriptor], rate: u64, seed: u64) -> Vec<Descriptor> {
    let mut numbers = Numbers(seed);
    let mut flip = |word: u64| (0..64).fold(word, |word, bit| word ^ u64::from(numbers.below(rate) == 0) << bit);
    bits.iter().map(|bits| Descriptor { words: bits.words.map(&mut flip) }).collect()
}

fn score(a: &FingerTemplate, b: &FingerTemplate) -> u32 {
    similarity(&Probe::new(a), b).get()
}

#[test]
fn a_finger_matches_itself_far_above_any_other() {
    let templates: Vec<_> = (0..12).map(|seed| template(strewn(seed, 40))).collect();
    let own = templates.iter().map(|finger| score(finger, finger)).min().unwrap();
    let pairs = (0..12).flat_map(|a| (0..a).map(move |b| (a, b)));
    let other = pairs.map(|(a, b)| score(&templates[a], &templates[b])).max().unwrap();
    assert!(own > 1500 && other < own / 3, "own {own}, other {other}");
}

#[test]
fn a_finger_matches_however_it_lies() {
    let (minutiae, bits) = strewn(7, 40);
    let probe = Probe::new(&template((minutiae.clone(), bits.clone())));
    for turn in [0, 10, 64, 128, 200] {
        let laid = template((moved(&minutiae, turn, (17.0, -23.0)), noisy(&bits, 6, 3)));
        let found = compare(&probe, &laid);
        assert!(found.similarity.get() > 1500, "turned by {turn}: {}", found.similarity.get());
        let motion = found.motion.unwrap();
        assert!((motion.turn.wrapping_sub(turn) as i8).unsigned_abs() <= 1, "turned by {turn}, found {}", motion.turn);
        assert!(found.pairs.iter().all(|pair| pair.probe == pair.reference));
        assert!(found.pairs.len() >= 36, "{} pairs", found.pairs.len());
    }
}

#[test]
fn a_foreign_record_matches_its_finger_far_above_any_other() {
    let foreign = |seed| template_of(DescriptorBasis::Minutiae, strewn(seed, 40));
    for reference in [template, |finger| template_of(DescriptorBasis::Minutiae, finger)] {
        let (minutiae, bits) = strewn(7, 40);
        // A record that misses a quarter of the minutiae and sees the surroundings of the others otherwise.
        let laid = (moved(&minutiae, 30, (9.0, -4.0))[..30].to_vec(), noisy(&bits[..30], 4, 3));
        let own = score(&template_of(DescriptorBasis::Minutiae, laid), &reference((minutiae, bits)));
        let other = (20..40).map(|seed| score(&foreign(seed), &reference(strewn(7, 40)))).max().unwrap();
        assert!(own > 1200 && other < own / 2, "own {own}, other {other}");
    }
}

#[test]
fn it_hardly_matters_which_is_the_probe() {
    for seed in 0..20 {
        let (minutiae, bits) = strewn(seed, 40);
        let a = template((minutiae[..32].to_vec(), noisy(&bits[..32], 5, seed)));
        let laid = moved(&minutiae, (seed * 9) as u8, (5.0, 3.0));
        let b = template((laid[8..].to_vec(), noisy(&bits[8..], 5, seed + 100)));
        let (there, back) = (score(&a, &b), score(&b, &a));
        assert!(there.abs_diff(back) <= 100, "{there} one way, {back} the other");
    }
}

#[test]
fn templates_of_any_size_are_compared() {
    for (few, many) in [(0, 0), (0, 96), (1, 96), (96, 1), (96, 96), (2, 2)] {
        let (a, b) = (template(strewn(1, few)), template(strewn(2, many)));
        let found = compare(&Probe::new(&a), &b);
        assert!(found.pairs.iter().all(|pair| usize::from(pair.probe) < few && usize::from(pair.reference) < many));
    }
}

#[test]
fn without_descriptors_there_is_nothing_to_compare() {
    let bare = FingerTemplate::new(440, 440, strewn(3, 30).0, Quality::new(60).unwrap()).unwrap();
    assert_eq!(score(&bare, &bare), 0);
}

#[test]
fn no_minutia_is_matched_twice() {
    let (a, b) = (template(strewn(5, 90)), template(strewn(6, 90)));
    let found = compare(&Probe::new(&a), &b);
    let mut probe: Vec<_> = found.pairs.iter().map(|pair| pair.probe).collect();
    let mut reference: Vec<_> = found.pairs.iter().map(|pair| pair.reference).collect();
    for side in [&mut probe, &mut reference] {
        side.sort_unstable();
        side.dedup();
        assert_eq!(side.len(), found.pairs.len());
    }
}
