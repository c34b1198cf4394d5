//! The boundaries of the iris.
//!
//! Neither the pupil nor the limbus is a circle, and they share no centre (Daugman, "New methods in iris recognition", IEEE
//! SMC-B 37(5), 2007): each is a closed curve about a centre of its own, by direction.

use whorl_types::EyeCircle;

/// A closed curve seen from a point inside it, in pixels of the sample: x from its left edge, y from its top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contour {
    /// What the directions start from, near the middle.
    pub centre: (f32, f32),
    /// Distance of the curve in direction `a`, which is `a / DIRECTIONS` of a turn, clockwise as a person sees the picture,
    /// from the positive x axis.
    pub radii: [f32; Self::DIRECTIONS],
}

impl Contour {
    /// Directions of a curve.
    pub const DIRECTIONS: usize = 128;

    /// A circle.
    #[must_use]
    pub fn circle(centre: (f32, f32), radius: f32) -> Self {
        Self { centre, radii: [radius; Self::DIRECTIONS] }
    }

    /// The mean distance of the curve from its centre.
    #[must_use]
    pub fn radius(&self) -> f32 {
        self.radii.iter().sum::<f32>() / Self::DIRECTIONS as f32
    }

    /// The distance of the curve in `turn`, in turns, between directions in proportion.
    #[must_use]
    pub fn radius_towards(&self, turn: f32) -> f32 {
        let at = (turn - turn.floor()) * Self::DIRECTIONS as f32;
        let (before, part) = (at as usize, at - at.floor());
        let [from, to] = [before, before + 1].map(|a| self.radii[a % Self::DIRECTIONS]);
        from + (to - from) * part
    }

    /// The point of the curve in each direction.
    #[must_use]
    pub fn points(&self) -> [(f32, f32); Self::DIRECTIONS] {
        std::array::from_fn(|a| {
            let (radius, (cos, sin)) = (self.radii[a], UNIT[a]);
            (self.centre.0 + radius * cos, self.centre.1 + radius * sin)
        })
    }

    /// The circle that fits the curve best.
    #[must_use]
    pub fn best_circle(&self) -> EyeCircle {
        let (x, y) = self.lean();
        let eighths = |px: f32| (px * 8.0).round() as i32;
        EyeCircle {
            x_px8: eighths(self.centre.0 + x),
            y_px8: eighths(self.centre.1 + y),
            radius_px8: eighths(self.radius()).unsigned_abs(),
        }
    }

    /// How far the curve is from its best circle, on average, as a share of the radius.
    pub(super) fn unroundness(&self) -> f32 {
        let ((x, y), radius) = (self.lean(), self.radius());
        let off = |(r, unit): (&f32, &(f32, f32))| (r - radius - x * unit.0 - y * unit.1).abs();
        self.radii.iter().zip(&UNIT).map(off).sum::<f32>() / (radius * Self::DIRECTIONS as f32)
    }

    /// Where the centre of the best circle is, seen from the centre: the first harmonic.
    fn lean(&self) -> (f32, f32) {
        let (mut x, mut y) = (0.0, 0.0);
        for (radius, unit) in self.radii.iter().zip(&UNIT) {
            x += radius * unit.0;
            y += radius * unit.1;
        }
        (x * 2.0 / Self::DIRECTIONS as f32, y * 2.0 / Self::DIRECTIONS as f32)
    }

    /// The curve in a picture that is `factor` times as large, both starting in the corner of their first pixel.
    pub(super) fn enlarged(&self, factor: f32) -> Self {
        // Whole coordinates are the middles of pixels.
        let place = |px: f32| (px + 0.5) * factor - 0.5;
        Self { centre: (place(self.centre.0), place(self.centre.1)), radii: self.radii.map(|radius| radius * factor) }
    }
}

/// The x and y of each direction: the first one turned on, again and again.
pub(super) const UNIT: [(f32, f32); Contour::DIRECTIONS] = {
    let (cos, sin) = (0.998_795_456_205_172_4_f64, 0.049_067_674_327_418_015_f64);
    let mut unit = [(0.0, 0.0); Contour::DIRECTIONS];
    let (mut x, mut y, mut a) = (1.0_f64, 0.0_f64, 0);
    while a < Contour::DIRECTIONS {
        unit[a] = (x as f32, y as f32);
        (x, y) = (x * cos - y * sin, x * sin + y * cos);
        a += 1;
    }
    unit
};

/// Every direction.
pub(super) const ALL: [usize; Contour::DIRECTIONS] = {
    let mut all = [0; Contour::DIRECTIONS];
    let mut a = 0;
    while a < all.len() {
        all[a] = a;
        a += 1;
    }
    all
};

/// Where the iris begins and ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eye {
    /// Its inner boundary.
    pub pupil: Contour,
    /// Its outer boundary, against the white of the eye; behind the lids where it would go on.
    pub limbus: Contour,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_go_clockwise_from_the_right_as_rows_go_down() {
        let points = Contour::circle((10.0, 20.0), 4.0).points();
        let near = |(x, y): (f32, f32), (u, v): (f32, f32)| (x - u).abs() < 1e-4 && (y - v).abs() < 1e-4;
        assert!(near(points[0], (14.0, 20.0)) && near(points[32], (10.0, 24.0)) && near(points[96], (10.0, 16.0)));
    }

    #[test]
    fn the_best_circle_of_a_circle_seen_from_beside_its_centre_is_that_circle() {
        let mut curve = Contour::circle((10.0, 10.0), 40.0);
        for (radius, (x, y)) in curve.radii.iter_mut().zip(UNIT) {
            *radius += 2.0 * x - 1.0 * y;
        }
        assert_eq!(curve.best_circle(), EyeCircle { x_px8: 96, y_px8: 72, radius_px8: 320 });
    }

    #[test]
    fn a_curve_is_continued_between_its_directions() {
        let mut curve = Contour::circle((0.0, 0.0), 1.0);
        curve.radii[127] = 3.0;
        assert!((curve.radius_towards(127.5 / 128.0) - 2.0).abs() < 1e-5);
        assert!((curve.radius_towards(-1.0 / 128.0) - 3.0).abs() < 1e-5);
    }
}
