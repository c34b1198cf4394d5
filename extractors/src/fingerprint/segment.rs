//! Where there are ridges.

use ndarray::Array2;
use whorl_types::Refusal;

use super::plane::{Plane, row, samples, samples_mut};

/// Contrast, in grey levels, below which nothing is a ridge.
const FAINTEST: f32 = 6.0;

/// Contrast of ridges relative to that of the strongest tenth of the picture.
const RELATIVE_CONTRAST: f32 = 0.2;

/// Coherence below which a cell is no ridge.
const COHERENCE: f32 = 0.1;

/// Clarity below which a cell is no ridge.
const CLARITY: f32 = 0.4;

/// The least area worth extracting: 64 cells of 8 pixels are 10.6 square millimetres, a third of the smallest sensor's.
const SMALLEST_CELLS: usize = 64;

/// Ridges on less than this share of what has contrast are none: chance makes a few in noise and in photographs.
const STRAY_RIDGES: f32 = 0.3;

/// Regions under this share of the largest are dirt.
const SMALL_REGION: f32 = 0.12;

/// The contrast of the strongest tenth of the cells that have any, in grey levels; 0 where none has.
pub(super) fn strong(contrast: &Plane) -> f32 {
    let mut sorted: Vec<f32> = samples(contrast).iter().copied().filter(|&deviation| deviation > FAINTEST).collect();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() * 9 / 10).copied().unwrap_or(0.0)
}

/// The cells that might show ridges: those with contrast.
///
/// # Errors
/// [`Refusal::Blank`] without contrast anywhere.
pub(super) fn contrasty(contrast: &Plane) -> Result<Array2<bool>, Refusal> {
    let strong = strong(contrast);
    if strong <= FAINTEST {
        return Err(Refusal::Blank);
    }
    let threshold = (strong * RELATIVE_CONTRAST).max(FAINTEST);
    let (rows, columns) = contrast.dim();
    Ok(Array2::from_shape_fn((rows, columns), |(r, c)| {
        let inside = r > 1 && c > 1 && r + 2 < rows && c + 2 < columns;
        inside && contrast[[r, c]] > threshold
    }))
}

/// The cells of `candidates` that show ridges.
///
/// # Errors
/// [`Refusal::NoRidges`] without coherent cells, [`Refusal::TooSmallArea`].
pub(super) fn segment(candidates: &Array2<bool>, clarity: &Plane, coherence: &Plane) -> Result<Array2<bool>, Refusal> {
    let mut mask = ndarray::Zip::from(candidates)
        .and(clarity)
        .and(coherence)
        .map_collect(|&candidate, &clarity, &coherence| candidate && clarity > CLARITY && coherence > COHERENCE);
    if !mask.iter().any(|&shown| shown) {
        return Err(Refusal::NoRidges);
    }
    for _ in 0..3 {
        mask = majority(&mask);
    }
    fill_holes(&mut mask);
    open(&mut mask);
    keep_large(&mut mask);
    let shown = mask.iter().filter(|&&shown| shown).count();
    let contrasty = candidates.iter().filter(|&&candidate| candidate).count();
    match shown {
        SMALLEST_CELLS.. => Ok(mask),
        _ if (shown as f32) < contrasty as f32 * STRAY_RIDGES => Err(Refusal::NoRidges),
        _ => Err(Refusal::TooSmallArea),
    }
}

/// Takes away what is narrower than 5 cells.
fn open(mask: &mut Array2<bool>) {
    let core = grow(&mask.mapv(|shown| !shown), 2).mapv(|shown| !shown);
    *mask = grow(&core, 2);
}

/// Every cell with a marked one within `reach` cells, rows and columns alike.
pub(super) fn grow(mask: &Array2<bool>, reach: usize) -> Array2<bool> {
    around(mask, reach).mapv(|marked| marked > 0)
}

/// Each cell as most of the 3 x 3 around it; the outermost cells are never shown.
fn majority(mask: &Array2<bool>) -> Array2<bool> {
    let (rows, columns) = mask.dim();
    let mut most = around(mask, 1).mapv(|marked| marked >= 5);
    for edge in [0, rows - 1] {
        most.row_mut(edge).fill(false);
    }
    for edge in [0, columns - 1] {
        most.column_mut(edge).fill(false);
    }
    most
}

/// How many cells are marked within `reach` cells of each, rows and columns alike.
fn around(mask: &Array2<bool>, reach: usize) -> Array2<u8> {
    let (rows, columns) = mask.dim();
    let (mut beside, mut around) = (Array2::zeros((rows, columns)), Array2::zeros((rows, columns)));
    let mut padded = vec![0; columns + 2 * reach];
    for (r, beside) in samples_mut(&mut beside).chunks_exact_mut(columns).enumerate() {
        for (padded, &marked) in padded[reach..].iter_mut().zip(row(mask, r)) {
            *padded = u8::from(marked);
        }
        padded.windows(columns).for_each(|from| add(beside, from));
    }
    for (r, around) in samples_mut(&mut around).chunks_exact_mut(columns).enumerate() {
        let near = r.saturating_sub(reach)..(r + reach + 1).min(rows);
        near.for_each(|from| add(around, row(&beside, from)));
    }
    around
}

fn add(sums: &mut [u8], from: &[u8]) {
    for (sum, from) in sums.iter_mut().zip(from) {
        *sum += from;
    }
}

/// Whatever cannot be reached from the edge is finger.
fn fill_holes(mask: &mut Array2<bool>) {
    let background = mask.mapv(|shown| !shown);
    let outside = region(&background, (0, 0));
    let mut reached = Array2::from_elem(mask.dim(), false);
    for at in outside {
        reached[at] = true;
    }
    mask.zip_mut_with(&reached, |shown, &outside| *shown = !outside);
}

fn keep_large(mask: &mut Array2<bool>) {
    let mut left = mask.clone();
    let mut regions = Vec::new();
    for at in mask.indexed_iter().filter(|(_, shown)| **shown).map(|(at, _)| at).collect::<Vec<_>>() {
        if left[at] {
            let cells = region(&left, at);
            for &cell in &cells {
                left[cell] = false;
            }
            regions.push(cells);
        }
    }
    let largest = regions.iter().map(Vec::len).max().unwrap_or(0);
    for cells in regions.iter().filter(|cells| (cells.len() as f32) < largest as f32 * SMALL_REGION) {
        for &cell in cells {
            mask[cell] = false;
        }
    }
}

/// All cells that hang together with `start`, side by side.
fn region(mask: &Array2<bool>, start: (usize, usize)) -> Vec<(usize, usize)> {
    let mut seen = Array2::from_elem(mask.dim(), false);
    let mut cells = vec![start];
    seen[start] = true;
    let mut next = 0;
    while next < cells.len() {
        let (r, c) = cells[next];
        next += 1;
        for at in [(r.wrapping_sub(1), c), (r + 1, c), (r, c.wrapping_sub(1)), (r, c + 1)] {
            if mask.get(at).copied().unwrap_or(false) && !seen[at] {
                seen[at] = true;
                cells.push(at);
            }
        }
    }
    cells
}
