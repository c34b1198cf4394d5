//! Directions, as unit vectors from a table that is the same on every machine.

/// Cosine and sine of a direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Turn {
    pub(super) cos: f32,
    pub(super) sin: f32,
}

impl Turn {
    /// The turn by `angle` 256ths.
    pub(super) fn by(angle: u8) -> Self {
        Self { cos: cosine(angle), sin: cosine(angle.wrapping_sub(64)) }
    }

    /// The vector (x, y) of a picture, whose y axis points down, turned counter-clockwise as seen.
    #[inline(always)]
    pub(super) fn apply(self, x: f32, y: f32) -> (f32, f32) {
        (x * self.cos + y * self.sin, y * self.cos - x * self.sin)
    }

    /// The turn back.
    pub(super) fn back(self) -> Self {
        Self { cos: self.cos, sin: -self.sin }
    }

    /// The nearest angle in 256ths.
    pub(super) fn angle(self) -> u8 {
        (libm::atan2f(self.sin, self.cos) * (256.0 / std::f32::consts::TAU)).round() as i32 as u8
    }
}

/// Cosine of a direction in 256ths of a turn.
pub(super) fn cosine(angle: u8) -> f32 {
    COSINES[usize::from(angle)]
}

static COSINES: [f32; 256] = cosines();

/// Cosines by complex multiplication in f64: each is within 1e-12 of the true one before it is rounded.
const fn cosines() -> [f32; 256] {
    // Cosine and sine of one 256th of a turn.
    let (cos, sin) = (0.999_698_818_696_204_2_f64, 0.024_541_228_522_912_288_f64);
    let mut table = [0.0; 256];
    let (mut x, mut y) = (1.0_f64, 0.0_f64);
    let mut angle = 0;
    while angle < 256 {
        table[angle] = x as f32;
        (x, y) = (x * cos - y * sin, x * sin + y * cos);
        angle += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_cosines() {
        for angle in 0..=255_u8 {
            let radians = f32::from(angle) / 256.0 * std::f32::consts::TAU;
            let turn = Turn::by(angle);
            assert!((turn.cos - radians.cos()).abs() < 1e-6, "{angle}");
            assert!((turn.sin - radians.sin()).abs() < 1e-6, "{angle}");
            assert_eq!(turn.angle(), angle);
        }
    }

    #[test]
    fn a_quarter_turn_brings_right_up() {
        let (x, y) = Turn::by(64).apply(1.0, 0.0);
        assert!(x.abs() < 1e-6 && (y + 1.0).abs() < 1e-6);
    }
}
