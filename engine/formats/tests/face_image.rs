//! Face image records of both editions, in and out.

mod made;

use proptest::prelude::*;
use whorl_formats::face_image::{ColourSpace, Compression, FaceImageRecord, FeaturePoint, ImageKind, Picture, decode};
use whorl_formats::image::{ImageFormatError, Pixels, encode_jpeg, encode_png};
use whorl_formats::image_record::{Edition, ImageRecordError, RecordKind};
use whorl_types::{GreyImage, Quality, RgbImage};

const EDITIONS: [Edition; 2] = [Edition::Iso2005, Edition::Iso2011];

/// The left eye of MPEG-4's feature points.
const LEFT_EYE: FeaturePoint = FeaturePoint { kind: 1, code: 0xC1, x_px: 6, y_px: 2, z: 0 };

fn slope() -> GreyImage {
    GreyImage::new(9, 5, (0..45).map(|place| (place * 7 % 251) as u8).collect()).expect("45 pixels fill 9 x 5")
}

/// A portrait whose bytes are PNG, whatever its record says.
fn portrait() -> Picture {
    Picture {
        kind: ImageKind::FullFrontal,
        quality: Quality::new(77).ok(),
        points: vec![LEFT_EYE],
        width_px: 9,
        height_px: 5,
        colour_space: ColourSpace::Grey,
        compression: Compression::Jpeg2000,
        data: encode_png(&slope(), None),
    }
}

fn encoded(edition: Edition) -> Vec<u8> {
    let plain = Picture { points: Vec::new(), quality: None, kind: ImageKind::Basic, ..portrait() };
    FaceImageRecord::of_pictures(edition, vec![portrait(), plain]).expect("two pictures fit").encode()
}

#[test]
fn both_editions_tell_the_same_of_a_picture() {
    for edition in EDITIONS {
        let bytes = encoded(edition);
        let record = decode(&bytes).unwrap();
        assert_eq!((record.edition(), record.encode()), (edition, bytes));
        let [image, plain] = record.images() else { panic!("there are two") };
        assert_eq!((image.kind(), image.points()), (ImageKind::FullFrontal, &[LEFT_EYE][..]));
        assert_eq!((image.colour_space(), image.compression()), (ColourSpace::Grey, Compression::Jpeg2000));
        assert_eq!(image.picture().unwrap().pixels.into_grey(), slope());
        assert_eq!((plain.kind(), plain.points(), plain.quality()), (ImageKind::Basic, &[][..], None));
    }
}

#[test]
fn only_2011_tells_a_quality() {
    let quality = |edition| decode(&encoded(edition)).unwrap().images()[0].quality();
    assert_eq!(EDITIONS.map(quality), [None, Quality::new(77).ok()]);
}

#[test]
fn a_record_cut_anywhere_is_refused_with_the_field_and_its_offset() {
    for edition in EDITIONS {
        let whole = encoded(edition);
        for length in 0..whole.len() {
            let message = decode(&whole[..length]).unwrap_err().to_string();
            assert!(message.contains(" at byte "), "{edition:?}, {length} bytes: {message}");
        }
    }
}

#[test]
fn a_block_that_is_too_short_for_its_parts_is_refused() {
    let mut bytes = encoded(Edition::Iso2005);
    bytes[14..18].copy_from_slice(&39_u32.to_be_bytes());
    let message = decode(&bytes).unwrap_err().to_string();
    assert!(message.starts_with("length of facial record data at byte 14 is 39"), "{message}");
}

#[test]
fn other_bytes_and_unknown_versions_are_refused_by_name() {
    let other = ImageRecordError::NotARecord { kind: RecordKind::Face, first: b"FIR\0".to_vec() };
    assert_eq!(decode(b"FIR\0"), Err(other));
    let message = decode(b"FAC\x00020\0").unwrap_err().to_string();
    assert!(message.ends_with("known are \"010\" (2005) and \"030\" (2011)"), "{message}");
    let mut none = encoded(Edition::Iso2011);
    none[13] = 0;
    assert!(decode(&none).unwrap_err().to_string().starts_with("number of images at byte 12 is 0"));
}

#[test]
fn a_compression_that_is_unknown_needs_a_signature() {
    let known = Picture { compression: Compression::Jpeg2000Lossless, ..portrait() };
    let record = |picture| FaceImageRecord::of_pictures(Edition::Iso2011, vec![picture]).unwrap().encode();
    let mut bytes = record(Picture { data: vec![7; 20], points: Vec::new(), quality: None, ..known });
    let code = bytes.len() - 20 - 4 - 5 - 5;
    bytes[code] = 9;
    let image = decode(&bytes).unwrap().images()[0].clone();
    assert_eq!(
        (image.compression(), image.picture()),
        (Compression::Unknown(9), Err(ImageRecordError::Compression(9)))
    );
}

#[test]
fn pictures_that_do_not_fit_an_edition_are_refused() {
    for (edition, pictures) in [
        (Edition::Iso2011, vec![]),
        (Edition::Iso2005, vec![Picture { compression: Compression::Png, ..portrait() }]),
        (Edition::Iso2011, vec![Picture { points: vec![LEFT_EYE; 65_536], ..portrait() }]),
    ] {
        let result = FaceImageRecord::of_pictures(edition, pictures);
        assert!(matches!(result, Err(ImageRecordError::Unwritable(_))));
    }
}

/// A JPEG 2000 of three components, which the fuzzers start from.
fn jpeg_2000() -> Vec<u8> {
    let seed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus/jp2/valid-rgb.jp2");
    std::fs::read(seed).expect("the seed is in the repository")
}

#[test]
fn a_file_goes_into_a_record_as_it_is_and_comes_out_with_its_colours() {
    let samples = (0..32 * 24 * 3).map(|place| (place * 7 % 251) as u8).collect();
    let colour = RgbImage::new(32, 24, samples).unwrap();
    let files = [
        (encode_jpeg(&colour, 90), Compression::Jpeg, &EDITIONS[..]),
        (jpeg_2000(), Compression::Jpeg2000, &EDITIONS),
        (encode_png(&colour, None), Compression::Png, &[Edition::Iso2011]),
    ];
    for (file, compression, editions) in files {
        for &edition in editions {
            let picture = Picture { points: vec![LEFT_EYE], ..Picture::of_file(file.clone()).unwrap() };
            let bytes = FaceImageRecord::of_pictures(edition, vec![picture]).unwrap().encode();
            let record = decode(&bytes).unwrap();
            let image = &record.images()[0];
            assert_eq!((image.data(), image.compression(), image.points()), (&file[..], compression, &[LEFT_EYE][..]));
            assert_eq!(image.colour_space(), ColourSpace::Rgb);
            let shown = whorl_formats::image::decode(&file).unwrap();
            assert!(matches!(shown.pixels, Pixels::Rgb(_)), "{compression:?}");
            assert_eq!(image.picture().unwrap(), shown);
        }
    }
    let png = Picture::png(&Pixels::Rgb(colour.clone()));
    assert_eq!((png.width_px, png.height_px, png.colour_space), (32, 24, ColourSpace::Rgb));
    let record = FaceImageRecord::of_pictures(Edition::Iso2011, vec![png]).unwrap();
    assert_eq!(record.images()[0].picture().unwrap().pixels, Pixels::Rgb(colour));
}

#[test]
fn what_is_no_picture_of_a_face_record_is_not_written() {
    let jpeg = encode_jpeg(&slope(), 90);
    let exif = made::tiff(true, &[(0x0112, made::SHORT, 1, 6)], &[]);
    let turned = made::with_segment(&jpeg, 0xE1, &[b"Exif\0\0", &exif[..]].concat());
    for (file, word) in [(b"P5 1 1 255\n7".to_vec(), "convert it"), (turned, "upright")] {
        assert!(matches!(Picture::of_file(file), Err(ImageRecordError::Unwritable(said)) if said.contains(word)));
    }
    let cut = jpeg[..jpeg.len() / 2].to_vec();
    assert!(matches!(Picture::of_file(cut), Err(ImageRecordError::Pixels(ImageFormatError::Damaged { .. }))));
}

#[test]
fn what_a_record_says_of_the_person_and_the_pose_comes_back_byte_for_byte() {
    for (edition, place, length) in [(Edition::Iso2005, 20, 14), (Edition::Iso2011, 38, 15)] {
        let plain = Picture { quality: None, ..portrait() };
        let mut bytes = FaceImageRecord::of_pictures(edition, vec![plain]).unwrap().encode();
        for (at, byte) in bytes[place..][..length].iter_mut().enumerate() {
            *byte = 0x81 + at as u8;
        }
        let record = decode(&bytes).unwrap();
        assert_eq!(record.encode(), bytes, "{edition:?}");
        assert_eq!(record.images()[0].points(), [LEFT_EYE]);
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_and_accepted_bytes_come_back(
        which in 0..EDITIONS.len(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        tail in prop::collection::vec(any::<u8>(), 0..9),
    ) {
        let mut bytes = encoded(EDITIONS[which]);
        for (place, value) in flips {
            // Headers matter more than pixels.
            let place = place.index(90);
            bytes[place] = value;
        }
        bytes.truncate(cut.index(bytes.len() * 2));
        bytes.extend(tail);
        if let Ok(record) = decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes);
            for image in record.images() {
                let _ = image.picture();
            }
        }
    }

    #[test]
    fn no_body_behind_a_signature_panics(
        version in prop::sample::select(vec!["010\0", "030\0"]),
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = b"FAC\0".to_vec();
        bytes.extend(version.bytes());
        bytes.extend(body);
        if let Ok(record) = decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes);
        }
    }
}
