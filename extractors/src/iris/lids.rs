//! Where the lids cross the iris.
//!
//! A lid is a parabola; over all that could cross the iris, the one along which the picture brightens most from iris to skin
//! is taken (Daugman's operator with an arc in place of the circle, IEEE CSVT 14(1), 2004).

use whorl_kernels::{Kernels, Work};
use whorl_types::GreyImage;

use super::contour::Eye;
use super::strip::sample;

/// Half the side of the square around the limbus in which lids are sought, in steps.
const REACH: i32 = 48;

/// Steps in a radius of the limbus.
const RADIUS_STEPS: f32 = 44.0;

/// Steps on either side of an edge that are compared.
const DEPTH: i32 = 3;

/// Contrast of an edge, as a fraction of the grey around it, above which more counts for no more.
const MOST_CONTRAST: f32 = 0.12;

/// Mean contrast along an arc from which on it is a lid.
const LEAST_CONTRAST: f32 = 0.035;

/// An arc that has this much of the strongest one's contrast may be the upper lid as well, and the lower.
const NEARLY: (f32, f32) = (0.85, 0.9);

/// The fewest places of an arc within the iris: of fewer, as beside a wide pupil, some look like an edge by chance.
const FEWEST_PLACES: f32 = 16.0;

/// Room that is left around the pupil, whose own edge is stronger than any lid's, in radii of the limbus.
const PUPIL_MARGIN: f32 = 0.12;

/// How many steps an arc bends away, from its middle to the side of the iris; and how many it drops.
const BENDS: [f32; 7] = [-4.0, 2.0, 8.0, 14.0, 20.0, 26.0, 32.0];
const TILTS: [f32; 7] = [-18.0, -12.0, -6.0, 0.0, 6.0, 12.0, 18.0];

/// Heights over the middle of the iris that are tried.
const HEIGHTS: usize = 43;

/// The lowest that an arc gets on its way, and from there the highest.
const LOWEST: i32 = -54;
const SPAN: usize = 120;

/// The places from left to right at which arcs are compared.
fn places() -> impl Iterator<Item = i32> {
    (-REACH + 4..=REACH - 4).step_by(2)
}

/// A lid's edge: how far above the middle of the iris, and how that changes from left to right; below, for the lower lid.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Arc {
    /// Height over the middle, in steps.
    height: f32,
    /// Steps it rises from the middle to the right.
    tilt: f32,
    /// Steps it falls from the middle to either side.
    bend: f32,
}

impl Arc {
    /// Its mean height over the iris.
    fn inwards(&self) -> f32 {
        self.height - self.bend / 4.0
    }

    /// Its height at `x` steps right of the middle.
    fn at(&self, x: f32) -> f32 {
        let side = x / RADIUS_STEPS;
        self.height + side * (self.tilt - side * self.bend)
    }
}

/// What the lids leave free of an eye.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lids {
    centre: (f32, f32),
    step_px: f32,
    upper: Option<Arc>,
    lower: Option<Arc>,
}

impl Lids {
    /// The lids over `eye`.
    pub(super) fn find(image: &GreyImage, eye: &Eye) -> Self {
        let centre = eye.limbus.centre;
        let step_px = eye.limbus.radius() / RADIUS_STEPS;
        let view = View::new(image, eye, step_px);
        Self { centre, step_px, upper: view.best_arc(-1), lower: view.best_arc(1) }
    }

    /// Whether a lid covers the place.
    pub(super) fn cover(&self, (x, y): (f32, f32)) -> bool {
        let (x, y) = ((x - self.centre.0) / self.step_px, (y - self.centre.1) / self.step_px);
        self.upper.is_some_and(|arc| -y > arc.at(x)) || self.lower.is_some_and(|arc| y > arc.at(x))
    }
}

/// The surroundings of an iris at a size that is always the same.
struct View {
    /// Grey levels, row after row.
    grey: Vec<f32>,
    /// Where the iris could be seen.
    iris: Vec<bool>,
    /// The height below which no lower lid can be.
    below_pupil: i32,
}

const SIDE: usize = 2 * REACH as usize + 1;

fn index(x: i32, y: i32) -> usize {
    (y + REACH) as usize * SIDE + (x + REACH) as usize
}

impl View {
    fn new(image: &GreyImage, eye: &Eye, step_px: f32) -> Self {
        let centre = eye.limbus.centre;
        let pupil = (eye.pupil.radius() / step_px + PUPIL_MARGIN * RADIUS_STEPS, eye.pupil.centre);
        let (px, py) = ((pupil.1.0 - centre.0) / step_px, (pupil.1.1 - centre.1) / step_px);
        let (mut grey, mut iris) = (vec![0.0; SIDE * SIDE], vec![false; SIDE * SIDE]);
        for y in -REACH..=REACH {
            for x in -REACH..=REACH {
                let (u, v) = (x as f32, y as f32);
                let shade = [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)]
                    .map(|(dx, dy)| sample(image, (centre.0 + (u + dx) * step_px, centre.1 + (v + dy) * step_px)));
                let inside = u * u + v * v < RADIUS_STEPS * RADIUS_STEPS;
                let outside = (u - px) * (u - px) + (v - py) * (v - py) > pupil.0 * pupil.0;
                if let [Some(a), Some(b), Some(c), Some(d)] = shade {
                    grey[index(x, y)] = (a + b + c + d) * 0.25;
                    iris[index(x, y)] = inside && outside;
                }
            }
        }
        Self { grey, iris, below_pupil: (py + pupil.0) as i32 }
    }

    /// The innermost arc that is nearly as much of an edge as the strongest: skin beyond a lid's rim has edges, too. They
    /// brighten in direction `away`, -1 for up and 1 for down.
    fn best_arc(&self, away: i32) -> Option<Arc> {
        let (lowest, nearly) = if away < 0 { (0, NEARLY.0) } else { (self.below_pupil, NEARLY.1) };
        let arcs = Kernels::best().run(Scores { columns: &self.columns(away) });
        let arcs = arcs.into_iter().filter(|(_, arc)| arc.height >= lowest as f32);
        let most = arcs.clone().map(|(contrast, _)| contrast).fold(LEAST_CONTRAST / nearly, f32::max);
        let strong = arcs.filter(|(contrast, _)| *contrast >= nearly * most).map(|(_, arc)| arc);
        strong.min_by(|a, b| a.inwards().total_cmp(&b.inwards()))
    }

    /// How much brighter it is on the side of `away` than on the other, as a fraction of both, where the iris could be seen.
    fn columns(&self, away: i32) -> Vec<Column> {
        let contrast = |x: i32, y: i32| {
            let near = |step: i32| self.grey[index(x, y + step * away)];
            let (beyond, before) = (near(1) + near(2) + near(3), near(-1) + near(-2) + near(-3));
            let contrast = (beyond - before) / (beyond + before).max(1.0);
            contrast.clamp(-MOST_CONTRAST, MOST_CONTRAST)
        };
        let column = |x: i32| {
            let mut column = Column { contrast: [0.0; SPAN], inside: [0.0; SPAN] };
            for y in -REACH + DEPTH..=REACH - DEPTH {
                if self.iris[index(x, y)] {
                    let height = (away * y - LOWEST) as usize;
                    (column.contrast[height], column.inside[height]) = (contrast(x, y), 1.0);
                }
            }
            column
        };
        places().map(column).collect()
    }
}

/// What an arc can meet at one place from left to right, from the height [`LOWEST`] on upwards.
struct Column {
    contrast: [f32; SPAN],
    inside: [f32; SPAN],
}

/// The contrast of every arc, compiled for the instruction set in use.
struct Scores<'a> {
    columns: &'a [Column],
}

impl Work for Scores<'_> {
    type Answer = Vec<(f32, Arc)>;

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) -> Vec<(f32, Arc)> {
        let mut arcs = Vec::with_capacity(BENDS.len() * TILTS.len() * HEIGHTS);
        for (bend, tilt) in BENDS.into_iter().flat_map(|bend| TILTS.map(|tilt| (bend, tilt))) {
            let shape = Arc { height: 0.0, tilt, bend };
            let (mut sums, mut counts) = ([0.0; HEIGHTS], [0.0; HEIGHTS]);
            for (x, column) in places().zip(self.columns) {
                let from = ((shape.at(x as f32) + 0.5).floor() as i32 - LOWEST) as usize;
                let (contrast, inside) = (&column.contrast[from..][..HEIGHTS], &column.inside[from..][..HEIGHTS]);
                for height in 0..HEIGHTS {
                    sums[height] += contrast[height];
                    counts[height] += inside[height];
                }
            }
            arcs.extend(
                (0..HEIGHTS)
                    .filter(|&height| counts[height] >= FEWEST_PLACES)
                    .map(|height| (sums[height] / counts[height], Arc { height: height as f32, ..shape })),
            );
        }
        arcs
    }
}
