//! How the plane of coefficients is cut into subbands (IAFIS-IC-0110, figure 2).
//!
//! The plane is split in four, again and again. Filtering a high-pass half turns its spectrum around, so the halves of what
//! lies to the right (or below) are stored the other way round: high before low. That keeps neighbours in frequency neighbours
//! in the plane.

/// A rectangle of the plane, in coefficients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// A rectangle that is split in four, or would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) region: Region,
    /// The high-pass half is stored left of the low-pass half.
    pub(super) high_left: bool,
    /// The high-pass half is stored above the low-pass half.
    pub(super) high_above: bool,
}

/// Coded subbands; four more, of the highest frequencies in both directions, are never coded.
pub(super) const CODED: usize = 60;

/// Subbands that the tables of the file have room for.
pub(super) const TABLED: usize = 64;

/// Where the second and the third coded block begin.
pub(super) const BLOCK_STARTS: [usize; 3] = [0, 19, 52];

/// The plane of one image: what is split, in the order of analysis, and the subbands in the order of coding.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) splits: Vec<Split>,
    pub(super) subbands: Vec<Region>,
}

impl Layout {
    pub(super) fn new(width: usize, height: usize) -> Self {
        let mut layout = Self { splits: Vec::with_capacity(20), subbands: Vec::with_capacity(CODED) };
        let whole = Split { region: Region { x: 0, y: 0, width, height }, high_left: false, high_above: false };
        let [low, right, below, _never_coded] = layout.split(whole);
        let [lowest, low_right, low_below, low_corner] = layout.split(low);

        let [first, others @ ..] = layout.split(lowest);
        let [base, beside @ ..] = layout.split(first);
        layout.code_quarters(base);
        layout.subbands.extend(beside.map(|part| part.region));
        for part in others {
            layout.code_quarters(part);
        }
        for half in [low_right, low_below] {
            for part in layout.split(half) {
                layout.code_quarters(part);
            }
        }
        layout.subbands.push(low_corner.region);
        layout.code_quarters(right);
        layout.code_quarters(below);
        layout
    }

    fn code_quarters(&mut self, parent: Split) {
        let quarters = self.split(parent);
        self.subbands.extend(quarters.map(|part| part.region));
    }

    /// Splits `parent` in four: left above, right above, left below, right below.
    fn split(&mut self, parent: Split) -> [Split; 4] {
        self.splits.push(parent);
        let Region { x, y, width, height } = parent.region;
        let left = first_half(width, parent.high_left);
        let above = first_half(height, parent.high_above);
        [(false, false), (true, false), (false, true), (true, true)].map(|(is_right, is_below)| {
            let (x, width) = if is_right { (x + left, width - left) } else { (x, left) };
            let (y, height) = if is_below { (y + above, height - above) } else { (y, above) };
            Split { region: Region { x, y, width, height }, high_left: is_right, high_above: is_below }
        })
    }
}

/// The length of the half that is stored first: low-pass halves get the odd coefficient.
fn first_half(length: usize, high_first: bool) -> usize {
    if high_first { length / 2 } else { length.div_ceil(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subbands_cover_all_but_the_highest_quarter_exactly_once() {
        for (width, height) in [(256, 256), (257, 301), (33, 97), (5, 3), (1, 1)] {
            let layout = Layout::new(width, height);
            assert_eq!(layout.subbands.len(), CODED);
            let mut covered = vec![0; width * height];
            for band in &layout.subbands {
                for y in band.y..band.y + band.height {
                    for x in band.x..band.x + band.width {
                        covered[y * width + x] += 1;
                    }
                }
            }
            for (at, times) in covered.iter().enumerate() {
                let highest = at % width >= width.div_ceil(2) && at / width >= height.div_ceil(2);
                assert_eq!(*times, usize::from(!highest), "{width} x {height} at {at}");
            }
        }
    }

    #[test]
    fn twenty_splits_make_the_tree_of_the_specification() {
        assert_eq!(Layout::new(512, 512).splits.len(), 20);
    }
}
