//! Swellings and hollows: what makes features of a smooth head.

/// How far the skin lies out of the smooth head around a place, in millimetres; negative is a hollow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Swelling {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Where it ends; half its height is left at 0.45 of that.
    pub(super) half_width: f32,
    pub(super) half_height: f32,
    pub(super) out: f32,
}

impl Swelling {
    pub(super) const fn new(at: (f32, f32), halves: (f32, f32), out: f32) -> Self {
        Self { x: at.0, y: at.1, half_width: halves.0, half_height: halves.1, out }
    }

    /// How far out at (`x`, `y`).
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        self.out * bell((x - self.x) / self.half_width, (y - self.y) / self.half_height)
    }
}

/// 1 at 0, smoothly 0 from the unit circle on.
pub(super) fn bell(x: f32, y: f32) -> f32 {
    let rest = (1.0 - x * x - y * y).max(0.0);
    rest * rest * rest
}

/// The same in one dimension.
pub(super) fn hump(x: f32) -> f32 {
    bell(x, 0.0)
}

/// The larger of two, with a smooth passage where they differ by less than `width`.
pub(super) fn smooth_max(a: f32, b: f32, width: f32) -> f32 {
    let near = (width - (a - b).abs()).max(0.0) / width;
    a.max(b) + near * near * width * 0.25
}
