//! Real faces, and what are none, before a trained detector; where both are at hand.

use std::path::{Path, PathBuf};

use whorl_extractors::face::network::{Runtime, load};
use whorl_extractors::face::{Model, NoTrace, Point, Several, Similarity, extract, extract_all, warp};
use whorl_types::{FaceTemplate, GreyImage, Pixels, Refusal};

use crate::markers::with_detector;

/// The samples and a model that sees with YuNet.
struct Bench {
    samples: PathBuf,
    model: Model,
}

impl Bench {
    /// `None`, and a line that says so, without samples: those of `WHORL_DATA`, else beside the workspace.
    fn set() -> Option<Self> {
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
        let samples = std::env::var_os("WHORL_DATA").map_or_else(beside, PathBuf::from);
        let Ok(onnx) = std::fs::read(samples.join("face/models/yunet_s_320_320.onnx")) else {
            println!("skipped: no face/models in WHORL_DATA or ../shared/data");
            return None;
        };
        let detector = load(Runtime::Rten, &onnx).unwrap();
        let model = with_detector("side_px = 320\nfixed = true\ncolour = \"bgr\"", detector, false);
        Some(Self { samples, model })
    }

    /// Every `step`th picture of a set.
    fn pictures(&self, set: &str, step: usize) -> Vec<(String, Pixels)> {
        let manifest = std::fs::read_to_string(self.samples.join(set)).unwrap();
        let rows = manifest.lines().skip(1).step_by(step).map(|row| row.split(',').next().unwrap().to_owned());
        rows.map(|path| (path.clone(), read(&self.samples.join(path)))).collect()
    }

    fn extract(&self, picture: &Pixels) -> Result<FaceTemplate, Refusal> {
        extract(&self.model, picture, Several::Largest, &mut NoTrace)
    }
}

fn read(path: &Path) -> Pixels {
    whorl_formats::image::decode(&std::fs::read(path).unwrap()).unwrap().pixels
}

fn points(template: &FaceTemplate) -> [Point; 5] {
    template.points().px8.map(|point| point.map(|eighths| eighths as f32 / 8.0))
}

/// How far points are from one another in the mean, in eye distances.
fn apart(one: &[Point; 5], other: &[Point; 5]) -> f32 {
    let distance = |[x, y]: Point, [u, v]: Point| ((x - u) * (x - u) + (y - v) * (y - v)).sqrt();
    let sum: f32 = one.iter().zip(other).map(|(one, other)| distance(*one, *other)).sum();
    sum / 5.0 / distance(one[0], one[1])
}

/// The picture with every pixel the mean of those up to `reach_px` away, three times over: nearly a Gaussian.
fn blurred(grey: &GreyImage, reach_px: i32) -> Pixels {
    let (width, height) = (grey.width_px() as i32, grey.height_px() as i32);
    let mut plane: Vec<f32> = grey.pixels().iter().map(|&luma| f32::from(luma)).collect();
    for (right, down) in [(1, 0), (0, 1)].repeat(3) {
        let at = |x: i32, y: i32| plane[(y.clamp(0, height - 1) * width + x.clamp(0, width - 1)) as usize];
        let mean = |x: i32, y: i32| {
            let around = (-reach_px..=reach_px).map(|step| at(x + right * step, y + down * step));
            around.sum::<f32>() / (2 * reach_px + 1) as f32
        };
        plane = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect();
    }
    let pixels = plane.iter().map(|luma| (luma + 0.5) as u8).collect();
    Pixels::Grey(GreyImage::new(grey.width_px(), grey.height_px(), pixels).unwrap())
}

#[test]
fn nearly_every_photograph_of_a_face_gives_a_template() {
    let Some(bench) = Bench::set() else { return };
    for (set, step) in [("face-lfw.csv", 400), ("face-celeba.csv", 110), ("face-orl.csv", 45)] {
        let pictures = bench.pictures(set, step);
        let refused: Vec<_> =
            pictures.iter().filter_map(|(path, picture)| Some((path, bench.extract(picture).err()?))).collect();
        assert!(pictures.len() >= 9 && refused.len() <= 1, "{set}: {refused:?}");
    }
}

#[test]
fn a_picture_that_is_turned_has_its_points_turned_alike() {
    let Some(bench) = Bench::set() else { return };
    let pictures = [bench.pictures("face-lfw.csv", 1500), bench.pictures("face-celeba.csv", 500)].concat();
    for (path, picture) in pictures {
        let expected = points(&bench.extract(&picture).unwrap());
        let side_px = picture.width_px().max(picture.height_px()) as usize;
        for quarter_turns in 1..4 {
            let back = Similarity::unturning(quarter_turns, side_px);
            let template = bench.extract(&warp(&picture, &back, side_px, side_px)).unwrap();
            let away = apart(&expected, &points(&template).map(|point| back.apply(point)));
            assert!(away < 0.1, "{path} turned by {quarter_turns}: {away}");
        }
    }
}

#[test]
fn a_mirrored_picture_has_its_points_mirrored() {
    let Some(bench) = Bench::set() else { return };
    for (path, picture) in bench.pictures("face-lfw.csv", 900) {
        let Pixels::Grey(grey) = &picture else { panic!("{path} is grey") };
        let width = grey.width_px();
        let rows = (0..grey.height_px()).flat_map(|y| grey.row(y).iter().rev().copied());
        let mirror = Pixels::Grey(GreyImage::new(width, grey.height_px(), rows.collect()).unwrap());
        let expected = points(&bench.extract(&picture).unwrap());
        let found = points(&bench.extract(&mirror).unwrap()).map(|[x, y]| [width as f32 - 1.0 - x, y]);
        let [left, right, nose, left_mouth, right_mouth] = found;
        let away = apart(&expected, &[right, left, nose, right_mouth, left_mouth]);
        assert!(away < 0.15, "{path}: {away}");
    }
}

#[test]
fn prints_eyes_and_noise_are_no_faces() {
    let Some(bench) = Bench::set() else { return };
    let mut pictures = bench.pictures("fingerprint-fvc2002_db1b.csv", 40);
    pictures.extend(bench.pictures("iris-mmu1.csv", 150));
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let noise = GreyImage::new(300, 400, noise.take(120_000).collect()).unwrap();
    pictures.push(("noise".to_owned(), Pixels::Grey(noise)));
    for (path, picture) in pictures {
        let refusal = bench.extract(&picture).err();
        assert!(matches!(refusal, Some(Refusal::NoFace | Refusal::NotAligned)), "{path}: {refusal:?}");
    }
}

#[test]
fn what_spoils_a_face_is_named() {
    let Some(bench) = Bench::set() else { return };
    let (path, picture) = bench.pictures("face-lfw.csv", 1).swap_remove(4);
    let Pixels::Grey(grey) = &picture else { panic!("{path} is grey") };
    let changed = |change: &dyn Fn(u8) -> u8| {
        let pixels = grey.pixels().iter().map(|&luma| change(luma)).collect();
        bench.extract(&Pixels::Grey(GreyImage::new(grey.width_px(), grey.height_px(), pixels).unwrap()))
    };
    assert!(changed(&|luma| luma).is_ok());
    assert_eq!(changed(&|luma| luma / 10).err(), Some(Refusal::UnderExposed));
    assert_eq!(changed(&|luma| luma.saturating_add(145)).err(), Some(Refusal::OverExposed));
    assert_eq!(bench.extract(&blurred(grey, 6)).err(), Some(Refusal::TooBlurred));
    let far = warp(&picture, &Similarity::scaling(7.0, [-400.0, -400.0]), 120, 120);
    assert_eq!(bench.extract(&far).err(), Some(Refusal::FaceTooSmall));
}

#[test]
fn two_people_side_by_side_are_two_templates_or_a_refusal() {
    let Some(bench) = Bench::set() else { return };
    let faces: Vec<Pixels> = bench.pictures("face-lfw.csv", 2000).into_iter().map(|(_, picture)| picture).collect();
    let (left, right) = (faces[0].to_grey(), faces[1].to_grey());
    let rows = (0..160).flat_map(|y| [left.row(y), right.row(y)].concat());
    let pair = Pixels::Grey(GreyImage::new(320, 160, rows.collect()).unwrap());
    assert_eq!(extract_all(&bench.model, &pair).iter().flatten().count(), 2);
    let refused = extract(&bench.model, &pair, Several::Refuse, &mut NoTrace);
    assert_eq!(refused.err(), Some(Refusal::SeveralFaces));
    assert!(bench.extract(&pair).is_ok());
}
