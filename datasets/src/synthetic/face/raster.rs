//! From sheets to samples of a picture: the nearest surface at each.

use super::colour::Colour;

/// Samples across and down a pixel; they are averaged last.
pub(super) const SAMPLES_PX: usize = 2;

/// The samples of a picture, row after row from the top.
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) colours: Vec<Colour>,
    /// How near what is seen is: one over millimetres from the camera, 0 endlessly far.
    nearness: Vec<f32>,
}

/// A point of a sheet as the camera sees it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// Samples from the left and from the top.
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) near: f32,
    pub(super) lit: Lit,
}

/// The light on a point: that which it scatters, and that which it mirrors to the camera.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lit {
    pub(super) light: Colour,
    pub(super) shine: f32,
}

/// A point of a sheet that has `columns`, and whether its back can be seen too.
pub(super) struct Lattice<'a> {
    pub(super) columns: usize,
    pub(super) points: &'a [Seen],
    pub(super) two_sided: bool,
}

impl Canvas {
    pub(super) fn new(width_px: usize, height_px: usize) -> Self {
        let (width, height) = (width_px * SAMPLES_PX, height_px * SAMPLES_PX);
        Self { width, height, colours: vec![[0.0; 3]; width * height], nearness: vec![0.0; width * height] }
    }

    /// Colours all samples of a pixel, endlessly far away.
    pub(super) fn fill_pixel(&mut self, x: usize, y: usize, colour: Colour) {
        for row in y * SAMPLES_PX..(y + 1) * SAMPLES_PX {
            self.colours[row * self.width + x * SAMPLES_PX..][..SAMPLES_PX].fill(colour);
        }
    }

    /// Draws a sheet: `paint(u, v, lit)` is its colour at column `u` and row `v`, or nothing where it has a hole.
    pub(super) fn draw(&mut self, lattice: &Lattice, paint: impl Fn(f32, f32, &Lit) -> Option<Colour>) {
        let columns = lattice.columns;
        let rows = lattice.points.len() / columns;
        for row in 0..rows - 1 {
            for column in 0..columns - 1 {
                let first = row * columns + column;
                let corner = |down: usize, right: usize| {
                    let at = ((column + right) as f32, (row + down) as f32);
                    (lattice.points[first + down * columns + right], at)
                };
                let [a, b, c, d] = [corner(0, 0), corner(0, 1), corner(1, 0), corner(1, 1)];
                self.triangle([a, b, c], lattice.two_sided, &paint);
                self.triangle([b, d, c], lattice.two_sided, &paint);
            }
        }
    }

    fn triangle(
        &mut self,
        corners: [(Seen, (f32, f32)); 3],
        two_sided: bool,
        paint: &impl Fn(f32, f32, &Lit) -> Option<Colour>,
    ) {
        let [a, b, c] = corners.map(|(seen, _)| seen);
        let area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
        if area.abs() < 1e-6 || (area < 0.0 && !two_sided) {
            return;
        }
        let span = |values: [f32; 3], limit: usize| {
            let low = values[0].min(values[1]).min(values[2]).max(0.0);
            let high = values[0].max(values[1]).max(values[2]).min(limit as f32 - 1.0);
            low as usize..(high + 1.0).max(0.0) as usize
        };
        let (across, down) = (span([a.x, b.x, c.x], self.width), span([a.y, b.y, c.y], self.height));
        for y in down {
            for x in across.clone() {
                let (dx, dy) = (x as f32 - a.x, y as f32 - a.y);
                let second = (dx * (c.y - a.y) - (c.x - a.x) * dy) / area;
                let third = ((b.x - a.x) * dy - dx * (b.y - a.y)) / area;
                let weights = [1.0 - second - third, second, third];
                if weights.iter().any(|&weight| weight < -1e-4) {
                    continue;
                }
                let blend =
                    |value: fn(&Seen) -> f32| weights[0] * value(&a) + weights[1] * value(&b) + weights[2] * value(&c);
                let (at, near) = (y * self.width + x, blend(|seen| seen.near));
                if near <= self.nearness[at] {
                    continue;
                }
                let lit = Lit {
                    light: [
                        blend(|seen| seen.lit.light[0]),
                        blend(|seen| seen.lit.light[1]),
                        blend(|seen| seen.lit.light[2]),
                    ],
                    shine: blend(|seen| seen.lit.shine),
                };
                let place = |value: fn(&(f32, f32)) -> f32| {
                    (0..3).map(|corner| weights[corner] * value(&corners[corner].1)).sum::<f32>()
                };
                if let Some(colour) = paint(place(|at| at.0), place(|at| at.1), &lit) {
                    self.colours[at] = colour;
                    self.nearness[at] = near;
                }
            }
        }
    }
}
