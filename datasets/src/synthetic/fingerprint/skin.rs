//! The skin of a finger: what of it lasts from one print to the next.

use super::ridges::{COLUMNS, ROWS};
use crate::synthetic::plane::Plane;
use crate::synthetic::random::{Random, rise};

/// A straight line where the skin is worn, cut or folded.
pub(super) struct Groove {
    from: (f32, f32),
    to: (f32, f32),
    half_width: f32,
    depth: f32,
}

impl Groove {
    /// A line somewhere within `width` x `height`, `longest` at most.
    pub(super) fn new(width: f32, height: f32, longest: f32, random: &mut Random) -> Self {
        let (x, y) = (random.between(0.0, width), random.between(0.0, height));
        let (length, angle) = (random.between(0.2, 1.0) * longest, random.normal(0.0, 0.7));
        let to = (x + length * libm::cosf(angle), y + length * libm::sinf(angle));
        Self { from: (x, y), to, half_width: random.between(1.2, 3.6), depth: random.between(0.8, 2.4) }
    }

    /// How deep the skin is at a point.
    fn depth_at(&self, x: f32, y: f32) -> f32 {
        let (along_x, along_y) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let (x, y) = (x - self.from.0, y - self.from.1);
        let part = ((x * along_x + y * along_y) / (along_x * along_x + along_y * along_y)).clamp(0.0, 1.0);
        let (dx, dy) = (x - part * along_x, y - part * along_y);
        // It fades towards both ends.
        let fade = 4.0 * part * (1.0 - part);
        self.depth * fade.min(1.0) * rise(self.half_width + 1.0, self.half_width - 1.0, (dx * dx + dy * dy).sqrt())
    }
}

impl Plane {
    /// Lowers the plane along `groove`.
    pub(super) fn cut(&mut self, groove: &Groove) {
        let margin = groove.half_width + 2.0;
        let span = |a: f32, b: f32, limit: usize| {
            let first = (a.min(b) - margin).max(0.0) as usize;
            first.min(limit)..((a.max(b) + margin).max(0.0) as usize + 1).min(limit)
        };
        for y in span(groove.from.1, groove.to.1, self.height) {
            for x in span(groove.from.0, groove.to.0, self.width) {
                self.values[y * self.width + x] -= groove.depth_at(x as f32, y as f32);
            }
        }
    }
}

/// The skin at 500 ppi from `ridges` grown at half of that, with pores, creases and scars.
pub(super) fn finish(ridges: Vec<f32>, random: &mut Random) -> Plane {
    let wide = Plane { width: COLUMNS, height: ROWS, values: ridges };
    let wide = double_rows(&double_rows(&wide).transposed());
    let mut skin = wide.transposed();
    pores(&mut skin, random);
    for _ in 0..random.below(7) * random.below(2) + random.below(3) {
        skin.cut(&Groove::new(skin.width as f32, skin.height as f32, 170.0, random));
    }
    skin
}

/// Twice as many rows: each new one between its neighbours, by the cubic through the four nearest.
fn double_rows(plane: &Plane) -> Plane {
    let Plane { width, height, values } = plane;
    let row = |at: isize| &values[at.clamp(0, *height as isize - 1) as usize * width..][..*width];
    let mut doubled = Vec::with_capacity(2 * values.len());
    for at in 0..*height as isize {
        doubled.extend_from_slice(row(at));
        let [a, b, c, d] = [at - 1, at, at + 1, at + 2].map(row);
        doubled.extend((0..*width).map(|x| (9.0 * (b[x] + c[x]) - (a[x] + d[x])) / 16.0));
    }
    Plane { width: *width, height: 2 * height, values: doubled }
}

/// Sweat pores: a small pit on a ridge, one for every square of this side.
const PORE_EVERY_PX: usize = 9;

fn pores(skin: &mut Plane, random: &mut Random) {
    for y in (2..skin.height - PORE_EVERY_PX).step_by(PORE_EVERY_PX) {
        for x in (2..skin.width - PORE_EVERY_PX).step_by(PORE_EVERY_PX) {
            let (x, y) = (x + random.below(8) as usize, y + random.below(8) as usize);
            let depth = random.between(0.0, 0.9);
            let centre = y * skin.width + x;
            if skin.values[centre] > 0.3 {
                for (offset, part) in [(0, 1.0), (1, 0.6), (skin.width, 0.6), (skin.width + 1, 0.4)] {
                    skin.values[centre + offset] -= depth * part;
                }
            }
        }
    }
}
