//! The frame of a minutia: its position is the origin, its direction the first axis.

use whorl_types::Minutia;

/// A point or vector in a minutia's frame or in the picture, in pixels at 500 ppi.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// The frame of one minutia.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    origin: Point,
    cos: f32,
    sin: f32,
}

impl Frame {
    pub(super) fn of(minutia: Minutia) -> Self {
        let (cos, sin) = unit(minutia.angle);
        Self { origin: position(minutia), cos, sin }
    }

    /// Where a point of this frame lies in the picture, whose y axis points down.
    pub(super) fn to_picture(self, local: Point) -> Point {
        Point {
            x: self.origin.x + local.x * self.cos - local.y * self.sin,
            y: self.origin.y - local.x * self.sin - local.y * self.cos,
        }
    }

    /// Where a point of the picture lies in this frame.
    pub(super) fn to_local(self, picture: Point) -> Point {
        let (dx, dy) = (picture.x - self.origin.x, picture.y - self.origin.y);
        Point { x: dx * self.cos - dy * self.sin, y: -dx * self.sin - dy * self.cos }
    }

    /// A doubled direction of the picture as this frame sees it: turned back by twice the minutia's direction.
    pub(super) fn turn_doubled(self, cos: f32, sin: f32) -> (f32, f32) {
        let (c, s) = (self.cos * self.cos - self.sin * self.sin, 2.0 * self.cos * self.sin);
        (cos * c + sin * s, sin * c - cos * s)
    }
}

/// Where a minutia is, in pixels.
pub(super) fn position(minutia: Minutia) -> Point {
    Point { x: f32::from(minutia.x_px8) / 8.0, y: f32::from(minutia.y_px8) / 8.0 }
}

/// Cosine and sine of an angle in 256ths of a turn.
pub(super) fn unit(angle: u8) -> (f32, f32) {
    let (sin, cos) = libm::sincosf(f32::from(angle) * (std::f32::consts::TAU / 256.0));
    (cos, sin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use whorl_types::{MinutiaKind, Quality};

    #[test]
    fn a_point_comes_back_from_the_picture() {
        let quality = Quality::new(50).unwrap();
        for angle in [0, 31, 64, 200] {
            let frame = Frame::of(Minutia { x_px8: 803, y_px8: 411, angle, kind: MinutiaKind::Ending, quality });
            let local = Point { x: 12.5, y: -33.0 };
            let back = frame.to_local(frame.to_picture(local));
            assert!((back.x - local.x).abs() < 1e-3 && (back.y - local.y).abs() < 1e-3);
        }
    }

    #[test]
    fn a_quarter_turn_points_up_the_picture() {
        let quality = Quality::new(50).unwrap();
        let frame = Frame::of(Minutia { x_px8: 80, y_px8: 80, angle: 64, kind: MinutiaKind::Ending, quality });
        let ahead = frame.to_picture(Point { x: 5.0, y: 0.0 });
        assert!((ahead.x - 10.0).abs() < 1e-4 && (ahead.y - 5.0).abs() < 1e-4);
    }
}
