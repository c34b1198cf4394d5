use whorl_kernels::Kernels;
use whorl_types::{Descriptor, DescriptorBasis, Descriptors, FingerTemplate, Minutia, MinutiaKind, Quality};

use super::{CoarseProbe, CoarseRow, scan, scan_on};

/// Numbers that look random and are the same everywhere (`SplitMix64`; Steele, Lea, Flood, OOPSLA 2014).
struct Numbers(u64);

impl Numbers {
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

fn template(minutiae: Vec<Minutia>, descriptors: Vec<Descriptor>) -> FingerTemplate {
    let descriptors = Descriptors::new(1, DescriptorBasis::Ridges, descriptors).unwrap();
    FingerTemplate::new(1000, 1000, minutiae, quality()).unwrap().with_descriptors(descriptors).unwrap()
}

fn quality() -> Quality {
    Quality::new(50).unwrap()
}

fn finger(numbers: &mut Numbers, minutiae: u64) -> FingerTemplate {
    let minutia = |numbers: &mut Numbers| Minutia {
        x_px8: 2800 + numbers.below(2400) as u16,
        y_px8: 2800 + numbers.below(2400) as u16,
        angle: numbers.below(256) as u8,
        kind: MinutiaKind::Ending,
        quality: quality(),
    };
    let places = (0..minutiae).map(|_| minutia(numbers)).collect();
    let bits = (0..minutiae).map(|_| Descriptor { words: std::array::from_fn(|_| numbers.next()) }).collect();
    template(places, bits)
}

/// The same finger laid down turned by `turn` 256ths, with a tenth of its bits wrong.
fn again(finger: &FingerTemplate, turn: u8, numbers: &mut Numbers) -> FingerTemplate {
    let radians = std::f64::consts::TAU * f64::from(turn) / 256.0;
    let (sin, cos) = radians.sin_cos();
    let place = |minutia: &Minutia| {
        let (x, y) = (f64::from(minutia.x_px8) - 4000.0, f64::from(minutia.y_px8) - 4000.0);
        Minutia {
            x_px8: (4100.0 + x * cos + y * sin) as u16,
            y_px8: (3900.0 - x * sin + y * cos) as u16,
            angle: minutia.angle.wrapping_add(turn),
            ..*minutia
        }
    };
    let wrong = |word: u64, numbers: &mut Numbers| word ^ (numbers.next() & numbers.next() & numbers.next());
    let described = finger.descriptors().unwrap().of_minutiae();
    let bits = described.iter().map(|bits| Descriptor { words: bits.words.map(|word| wrong(word, numbers)) }).collect();
    template(finger.minutiae().iter().map(place).collect(), bits)
}

fn scores(probes: &[CoarseProbe], rows: &[CoarseRow]) -> Vec<(usize, usize, u32)> {
    let mut found = Vec::new();
    scan(probes, rows, &mut |probe, row, score| found.push((probe, row, score)));
    found.sort_unstable();
    found
}

#[test]
fn a_mate_outscores_strangers_however_it_is_turned() {
    let mut numbers = Numbers(1);
    let fingers: Vec<_> = (0..300).map(|_| finger(&mut numbers, 35)).collect();
    let rows: Vec<_> = fingers.iter().map(CoarseRow::new).collect();
    for turn in [0, 5, 64, 100, 128, 200] {
        let probe = CoarseProbe::new(&again(&fingers[217], turn, &mut numbers));
        let best = scores(&[probe], &rows).into_iter().max_by_key(|&(_, _, score)| score);
        assert_eq!(best.map(|(_, row, _)| row), Some(217), "turned by {turn}");
    }
}

#[test]
fn scores_are_the_same_on_every_instruction_set_and_in_any_batch() {
    let mut numbers = Numbers(2);
    let fingers: Vec<_> = (0..200).map(|number| finger(&mut numbers, number % 50)).collect();
    let rows: Vec<_> = fingers.iter().map(CoarseRow::new).collect();
    let probes: Vec<_> = fingers[..90].iter().map(|finger| CoarseProbe::new(&again(finger, 7, &mut numbers))).collect();
    let expected = scores(&probes, &rows);
    for kernels in Kernels::available() {
        let mut found = Vec::new();
        for (which, probe) in probes.iter().enumerate() {
            scan_on(kernels, std::slice::from_ref(probe), &rows, &mut |_, row, score| found.push((which, row, score)));
        }
        found.sort_unstable();
        assert!(found == expected, "{kernels:?}");
    }
}

#[test]
fn a_finger_without_descriptors_is_near_to_nothing() {
    let mut numbers = Numbers(3);
    let full = finger(&mut numbers, 40);
    let bare = FingerTemplate::new(1000, 1000, full.minutiae().to_vec(), quality()).unwrap();
    assert!(scores(&[CoarseProbe::new(&bare)], &[CoarseRow::new(&full), CoarseRow::new(&bare)]).is_empty());
    assert!(scores(&[CoarseProbe::new(&full)], &[CoarseRow::new(&bare)]).is_empty());
}

#[test]
fn a_row_reads_back_from_any_bytes() {
    let damaged = [0xff_u8; size_of::<CoarseRow>()];
    let rows = [bytemuck::pod_read_unaligned::<CoarseRow>(&damaged)];
    let probe = CoarseProbe::new(&finger(&mut Numbers(4), 40));
    assert!(scores(&[probe], &rows).len() <= 1);
}

#[test]
fn a_row_keeps_its_promised_size() {
    assert_eq!(size_of::<CoarseRow>(), 1536);
    assert_eq!(align_of::<CoarseRow>(), 64);
}
