//! Where rays brighten.

use super::contour::Contour;
use super::polar::Polar;

/// How much brighter each ray is beyond a place than before it, in grey levels, clipped so that no single edge outvotes the
/// others.
pub(super) struct Edges {
    /// Places of a ray.
    pub(super) reach: usize,
    /// Ray after ray.
    rises: Vec<i16>,
}

impl Edges {
    /// The rises of all rays, from means over `span` pixels on either side, none over `most` or under `-most`.
    pub(super) fn of(polar: &Polar, span: usize, most: i16) -> Self {
        let mut rises = vec![0; polar.reach * Contour::DIRECTIONS];
        let mut sums = vec![0u16; polar.reach + 1];
        for (a, rises) in rises.chunks_exact_mut(polar.reach).enumerate() {
            rise(polar.ray(a), span, most, &mut sums, rises);
            // Beyond the frame there is nothing to see.
            let seen = polar.within[a].saturating_sub(span).min(rises.len());
            rises[seen..].fill(0);
        }
        Self { reach: polar.reach, rises }
    }

    /// The rises in direction `a`.
    pub(super) fn ray(&self, a: usize) -> &[i16] {
        &self.rises[a * self.reach..][..self.reach]
    }
}

fn rise(ray: &[u8], span: usize, most: i16, sums: &mut [u16], rises: &mut [i16]) {
    let mut sum = 0u16;
    for (&shade, total) in ray.iter().zip(&mut sums[1..]) {
        // Differences of wrapped sums are right as long as a span holds less than 65,536.
        sum = sum.wrapping_add(u16::from(shade));
        *total = sum;
    }
    let Some(places) = ray.len().checked_sub(2 * span) else { return };
    let scale = ((1 << 15) / span) as i32;
    let (before, at, after, beyond) = (&sums[..places], &sums[span..], &sums[span + 1..], &sums[2 * span + 1..]);
    for ((((before, at), after), beyond), rise) in before.iter().zip(at).zip(after).zip(beyond).zip(&mut rises[span..])
    {
        let (inner, outer) = (i32::from(at.wrapping_sub(*before)), i32::from(beyond.wrapping_sub(*after)));
        *rise = (((outer - inner) * scale) >> 15).clamp(-i32::from(most), i32::from(most)) as i16;
    }
}
