//! The extractor on eyes painted in code, on what is no eye, and on real eyes where they are at hand.

#[path = "drawn/mod.rs"]
#[allow(dead_code, reason = "prints are drawn there, too")]
mod drawn;
mod painted;
#[path = "real/eyes.rs"]
mod real_eyes;

use drawn::{Drawing, noise};
use painted::{Eye, mirrored};
use whorl_extractors::iris::{NoTrace, Strip, Trace, extract};
use whorl_types::{GreyImage, IrisCode, IrisMeasures, IrisTemplate, Refusal};

fn template(image: &GreyImage) -> IrisTemplate {
    extract(image, &mut NoTrace).expect("it shows an eye")
}

/// The fraction of bits in which `a` differs from `b` turned back by `turned` directions, where both are seen.
fn distance(a: &IrisCode, b: &IrisCode, turned: usize) -> f32 {
    let (mut differing, mut common) = (0, 0);
    for angle in 0..IrisCode::ANGLES {
        let other = (angle + turned) % IrisCode::ANGLES;
        for ring in (0..IrisCode::RINGS).filter(|ring| a.visible[angle] & b.visible[other] & 1 << ring != 0) {
            differing += ((a.cells[angle] ^ b.cells[other]) >> (8 * ring) & 0xFF).count_ones();
            common += 8;
        }
    }
    assert!(common > 2000, "too little to compare: {common} bits");
    differing as f32 / common as f32
}

/// The code of the eye in a mirror: left is right, directions run backwards, and imaginary parts change their sign.
fn in_a_mirror(code: &IrisCode) -> IrisCode {
    let from = |angle: usize| (IrisCode::ANGLES * 3 / 2 - angle) % IrisCode::ANGLES;
    IrisCode {
        cells: std::array::from_fn(|angle| code.cells[from(angle)] ^ 0xAAAA_AAAA_AAAA_AAAA),
        visible: std::array::from_fn(|angle| code.visible[from(angle)]),
    }
}

#[test]
fn an_eye_that_turns_shifts_its_code() {
    let upright = template(&Eye::default().image());
    assert!(upright.code().visible_cells() > 850, "{upright:?}");
    for turned in [3, 10, 125] {
        let eye = Eye { turn: turned as f32 / IrisCode::ANGLES as f32, ..Eye::default() };
        let other = template(&eye.image());
        assert!(distance(upright.code(), other.code(), turned) < 0.15, "{turned}");
        assert!(distance(upright.code(), other.code(), 0) > 0.25, "{turned}");
    }
}

#[test]
fn a_pupil_that_widens_and_a_smaller_picture_keep_the_code() {
    let usual = template(&Eye::default().image());
    for eye in [Eye { pupil: 46.0, ..Eye::default() }, Eye { pupil: 24.0, limbus: 64.0, ..Eye::default() }] {
        assert!(distance(usual.code(), template(&eye.image()).code(), 0) < 0.12, "{eye:?}");
    }
}

#[test]
fn a_mirror_shows_the_mirrored_code() {
    let image = Eye::default().image();
    let (plain, seen) = (template(&image), template(&mirrored(&image)));
    let apart = distance(&in_a_mirror(plain.code()), seen.code(), 0);
    assert!(apart < 0.15, "{apart}");
    assert!(distance(plain.code(), seen.code(), 0) > 0.25);
}

#[test]
fn what_a_lid_covers_is_not_seen() {
    let eye = Eye { lid: 72.0, ..Eye::default() };
    let (open, covered) = (template(&Eye::default().image()), template(&eye.image()));
    let (up, down) = (IrisCode::ANGLES * 3 / 4, IrisCode::ANGLES / 4);
    assert_eq!(covered.code().visible[up] >> 3, 0, "the outer rings above");
    assert_eq!(covered.code().visible[down] & 0x7F, 0x7F);
    assert!(distance(open.code(), covered.code(), 0) < 0.15);
    assert!(covered.measures().usable_area < open.measures().usable_area);
    assert!(covered.quality() < open.quality());
}

#[test]
fn an_iris_without_texture_is_refused() {
    let eye = Eye { texture: 0.0, ..Eye::default() };
    assert_eq!(extract(&eye.image(), &mut NoTrace).unwrap_err(), Refusal::TooBlurred);
}

#[test]
fn little_light_and_pixels_finer_than_the_picture_is_sharp_blur_no_iris() {
    let image = Eye::default().image();
    let code = *template(&image).code();
    let dim = image.pixels().iter().map(|&shade| 10 + shade / 4).collect();
    let dim = GreyImage::new(image.width_px(), image.height_px(), dim).unwrap();
    assert!(distance(&code, template(&dim).code(), 0) < 0.15);
    for times in [2, 3] {
        let fine = template(&enlarged(&image, times));
        assert!(distance(&code, fine.code(), 0) < 0.15, "{times} times as large");
        assert!(fine.measures().sharpness.abs_diff(template(&image).measures().sharpness) <= 5, "{fine:?}");
    }
}

/// The picture with `times` pixels along each side of every one.
fn enlarged(image: &GreyImage, times: u32) -> GreyImage {
    let (width, height) = (image.width_px() * times, image.height_px() * times);
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| image.at(x / times, y / times))).collect();
    GreyImage::new(width, height, pixels).expect("as many pixels as that")
}

#[test]
fn an_iris_half_outside_or_hardly_open_is_refused() {
    for eye in [Eye { centre: (0.0, 120.0), ..Eye::default() }, Eye { lid: 140.0, ..Eye::default() }] {
        assert!(extract(&eye.image(), &mut NoTrace).is_err(), "{eye:?}");
    }
}

#[test]
fn what_is_no_eye_is_refused_and_nothing_panics() {
    let made = |width: u32, height: u32, shade: &dyn Fn(u32, u32) -> u8| {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| shade(x, y))).collect();
        GreyImage::new(width, height, pixels).unwrap()
    };
    for (width, height) in [(1, 1), (47, 400), (48, 48), (320, 240), (1000, 60), (60, 1000), (700, 500)] {
        let pictures = [
            made(width, height, &|_, _| 0),
            made(width, height, &|_, _| 255),
            made(width, height, &|x, _| (x * 255 / width) as u8),
            made(width, height, &|x, y| if (x / 9 + y / 7) % 3 == 0 { 10 } else { 240 }),
            made(width, height, &|x, y| (x * x + y * y) as u8),
            noise(width, height),
        ];
        for (number, picture) in pictures.iter().enumerate() {
            assert!(extract(picture, &mut NoTrace).is_err(), "picture {number} of {width} x {height}");
        }
    }
    assert!(extract(&Drawing::default().image(), &mut NoTrace).is_err());
}

#[derive(Default)]
struct Names(Vec<&'static str>);

impl Trace for Names {
    fn image(&mut self, stage: &'static str, draw: impl FnOnce() -> GreyImage) {
        assert!(draw().width_px() > 0);
        self.0.push(stage);
    }

    fn eye(&mut self, eye: &whorl_extractors::iris::Eye) {
        let near = |is: f32, should: f32| (is - should).abs() < 1.5;
        assert!(near(eye.pupil.radius(), 36.0) && (eye.limbus.radius() - 96.0).abs() < 3.0, "{eye:?}");
        self.0.push("eye");
    }

    fn visible(&mut self, draw: impl FnOnce() -> GreyImage) {
        let mask = draw();
        assert_eq!((mask.at(160, 120), mask.at(160, 180), mask.at(5, 5)), (0, 255, 0));
        self.0.push("visible");
    }

    fn strip(&mut self, strip: &Strip) {
        assert!(strip.seen_fraction() > 0.9 && strip.to_grey().width_px() == 512);
        self.0.push("strip");
    }

    fn measures(&mut self, measures: &IrisMeasures) {
        assert!(measures.radius_px.abs_diff(96) <= 3 && measures.dilation.abs_diff(37) <= 1, "{measures:?}");
        assert!(
            measures.concentricity > 95 && measures.circularity > 50 && measures.pupil_contrast > 60,
            "{measures:?}"
        );
    }
}

#[test]
fn a_trace_sees_every_stage_in_order() {
    let mut names = Names::default();
    extract(&Eye::default().image(), &mut names).unwrap();
    assert_eq!(names.0, ["eye", "visible", "strip"]);
}
