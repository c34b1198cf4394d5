use whorl_kernels::Kernels;
use whorl_types::IrisCode;

use super::super::tests::{code, noisy, template, turned};
use super::{CoarseBlock, CoarseProbe, PASS_SCORE, scan, scan_on, scores};

fn blocks(codes: &[IrisCode]) -> Vec<CoarseBlock> {
    codes.chunks(CoarseBlock::LANES).map(|codes| CoarseBlock::new(&codes.iter().collect::<Vec<_>>())).collect()
}

fn passed(probes: &[CoarseProbe], blocks: &[CoarseBlock]) -> Vec<(usize, usize, u32)> {
    let mut found = Vec::new();
    scan(probes, blocks, &mut |probe, row, score| found.push((probe, row, score)));
    found.sort_unstable();
    found
}

#[test]
fn a_mate_passes_at_its_row_however_the_head_is_turned_and_hardly_anybody_else() {
    let codes: Vec<_> = (0..300).map(code).collect();
    for (row, by) in [(0, -10), (7, -7), (8, -3), (217, 0), (255, 2), (299, 10)] {
        let probe = CoarseProbe::new(&template(&noisy(&turned(&codes[row], by), 77)));
        let found = passed(&[probe], &blocks(&codes));
        assert!(found.iter().any(|&(_, passed, _)| passed == row), "row {row} turned by {by}");
        assert!(found.len() < 5, "{} passed", found.len());
    }
}

#[test]
fn scores_are_the_same_on_every_instruction_set_and_in_any_batch() {
    let codes: Vec<_> = (0..203).map(code).collect();
    let blocks = blocks(&codes);
    let probes: Vec<_> = codes[..37].iter().map(|code| CoarseProbe::new(&template(&noisy(code, 5)))).collect();
    let expected = passed(&probes, &blocks);
    assert!(expected.len() >= probes.len());
    for &(probe, row, score) in &expected {
        assert_eq!(scores(&probes[probe], &blocks[row / 8])[row % 8], score);
    }
    for kernels in Kernels::available() {
        let mut found = Vec::new();
        for (which, probe) in probes.iter().enumerate() {
            scan_on(kernels, std::slice::from_ref(probe), &blocks, &mut |_, row, score| {
                found.push((which, row, score));
            });
        }
        assert!(found.is_sorted() && found == expected, "{kernels:?}");
    }
}

#[test]
fn nothing_is_found_in_empty_lanes_and_nothing_without_probes() {
    let block = CoarseBlock::new(&[&code(1)]);
    let probe = CoarseProbe::new(&template(&code(1)));
    let scores = scores(&probe, &block);
    assert!(scores[0] >= PASS_SCORE && scores[1..] == [0; 7], "{scores:?}");
    assert!(passed(&[], &[block]).is_empty() && passed(&[probe], &[]).is_empty());
}

#[test]
fn an_eye_that_is_seen_elsewhere_is_near_to_nothing() {
    let half = |visible| IrisCode { visible: [visible; IrisCode::ANGLES], ..code(1) };
    let probe = CoarseProbe::new(&template(&half(0x0F)));
    assert_eq!(scores(&probe, &CoarseBlock::new(&[&half(0xF0), &half(0x0F)]))[0], 0);
}

#[test]
fn a_block_reads_back_from_any_bytes() {
    let damaged = bytemuck::pod_read_unaligned::<CoarseBlock>(&[0xff_u8; size_of::<CoarseBlock>()]);
    assert!(passed(&[CoarseProbe::new(&template(&code(2)))], &[damaged]).len() <= CoarseBlock::LANES);
}

#[test]
fn a_block_keeps_its_promised_size() {
    assert_eq!((size_of::<CoarseBlock>(), align_of::<CoarseBlock>()), (1280, 64));
}
