use proptest::prelude::*;
use whorl_kernels::Kernels;
use whorl_types::{EyeCircle, IrisCode, IrisMeasures, IrisTemplate, Quality, Similarity};

use super::coarse::{self, CoarseBlock, CoarseProbe};
use super::{CodeRow, Probe, compare, similarities, similarities_on, similarity};

/// Numbers that look random and are the same everywhere (`SplitMix64`).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}

/// An eye of which three cells of four are seen.
pub(super) fn code(seed: u64) -> IrisCode {
    let mut numbers = Numbers(seed);
    IrisCode {
        cells: std::array::from_fn(|_| numbers.next()),
        visible: std::array::from_fn(|_| (numbers.next() | numbers.next()) as u8),
    }
}

pub(super) fn template_of(encoding: u16, code: &IrisCode) -> IrisTemplate {
    let circle = |radius_px8| EyeCircle { x_px8: 1280, y_px8: 1120, radius_px8 };
    let quality = Quality::new(50).unwrap();
    IrisTemplate::new(encoding, *code, (circle(320), circle(800)), IrisMeasures::default(), quality).unwrap()
}

pub(super) fn template(code: &IrisCode) -> IrisTemplate {
    template_of(1, code)
}

/// The eye turned so that direction `a` shows what `a - by` did.
pub(super) fn turned(code: &IrisCode, by: isize) -> IrisCode {
    let from = |direction: usize| (direction as isize - by).rem_euclid(IrisCode::ANGLES as isize) as usize;
    IrisCode {
        cells: std::array::from_fn(|direction| code.cells[from(direction)]),
        visible: std::array::from_fn(|direction| code.visible[from(direction)]),
    }
}

/// A quarter of the bits wrong.
pub(super) fn noisy(code: &IrisCode, seed: u64) -> IrisCode {
    let mut numbers = Numbers(seed);
    IrisCode { cells: code.cells.map(|cells| cells ^ (numbers.next() & numbers.next())), ..*code }
}

fn score(probe: &IrisCode, reference: &IrisCode) -> u32 {
    similarity(&Probe::new(&template(probe)), reference).get()
}

#[test]
fn equal_codes_reach_the_full_score_however_the_head_is_turned() {
    let eye = code(1);
    for by in -10..=10 {
        let turned = turned(&eye, by);
        let found = compare(&Probe::new(&template(&eye)), &template(&turned));
        assert_eq!(found.similarity.get(), 65_536, "turned by {by}");
        assert_eq!((found.rotation, found.disagreeing), (-by as i8, 0));
        assert_eq!(found.probe_direction(0), (-by).rem_euclid(128) as usize);
        assert_eq!(u32::from(found.common), 8 * eye.visible_cells());
    }
    assert!(score(&eye, &turned(&eye, 11)) < 40_000);
}

#[test]
fn strangers_gather_about_a_half() {
    for seed in 2..200 {
        assert!((32_768..37_000).contains(&score(&code(1), &code(seed))), "{seed}");
    }
}

#[test]
fn it_does_not_matter_which_is_the_probe() {
    for seed in 0..50 {
        let (one, other) = (code(seed), noisy(&turned(&code(seed % 7), 3), seed));
        assert_eq!(score(&one, &other), score(&other, &one), "{seed}");
    }
}

#[test]
fn a_mirrored_probe_finds_the_eye_of_a_flipped_picture() {
    let eye = code(3);
    let flipped = IrisCode {
        cells: std::array::from_fn(|direction| eye.cells[(64 + 128 - direction) % 128] ^ 0xAAAA_AAAA_AAAA_AAAA),
        visible: std::array::from_fn(|direction| eye.visible[(64 + 128 - direction) % 128]),
    };
    let probe = template(&turned(&flipped, 2));
    assert_eq!(similarity(&Probe::mirrored(&probe), &eye).get(), 65_536);
    assert!(similarity(&Probe::new(&probe), &eye).get() < 40_000);
    let (found, missed) = (CoarseProbe::mirrored(&probe), CoarseProbe::new(&probe));
    let block = CoarseBlock::new(&[&eye]);
    assert!(coarse::scores(&found, &block)[0] > 2 * coarse::PASS_SCORE);
    assert!(coarse::scores(&missed, &block)[0] < coarse::PASS_SCORE);
}

#[test]
fn codes_of_different_encodings_and_eyes_seen_elsewhere_have_nothing_in_common() {
    let probe = Probe::new(&template(&code(4)));
    assert_eq!(compare(&probe, &template_of(2, &code(4))).similarity, Similarity::NONE);
    let lower = |bits| IrisCode { visible: [bits; IrisCode::ANGLES], ..code(4) };
    let found = compare(&Probe::new(&template(&lower(0x0F))), &template(&lower(0xF0)));
    assert_eq!((found.similarity, found.raw_distance()), (Similarity::NONE, None));
    assert_eq!(found.agreement(0, 0), None);
}

#[test]
fn the_evidence_counts_every_common_bit_once() {
    let (probe, reference) = (code(5), turned(&noisy(&code(5), 9), -4));
    let found = compare(&Probe::new(&template(&probe)), &template(&reference));
    let cells = (0..IrisCode::ANGLES).flat_map(|direction| (0..IrisCode::RINGS).map(move |ring| (direction, ring)));
    let agreements: Vec<_> = cells.filter_map(|(direction, ring)| found.agreement(direction, ring)).collect();
    let agreeing: u16 = agreements.iter().map(|&bits| u16::from(bits)).sum();
    assert_eq!(agreements.len() * 8, usize::from(found.common));
    assert_eq!(agreeing, found.common - found.disagreeing);
    assert_eq!(found.similarity, similarity(&Probe::new(&template(&probe)), &reference));
    let raw = found.raw_distance().unwrap();
    assert!((raw - found.distance().unwrap()).abs() < 1e-4 && (0.2..0.3).contains(&raw));
}

#[test]
fn rows_are_compared_as_their_codes_are_on_every_instruction_set_and_in_any_batch() {
    let codes: Vec<_> = (0..150).map(|seed| noisy(&code(seed % 40), seed)).collect();
    let rows: Vec<_> = codes.iter().map(CodeRow::from).collect();
    let probes: Vec<_> = (0..5).map(|seed| Probe::new(&template(&turned(&code(seed), 3)))).collect();
    for kernels in Kernels::available() {
        let mut seen = 0;
        similarities_on(kernels, &probes, &rows, &mut |probe, row, got| {
            assert_eq!(got, similarity(&probes[probe], &codes[row]), "{kernels:?}");
            seen += 1;
        });
        assert_eq!(seen, 5 * 150);
    }
    similarities(&probes, &[], &mut |_, _, _| panic!("there are no rows"));
}

#[test]
fn a_row_keeps_its_promised_size_and_its_code() {
    assert_eq!((size_of::<CodeRow>(), align_of::<CodeRow>()), (1152, 64));
    assert!(CodeRow::from(&code(8)).code() == code(8));
}

proptest! {
    #[test]
    fn any_visible_cells_can_be_compared(cells in any::<u64>(), probe in any::<[u8; 2]>(), reference in any::<[u8; 2]>()) {
        let seen = |[first, second]: [u8; 2]| std::array::from_fn(|direction| if direction < 9 { first } else { second });
        let code = |visible| IrisCode { cells: [cells; IrisCode::ANGLES], visible: seen(visible) };
        prop_assume!(probe != [0, 0]);
        let score = score(&code(probe), &code(reference));
        prop_assert!(score <= 65_536);
    }
}
