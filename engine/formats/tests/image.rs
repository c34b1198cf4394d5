//! Pictures in the formats they arrive in.

use std::io::Cursor;

use image::{DynamicImage, ImageBuffer, ImageFormat};
use whorl_formats::image::{ImageFormatError, Pixels, decode, encode_png};
use whorl_types::{GreyImage, Ppi};

fn slope(width_px: u32, height_px: u32) -> GreyImage {
    let pixels = (0..width_px * height_px).map(|place| (place * 7 % 251) as u8).collect();
    GreyImage::new(width_px, height_px, pixels).expect("the sides fit the pixels")
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("grey suits every format");
    bytes.into_inner()
}

fn library_image(image: &GreyImage) -> DynamicImage {
    let (width_px, height_px) = (image.width_px(), image.height_px());
    DynamicImage::ImageLuma8(
        ImageBuffer::from_raw(width_px, height_px, image.pixels().to_vec()).expect("the sides fit the pixels"),
    )
}

#[test]
fn a_png_of_ours_comes_back_with_its_pixels_and_its_sampling_rate() {
    let image = slope(13, 5);
    for ppi in [None, Some(Ppi::STANDARD), Some(Ppi::new(1000.0).unwrap()), Some(Ppi::new(569.0).unwrap())] {
        let decoded = decode(&encode_png(&image, ppi)).unwrap();
        assert_eq!((decoded.pixels, decoded.ppi), (Pixels::Grey(image.clone()), ppi));
    }
}

#[test]
fn every_lossless_format_gives_the_same_pixels() {
    let image = slope(31, 17);
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Pnm] {
        let decoded = decode(&encoded(&library_image(&image), format)).unwrap();
        assert_eq!(decoded.pixels.into_grey(), image, "{format:?}");
    }
}

#[test]
fn a_jpeg_gives_nearly_the_same_pixels() {
    let image = GreyImage::new(16, 16, (0..=255).collect()).unwrap();
    let decoded = decode(&encoded(&library_image(&image), ImageFormat::Jpeg)).unwrap().pixels.into_grey();
    let differs = |(a, b): (&u8, &u8)| a.abs_diff(*b) > 32;
    assert!(!image.pixels().iter().zip(decoded.pixels()).any(differs));
}

#[test]
fn a_colour_image_stays_colour_until_grey_is_asked_for() {
    let colour = DynamicImage::ImageRgba16(ImageBuffer::from_fn(2, 2, |x, _| image::Rgba([65535 * x as u16, 0, 0, 7])));
    let Pixels::Rgb(rgb) = decode(&encoded(&colour, ImageFormat::Png)).unwrap().pixels else { panic!("it is grey") };
    assert_eq!(rgb.samples(), [0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 0, 0]);
}

#[test]
fn empty_unknown_and_cut_files_are_refused_by_name() {
    assert_eq!(decode(&[]), Err(ImageFormatError::Empty));
    assert_eq!(decode(b"RIFF"), Err(ImageFormatError::Unrecognised { first: b"RIFF".to_vec() }));
    let png = encode_png(&slope(40, 40), None);
    assert!(decode(&png[..png.len() / 2]).unwrap_err().to_string().starts_with("PNG: the image is damaged"));
}

#[test]
fn a_cut_file_of_any_format_is_refused() {
    let image = library_image(&slope(64, 64));
    let formats = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Pnm];
    let jpeg_2000 = ["valid-lossless.jp2", "valid-lossy.jp2", "valid-codestream.j2k"].map(seed);
    for whole in formats.map(|format| encoded(&image, format)).into_iter().chain(jpeg_2000) {
        assert!(decode(&whole).is_ok());
        for tenths in 1..10 {
            let error = decode(&whole[..whole.len() * tenths / 10]).unwrap_err().to_string();
            assert!(!error.contains('\n'), "{error}");
        }
    }
}

#[test]
fn a_small_file_that_claims_a_huge_picture_is_refused_before_anything_is_allocated() {
    for huge in [&b"P5 60000 60000 255\n"[..], b"P5\n16384 16384\n255\n", b"P6 1 4294967295 255\n"] {
        let message = decode(huge).unwrap_err().to_string();
        assert!(message.contains("the limit is 16384 a side") || message.contains("damaged"), "{message}");
    }
}

fn seed(name: &str) -> Vec<u8> {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus/jp2/");
    std::fs::read(format!("{corpus}{name}")).expect("the seed is in the repository")
}

#[test]
fn jpeg_2000_gives_the_pixels_and_the_rate_of_its_capture() {
    let slope: Vec<u8> = (0..120).map(|place| (place % 12 * 16 + place / 12 * 5) as u8).collect();
    let slope = GreyImage::new(12, 10, slope).unwrap();
    for (name, ppi) in [
        ("valid-lossless.jp2", None),
        ("valid-codestream.j2k", None),
        ("valid-rgb.jp2", None),
        ("valid-500-ppi.jp2", Some(Ppi::STANDARD)),
    ] {
        let decoded = decode(&seed(name)).unwrap();
        assert_eq!((decoded.pixels.into_grey(), decoded.ppi), (slope.clone(), ppi), "{name}");
    }
    let lossy = decode(&seed("valid-lossy.jp2")).unwrap().pixels.into_grey();
    assert!(lossy.pixels().iter().zip(slope.pixels()).all(|(a, b)| a.abs_diff(*b) < 24));
}

#[test]
fn a_jpeg_2000_that_lacks_only_its_end_marker_is_read() {
    let whole = seed("valid-codestream.j2k");
    assert_eq!(decode(&whole[..whole.len() - 2]), decode(&whole));
}

/// `bytes` with those `after` places behind the first `mark` replaced by `new`.
fn patched(mut bytes: Vec<u8>, mark: &[u8], after: usize, new: &[u8]) -> Vec<u8> {
    let place = bytes.windows(mark.len()).position(|window| window == mark).expect("the mark is there");
    bytes[place + after..][..new.len()].copy_from_slice(new);
    bytes
}

#[test]
fn colours_that_nothing_here_converts_are_refused_by_name() {
    let message = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
    let jpeg = encoded(&library_image(&slope(8, 8)), ImageFormat::Jpeg);
    assert!(message(&patched(jpeg, &[0xFF, 0xC0], 9, &[4])).contains("samples of type CMYK"));
    let cmyk = patched(seed("valid-lossless.jp2"), b"colr", 7, &[0, 0, 0, 12]);
    assert!(message(&cmyk).contains("samples of type enumerated colour space 12"));
}

#[test]
fn a_jpeg_2000_that_claims_a_huge_or_deep_picture_is_refused_before_it_is_decoded() {
    let claims = |after, new: &[u8]| {
        let bytes = patched(seed("valid-codestream.j2k"), &[0xFF, 0x51], after, new);
        decode(&bytes).unwrap_err().to_string()
    };
    assert!(claims(6, &[0, 0, 0xFF, 0xFF]).contains("65535 x 10 pixels"));
    assert!(claims(6, &[0, 0, 0x40, 0, 0, 0, 0x10, 0]).contains("67108864 samples; the limit is"));
    assert!(claims(38, &[0, 9]).contains("9 components"));
    assert!(claims(40, &[31]).contains("32 bits"));
    assert!(claims(22, &[0, 0, 0, 0, 0, 0, 0, 0]).contains("tile"));
}

#[test]
fn a_jpeg_2000_cut_into_too_many_pieces_is_refused_before_it_is_decoded() {
    let large = patched(seed("valid-codestream.j2k"), &[0xFF, 0x51], 6, &[0, 0, 0x20, 0, 0, 0, 0x14, 0]);
    let large = patched(large, &[0xFF, 0x51], 22, &[0, 0, 0x20, 0, 0, 0, 0x14, 0]);
    let blocks = patched(large.clone(), &[0xFF, 0x52], 10, &[0, 0]);
    assert!(decode(&blocks).unwrap_err().to_string().contains("2621440 code blocks"));
    let mut precincts = patched(large, &[0xFF, 0x52], 2, &[0, 14, 1]);
    let style = precincts.windows(2).position(|window| window == [0xFF, 0x52]).unwrap();
    precincts.splice(style + 14..style + 14, [0x11, 0x11]);
    assert!(decode(&precincts).unwrap_err().to_string().contains("precincts; the limit is"));
}
