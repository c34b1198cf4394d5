//! Coarse blocks of eight templates side by side, made of lanes of others: what the first stage keeps follows from a template, and
//! following it anew was half of what replaying a journal of faces cost.

use bytemuck::Pod;

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
}
