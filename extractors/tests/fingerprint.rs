//! The extractor on prints drawn in code, on what is no print, and on real prints where they are at hand.

mod drawn;
mod real;

use drawn::{Drawing, mirrored_both_ways, negative, noise, quarter_turned};
use whorl_extractors::fingerprint::{NoTrace, QualityMeasures, Trace, extract};
use whorl_types::{FingerTemplate, GreyImage, Minutia, Ppi, PpiSource, Refusal};

fn at_500(image: &GreyImage) -> Result<FingerTemplate, Refusal> {
    extract(image, Some(Ppi::STANDARD), &mut NoTrace)
}

/// Whether `list` has a minutia within `reach_px` and 20 degrees of (`x`, `y`, `angle`).
fn shows(list: &[Minutia], (x, y): (f32, f32), angle: u8, reach_px: f32) -> bool {
    list.iter().any(|minutia| {
        let (dx, dy) = (f32::from(minutia.x_px8) / 8.0 - x, f32::from(minutia.y_px8) / 8.0 - y);
        let turned = minutia.angle.wrapping_sub(angle) as i8;
        dx * dx + dy * dy < reach_px * reach_px && turned.unsigned_abs() <= 14
    })
}

#[test]
fn minutiae_are_found_where_they_were_drawn_and_point_to_the_side_with_one_ridge_more() {
    let drawing = Drawing::default();
    let template = at_500(&drawing.image()).unwrap();
    for &(x, y, sense) in &drawing.minutiae {
        let angle = if sense > 0.0 { 0 } else { 128 };
        assert!(shows(template.minutiae(), (x, y), angle, 3.0), "none at {x}, {y}: {:?}", template.minutiae());
    }
    let sure = template.minutiae().iter().filter(|minutia| minutia.quality.get() >= 50).count();
    assert_eq!(sure, drawing.minutiae.len(), "{:?}", template.minutiae());
}

#[test]
fn the_field_has_the_period_and_direction_that_were_drawn() {
    let drawing = Drawing { period_px: 8.0, ..Drawing::default() };
    let template = at_500(&drawing.image()).unwrap();
    let cell = template.field().unwrap().at(160, 200).unwrap();
    assert!(cell.period_px16.abs_diff(128) < 8, "{cell:?}");
    assert!((cell.angle as i8).unsigned_abs() < 6, "{cell:?}");
    assert!(cell.coherence > 200, "{cell:?}");
}

#[test]
fn a_print_upside_down_gives_the_same_minutiae_upside_down() {
    let image = Drawing::default().image();
    let (upright, turned) = (at_500(&image).unwrap(), at_500(&mirrored_both_ways(&image)).unwrap());
    let (width, height) = (image.width_px() as f32, image.height_px() as f32);
    for minutia in upright.minutiae() {
        let place = (width - f32::from(minutia.x_px8) / 8.0, height - f32::from(minutia.y_px8) / 8.0);
        assert!(shows(turned.minutiae(), place, minutia.angle.wrapping_add(128), 2.0), "{minutia:?}");
    }
}

#[test]
fn a_print_turned_by_a_quarter_gives_the_same_minutiae_turned() {
    let image = Drawing::default().image();
    let (upright, turned) = (at_500(&image).unwrap(), at_500(&quarter_turned(&image)).unwrap());
    let height = image.height_px() as f32;
    for minutia in upright.minutiae() {
        let place = (height - f32::from(minutia.y_px8) / 8.0, f32::from(minutia.x_px8) / 8.0);
        assert!(shows(turned.minutiae(), place, minutia.angle.wrapping_sub(64), 2.0), "{minutia:?}");
    }
}

#[test]
fn light_ridges_on_dark_give_the_same_minutiae() {
    let image = Drawing::default().image();
    let (dark, light) = (at_500(&image).unwrap(), at_500(&negative(&image)).unwrap());
    assert_eq!(dark.minutiae().len(), light.minutiae().len());
    for minutia in dark.minutiae() {
        let place = (f32::from(minutia.x_px8) / 8.0, f32::from(minutia.y_px8) / 8.0);
        assert!(shows(light.minutiae(), place, minutia.angle, 0.5), "{minutia:?}");
    }
}

#[test]
fn the_rate_is_estimated_where_it_is_missing_unbelievable_or_wrong() {
    let twice = Drawing { period_px: 18.0, ..Drawing::default() }.enlarged(2.0).image();
    for stated in [None, Ppi::new(72.0).ok(), Ppi::new(450.0).ok()] {
        let template = extract(&twice, stated, &mut NoTrace).unwrap();
        assert_eq!(template.ppi_source(), PpiSource::Estimated, "{stated:?}");
        assert!(template.width_px().abs_diff(160 * 2) < 12, "{stated:?}: {template:?}");
    }
    let template = extract(&twice, Ppi::new(1000.0).ok(), &mut NoTrace).unwrap();
    assert_eq!((template.ppi_source(), template.width_px()), (PpiSource::Stated, 320));
}

#[test]
fn what_shows_no_fingerprint_is_refused() {
    let flat = |shade: u8| GreyImage::new(300, 400, vec![shade; 300 * 400]).unwrap();
    let ramp = GreyImage::new(300, 400, (0..300 * 400).map(|at| (at % 300 * 255 / 300) as u8).collect()).unwrap();
    let tiles = |at: usize| if (at % 300 / 20 + at / 300 / 14).is_multiple_of(3) { 20 } else { 230 };
    let blocks = GreyImage::new(300, 400, (0..300 * 400).map(tiles).collect()).unwrap();
    assert_eq!(at_500(&flat(0)).unwrap_err(), Refusal::Blank);
    assert_eq!(at_500(&flat(255)).unwrap_err(), Refusal::Blank);
    assert!(at_500(&ramp).is_err());
    assert!(at_500(&blocks).is_err());
    assert_eq!(at_500(&noise(300, 400)).unwrap_err(), Refusal::NoRidges);
}

#[test]
fn too_little_is_refused_and_too_much_as_well() {
    let speck = Drawing { half_px: (20.0, 20.0), ..Drawing::default() };
    assert_eq!(at_500(&speck.image()).unwrap_err(), Refusal::TooSmallArea);
    let sides = |width: u32, height: u32| noise(width, height);
    assert_eq!(at_500(&sides(59, 300)).unwrap_err(), Refusal::ImageTooSmall);
    assert_eq!(at_500(&sides(1600, 300)).unwrap_err(), Refusal::ImageTooLarge);
    let plain = Drawing { minutiae: Vec::new(), ..Drawing::default() };
    assert_eq!(at_500(&plain.image()).unwrap_err(), Refusal::TooFewMinutiae);
}

#[test]
fn the_same_picture_gives_the_same_template_on_every_machine() {
    let template = at_500(&Drawing::default().image()).unwrap();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for minutia in template.minutiae() {
        let [x, y] = [minutia.x_px8, minutia.y_px8].map(u16::to_le_bytes);
        for byte in [x[0], x[1], y[0], y[1], minutia.angle, minutia.kind as u8, minutia.quality.get()] {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    assert_eq!(hash, 16_936_399_773_940_295_194, "the golden value: change it only with the algorithm");
}

#[derive(Default)]
struct Names(Vec<&'static str>);

impl Trace for Names {
    fn image(&mut self, stage: &'static str, draw: impl FnOnce() -> GreyImage) {
        assert!(draw().width_px() > 0);
        self.0.push(stage);
    }

    fn minutiae(&mut self, stage: &'static str, list: impl FnOnce() -> Vec<Minutia>) {
        assert!(!list().is_empty());
        self.0.push(stage);
    }

    fn measures(&mut self, measures: &QualityMeasures) {
        assert!(measures.clarity > 0.5 && measures.uniformity > 0.8, "{measures:?}");
    }
}

#[test]
fn a_trace_sees_every_stage_in_order() {
    let mut names = Names::default();
    extract(&Drawing::default().image(), Some(Ppi::STANDARD), &mut names).unwrap();
    assert_eq!(names.0, ["standard", "normalised", "enhanced", "ridge-skeleton", "valley-skeleton", "minutiae"]);
}
