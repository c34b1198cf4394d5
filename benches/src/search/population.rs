//! Stand-in for the synthetic templates of `whorl-datasets`: random minutiae with random surroundings, seen twice.

use whorl_types::{Descriptor, DescriptorBasis, Descriptors, FingerTemplate, Minutia, MinutiaKind, Quality};

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// The template of an impression of a person's finger.
pub(super) fn template(seed: u64, person: u64, impression: u64) -> FingerTemplate {
    let mut finger = Chance(seed ^ person.wrapping_mul(0xd134_2543_de82_ef95));
    let mut sensor = Chance(finger.next() ^ impression.wrapping_mul(0xaf25_1af3_b0f0_25b5));
    let quality = Quality::new(60).expect("within 0..=100");
    let (mut minutiae, mut bits) = (Vec::new(), Vec::new());
    for _ in 0..48 {
        let (x, y, angle) = (400 + finger.below(2000), 400 + finger.below(2600), finger.below(256));
        let words: [u64; Descriptor::WORDS] = std::array::from_fn(|_| finger.next());
        let jitter = std::array::from_fn::<u64, 3, _>(|_| sensor.below(17));
        let noise: [u64; Descriptor::WORDS] = std::array::from_fn(|_| sensor.next() & sensor.next() & sensor.next());
        if sensor.below(10) < 3 {
            continue;
        }
        minutiae.push(Minutia {
            x_px8: (x + jitter[0]) as u16,
            y_px8: (y + jitter[1]) as u16,
            angle: (angle + jitter[2] / 4) as u8,
            kind: MinutiaKind::Ending,
            quality,
        });
        bits.push(Descriptor { words: std::array::from_fn(|at| words[at] ^ noise[at]) });
    }
    let described = Descriptors::new(1, DescriptorBasis::Ridges, bits).expect("48 at most");
    let bare = FingerTemplate::new(360, 440, minutiae, quality).expect("within the picture");
    bare.with_descriptors(described).expect("one for each minutia")
}
