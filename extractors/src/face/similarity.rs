//! Turning, scaling and shifting: the only ways in which a face is brought to a network.

/// A point, `[x, y]` in pixels, x to the right, y downwards; whole numbers are the centres of pixels.
pub type Point = [f32; 2];

/// The map `(x, y) -> (right * x - down * y + shift[0], down * x + right * y + shift[1])`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// The scale times the cosine of the turn.
    right: f32,
    /// The scale times the sine of the turn, which goes from x to y: clockwise as pictures are seen.
    down: f32,
    /// Where the origin goes, in pixels.
    shift: Point,
}

impl Similarity {
    /// Leaves every point where it is.
    pub const IDENTITY: Self = Self { right: 1.0, down: 0.0, shift: [0.0; 2] };

    /// Scales by `scale`, then shifts.
    #[must_use]
    pub fn scaling(scale: f32, shift: Point) -> Self {
        Self { right: scale, down: 0.0, shift }
    }

    /// Takes the pixels of a square of `side_px` to those of the square before it was turned clockwise by `quarter_turns`.
    #[must_use]
    pub fn unturning(quarter_turns: u8, side_px: usize) -> Self {
        let last = side_px as f32 - 1.0;
        match quarter_turns % 4 {
            0 => Self::IDENTITY,
            1 => Self { right: 0.0, down: -1.0, shift: [0.0, last] },
            2 => Self { right: -1.0, down: 0.0, shift: [last, last] },
            _ => Self { right: 0.0, down: 1.0, shift: [last, 0.0] },
        }
    }

    /// The similarity that brings `from` closest to `to`, in the sum of squared distances: Umeyama, IEEE PAMI 13(4), 1991, which
    /// in two dimensions needs no singular values. `None` where the points of `from`, or what they would become, are one place.
    #[must_use]
    pub fn fit<const N: usize>(from: &[Point; N], to: &[Point; N]) -> Option<Self> {
        let (from_centre, to_centre) = (centre(from), centre(to));
        let (mut spread, mut along, mut across) = (0.0_f32, 0.0_f32, 0.0_f32);
        for (point, target) in from.iter().zip(to) {
            let [x, y] = difference(*point, from_centre);
            let [u, v] = difference(*target, to_centre);
            spread += x * x + y * y;
            along += x * u + y * v;
            across += x * v - y * u;
        }
        let (right, down) = (along / spread, across / spread);
        let [x, y] = from_centre;
        let shift = [to_centre[0] - (right * x - down * y), to_centre[1] - (down * x + right * y)];
        let fitted = Self { right, down, shift };
        let usable = shift.iter().all(|value| value.is_finite()) && fitted.scale().is_normal();
        usable.then_some(fitted)
    }

    /// Where a point goes.
    #[must_use]
    pub fn apply(&self, [x, y]: Point) -> Point {
        [self.right * x - self.down * y + self.shift[0], self.down * x + self.right * y + self.shift[1]]
    }

    /// How many times longer distances become.
    #[must_use]
    pub fn scale(&self) -> f32 {
        (self.right * self.right + self.down * self.down).sqrt()
    }

    /// How far it turns clockwise, in degrees, -180 to 180.
    #[must_use]
    pub fn turn_degrees(&self) -> f32 {
        libm::atan2f(self.down, self.right).to_degrees()
    }

    /// This, then `next`.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        Self {
            right: next.right * self.right - next.down * self.down,
            down: next.down * self.right + next.right * self.down,
            shift: next.apply(self.shift),
        }
    }

    /// The way back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let square = self.right * self.right + self.down * self.down;
        let (right, down) = (self.right / square, -self.down / square);
        let [x, y] = self.shift;
        Self { right, down, shift: [-(right * x - down * y), -(down * x + right * y)] }
    }
}

/// The mean of points.
pub(super) fn centre<const N: usize>(points: &[Point; N]) -> Point {
    let sum = points.iter().fold([0.0, 0.0], |[x, y], [u, v]| [x + u, y + v]);
    sum.map(|value| value / N as f32)
}

/// How far apart two points are.
pub(super) fn distance(from: Point, to: Point) -> f32 {
    let [x, y] = difference(to, from);
    (x * x + y * y).sqrt()
}

/// The way from `origin` to `point`.
pub(super) fn difference([x, y]: Point, origin: Point) -> Point {
    [x - origin[0], y - origin[1]]
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURE: [Point; 5] = [[38.3, 51.7], [73.5, 51.5], [56.0, 71.7], [41.5, 92.4], [70.7, 92.2]];

    fn near(one: Point, other: Point) -> bool {
        distance(one, other) < 1e-3
    }

    #[test]
    fn a_turned_scaled_and_shifted_figure_is_fitted_exactly() {
        for degrees in [-170.0_f32, -90.0, -33.0, 0.0, 12.5, 90.0, 179.0] {
            let (sine, cosine) = libm::sincosf(degrees.to_radians());
            let given = Similarity { right: 2.5 * cosine, down: 2.5 * sine, shift: [-40.0, 300.0] };
            let fitted = Similarity::fit(&FIGURE, &FIGURE.map(|point| given.apply(point))).unwrap();
            assert!((fitted.scale() - 2.5).abs() < 1e-4 && (fitted.turn_degrees() - degrees).abs() < 1e-2);
            assert!(FIGURE.iter().all(|&point| near(fitted.apply(point), given.apply(point))));
        }
    }

    #[test]
    fn no_similarity_near_the_fitted_one_is_closer() {
        let bent = [[40.0, 50.0], [70.0, 55.0], [60.0, 70.0], [40.0, 95.0], [72.0, 88.0]];
        let squares = |map: &Similarity| -> f32 {
            FIGURE.iter().zip(&bent).map(|(from, to)| distance(map.apply(*from), *to)).map(|away| away * away).sum()
        };
        let best = Similarity::fit(&FIGURE, &bent).unwrap();
        for step in [-0.01, 0.01] {
            let others = [
                Similarity { right: best.right + step, ..best },
                Similarity { down: best.down + step, ..best },
                Similarity { shift: [best.shift[0] + 10.0 * step, best.shift[1]], ..best },
                Similarity { shift: [best.shift[0], best.shift[1] + 10.0 * step], ..best },
            ];
            assert!(others.iter().all(|other| squares(other) > squares(&best)));
        }
    }

    #[test]
    fn points_in_one_place_fit_nothing() {
        assert_eq!(Similarity::fit(&[[3.0, 4.0]; 5], &FIGURE), None);
        assert_eq!(Similarity::fit(&FIGURE, &[[3.0, 4.0]; 5]), None);
        assert_eq!(Similarity::fit(&FIGURE, &[[f32::NAN, 4.0]; 5]), None);
    }

    #[test]
    fn the_way_back_undoes_the_way() {
        let way = Similarity { right: 0.3, down: -1.7, shift: [25.0, -8.0] };
        for point in FIGURE {
            assert!(near(way.inverse().apply(way.apply(point)), point));
            assert!(near(way.then(&way.inverse()).apply(point), point));
            assert!(near(way.then(&way).apply(point), way.apply(way.apply(point))));
        }
    }

    #[test]
    fn four_quarter_turns_are_none() {
        let quarter = Similarity::unturning(1, 64);
        assert!(near(quarter.apply([63.0, 0.0]), [0.0, 0.0]), "the top left corner went to the top right");
        assert_eq!(quarter.then(&quarter), Similarity::unturning(2, 64));
        assert_eq!(quarter.then(&quarter).then(&quarter), Similarity::unturning(3, 64));
        assert_eq!(Similarity::unturning(1, 64).then(&Similarity::unturning(3, 64)), Similarity::IDENTITY);
    }
}
