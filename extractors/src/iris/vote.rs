//! Where a dark disc may be: every edge votes for the centres that it would be an edge of.
//!
//! The circle transform with gradient directions (Kimme, Ballard and Sklansky, 1975), one plane of votes for each radius. Edges
//! are taken at half the size of the working picture, votes at a quarter of it.

use whorl_types::GreyImage;

use super::working::reduced;

/// The radii voted for, in cells of four pixels.
const RADII: std::ops::RangeInclusive<usize> = 2..=21;

/// A gradient under this is no edge, in grey levels over two pixels at half size.
const FAINTEST_EDGE: i32 = 10;

/// The vote of a stronger edge counts no more than that of one as strong.
const STRONGEST_EDGE: f32 = 60.0;

/// How many discs are worth a closer look.
const MOST: usize = 8;

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
        if apart.len() < MOST && apart.iter().all(|other| !alike(other, &candidate)) {
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
        let (step_x, step_y) = (across / length, down / length);
        let (x, y) = (x as f32 * 0.5 + 0.25, y as f32 * 0.5 + 0.25);
        let vote = length.min(STRONGEST_EDGE) as u16;
        for (plane, radius) in RADII.enumerate() {
            let (column, row) = (x - radius as f32 * step_x, y - radius as f32 * step_y);
            if column >= 0.0 && row >= 0.0 && (column as usize) < self.width && (row as usize) < self.height {
                let cell = (plane * self.height + row as usize) * self.width + column as usize;
                self.cells[cell] = self.cells[cell].saturating_add(vote);
            }
        }
    }

    fn at(&self, plane: usize, x: usize, y: usize) -> u16 {
        self.cells[(plane * self.height + y) * self.width + x]
    }

    /// The most voted for radius of each centre that is a dark one, where no centre beside it has more votes.
    fn peaks(&self, quarter: &GreyImage) -> Vec<Candidate> {
        let mut best = vec![(0.0f32, 0usize); self.width * self.height];
        let mut sums = vec![0u32; self.width * self.height];
        for (plane, radius) in RADII.enumerate() {
            self.gather(plane, &mut sums);
            let share = 1.0 / (radius as f32 + 1.0);
            for ((best, &sum), &shade) in best.iter_mut().zip(&sums).zip(quarter.pixels()) {
                let votes = sum as f32 * share * (1.0 - f32::from(shade) / 256.0);
                if votes > best.0 {
                    *best = (votes, radius);
                }
            }
        }
        let mut peaks = Vec::new();
        for y in 1..self.height - 1 {
            for x in 1..self.width - 1 {
                let (votes, radius) = best[y * self.width + x];
                let around = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| (x, y)));
                if votes > 0.0 && around.clone().all(|(x, y)| best[y * self.width + x].0 <= votes) {
                    let centre = (x as f32 * 4.0 + 1.5, y as f32 * 4.0 + 1.5);
                    peaks.push(Candidate { centre, radius: radius as f32 * 4.0, votes });
                }
            }
        }
        peaks
    }

    /// The votes of each cell of a plane with those of its eight neighbours.
    fn gather(&self, plane: usize, sums: &mut [u32]) {
        sums.fill(0);
        for y in 1..self.height - 1 {
            for x in 1..self.width - 1 {
                let rows = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| (x, y)));
                sums[y * self.width + x] = rows.map(|(x, y)| u32::from(self.at(plane, x, y))).sum();
            }
        }
    }
}
