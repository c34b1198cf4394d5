use whorl_types::{Descriptor, DescriptorBasis, FingerTemplate, Minutia, MinutiaKind, Quality};

use super::describe;

const SIDE_PX: u16 = 320;

fn strewn(seed: u32, count: u32) -> Vec<Minutia> {
    let number = |at: u32| (seed * 977 + at + 1).wrapping_mul(2_654_435_761) >> 8;
    let minutia = |at: u32| Minutia {
        x_px8: 480 + (number(3 * at) % 1600) as u16,
        y_px8: 480 + (number(3 * at + 1) % 1600) as u16,
        angle: number(3 * at + 2) as u8,
        kind: MinutiaKind::Other,
        quality: Quality::new(50).unwrap(),
    };
    (0..count).map(minutia).collect()
}

/// The same picture turned by a quarter counter-clockwise.
fn quarter_turned(minutiae: &[Minutia]) -> Vec<Minutia> {
    let turn = |minutia: &Minutia| Minutia {
        x_px8: minutia.y_px8,
        y_px8: SIDE_PX * 8 - minutia.x_px8,
        angle: minutia.angle.wrapping_add(64),
        ..*minutia
    };
    minutiae.iter().map(turn).collect()
}

fn described(minutiae: Vec<Minutia>) -> FingerTemplate {
    describe(FingerTemplate::new(SIDE_PX, SIDE_PX, minutiae, Quality::new(50).unwrap()).unwrap(), None)
}

fn differing_bits(a: &Descriptor, b: &Descriptor) -> u32 {
    a.words.iter().zip(&b.words).map(|(a, b)| (a ^ b).count_ones()).sum()
}

#[test]
fn a_descriptor_turns_with_its_finger() {
    let minutiae = strewn(1, 30);
    let (upright, turned) = (described(minutiae.clone()), described(quarter_turned(&minutiae)));
    let (upright, turned) = (upright.descriptors().unwrap(), turned.descriptors().unwrap());
    for (a, b) in upright.of_minutiae().iter().zip(turned.of_minutiae()) {
        assert!(differing_bits(a, b) < 40, "{} bits differ", differing_bits(a, b));
    }
}

#[test]
fn other_surroundings_give_other_bits() {
    let (one, other) = (described(strewn(1, 30)), described(strewn(2, 30)));
    let (one, other) = (one.descriptors().unwrap(), other.descriptors().unwrap());
    let pairs = one.of_minutiae().iter().zip(other.of_minutiae());
    let mean = pairs.map(|(a, b)| differing_bits(a, b)).sum::<u32>() / 30;
    assert!(mean > 150, "{mean} bits differ on average");
}

#[test]
fn a_record_of_any_size_is_described_and_says_what_from() {
    for count in [0, 1, 64, 96] {
        let template = described(strewn(3, count));
        let descriptors = template.descriptors().unwrap();
        assert_eq!(descriptors.of_minutiae().len(), (count as usize).min(64));
        assert_eq!(descriptors.basis(), DescriptorBasis::Minutiae);
    }
}
