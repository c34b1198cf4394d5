//! Coarse blocks of eight templates side by side, made of lanes of others: what the first stage keeps follows from a template, and
//! following it anew was half of what replaying a journal of faces cost.

use bytemuck::Pod;

const WORD_BYTES: usize = size_of::<u64>();

/// Templates of a block. Word `w` of template `lane` of a block is its word `w * LANES + lane`.
pub(super) const LANES: usize = 8;

/// Blocks of these rows, each a number among those of its own blocks; the lanes left over in the last block are zeros, as in
/// a block of fewer templates.
pub(super) fn gathered<'a, Block: Pod>(rows: impl ExactSizeIterator<Item = (&'a [Block], usize)>) -> Vec<Block> {
    let mut gathered = vec![Block::zeroed(); rows.len().div_ceil(LANES)];
    for (number, (blocks, row)) in rows.enumerate() {
        let source = bytemuck::cast_slice::<_, [u64; LANES]>(&blocks[row / LANES..=row / LANES]);
        let place = number / LANES..=number / LANES;
        let target = bytemuck::cast_slice_mut::<_, [u64; LANES]>(&mut gathered[place]);
        for (to, from) in target.iter_mut().zip(source) {
            to[number % LANES] = from[row % LANES];
        }
    }
    gathered
}

/// The templates of blocks one after the other, so many bytes each, as they are where each is encrypted by itself.
pub(super) fn parted(blocks: &[u8], templates: usize, lane_bytes: usize) -> Vec<u8> {
    let mut parted = vec![0; templates * lane_bytes];
    for (number, lane) in parted.chunks_exact_mut(lane_bytes).enumerate() {
        let block = &blocks[number / LANES * LANES * lane_bytes..];
        for (word, to) in lane.chunks_exact_mut(WORD_BYTES).enumerate() {
            let from = (word * LANES + number % LANES) * WORD_BYTES;
            to.copy_from_slice(&block[from..from + WORD_BYTES]);
        }
    }
    parted
}

/// Blocks of such templates: [`parted`] the other way round, into zeros.
pub(super) fn join(parted: &[u8], lane_bytes: usize, blocks: &mut [u8]) {
    for (number, lane) in parted.chunks_exact(lane_bytes).enumerate() {
        let block = &mut blocks[number / LANES * LANES * lane_bytes..];
        for (word, from) in lane.chunks_exact(WORD_BYTES).enumerate() {
            let to = (word * LANES + number % LANES) * WORD_BYTES;
            block[to..to + WORD_BYTES].copy_from_slice(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use whorl_engine::face::EmbeddingRow;
    use whorl_engine::face::coarse::CoarseBlock;
    use whorl_types::{FaceMeasures, FaceModelId, FacePoints, FaceTemplate, Quality};

    use super::*;

    #[test]
    fn a_gathered_block_is_the_one_that_its_templates_make() {
        let template = |person: i32| {
            let embedding: [i8; 128] = std::array::from_fn(|at| ((at as i32 * 37 + person * 101) % 255 - 127) as i8);
            let (points, measures) = (FacePoints { px8: [[0; 2]; 5] }, FaceMeasures::default());
            FaceTemplate::new(FaceModelId(5), &embedding, points, measures, Quality::new(50).unwrap()).unwrap()
        };
        let rows = (0..21).map(|person| EmbeddingRow::from(&template(person))).collect::<Vec<_>>();
        let blocks = rows.chunks(LANES).map(CoarseBlock::new).collect::<Vec<_>>();
        let picked = [20, 3, 3, 8, 15, 0, 7, 16, 1, 12, 19];
        let expected = picked.map(|row: usize| rows[row]);
        let expected = expected.chunks(LANES).map(CoarseBlock::new).collect::<Vec<_>>();
        assert_eq!(gathered(picked.iter().map(|&row| (blocks.as_slice(), row))), expected);
    }

    #[test]
    fn blocks_that_were_parted_are_joined_again() {
        let blocks = (0..3 * 8 * 64).map(|byte| byte as u8 ^ (byte >> 8) as u8).collect::<Vec<u8>>();
        let lane_bytes = 64;
        let parts = parted(&blocks, 24, lane_bytes);
        assert_eq!(parts[..8], blocks[..8]);
        assert_eq!(parts[8..16], blocks[64..72], "the second word of the first template");
        let mut joined = vec![0; blocks.len()];
        join(&parts, lane_bytes, &mut joined);
        assert_eq!(joined, blocks);
    }
}
