//! Where a dark disc may be: every edge votes for the centres that it would be an edge of.
//!
//! The circle transform with gradient directions (Kimme, Ballard and Sklansky, 1975), one plane of votes for each radius. Edges
//! are taken at half the size of the working picture, votes at a quarter of it.

use whorl_kernels::{Kernels, Work};
use whorl_types::GreyImage;

use super::working::reduced;

/// The radii voted for, in cells of four pixels.
const RADII: std::ops::RangeInclusive<usize> = 2..=21;

/// A gradient under this is no edge, in grey levels over two pixels at half size.
const FAINTEST_EDGE: i32 = 10;

/// The vote of a stronger edge counts no more than that of one as strong.
const STRONGEST_EDGE: f32 = 60.0;

/// Votes of a grey level: the strongest edges all around the largest circle, two pixels thick, stay under 65,536 with it.
const VOTE_SCALE: f32 = 0.25;

/// How many discs are worth a closer look.
const MOST: usize = 8;

/// How many discs of this radius are, whatever small ones line up along a strong edge, such as that of a painted lid.
const MOST_LARGE: usize = 2;
const LARGE_PX: f32 = 24.0;

/// A disc that is perhaps a pupil, in pixels of the working picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) centre: (f32, f32),
    pub(super) radius: f32,
    pub(super) votes: f32,
}

/// The discs that most of their rims vote for, best first.
pub(super) fn candidates(image: &GreyImage) -> Vec<Candidate> {
    let half = reduced(image, 2);
    let quarter = reduced(&half, 2);
    let votes = Votes::cast(&half, &quarter);
    let mut found = votes.peaks(&quarter);
    found.sort_by(|a, b| b.votes.total_cmp(&a.votes));
    let mut apart: Vec<Candidate> = Vec::new();
    for candidate in found {
        let large = apart.iter().filter(|other| other.radius >= LARGE_PX).count();
        let room = apart.len() < MOST || (candidate.radius >= LARGE_PX && large < MOST_LARGE);
        if room && apart.iter().all(|other| !alike(other, &candidate)) {
            apart.push(candidate);
        }
    }
    apart
}

/// Whether two discs are the same one, seen a little differently.
fn alike(a: &Candidate, b: &Candidate) -> bool {
    let (x, y) = (a.centre.0 - b.centre.0, a.centre.1 - b.centre.1);
    let near = a.radius.min(b.radius) * 0.5;
    x * x + y * y < near * near && (a.radius - b.radius).abs() < 0.3 * a.radius.max(b.radius)
}

/// The votes for each centre and radius.
struct Votes {
    width: usize,
    height: usize,
    /// Plane after plane, smallest radius first.
    cells: Vec<u16>,
}

impl Votes {
    fn cast(half: &GreyImage, quarter: &GreyImage) -> Self {
        let (width, height) = (quarter.width_px() as usize, quarter.height_px() as usize);
        let mut votes = Self { width, height, cells: vec![0; width * height * RADII.count()] };
        for y in 1..half.height_px() as usize - 1 {
            let [above, row, below] = [y - 1, y, y + 1].map(|y| half.row(y as u32));
            for x in 1..row.len() - 1 {
                let across = i32::from(row[x + 1]) - i32::from(row[x - 1]);
                let down = i32::from(below[x]) - i32::from(above[x]);
                let square = across * across + down * down;
                if square >= FAINTEST_EDGE * FAINTEST_EDGE {
                    votes.edge((x, y), (across as f32, down as f32), (square as f32).sqrt());
                }
            }
        }
        votes
    }

    /// Lets the edge at (`x`, `y`) of the half-size picture vote, against its gradient.
    fn edge(&mut self, (x, y): (usize, usize), (across, down): (f32, f32), length: f32) {
        // In 65,536ths of a cell.
        let step = |part: f32| (part * (-65_536.0 / length)) as i32;
        let (step_x, step_y) = (step(across), step(down));
        let first = *RADII.start() as i32;
        let mut x = ((2 * x as i32 + 1) << 14) + first * step_x;
        let mut y = ((2 * y as i32 + 1) << 14) + first * step_y;
        let vote = (length.min(STRONGEST_EDGE) * VOTE_SCALE) as u16;
        for plane in self.cells.chunks_exact_mut(self.width * self.height) {
            let (column, row) = ((x >> 16) as usize, (y >> 16) as usize);
            if column < self.width && row < self.height {
                plane[row * self.width + column] += vote;
            }
            x += step_x;
            y += step_y;
        }
    }

    /// The most voted for radius of each centre that is a dark one, where no centre beside it has more votes.
    fn peaks(&self, quarter: &GreyImage) -> Vec<Candidate> {
        let best = self.best(quarter);
        let mut peaks = Vec::new();
        for y in 1..self.height - 1 {
            for x in 1..self.width - 1 {
                let (votes, radius) = best[y * self.width + x];
                let around = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| (x, y)));
                if votes > 0.0 && around.clone().all(|(x, y)| best[y * self.width + x].0 <= votes) {
                    let centre = (x as f32 * 4.0 + 1.5, y as f32 * 4.0 + 1.5);
                    peaks.push(Candidate { centre, radius: radius * 4.0, votes });
                }
            }
        }
        peaks
    }

    /// For each centre the votes of its best radius, as a share of the circumference and of darkness, and that radius.
    fn best(&self, quarter: &GreyImage) -> Vec<(f32, f32)> {
        let mut best = vec![(0.0, 0.0); self.width * self.height];
        let mut row = Row { columns: vec![0; self.width], votes: vec![0.0; self.width], radius: vec![0.0; self.width] };
        for y in 1..self.height - 1 {
            row.votes.fill(0.0);
            for (plane, radius) in self.cells.chunks_exact(self.width * self.height).zip(RADII) {
                let rows = [y - 1, y, y + 1].map(|y| &plane[y * self.width..][..self.width]);
                Kernels::best().run(Gather { rows, row: &mut row, radius: radius as f32 });
            }
            let found = row.votes.iter().zip(&row.radius).zip(quarter.row(y as u32));
            for (best, ((&votes, &radius), &shade)) in best[y * self.width..].iter_mut().zip(found) {
                *best = (votes * (1.0 - f32::from(shade) / 256.0), radius);
            }
        }
        best
    }
}

/// One row of centres.
struct Row {
    columns: Vec<u16>,
    votes: Vec<f32>,
    radius: Vec<f32>,
}

/// Compares the votes for one radius, those of a centre with those of its eight neighbours, with the most so far.
struct Gather<'a> {
    rows: [&'a [u16]; 3],
    row: &'a mut Row,
    radius: f32,
}

impl Work for Gather<'_> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) {
        let width = self.row.columns.len();
        let columns = &mut self.row.columns[..width];
        let [above, here, below] = self.rows.map(|row| &row[..width]);
        for (x, sum) in columns.iter_mut().enumerate() {
            *sum = above[x] + here[x] + below[x];
        }
        let (inner, share) = (width - 2, 1.0 / (self.radius + 1.0));
        let [left, middle, right] = [0, 1, 2].map(|from| &columns[from..][..inner]);
        let (most, radius) = (&mut self.row.votes[1..][..inner], &mut self.row.radius[1..][..inner]);
        for x in 0..inner {
            let votes = f32::from(left[x] + middle[x] + right[x]) * share;
            radius[x] = if votes > most[x] { self.radius } else { radius[x] };
            most[x] = most[x].max(votes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faint_large_disc_is_found_beside_a_long_strong_edge() {
        let shade = |x: i32, y: i32| match ((x - 120) * (x - 120) + (y - 140) * (y - 140), x) {
            (..1600, _) => 40,
            (_, ..220) => 75,
            _ => 240,
        };
        let pixels = (0..280).flat_map(|y| (0..320).map(move |x| shade(x, y))).collect();
        let found = candidates(&GreyImage::new(320, 280, pixels).expect("as many pixels as that"));
        let disc = |candidate: &Candidate| {
            let (x, y) = (candidate.centre.0 - 120.0, candidate.centre.1 - 140.0);
            x.abs() < 8.0 && y.abs() < 8.0 && (candidate.radius - 40.0).abs() < 8.0
        };
        assert!(found.iter().any(disc), "{found:?}");
    }
}
