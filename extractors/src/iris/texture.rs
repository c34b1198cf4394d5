//! How much there is to read on the iris.

use super::strip::{COLUMNS, ROWS, Strip};

/// Sides of the patches that are compared: of the size of half a wave of the filters that tell eyes apart best.
const PATCH: usize = 8;

/// Rows next to pupil and limbus that are left out: the edges are no texture.
const INSET_ROWS: usize = 8;

/// Grey levels by which a patch of the iris differs from the next around the eye, the middle one of all that are seen; 0 where
/// none is. Neither the size of the sample nor the fineness of its grain tells: what is blurred may still be read.
pub(super) fn texture(strip: &Strip) -> f32 {
    let mut steps = Vec::with_capacity(ROWS * COLUMNS / (PATCH * PATCH));
    for row in (INSET_ROWS..=ROWS - INSET_ROWS - PATCH).step_by(PATCH) {
        let greys: Vec<Option<f32>> = (0..COLUMNS).step_by(PATCH).map(|column| patch(strip, row, column)).collect();
        let next = greys.iter().cycle().skip(1);
        steps.extend(greys.iter().zip(next).filter_map(|(one, other)| Some((one.as_ref()? - other.as_ref()?).abs())));
    }
    if steps.is_empty() {
        return 0.0;
    }
    let middle = steps.len() / 2;
    *steps.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// The mean grey level of a patch, where all of it is seen.
fn patch(strip: &Strip, row: usize, column: usize) -> Option<f32> {
    let rows = row..row + PATCH;
    let places = rows.flat_map(|row| (column..column + PATCH).map(move |column| (row, column)));
    let greys = places.map(|(row, column)| strip.is_seen(row, column).then_some(strip.grey[row][column]));
    greys.sum::<Option<f32>>().map(|sum| sum / (PATCH * PATCH) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_that_differ_are_texture_and_slopes_and_what_is_hidden_are_not() {
        let strip = |shade: &dyn Fn(usize, usize) -> f32| Strip {
            grey: (0..ROWS).map(|row| std::array::from_fn(|column| shade(row, column))).collect(),
            seen: vec![[1.0; COLUMNS]; ROWS],
        };
        assert!(texture(&strip(&|row, _| row as f32)) < 0.01);
        let mut patches = strip(&|_, column| 100.0 + 3.0 * (column / PATCH % 2) as f32);
        assert!((texture(&patches) - 3.0).abs() < 0.01);
        patches.seen.fill([0.0; COLUMNS]);
        assert!(texture(&patches) < 0.01);
    }
}
