//! WSQ against the reference decoder's pictures, against itself, and against damage.

mod samples;

use std::fs;

use proptest::prelude::*;
use whorl_formats::image;
use whorl_formats::wsq::{self, BitRate};
use whorl_types::{GreyImage, Ppi};

/// Something like ridges: concentric waves about 9 pixels apart, with a little noise.
fn ridges(width: u32, height: u32) -> GreyImage {
    let pixels = (0..height).flat_map(|y| {
        (0..width).map(move |x| {
            let radius = (f64::from(x * x) + f64::from(y * y)).sqrt();
            let noise = f64::from((x * 7919 + y * 104_729) % 17) - 8.0;
            (128.0 + 90.0 * (radius * 0.7).sin() + noise) as u8
        })
    });
    GreyImage::new(width, height, pixels.collect()).expect("the size is small and fits the pixels")
}

fn mean_squared_error(a: &GreyImage, b: &GreyImage) -> f64 {
    let squares = a.pixels().iter().zip(b.pixels()).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2));
    squares.sum::<f64>() / a.pixels().len() as f64
}

#[test]
fn reference_decodes_are_met_to_one_grey_level() {
    let Some(folder) = samples::folder("standards") else { return };
    let index = fs::read_to_string(folder.join("wsq-reference-decode/INDEX.txt")).unwrap();
    let references = samples::files(&folder.join("wsq-reference-decode"), "pgm");
    assert_eq!(index.lines().count(), references.len(), "every reference is listed");
    for line in index.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let offset: usize = fields[1].trim_start_matches("offset=").parse().unwrap();
        let bytes = fs::read(folder.join(fields[0])).unwrap();
        let decoded = wsq::decode(&bytes[offset..]).unwrap_or_else(|error| panic!("{}: {error}", fields[0]));
        let name = match fields[0].split_once('/').unwrap() {
            ("libbiomeval", _) => "libbiomeval_img.pgm".to_owned(),
            (_, file) => format!("mosip_{}.pgm", file.trim_end_matches(".wsq.iso")),
        };
        let reference = fs::read(folder.join("wsq-reference-decode").join(name)).unwrap();
        let reference = image::decode(&reference).unwrap().pixels.into_grey();
        let farthest = decoded.image.pixels().iter().zip(reference.pixels()).map(|(a, b)| a.abs_diff(*b)).max();
        assert_eq!(decoded.image.width_px(), reference.width_px(), "{}", fields[0]);
        assert!(farthest <= Some(1), "{}: {farthest:?} grey levels off", fields[0]);
        assert_eq!(decoded.ppi.map(Ppi::get), Some(500.0), "{}", fields[0]);
    }
}

#[test]
fn a_picture_survives_its_coding_at_the_rate_asked_for() {
    let original = ridges(388, 374);
    let ppi = Ppi::new(500.0).ok();
    for (rate, bits, worst) in [(BitRate::USUAL, 0.75, 60.0), (BitRate::CAREFUL, 2.25, 8.0)] {
        let bytes = wsq::encode(&original, ppi, rate);
        let decoded = wsq::decode(&bytes).unwrap();
        let error = mean_squared_error(&original, &decoded.image);
        let spent = bytes.len() as f64 * 8.0 / f64::from(388 * 374);
        assert!(error < worst, "mean squared error {error} at {bits} bits a pixel");
        assert!(spent < bits * 1.4, "{spent} bits a pixel were spent where {bits} were asked for");
        assert_eq!(decoded.ppi, ppi);
    }
}

#[test]
fn the_smallest_and_the_flattest_pictures_survive() {
    for (width, height) in [(1, 1), (2, 3), (31, 7), (16, 200)] {
        let flat = GreyImage::new(width, height, vec![200; (width * height) as usize]).unwrap();
        assert_eq!(wsq::decode(&wsq::encode(&flat, None, BitRate::USUAL)).unwrap().image, flat);
        let waves = ridges(width, height);
        let decoded = wsq::decode(&wsq::encode(&waves, None, BitRate::CAREFUL)).unwrap();
        assert_eq!((decoded.image.width_px(), decoded.image.height_px()), (width, height));
        assert_eq!(decoded.ppi, None);
    }
}

#[test]
fn every_truncation_is_an_error_that_says_so() {
    let bytes = wsq::encode(&ridges(96, 96), None, BitRate::USUAL);
    // Without its end marker the file still holds every coefficient.
    for length in 0..bytes.len() - 3 {
        let error = wsq::decode(&bytes[..length]).expect_err("a cut file must not decode");
        assert!(error.to_string().starts_with("WSQ: "), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_never_panics(at in 0_usize..4000, value: u8, length in 0_usize..4000) {
        let mut bytes = wsq::encode(&ridges(64, 80), None, BitRate::USUAL);
        bytes.truncate(length.max(600));
        let at = at % bytes.len();
        bytes[at] = value;
        // A damaged size may ask for a large picture, which is allowed and slow; it is not what this test is about.
        if wsq_size(&bytes).is_none_or(|area| area < 1 << 20) {
            let _ = wsq::decode(&bytes);
        }
    }

    #[test]
    fn noise_never_panics(mut bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = wsq::decode(&bytes);
        bytes.splice(0..0, [0xFF, 0xA0]);
        let _ = wsq::decode(&bytes);
    }
}

fn wsq_size(bytes: &[u8]) -> Option<u64> {
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xA2])?;
    let side = |at: usize| Some(u64::from(*bytes.get(frame + at)?) << 8 | u64::from(*bytes.get(frame + at + 1)?));
    Some(side(6)? * side(8)?)
}
