//! Pictures of cameras that were held sideways.

mod made;

use made::{Field, LONG, SHORT, tiff, tiff_picture, with_chunk, with_segment};
use whorl_formats::image::{decode, encode_jpeg, encode_png};
use whorl_types::{GreyImage, Pixels, RgbImage};

const APP1: u8 = 0xE1;
const ORIENTATION: u16 = 0x0112;

/// How each orientation writes the picture `abc` above `def`: where its first row and its first column are seen, as Exif 2.32
/// words it.
const STORED: [(u32, &[&str]); 8] = [
    (1, &["abc", "def"]),     // top, left
    (2, &["cba", "fed"]),     // top, right
    (3, &["fed", "cba"]),     // bottom, right
    (4, &["def", "abc"]),     // bottom, left
    (5, &["ad", "be", "cf"]), // left, top
    (6, &["cf", "be", "ad"]), // right, top
    (7, &["fc", "eb", "da"]), // right, bottom
    (8, &["da", "eb", "fc"]), // left, bottom
];

/// A picture of rows of letters, each `cell` pixels wide and high, `a` the darkest.
fn lettered(rows: &[&str], cell: u32) -> GreyImage {
    let (width, height) = (rows[0].len() as u32 * cell, rows.len() as u32 * cell);
    let shade = |place: u32| {
        let letter = rows[(place / width / cell) as usize].as_bytes()[(place % width / cell) as usize];
        40 * (letter - b'a') + 20
    };
    GreyImage::new(width, height, (0..width * height).map(shade).collect()).expect("the sides fit the pixels")
}

/// The letters in the middle of each cell.
fn letters(image: &GreyImage, cell: u32) -> Vec<String> {
    let letter = |x: u32, y: u32| char::from(b'a' + image.at(x * cell + cell / 2, y * cell + cell / 2) / 40);
    let row = |y| (0..image.width_px() / cell).map(|x| letter(x, y)).collect();
    (0..image.height_px() / cell).map(row).collect()
}

/// Exif data with one orientation, after a field that does not matter.
fn exif(is_little_endian: bool, orientation: u32) -> Vec<u8> {
    tiff(is_little_endian, &[(0x0100, LONG, 1, 9), (ORIENTATION, SHORT, 1, orientation)], &[])
}

fn in_jpeg(image: &GreyImage, exif: &[u8]) -> Vec<u8> {
    with_segment(&encode_jpeg(image, 95), APP1, &[b"Exif\0\0", exif].concat())
}

fn read(bytes: &[u8], cell: u32) -> Vec<String> {
    letters(&decode(bytes).expect("the picture is whole").pixels.into_grey(), cell)
}

#[test]
fn every_orientation_is_turned_upright_in_jpeg_png_and_tiff() {
    for (orientation, rows) in STORED {
        for is_little_endian in [true, false] {
            let exif = exif(is_little_endian, orientation);
            assert_eq!(read(&in_jpeg(&lettered(rows, 16), &exif), 16), ["abc", "def"], "JPEG, {orientation}");
            let stored = lettered(rows, 1);
            let png = encode_png(&stored, None);
            for before in [b"IDAT", b"IEND"] {
                let png = with_chunk(&png, *before, *b"eXIf", &exif);
                assert_eq!(read(&png, 1), ["abc", "def"], "PNG, {orientation}");
            }
            let (size, field) = ((stored.width_px(), stored.height_px()), (ORIENTATION, SHORT, 1, orientation));
            let tiff = tiff_picture(is_little_endian, size, (1, 1, 8), &[field], stored.pixels());
            assert_eq!(read(&tiff, 1), ["abc", "def"], "TIFF, {orientation}");
        }
    }
}

#[test]
fn colours_are_turned_with_their_pixels() {
    let stored = RgbImage::new(1, 2, vec![200, 9, 9, 9, 9, 200]).unwrap();
    let png = with_chunk(&encode_png(&stored, None), *b"IDAT", *b"eXIf", &exif(true, 6));
    let upright = RgbImage::new(2, 1, vec![9, 9, 200, 200, 9, 9]).unwrap();
    assert_eq!(decode(&png).unwrap().pixels, Pixels::Rgb(upright));
}

/// What Exif data says that nobody should believe.
fn hostile() -> Vec<Vec<u8>> {
    let field = |field: Field| tiff(true, &[field], &[]);
    let mut far = exif(true, 6);
    far[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut many = exif(true, 0);
    many[8..10].copy_from_slice(&u16::MAX.to_le_bytes());
    let whole = exif(true, 6);
    let cut = (0..whole.len() - 4 - 8).map(|length| whole[..length].to_vec());
    let odd = [
        field((ORIENTATION, SHORT, 1, 0)),
        field((ORIENTATION, SHORT, 1, 9)),
        field((ORIENTATION, SHORT, 1, 0xFFFF)),
        field((ORIENTATION, SHORT, u32::MAX, 6)),
        field((ORIENTATION, LONG, 1, 6)),
        far,
        many,
        b"II*\0\x08\0\0\0".to_vec(),
        b"no TIFF at all".to_vec(),
    ];
    let next_directory_is_this_one = {
        let mut bytes = tiff(true, &[(0x0100, LONG, 1, 9)], &[]);
        let end = bytes.len() - 4;
        bytes[end..].copy_from_slice(&8_u32.to_le_bytes());
        bytes
    };
    odd.into_iter().chain([next_directory_is_this_one]).chain(cut).collect()
}

#[test]
fn hostile_exif_data_is_no_orientation() {
    let (jpeg, png) = (lettered(&["abc", "def"], 16), encode_png(&lettered(&["abc", "def"], 1), None));
    for exif in hostile() {
        assert_eq!(read(&in_jpeg(&jpeg, &exif), 16), ["abc", "def"], "{exif:02x?}");
        assert_eq!(read(&with_chunk(&png, *b"IDAT", *b"eXIf", &exif), 1), ["abc", "def"], "{exif:02x?}");
    }
}

#[test]
fn the_first_exif_data_of_a_file_counts() {
    let once = in_jpeg(&lettered(&["cf", "be", "ad"], 16), &exif(true, 6));
    let xmp = with_segment(&once, APP1, b"http://ns.adobe.com/xap/1.0/\0<x/>");
    assert_eq!(read(&xmp, 16), ["abc", "def"]);
    let behind = encode_png(&lettered(&["cf", "be", "ad"], 1), None);
    let behind = with_chunk(&behind, *b"IEND", *b"eXIf", &exif(true, 6));
    assert_eq!(read(&with_chunk(&behind, *b"IEND", *b"eXIf", &exif(true, 3)), 1), ["abc", "def"]);
}
