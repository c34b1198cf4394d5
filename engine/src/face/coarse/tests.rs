use whorl_kernels::Kernels;

use super::super::tests::{face, photograph, template_of};
use super::super::{EmbeddingRow, Probe, similarity};
use super::{CoarseBlock, CoarseProbe, PASS_DISTANCE, PASS_SIMILARITY, scan, scan_on, scores, sift, sift_on};

fn blocks(rows: &[EmbeddingRow]) -> Vec<CoarseBlock> {
    rows.chunks(CoarseBlock::LANES).map(CoarseBlock::new).collect()
}

fn rows(dimension: usize, count: u64) -> Vec<EmbeddingRow> {
    (0..count).map(|person| EmbeddingRow::from(&photograph(person, dimension, 0))).collect()
}

#[test]
fn a_mate_passes_at_its_row_and_few_others_do() {
    for dimension in [128, 256, 512] {
        let rows = rows(dimension, 300);
        for person in [0, 7, 8, 217, 255, 299] {
            let template = photograph(person, dimension, 100);
            let (code, probe) = (CoarseProbe::new(&template), Probe::new(&template));
            let (mut passed, mut sifted) = (Vec::new(), Vec::new());
            scan(&[code], &blocks(&rows), &mut |_, row, _| passed.push(row));
            sift((&[code], &[&probe]), (&blocks(&rows), &rows), &all, &mut |_, row, _| sifted.push(row));
            assert!(passed.contains(&(person as usize)) && sifted.contains(&(person as usize)), "person {person}");
            assert!(passed.len() < 60 && sifted.len() < 20, "{} and {} passed", passed.len(), sifted.len());
        }
    }
}

#[test]
fn scores_are_the_same_on_every_instruction_set_and_in_any_batch() {
    let rows = rows(256, 333);
    let blocks = blocks(&rows);
    let templates: Vec<_> = (0..37).map(|person| photograph(person, 256, 120)).collect();
    let codes: Vec<_> = templates.iter().map(CoarseProbe::new).collect();
    let mut expected = Vec::new();
    scan(&codes, &blocks, &mut |probe, row, score| expected.push((probe, row, score)));
    expected.sort_unstable();
    for (probe, code) in codes.iter().enumerate() {
        for (number, block) in blocks.iter().enumerate() {
            for (lane, score) in scores(code, block).into_iter().enumerate() {
                let passes = score >= 512 - u32::from(PASS_DISTANCE);
                let found = expected.binary_search(&(probe, 8 * number + lane, score)).is_ok();
                assert_eq!(found, passes, "probe {probe}, block {number}, lane {lane}");
            }
        }
    }
    for kernels in Kernels::available() {
        let mut found = Vec::new();
        for (probe, code) in codes.iter().enumerate() {
            scan_on(kernels, std::slice::from_ref(code), &blocks, &mut |_, row, score| found.push((probe, row, score)));
        }
        assert!(found.is_sorted() && found == expected, "{kernels:?}");
    }
}

#[test]
fn what_is_sifted_passes_both_steps_on_every_instruction_set() {
    let rows = rows(256, 203);
    let blocks = blocks(&rows);
    let templates: Vec<_> = (0..20).map(|person| photograph(person, 256, 200)).collect();
    let codes: Vec<_> = templates.iter().map(CoarseProbe::new).collect();
    let probes: Vec<_> = templates.iter().map(Probe::new).collect();
    let probes: Vec<_> = probes.iter().collect();
    let mut expected = Vec::new();
    scan(&codes, &blocks, &mut |probe, row, _| {
        let similarity = rows.get(row).map(|reference| similarity(probes[probe], reference));
        expected.extend(similarity.filter(|one| one.get() >= PASS_SIMILARITY).map(|one| (probe, row, one)));
    });
    assert!(expected.len() > 20);
    for kernels in Kernels::available() {
        let mut found = Vec::new();
        let there = (&blocks[..], &rows[..]);
        sift_on(kernels, (&codes, &probes), there, &all, &mut |probe, row, one| found.push((probe, row, one)));
        assert_eq!(found, expected, "{kernels:?}");
        let takes = |probe: usize, row: usize, agreeing: u32| {
            assert_eq!(agreeing, scores(&codes[probe], &blocks[row / 8])[row % 8]);
            !(probe + row).is_multiple_of(3)
        };
        let mut some = Vec::new();
        sift_on(kernels, (&codes, &probes), there, &takes, &mut |probe, row, one| some.push((probe, row, one)));
        found.retain(|(probe, row, _)| !(probe + row).is_multiple_of(3));
        assert_eq!(some, found, "{kernels:?}");
    }
}

/// Takes every face.
fn all(_: usize, _: usize, _: u32) -> bool {
    true
}

#[test]
fn signs_differ_in_proportion_to_the_angle() {
    // A sixth of a turn and none but rounding: the cosine is a half.
    let one: Vec<i8> = (0..256).map(|at| if at % 4 < 2 { 20 } else { 0 }).collect();
    let other: Vec<i8> = (0..256).map(|at| if (1..3).contains(&(at % 4)) { 20 } else { 0 }).collect();
    let row = EmbeddingRow::from(&template_of(1, &other));
    assert_eq!(similarity(&Probe::new(&template_of(1, &one)), &row).get(), 32_768 + 16_384);
    let agree = scores(&CoarseProbe::new(&template_of(1, &one)), &CoarseBlock::new(&[row]))[0];
    // A third of 512, with a standard deviation of nine.
    assert!((512 - agree).abs_diff(171) < 36, "{agree}");
}

#[test]
fn nothing_is_found_without_probes_or_faces_and_nothing_beyond_the_last() {
    let row = EmbeddingRow::from(&face(1));
    let (code, probe) = (CoarseProbe::new(&face(1)), Probe::new(&face(1)));
    let block = CoarseBlock::new(&[row]);
    scan(&[], &[block], &mut |_, _, _| panic!("there is no probe"));
    scan(&[code], &[], &mut |_, _, _| panic!("there is no face"));
    let mut found = Vec::new();
    sift((&[code], &[&probe]), (&[block], &[row]), &all, &mut |_, row, similarity| found.push((row, similarity.get())));
    assert_eq!(found, [(0, 65_536)]);
    sift((&[code], &[&probe]), (&[block], &[]), &all, &mut |_, _, _| panic!("there is no row"));
}

#[test]
fn a_block_reads_back_from_any_bytes() {
    let damaged = bytemuck::pod_read_unaligned::<CoarseBlock>(&[0xff_u8; size_of::<CoarseBlock>()]);
    let mut passed = 0;
    scan(&[CoarseProbe::new(&face(2))], &[damaged], &mut |_, _, _| passed += 1);
    assert!(passed <= CoarseBlock::LANES);
}

#[test]
fn a_block_keeps_its_promised_size() {
    assert_eq!((size_of::<CoarseBlock>(), align_of::<CoarseBlock>()), (512, 64));
}
