//! Where rays brighten.

use whorl_kernels::{Kernels, Work};

use super::contour::Contour;
use super::polar::Polar;

/// A rise under this many grey levels is noise.
const FAINTEST: i16 = 6;

/// How far from a circle its edge is looked for.
const REACH_PX: usize = 2;

/// How much brighter each ray is beyond a place than before it, in grey levels, clipped so that no single edge outvotes the
/// others.
pub(super) struct Edges {
    /// Places of a ray.
    pub(super) reach: usize,
    /// Ray after ray.
    rises: Vec<i16>,
}

impl Edges {
    /// The rises of `rays`, from means over `span` pixels on either side, none over `most` or under `-most`.
    pub(super) fn of(polar: &Polar, rays: &[usize], span: usize, most: i16) -> Self {
        let mut rises = vec![0; polar.reach * Contour::DIRECTIONS];
        let mut sums = vec![0u16; polar.reach + 1];
        for &a in rays {
            let rises = &mut rises[a * polar.reach..][..polar.reach];
            rise(polar.ray(a), span, most, &mut sums, rises);
            // Beyond the frame there is nothing to see.
            let seen = polar.within[a].saturating_sub(span).min(rises.len());
            rises[seen..].fill(0);
        }
        Self { reach: polar.reach, rises }
    }

    /// The rise that half of `rays` have about `radius`: a boundary is followed with edges clipped a little above it, because
    /// the edge of a lid is often stronger, but is not to attract more.
    pub(super) fn typical(&self, rays: &[usize], radius: usize) -> i16 {
        let near = radius.saturating_sub(REACH_PX)..(radius + REACH_PX + 1).min(self.reach);
        let mut rises: Vec<i16> =
            rays.iter().filter_map(|&a| self.ray(a)[near.clone()].iter().copied().max()).collect();
        rises.sort_unstable();
        rises.get(rises.len() / 2).map_or(FAINTEST, |&middle| middle.max(FAINTEST))
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
    let (scale, most) = (((1 << 15) / span) as i32, i32::from(most));
    let sums = [0, span, span + 1, 2 * span + 1].map(|from| &sums[from..][..places]);
    Kernels::best().run(Differences { sums, scale, most, rises: &mut rises[span..][..places] });
}

/// At each place the mean of what follows less that of what precedes, from running sums.
struct Differences<'a> {
    sums: [&'a [u16]; 4],
    scale: i32,
    most: i32,
    rises: &'a mut [i16],
}

impl Work for Differences<'_> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) {
        let places = self.rises.len();
        let [before, at, after, beyond] = self.sums.map(|sums| &sums[..places]);
        for (place, rise) in self.rises.iter_mut().enumerate() {
            let inner = i32::from(at[place].wrapping_sub(before[place]));
            let outer = i32::from(beyond[place].wrapping_sub(after[place]));
            *rise = (((outer - inner) * self.scale) >> 15).clamp(-self.most, self.most) as i16;
        }
    }
}
