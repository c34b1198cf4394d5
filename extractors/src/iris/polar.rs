//! The picture as seen from a point in it.

use whorl_types::GreyImage;

use super::contour::{Contour, UNIT};

/// Shades along rays from a centre, one ray for each direction of a [`Contour`], one shade a pixel of distance.
pub(super) struct Polar {
    /// Shades of a ray.
    pub(super) reach: usize,
    /// Ray after ray, the centre first.
    shades: Vec<u8>,
    /// How many shades of each ray are from within the picture; the others repeat the last of those.
    pub(super) within: [usize; Contour::DIRECTIONS],
}

impl Polar {
    /// The picture around `centre` as far as `reach` pixels away, in the directions of `rays`; the others stay black.
    pub(super) fn around(image: &GreyImage, centre: (f32, f32), reach: usize, rays: &[usize]) -> Self {
        let mut shades = vec![0; reach * Contour::DIRECTIONS];
        let mut within = [0; Contour::DIRECTIONS];
        for &a in rays {
            let ray = &mut shades[a * reach..][..reach];
            within[a] = frame_distance(image, centre, UNIT[a]).min(reach);
            cast(image, centre, UNIT[a], &mut ray[..within[a]]);
            let last = within[a].checked_sub(1).map_or(0, |last| ray[last]);
            ray[within[a]..].fill(last);
        }
        Self { reach, shades, within }
    }

    /// Replaces the shades nearer than `radius` by those there, so that nothing rises within.
    pub(super) fn flatten_within(&mut self, radius: usize) {
        for ray in self.shades.chunks_exact_mut(self.reach) {
            let edge = ray[radius.min(ray.len() - 1)];
            ray[..radius].fill(edge);
        }
    }

    /// Replaces what is darker than `floor` by it.
    pub(super) fn lift_to(&mut self, floor: u8) {
        for shade in &mut self.shades {
            *shade = floor.max(*shade);
        }
    }

    /// The shades in direction `a`.
    pub(super) fn ray(&self, a: usize) -> &[u8] {
        &self.shades[a * self.reach..][..self.reach]
    }
}

/// How many steps of one pixel from `centre` stay where four pixels surround each point; none from outside.
fn frame_distance(image: &GreyImage, centre: (f32, f32), direction: (f32, f32)) -> usize {
    let along = |from: f32, step: f32, side: u32| {
        let (before, after) = (from - 0.01, side as f32 - 1.01 - from);
        let far = if step > 0.0 { after } else { before };
        if before < 0.0 || after < 0.0 { 0.0 } else { far / step.abs().max(1e-6) + 1.0 }
    };
    let columns = along(centre.0, direction.0, image.width_px());
    let rows = along(centre.1, direction.1, image.height_px());
    columns.min(rows) as usize
}

/// Fills `ray` by bilinear interpolation, in 256ths of a pixel.
fn cast(image: &GreyImage, centre: (f32, f32), direction: (f32, f32), ray: &mut [u8]) {
    let (pixels, width) = (image.pixels(), image.width_px() as usize);
    for (distance, shade) in ray.iter_mut().enumerate() {
        let distance = distance as f32;
        let x = ((centre.0 + distance * direction.0) * 256.0) as usize;
        let y = ((centre.1 + distance * direction.1) * 256.0) as usize;
        let at = (y >> 8) * width + (x >> 8);
        let (right, down) = ((x & 255) as u32, (y & 255) as u32);
        let mixed = |at: usize| u32::from(pixels[at]) * (256 - right) + u32::from(pixels[at + 1]) * right;
        *shade = ((mixed(at) * (256 - down) + mixed(at + width) * down + (1 << 15)) >> 16) as u8;
    }
}
