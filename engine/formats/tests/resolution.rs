//! The sampling rate that picture files state, each in its own way.

use std::io::Cursor;

use image::codecs::jpeg::{JpegEncoder, PixelDensity, PixelDensityUnit};
use image::{ExtendedColorType, ImageEncoder};
use whorl_formats::image::decode;
use whorl_types::Ppi;

/// The stated rate, rounded to whole pixels per inch.
fn ppi(bytes: &[u8]) -> Option<u32> {
    decode(bytes).expect("the picture is whole").ppi.map(|ppi| ppi.get().round() as u32)
}

fn jpeg(density: (u16, u16), unit: PixelDensityUnit) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = JpegEncoder::new(&mut bytes);
    encoder.set_pixel_density(PixelDensity { density, unit });
    encoder.write_image(&[128; 64], 8, 8, ExtendedColorType::L8).expect("grey suits JPEG");
    bytes.into_inner()
}

/// A BMP of one grey pixel with the given numbers of pixels per metre.
fn bmp(x_per_m: u32, y_per_m: u32) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    for number in [58_u32, 0, 54, 40, 1, 1, 1 | 24 << 16, 0, 4, x_per_m, y_per_m, 0, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([90, 90, 90, 0]);
    bytes
}

/// A TIFF of one grey pixel, big or little endian, with one rate for rows and columns.
fn tiff(is_little_endian: bool, per_unit: (u32, u32), unit: u16) -> Vec<u8> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const RATIONAL: u16 = 5;
    let u16_bytes = |number: u16| if is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() };
    let u32_bytes = |number: u32| if is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() };
    let mut bytes = if is_little_endian { b"II".to_vec() } else { b"MM".to_vec() };
    bytes.extend(u16_bytes(42));
    bytes.extend(u32_bytes(20));
    bytes.extend(u32_bytes(per_unit.0));
    bytes.extend(u32_bytes(per_unit.1));
    bytes.extend([77, 0, 0, 0]);
    let entries = [
        (256, SHORT, 1),
        (257, SHORT, 1),
        (258, SHORT, 8),
        (262, SHORT, 1),
        (273, LONG, 16),
        (277, SHORT, 1),
        (278, SHORT, 1),
        (279, LONG, 1),
        (282, RATIONAL, 8),
        (283, RATIONAL, 8),
        (296, SHORT, u32::from(unit)),
    ];
    bytes.extend(u16_bytes(entries.len() as u16));
    for (tag, kind, value) in entries {
        bytes.extend(u16_bytes(tag).into_iter().chain(u16_bytes(kind)).chain(u32_bytes(1)));
        if kind == SHORT {
            bytes.extend(u16_bytes(value as u16).into_iter().chain([0, 0]));
        } else {
            bytes.extend(u32_bytes(value));
        }
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn jpeg_states_pixels_per_inch_or_per_centimetre() {
    assert_eq!(ppi(&jpeg((500, 500), PixelDensityUnit::Inches)), Some(500));
    assert_eq!(ppi(&jpeg((197, 197), PixelDensityUnit::Centimeters)), Some(500));
    assert_eq!(ppi(&jpeg((1, 1), PixelDensityUnit::PixelAspectRatio)), None);
}

#[test]
fn bmp_states_pixels_per_metre() {
    assert_eq!(ppi(&bmp(19_685, 19_685)), Some(500));
    assert_eq!(decode(&bmp(19_685, 19_685)).unwrap().ppi, Some(Ppi::STANDARD), "rounding to metres is undone");
    assert_eq!(ppi(&bmp(0, 0)), None);
}

#[test]
fn tiff_states_fractions_of_an_inch_or_a_centimetre() {
    for is_little_endian in [false, true] {
        assert_eq!(ppi(&tiff(is_little_endian, (500, 1), 2)), Some(500));
        assert_eq!(ppi(&tiff(is_little_endian, (19_685, 100), 3)), Some(500));
        assert_eq!(ppi(&tiff(is_little_endian, (500, 0), 2)), None);
        assert_eq!(ppi(&tiff(is_little_endian, (500, 1), 1)), None);
    }
}

#[test]
fn a_rate_that_software_writes_when_it_knows_nothing_is_none() {
    assert_eq!(ppi(&jpeg((72, 72), PixelDensityUnit::Inches)), None);
    assert_eq!(ppi(&jpeg((96, 96), PixelDensityUnit::Inches)), None);
    assert_eq!(ppi(&bmp(3_780, 3_780)), None);
    assert_eq!(ppi(&bmp(2_835, 2_835)), None);
}

#[test]
fn two_rates_that_differ_and_impossible_rates_are_none() {
    assert_eq!(ppi(&jpeg((500, 1000), PixelDensityUnit::Inches)), None);
    assert_eq!(ppi(&jpeg((9, 9), PixelDensityUnit::Inches)), None);
    assert_eq!(ppi(&bmp(u32::MAX, u32::MAX)), None);
}
