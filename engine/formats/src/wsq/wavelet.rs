//! One split of a line into a low-pass and a high-pass half, and its inverse.
//!
//! Filters are symmetric about their centre and of odd length; the line goes on beyond its ends as its mirror image about the
//! end sample. A split line is thought of as interleaved, low-pass coefficients at even places and high-pass ones at odd
//! places: in that picture the mirror is the same for the line and for its coefficients (whole-sample symmetry).

use super::subbands::{Region, Split};

/// Half of a symmetric filter: the centre tap, then the taps to its right.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HalfFilter(Vec<f32>);

impl HalfFilter {
    /// The filter with these taps from the centre outwards; at least one.
    pub(super) fn new(taps_from_centre: Vec<f32>) -> Self {
        Self(taps_from_centre)
    }

    /// The taps from the centre outwards.
    pub(super) fn taps(&self) -> &[f32] {
        &self.0
    }

    /// The same filter half a band away: every second tap changes its sign.
    fn modulated(&self) -> Self {
        Self(self.0.iter().enumerate().map(|(at, tap)| if at % 2 == 0 { *tap } else { -*tap }).collect())
    }

    fn reach(&self) -> usize {
        self.0.len() - 1
    }
}

/// The standard low-pass filter, from its centre outwards.
pub(super) const STANDARD_LOW: [f64; 5] =
    [0.852_698_679_009_40, 0.377_402_855_612_65, -0.110_624_404_418_42, -0.023_849_465_019_38, 0.037_828_455_506_995];

/// The standard high-pass filter, from its centre outwards.
pub(super) const STANDARD_HIGH: [f64; 4] =
    [0.788_485_616_405_66, -0.418_092_273_222_21, -0.040_689_417_609_558, 0.064_538_882_628_938];

/// The filters that split a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filters {
    pub(super) low: HalfFilter,
    pub(super) high: HalfFilter,
}

impl Filters {
    /// The 9/7 filters of Cohen, Daubechies and Feauveau (1992), which the specification prescribes to encoders.
    pub(super) fn standard() -> Self {
        let taps = |taps: &[f64]| HalfFilter::new(taps.iter().map(|tap| *tap as f32).collect());
        Self { low: taps(&STANDARD_LOW), high: taps(&STANDARD_HIGH) }
    }
}

/// Splits every region of `splits` in turn, in place.
pub(super) fn analyse(plane: &mut [f32], width: usize, splits: &[Split], filters: &Filters) {
    let stencils = [Stencil::new(&filters.low, &filters.low), Stencil::new(&filters.high, &filters.high)];
    for split in splits {
        lines(plane, width, split, |line, high_first, scratch| {
            let around = mirrored(line, &stencils);
            scratch.extend((0..line.len()).map(|at| stencils[at % 2].apply(&around, at)));
            store_halves(line, scratch, high_first);
        });
    }
}

/// Undoes [`analyse`]: joins the regions in the opposite order.
pub(super) fn synthesise(plane: &mut [f32], width: usize, splits: &[Split], filters: &Filters) {
    // The inverse of a two-channel bank filters each half by the other half's filter, half a band away. Seen from an even
    // place the low-pass coefficients are an even number of places away, seen from an odd place an odd number.
    let (low, high) = (filters.high.modulated(), filters.low.modulated());
    let stencils = [Stencil::new(&low, &high), Stencil::new(&high, &low)];
    for split in splits.iter().rev() {
        lines(plane, width, split, |line, high_first, scratch| {
            interleave(line, scratch, high_first);
            let mut around = mirrored(scratch, &stencils);
            if line.len() == 1 {
                // There is one low-pass coefficient, and no high-pass one at the odd places.
                around.values.iter_mut().skip(1 - around.before % 2).step_by(2).for_each(|value| *value = 0.0);
            }
            for (at, sample) in line.iter_mut().enumerate() {
                *sample = stencils[at % 2].apply(&around, at);
            }
        });
    }
}

/// What a place gets from the places around it: all taps of a filter, left to right.
struct Stencil {
    taps: Vec<f32>,
}

impl Stencil {
    /// The taps of `even` at even distances and those of `odd` at odd ones.
    fn new(even: &HalfFilter, odd: &HalfFilter) -> Self {
        let reach = even.reach().max(odd.reach()) as isize;
        let tap = |offset: isize| {
            let filter = if offset % 2 == 0 { even } else { odd };
            filter.taps().get(offset.unsigned_abs()).copied().unwrap_or_default()
        };
        Self { taps: (-reach..=reach).map(tap).collect() }
    }

    fn reach(&self) -> usize {
        self.taps.len() / 2
    }

    fn apply(&self, around: &Mirrored, at: usize) -> f32 {
        let first = at + around.before - self.reach();
        self.taps.iter().zip(&around.values[first..]).fold(0.0, |sum, (tap, value)| sum + tap * value)
    }
}

/// A line that goes on beyond its ends as its mirror image.
struct Mirrored {
    values: Vec<f32>,
    /// Values before the line begins.
    before: usize,
}

/// The line, continued as far as the stencils reach.
fn mirrored(line: &[f32], stencils: &[Stencil; 2]) -> Mirrored {
    let before = stencils[0].reach().max(stencils[1].reach());
    let places = -(before as isize)..(line.len() + before) as isize;
    Mirrored { values: places.map(|at| line[reflected(at, line.len())]).collect(), before }
}

/// Calls `work` for every row and every column of the split's region with the line, whether its high half comes first, and
/// an empty scratch line. Rows and columns are independent, so their order does not matter but for rounding.
fn lines(plane: &mut [f32], width: usize, split: &Split, mut work: impl FnMut(&mut [f32], bool, &mut Vec<f32>)) {
    let Region { x, y, width: columns, height: rows } = split.region;
    if columns == 0 || rows == 0 {
        return;
    }
    let mut scratch = Vec::with_capacity(rows.max(columns));
    for row in y..y + rows {
        scratch.clear();
        work(&mut plane[row * width + x..][..columns], split.high_left, &mut scratch);
    }
    let mut line = vec![0.0; rows];
    for column in x..x + columns {
        for (at, sample) in line.iter_mut().enumerate() {
            *sample = plane[(y + at) * width + column];
        }
        scratch.clear();
        work(&mut line, split.high_above, &mut scratch);
        for (at, sample) in line.iter().enumerate() {
            plane[(y + at) * width + column] = *sample;
        }
    }
}

/// The place inside a line of `length` samples whose mirror image lies at `at`.
fn reflected(at: isize, length: usize) -> usize {
    let last = length as isize - 1;
    let mut at = at;
    while last > 0 && !(0..=last).contains(&at) {
        at = if at < 0 { -at } else { 2 * last - at };
    }
    at.clamp(0, last) as usize
}

/// Writes interleaved coefficients into `line` as two halves.
fn store_halves(line: &mut [f32], interleaved: &[f32], high_first: bool) {
    let halves = interleaved.iter().step_by(2).chain(interleaved.iter().skip(1).step_by(2));
    let low_length = line.len().div_ceil(2);
    for (at, coefficient) in halves.enumerate() {
        line[stored_at(at, low_length, line.len(), high_first)] = *coefficient;
    }
}

/// Reads two halves out of `line` into interleaved coefficients.
fn interleave(line: &[f32], interleaved: &mut Vec<f32>, high_first: bool) {
    let low_length = line.len().div_ceil(2);
    interleaved.extend((0..line.len()).map(|at| {
        let in_halves = if at % 2 == 0 { at / 2 } else { low_length + at / 2 };
        line[stored_at(in_halves, low_length, line.len(), high_first)]
    }));
}

/// Where the coefficient `at`, counted through the low and then the high half, is stored.
fn stored_at(at: usize, low_length: usize, length: usize, high_first: bool) -> usize {
    let high_length = length - low_length;
    match (high_first, at < low_length) {
        (false, _) => at,
        (true, true) => at + high_length,
        (true, false) => at - low_length,
    }
}

#[cfg(test)]
mod tests {
    use super::super::subbands::Layout;
    use super::*;

    #[test]
    fn synthesis_undoes_analysis_for_every_size() {
        for (width, height) in [(64, 48), (61, 47), (17, 5), (2, 3), (1, 9), (1, 1)] {
            let layout = Layout::new(width, height);
            let original: Vec<f32> = (0..width * height).map(|at| ((at * 7919) % 251) as f32 - 125.0).collect();
            let mut plane = original.clone();
            analyse(&mut plane, width, &layout.splits, &Filters::standard());
            synthesise(&mut plane, width, &layout.splits, &Filters::standard());
            for (found, expected) in plane.iter().zip(&original) {
                assert!((found - expected).abs() < 0.02, "{width} x {height}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn a_flat_plane_is_all_in_its_lowest_subband() {
        let layout = Layout::new(64, 64);
        let mut plane = vec![10.0; 64 * 64];
        analyse(&mut plane, 64, &layout.splits, &Filters::standard());
        let lowest = layout.subbands[0];
        for (at, coefficient) in plane.iter().enumerate() {
            let inside = at % 64 < lowest.width && at / 64 < lowest.height;
            assert!(inside || coefficient.abs() < 0.01, "{coefficient} at {at}");
        }
    }
}
