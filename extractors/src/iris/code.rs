//! The strip's texture as the signs of its filter responses.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instruction set that runs it")]

use whorl_kernels::{Kernels, Work};
use whorl_types::IrisCode;

use super::gabor::{Gabor, WAVELENGTHS, window};
use super::strip::{COLUMNS, ROWS, Strip};

/// Spread of the Gaussian over the radius, in rows.
const RADIAL_SIGMA_ROWS: f32 = 4.0;

/// The rows that the rings lie on: the first and the last are pupil's edge and limbus as much as iris.
const RING_ROWS: (f32, f32) = (5.0, 58.0);

/// How much of a filter's window must be seen, at every wavelength, for a cell to be believed.
const LEAST_SEEN: f32 = 0.85;

/// Columns from one direction of a code to the next. Direction 0 is column 0, the positive x axis, so that a mirrored eye has
/// the directions of the eye, counted backwards.
const STEP: usize = COLUMNS / IrisCode::ANGLES;

/// A value for each ring.
type Rings = [f32; IrisCode::RINGS];

/// The code of `strip`, compiled for the instruction set in use.
pub(super) fn encode(strip: &Strip) -> IrisCode {
    Kernels::best().run(Encoding(strip))
}

struct Encoding<'a>(&'a Strip);

impl Work for Encoding<'_> {
    type Answer = IrisCode;

    #[inline(always)]
    fn answer(self) -> IrisCode {
        let (texture, seen) = rings(self.0);
        let mut code = IrisCode { cells: [0; IrisCode::ANGLES], visible: [0xFF; IrisCode::ANGLES] };
        for (number, wavelength) in WAVELENGTHS.into_iter().enumerate() {
            let filter = Gabor::new(wavelength);
            for angle in 0..IrisCode::ANGLES {
                let (even, odd) = respond(&filter, &texture, angle * STEP);
                code.cells[angle] |= signs(&even) << (2 * number) | signs(&odd) << (2 * number + 1);
                code.visible[angle] &= enough(&cover(&filter.window, &seen, angle * STEP));
            }
        }
        code
    }
}

/// Texture and visibility gathered onto the rings, column by column.
#[inline(always)]
fn rings(strip: &Strip) -> (Vec<Rings>, Vec<Rings>) {
    let side = window(RADIAL_SIGMA_ROWS);
    let mut texture = vec![[0.0; IrisCode::RINGS]; COLUMNS];
    let mut seen = texture.clone();
    for ring in 0..IrisCode::RINGS {
        let middle = RING_ROWS.0 + (RING_ROWS.1 - RING_ROWS.0) * ring as f32 / (IrisCode::RINGS - 1) as f32;
        let (grey, mask) = gather(strip, &side, (middle + 0.5) as usize);
        for column in 0..COLUMNS {
            texture[column][ring] = grey[column];
            seen[column][ring] = mask[column];
        }
    }
    (texture, seen)
}

/// The rows around `middle`, each less its level and weighed by the Gaussian; rows past an end of the strip are not seen.
#[inline(always)]
fn gather(strip: &Strip, side: &[f32], middle: usize) -> ([f32; COLUMNS], [f32; COLUMNS]) {
    let (mut grey, mut mask) = ([0.0; COLUMNS], [0.0; COLUMNS]);
    let rows = (middle + 1).saturating_sub(side.len())..(middle + side.len()).min(ROWS);
    let weights = rows.clone().map(|row| side[row.abs_diff(middle)]);
    let total: f32 = weights.clone().sum();
    for (row, weight) in rows.zip(weights) {
        let weight = weight / total;
        let (samples, seen, level) = (&strip.grey[row], &strip.seen[row], strip.level(row));
        for column in 0..COLUMNS {
            grey[column] += weight * seen[column] * (samples[column] - level);
            mask[column] += weight * seen[column];
        }
    }
    (grey, mask)
}

/// The real and the imaginary response at `column`, ring by ring.
#[inline(always)]
fn respond(filter: &Gabor, texture: &[Rings], column: usize) -> (Rings, Rings) {
    let mut even = texture[column].map(|sample| sample * filter.even[0]);
    let mut odd = [0.0; IrisCode::RINGS];
    for distance in 1..filter.even.len() {
        let (ahead, behind) = around(texture, column, distance);
        for ring in 0..IrisCode::RINGS {
            even[ring] += filter.even[distance] * (ahead[ring] + behind[ring]);
            odd[ring] += filter.odd[distance] * (ahead[ring] - behind[ring]);
        }
    }
    (even, odd)
}

/// How much of `window` around `column` is seen, ring by ring.
#[inline(always)]
fn cover(window: &[f32], seen: &[Rings], column: usize) -> Rings {
    let mut cover = seen[column].map(|seen| seen * window[0]);
    for (distance, weight) in window.iter().enumerate().skip(1) {
        let (ahead, behind) = around(seen, column, distance);
        for ring in 0..IrisCode::RINGS {
            cover[ring] += weight * (ahead[ring] + behind[ring]);
        }
    }
    cover
}

/// The columns `distance` after and before `column`, around the eye.
#[inline(always)]
fn around(columns: &[Rings], column: usize, distance: usize) -> (&Rings, &Rings) {
    (&columns[(column + distance) % COLUMNS], &columns[(column + COLUMNS - distance) % COLUMNS])
}

/// The signs of the responses, one in the place of each ring's byte.
fn signs(responses: &Rings) -> u64 {
    responses.iter().enumerate().map(|(ring, &response)| u64::from(response > 0.0) << (8 * ring)).sum()
}

/// The rings of which enough is seen, one bit each.
fn enough(cover: &Rings) -> u8 {
    cover.iter().enumerate().map(|(ring, &cover)| u8::from(cover >= LEAST_SEEN) << ring).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A strip of waves and noise, a corner of which is not seen.
    fn strip() -> Strip {
        let mut state = 1_u32;
        let mut grey = vec![[0.0; COLUMNS]; ROWS];
        for (row, column) in (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (row, column))) {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            grey[row][column] = 100.0 + ((column * 7 + row * row) % 50) as f32 + (state >> 27) as f32;
        }
        let mut seen = vec![[1.0; COLUMNS]; ROWS];
        for row in &mut seen[40..] {
            row[350..420].fill(0.0);
        }
        Strip { grey, seen }
    }

    #[test]
    fn every_instruction_set_gives_the_same_code() {
        let strip = strip();
        let code = encode(&strip);
        for kernels in Kernels::available() {
            assert!(kernels.run(Encoding(&strip)) == code, "{kernels:?}");
        }
        let hash = |hash: u64, &word: &u64| (hash ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
        let hashed = code.cells.iter().fold(0xcbf2_9ce4_8422_2325, hash);
        assert_eq!(hashed, 12_882_386_086_735_885_421, "the golden value: change it only with the encoding");
    }

    #[test]
    fn cells_around_what_is_covered_are_not_seen_and_others_are() {
        let code = encode(&strip());
        let middle = 385 / STEP;
        assert_eq!(code.visible[middle] & 0xE0, 0);
        assert_eq!(code.visible[middle] & 0x0F, 0x0F);
        assert_eq!(code.visible[0], 0xFF);
    }

    #[test]
    fn a_strip_read_backwards_has_the_same_real_bits_and_the_other_imaginary_ones() {
        let (strip, mut backwards) = (strip(), strip());
        for rows in [&mut backwards.grey, &mut backwards.seen] {
            for row in rows {
                // Column 0 stays where it is.
                row[1..].reverse();
            }
        }
        let (code, other) = (encode(&strip), encode(&backwards));
        let differing: u32 = (0..IrisCode::ANGLES)
            .map(|a| {
                (code.cells[a] ^ other.cells[(IrisCode::ANGLES - a) % IrisCode::ANGLES] ^ 0xAAAA_AAAA_AAAA_AAAA)
                    .count_ones()
            })
            .sum();
        // The mean of a row is summed in another order, which may turn a response that is next to nothing.
        assert!(differing < 41, "{differing} bits");
    }
}
