//! A model whose detector sees coloured discs, and whose embedding is the crop at a few places: small, but at real work.

use whorl_extractors::face::Model;
use whorl_extractors::face::model::Description;
use whorl_extractors::face::network::{Network, NetworkError, Tensor};

use crate::drawn::MARKERS;

/// Side of the canvas on which the detector looks at whole pictures.
pub(crate) const SIDE_PX: usize = 320;

/// The model, its embedding with that of the mirror image or without.
pub(crate) fn model(mirrored: bool) -> Model {
    let detector = format!("side_px = {SIDE_PX}\ncolour = \"rgb\"");
    with_detector(&detector, Box::new(Markers::new()), mirrored)
}

/// The model of another detector, described by `lines`.
pub(crate) fn with_detector(lines: &str, detector: Box<dyn Network>, mirrored: bool) -> Model {
    let hash = "0".repeat(64);
    let points = "[[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]";
    let text = format!(
        "name = \"markers\"\nversion = 1\n[licence]\nname = \"MPL-2.0\"\ntext = \"Not trained on anything.\"\n[detector]\n\
         file = \"detector.onnx\"\nsha256 = \"{hash}\"\ndecoding = \"yunet\"\n{lines}\nmean = 0.0\n\
         scale = 1.0\nscore = 0.6\n[embedder]\nfile = \"embedder.onnx\"\nsha256 = \"{hash}\"\nwidth_px = 112\nheight_px = 112\n\
         colour = \"grey\"\nmean = 127.5\nscale = 0.0078125\npoints = {points}\noutput = \"embedding\"\ndimension = 64\n\
         mirrored = {mirrored}\n"
    );
    Model::from_parts(Description::parse(&text).unwrap(), detector, Box::new(Places::new())).unwrap()
}

/// Sees upright faces, each by its five discs.
struct Markers([String; 12]);

/// Strides and, for each, values of the four heads.
const HEADS: [(&str, usize); 4] = [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)];
const STRIDES_PX: [usize; 3] = [8, 16, 32];

/// The stride at whose heads faces are told.
const AT_PX: usize = 8;

impl Markers {
    fn new() -> Self {
        Self(std::array::from_fn(|at| format!("{}_{}", HEADS[at / 3].0, STRIDES_PX[at % 3])))
    }
}

impl Network for Markers {
    fn outputs(&self) -> &[String] {
        &self.0
    }

    fn run(&self, input: &Tensor) -> Result<Vec<Tensor>, NetworkError> {
        let side = input.shape[3];
        let mut outputs: Vec<Tensor> = (0..12)
            .map(|at| {
                let cells = (side / STRIDES_PX[at % 3]).pow(2);
                Tensor::zeros(&[1, cells, HEADS[at / 3].1])
            })
            .collect();
        for points in faces(&input.values, side) {
            let [(left, top), (right, bottom)] = [points[0], points[1]].map(|point| (point[0], point[1]));
            let distance = ((right - left).powi(2) + (bottom - top).powi(2)).sqrt();
            let middle = [points[2][0], points[2][1] - 0.12 * distance];
            let cell = middle.map(|place| place / AT_PX as f32);
            let (column, row) = (cell[0] as usize, cell[1] as usize);
            let at = row * (side / AT_PX) + column;
            let relative = |[x, y]: [f32; 2]| [x / AT_PX as f32 - column as f32, y / AT_PX as f32 - row as f32];
            outputs[0].values[at] = 0.9;
            outputs[3].values[at] = 0.9;
            let sides = [2.2, 3.0].map(|side| libm::logf(side * distance / AT_PX as f32));
            outputs[6].values[4 * at..][..4].copy_from_slice(&[relative(middle), sides].concat());
            outputs[9].values[10 * at..][..10].copy_from_slice(&points.map(relative).concat());
        }
        Ok(outputs)
    }
}

/// The upright faces on a canvas: for each disc in the first colour the nearest in each of the others.
fn faces(planes: &[f32], side: usize) -> Vec<[[f32; 2]; 5]> {
    let discs = MARKERS.map(|colour| discs(planes, side, colour));
    let mut faces = Vec::new();
    for &left in &discs[0] {
        let square = |[x, y]: [f32; 2], [u, v]: [f32; 2]| (x - u).powi(2) + (y - v).powi(2);
        let nearest = |others: &Vec<[f32; 2]>| {
            others.iter().copied().min_by(|&one, &other| square(one, left).total_cmp(&square(other, left)))
        };
        let points: Vec<[f32; 2]> = discs.iter().filter_map(nearest).collect();
        if let Ok(points) = <[[f32; 2]; 5]>::try_from(points) {
            let across = points[1][0] - points[0][0];
            let (slant, down) = (points[1][1] - points[0][1], points[3][1] - points[0][1]);
            if across > 2.0 && slant.abs() < across && down > 0.5 * across {
                faces.push(points);
            }
        }
    }
    faces
}

/// The centres of the patches of one colour.
fn discs(planes: &[f32], side: usize, colour: [u8; 3]) -> Vec<[f32; 2]> {
    let is_colour = |at: usize| {
        (0..3).all(|channel| (planes[channel * side * side + at] - f32::from(colour[channel])).abs() < 45.0)
    };
    let mut open: Vec<bool> = (0..side * side).map(is_colour).collect();
    let mut centres = Vec::new();
    for start in 0..side * side {
        if !open[start] {
            continue;
        }
        let (mut stack, mut sum, mut count) = (vec![start], [0.0, 0.0], 0.0);
        open[start] = false;
        while let Some(at) = stack.pop() {
            let (x, y) = (at % side, at / side);
            sum = [sum[0] + x as f32, sum[1] + y as f32];
            count += 1.0;
            for (u, v) in [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)] {
                if u < side && v < side && std::mem::take(&mut open[v * side + u]) {
                    stack.push(v * side + u);
                }
            }
        }
        centres.push(sum.map(|value| value / count));
    }
    centres
}

/// Embeds a crop by its luma at eight by eight places.
struct Places([String; 1]);

impl Places {
    fn new() -> Self {
        Self(["embedding".to_owned()])
    }
}

impl Network for Places {
    fn outputs(&self) -> &[String] {
        &self.0
    }

    fn run(&self, input: &Tensor) -> Result<Vec<Tensor>, NetworkError> {
        let (height, width) = (input.shape[2], input.shape[3]);
        let place = |cell: usize, sides: usize| (2 * cell + 1) * sides / 16;
        let values = (0..64).map(|at| {
            // The same distance from both edges, so that a mirror takes places to places.
            let column = at % 8;
            let x = if column < 4 { place(column, width) } else { width - 1 - place(7 - column, width) };
            input.values[place(at / 8, height) * width + x]
        });
        Ok(vec![Tensor { shape: vec![1, 64], values: values.collect() }])
    }
}
