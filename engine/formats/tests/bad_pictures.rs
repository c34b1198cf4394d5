//! Pictures that are damaged, unusual, or none: read as what they show, or refused by name.

mod made;

use std::io::Cursor;
use std::time::Instant;

use image::{DynamicImage, ImageBuffer, ImageFormat};
use made::{SHORT, tiff_picture, with_chunk, with_segment};
use whorl_formats::image::{ForeignFormat, ImageFormatError, Pixels, decode, encode_jpeg, encode_png};
use whorl_types::{GreyImage, RgbImage};

fn slope(width_px: u32, height_px: u32) -> GreyImage {
    let pixels = (0..width_px * height_px).map(|place| (place * 7 % 251) as u8).collect();
    GreyImage::new(width_px, height_px, pixels).expect("the sides fit the pixels")
}

fn refused(bytes: &[u8]) -> String {
    decode(bytes).expect_err("it should be refused").to_string()
}

/// A PNG by the encoder itself, of any kind of samples.
fn png(
    (width_px, height_px): (u32, u32),
    kind: (png::ColorType, png::BitDepth),
    palette: Option<(&'static [u8], &'static [u8])>,
    data: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width_px, height_px);
    encoder.set_color(kind.0);
    encoder.set_depth(kind.1);
    if let Some((colours, alphas)) = palette {
        encoder.set_palette(colours);
        encoder.set_trns(alphas);
    }
    encoder.write_header().and_then(|mut writer| writer.write_image_data(data)).expect("it is a PNG");
    bytes
}

#[test]
fn a_jpeg_cut_anywhere_is_damaged() {
    let whole = encode_jpeg(&slope(64, 64), 90);
    for length in 3..whole.len() - 1 {
        let message = refused(&whole[..length]);
        assert!(message.starts_with("JPEG: the image is damaged"), "{length}: {message}");
    }
    assert!(refused(&whole[..whole.len() - 2]).contains("cut short"));
}

#[test]
fn a_png_cut_or_changed_anywhere_in_its_pixels_is_damaged() {
    let whole = encode_png(&slope(64, 64), None);
    let pixels = whole.windows(4).position(|window| window == b"IDAT").unwrap();
    for place in (pixels + 4..whole.len() - 16).step_by(97) {
        assert!(refused(&whole[..place]).starts_with("PNG: the image is damaged"));
        let mut changed = whole.clone();
        changed[place] ^= 0x10;
        assert!(refused(&changed).starts_with("PNG: the image is damaged"), "byte {place}");
    }
}

/// A JPEG whose frame has four components, which Adobe's segment says are CMYK as they are (0) or as YCCK (2).
fn four_inks(transform: u8) -> Vec<u8> {
    let mut jpeg = encode_jpeg(&slope(8, 8), 90);
    let frame = jpeg.windows(2).position(|window| window == [0xFF, 0xC0]).expect("it is a baseline JPEG");
    jpeg[frame + 3] = 20;
    jpeg[frame + 9] = 4;
    jpeg.splice(frame + 13..frame + 13, [2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]);
    let scan = jpeg.windows(2).position(|window| window == [0xFF, 0xDA]).expect("a scan follows");
    jpeg[scan + 3] = 14;
    jpeg[scan + 4] = 4;
    jpeg.splice(scan + 7..scan + 7, [2, 0, 3, 0, 4, 0]);
    with_segment(&jpeg, 0xEE, &[b"Adobe\0\x64\0\0\0\0".as_slice(), &[transform]].concat())
}

#[test]
fn four_inks_are_refused_by_name_in_jpeg_and_tiff() {
    for bytes in [four_inks(0), four_inks(2), tiff_picture(true, (2, 2), (5, 4, 8), &[], &[0; 16])] {
        let message = refused(&bytes);
        assert!(message.contains("samples of type CMYK are not supported: convert the image to"), "{message}");
    }
}

#[test]
fn sixteen_bits_become_eight_in_png_and_tiff() {
    let deep: Vec<u16> = (0..24).map(|place| place * 2730).collect();
    let expected = |place: u16| (f64::from(place) * 2730.0 / 257.0).round() as u8;
    let grey = DynamicImage::ImageLuma16(ImageBuffer::from_raw(6, 4, deep.clone()).unwrap());
    let colour = DynamicImage::ImageRgb16(ImageBuffer::from_raw(4, 2, deep).unwrap());
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        for (image, is_grey) in [(&grey, true), (&colour, false)] {
            let mut bytes = Cursor::new(Vec::new());
            image.write_to(&mut bytes, format).unwrap();
            let samples = match decode(&bytes.into_inner()).unwrap().pixels {
                Pixels::Grey(grey) if is_grey => grey.pixels().to_vec(),
                Pixels::Rgb(rgb) if !is_grey => rgb.samples().to_vec(),
                Pixels::Grey(_) | Pixels::Rgb(_) => panic!("{format:?}: colour for grey, or grey for colour"),
            };
            assert_eq!(samples, (0..24).map(expected).collect::<Vec<_>>(), "{format:?}");
        }
    }
}

#[test]
fn palettes_alpha_and_single_bits_are_read() {
    let palette: &[u8] = &[10, 20, 30, 200, 100, 50];
    let indexed = (png::ColorType::Indexed, png::BitDepth::One);
    let colours = Pixels::Rgb(RgbImage::new(2, 1, vec![200, 100, 50, 10, 20, 30]).unwrap());
    for alphas in [&[255_u8, 255][..], &[0, 128]] {
        let read = decode(&png((2, 1), indexed, Some((palette, alphas)), &[0b1000_0000])).unwrap();
        assert_eq!(read.pixels, colours, "what is transparent keeps its colour");
    }
    let bits = png((3, 1), (png::ColorType::Grayscale, png::BitDepth::One), None, &[0b0100_0000]);
    let black_and_white = Pixels::Grey(GreyImage::new(3, 1, vec![0, 255, 0]).unwrap());
    assert_eq!(decode(&bits).unwrap().pixels, black_and_white);
    assert_eq!(decode(b"P4 3 1 \xA0").unwrap().pixels, black_and_white, "in PBM a set bit is black");
    let bits = tiff_picture(true, (3, 1), (1, 1, 1), &[], &[0b0100_0000]);
    assert_eq!(decode(&bits).unwrap().pixels, black_and_white);
    let alpha = png((1, 1), (png::ColorType::GrayscaleAlpha, png::BitDepth::Eight), None, &[77, 3]);
    assert_eq!(decode(&alpha).unwrap().pixels, Pixels::Grey(GreyImage::new(1, 1, vec![77]).unwrap()));
}

#[test]
fn a_tiff_with_a_palette_is_refused_by_name() {
    let bytes = tiff_picture(true, (2, 2), (3, 1, 8), &[(320, SHORT, 768, 8)], &[0; 4]);
    assert!(refused(&bytes).contains("Palette"), "{}", refused(&bytes));
}

#[test]
fn an_animated_png_is_refused_and_one_of_a_single_frame_is_a_picture() {
    let still = encode_png(&slope(8, 8), None);
    let frames = |frames: u32| {
        let control = [frames.to_be_bytes(), [0; 4]].concat();
        with_chunk(&still, *b"IDAT", *b"acTL", &control)
    };
    assert!(refused(&frames(12)).starts_with("PNG: an animation of 12 frames"));
    let single = with_chunk(&frames(1), *b"IDAT", *b"fcTL", &{
        let mut control = [0; 26];
        (control[7], control[11]) = (8, 8);
        control
    });
    assert_eq!(decode(&single).unwrap(), decode(&still).unwrap());
}

#[test]
fn files_of_other_kinds_are_named_with_what_to_do() {
    let heic = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic";
    let avif = b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf";
    for (bytes, kind, words) in [
        (&b"GIF89a\x01\0\x01\0"[..], ForeignFormat::Gif, ["GIF", "convert it to PNG"]),
        (b"RIFF\x1A\0\0\0WEBPVP8L", ForeignFormat::WebP, ["WebP", "convert it to PNG"]),
        (b"\0\0\0\x18ftypheic\0\0\0\0", ForeignFormat::Heic, ["HEIC", "phones"]),
        (heic, ForeignFormat::Heic, ["HEIC", "convert it to JPEG"]),
        (b"\0\0\0\x1Cftypavif\0\0\0\0", ForeignFormat::Avif, ["AVIF", "convert it to PNG"]),
        (avif, ForeignFormat::Avif, ["AVIF", "convert it to PNG"]),
        (b"\xFF\x0A\xFA\x1F", ForeignFormat::JpegXl, ["JPEG XL", "convert it to PNG"]),
        (b"%PDF-1.7\n", ForeignFormat::Pdf, ["PDF", "export the picture"]),
        (b"PK\x03\x04\x14\0", ForeignFormat::Zip, ["ZIP", "unpack it"]),
        (b"1.001:188\x1D1.002:0400", ForeignFormat::AnsiNist, ["ANSI/NIST", "take its images out"]),
    ] {
        assert_eq!(decode(bytes), Err(ImageFormatError::Foreign(kind)));
        assert!(words.iter().all(|word| refused(bytes).contains(word)), "{}", refused(bytes));
    }
    assert!(refused(b"\0\0\0\x18ftypisom\0\0\0\0").contains("not an image in a known format"), "a film");
    assert!(refused(b"").contains("no bytes"));
    assert!(refused(b"\0").contains("[00]"));
}

#[test]
fn a_picture_of_12_000_by_12_000_pixels_is_refused_with_the_limit_and_advice_before_it_is_decoded() {
    let mut huge_png = Vec::new();
    let mut encoder = png::Encoder::new(&mut huge_png, 12_000, 12_000);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Sixteen);
    encoder.write_header().expect("a header is written");
    let huge_png = with_chunk(&huge_png, *b"IEND", *b"IDAT", &[0x78, 0x9C]);
    let mut huge_jpeg = encode_jpeg(&slope(8, 8), 90);
    let frame = huge_jpeg.windows(2).position(|window| window == [0xFF, 0xC0]).expect("it is a baseline JPEG");
    huge_jpeg[frame + 5..][..4].copy_from_slice([12_000_u16.to_be_bytes(); 2].as_flattened());
    let huge_tiff = tiff_picture(false, (12_000, 12_000), (1, 1, 8), &[], &[0; 8]);
    let mut huge_bmp = b"BM".to_vec();
    for number in [58_u32, 0, 54, 40, 12_000, 12_000, 1 | 24 << 16, 0, 4, 0, 0, 0, 0] {
        huge_bmp.extend(number.to_le_bytes());
    }
    let began = Instant::now();
    for bytes in [&huge_png[..], &huge_jpeg, &huge_tiff, &huge_bmp, b"P6 12000 12000 255\n"] {
        let message = refused(bytes);
        assert!(message.contains("12000 x 12000 pixels; the limit is 16384 a side and 67108864 in all"), "{message}");
        assert!(message.contains("crop or downscale it"), "{message}");
    }
    assert!(began.elapsed().as_secs() < 1, "something was allocated or decoded");
}
