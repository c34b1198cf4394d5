//! Reflections of lamps: found, and filled from around them.
//!
//! After He, Tan, Sun and Qiu, "Toward accurate and fast iris segmentation for iris biometrics", IEEE PAMI 31(9), 2009, section
//! 3.1: what is bright among darker things is a reflection, and is replaced by what surrounds it, so that it has no edges.

use whorl_types::GreyImage;

/// From this shade on a pixel may be a reflection.
const GLARE: u8 = 165;

/// How many grey levels a reflection is above the mean around it.
const ABOVE_MEAN: i32 = 40;

/// The mean is that of a square with this many pixels to each side of the middle.
const MEAN_REACH_PX: usize = 12;

/// Reflections are blurred: this many pixels around are of them, too.
const HALO_PX: usize = 2;

/// A longer run of bright pixels is no reflection but skin, or hides too much to be filled.
const LONGEST_RUN_PX: usize = 48;

/// Where lamps are reflected.
#[derive(Debug, Clone)]
pub(crate) struct Speculars {
    width: usize,
    factor: usize,
    marks: Vec<bool>,
}

impl Speculars {
    /// The reflections in `image`, of which each pixel is `factor` by `factor` pixels of the sample.
    pub(super) fn find(image: &GreyImage, factor: u32) -> Self {
        let width = image.width_px() as usize;
        let mut marked = vec![false; image.pixels().len()];
        let mut window = Window::new(image);
        for (y, marked) in marked.chunks_exact_mut(width).enumerate() {
            window.slide_to(y);
            window.mark(image.row(y as u32), marked);
        }
        Self { width, factor: factor as usize, marks: grown(&marked, width) }
    }

    /// Whether the pixel in column `x`, row `y` of the sample shows a lamp.
    pub(crate) fn covers(&self, x: usize, y: usize) -> bool {
        self.marked(x / self.factor, y / self.factor)
    }

    /// Whether the pixel in column `x`, row `y` of the working picture shows a lamp.
    pub(super) fn marked(&self, x: usize, y: usize) -> bool {
        x < self.width && self.marks.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// `image` with every reflection filled from its left and right, or from above and below, the nearer the more.
    pub(super) fn filled(&self, image: &GreyImage) -> GreyImage {
        let (width, height) = (self.width, self.marks.len() / self.width);
        let pixels = image.pixels();
        let mut filled = pixels.to_vec();
        // Per filled pixel the sum so far and the weight it has.
        let mut mixed = vec![(0u32, 0u32); pixels.len()];
        for y in 0..height {
            self.bridge(pixels, (y * width, 1, width), &mut mixed);
        }
        for x in 0..width {
            self.bridge(pixels, (x, width, height), &mut mixed);
        }
        for (shade, (sum, weight)) in filled.iter_mut().zip(mixed).filter(|(_, (_, weight))| *weight > 0) {
            *shade = (sum / weight) as u8;
        }
        GreyImage::new(image.width_px(), image.height_px(), filled).expect("as large as the picture it was made of")
    }

    /// Bridges the marked runs of one line: `count` pixels from `first`, each `step` after the other.
    fn bridge(&self, pixels: &[u8], (first, step, count): (usize, usize, usize), mixed: &mut [(u32, u32)]) {
        let mut at = 0;
        while at < count {
            if !self.marks[first + at * step] {
                at += 1;
                continue;
            }
            let start = at;
            while at < count && self.marks[first + at * step] {
                at += 1;
            }
            let length = at - start;
            if length > LONGEST_RUN_PX || length == count {
                continue;
            }
            let before = if start > 0 { start - 1 } else { at };
            let after = if at < count { at } else { before };
            let [from, to] = [before, after].map(|end| u32::from(pixels[first + end * step]));
            let weight = (LONGEST_RUN_PX / length) as u32;
            for k in 0..length {
                let part = (k + 1) as u32;
                let shade = (from * (length as u32 + 1 - part) + to * part) / (length as u32 + 1);
                let (sum, weights) = &mut mixed[first + (start + k) * step];
                *sum += shade * weight;
                *weights += weight;
            }
        }
    }
}

/// The sums of the columns of a band of rows.
struct Window<'a> {
    image: &'a GreyImage,
    rows: std::ops::Range<usize>,
    columns: Vec<i32>,
}

impl<'a> Window<'a> {
    fn new(image: &'a GreyImage) -> Self {
        Self { image, rows: 0..0, columns: vec![0; image.width_px() as usize] }
    }

    /// Moves on to the rows around `y`.
    fn slide_to(&mut self, y: usize) {
        let end = (y + MEAN_REACH_PX + 1).min(self.image.height_px() as usize);
        while self.rows.end < end {
            self.take(self.rows.end, 1);
            self.rows.end += 1;
        }
        while self.rows.start + MEAN_REACH_PX < y {
            self.take(self.rows.start, -1);
            self.rows.start += 1;
        }
    }

    fn take(&mut self, y: usize, sign: i32) {
        for (sum, &shade) in self.columns.iter_mut().zip(self.image.row(y as u32)) {
            *sum += sign * i32::from(shade);
        }
    }

    /// Marks what is brighter than around it in `row`, the middle one of the band.
    fn mark(&self, row: &[u8], marked: &mut [bool]) {
        let (width, height) = (row.len(), self.rows.len() as i32);
        let mut sum: i32 = self.columns[..MEAN_REACH_PX.min(width)].iter().sum();
        for x in 0..width {
            sum += self.columns.get(x + MEAN_REACH_PX).copied().unwrap_or(0);
            if x > MEAN_REACH_PX {
                sum -= self.columns[x - MEAN_REACH_PX - 1];
            }
            let across = (x + MEAN_REACH_PX + 1).min(width) - x.saturating_sub(MEAN_REACH_PX);
            marked[x] = row[x] >= GLARE && (i32::from(row[x]) - ABOVE_MEAN) * (height * across as i32) > sum;
        }
    }
}

/// Each marked pixel with those around it.
fn grown(marked: &[bool], width: usize) -> Vec<bool> {
    let mut grown = vec![false; marked.len()];
    let height = marked.len() / width;
    for at in (0..marked.len()).filter(|&at| marked[at]) {
        let (x, y) = (at % width, at / width);
        let across = x.saturating_sub(HALO_PX)..(x + HALO_PX + 1).min(width);
        for row in y.saturating_sub(HALO_PX)..(y + HALO_PX + 1).min(height) {
            grown[row * width..][across.clone()].fill(true);
        }
    }
    grown
}
