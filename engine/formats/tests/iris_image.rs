//! Iris image records of both editions, in and out.

use proptest::prelude::*;
use whorl_formats::image::{Pixels, encode_png};
use whorl_formats::image_record::{Edition, ImageRecordError, RecordKind};
use whorl_formats::iris_image::{Compression, ImageKind, IrisImage, IrisImageRecord, Orientation, Picture, decode};
use whorl_types::{GreyImage, Position, Quality};

const EDITIONS: [Edition; 2] = [Edition::Iso2005, Edition::Iso2011];

/// Where a record of 2005 states how its picture was unwrapped, and its image properties.
const TRANSFORMATION: usize = 28;
const PROPERTIES_2005: usize = 18;

/// Where a record of 2011 whose first representation has no quality states that one's image type and properties.
const TYPE: usize = 38;
const PROPERTIES_2011: usize = 40;

fn slope() -> GreyImage {
    GreyImage::new(9, 5, (0..45).map(|place| (place * 7 % 251) as u8).collect()).expect("45 pixels fill 9 x 5")
}

fn raw(position: Position) -> Picture {
    Picture { quality: Quality::new(77).ok(), ..Picture::raw(position, &slope()) }
}

fn encoded(edition: Edition) -> Vec<u8> {
    let positions = [Position::RightEye, Position::RightEye, Position::LeftEye];
    IrisImageRecord::of_pictures(edition, positions.map(raw).into()).expect("three pictures fit").encode()
}

fn single(edition: Edition, picture: Picture) -> Vec<u8> {
    IrisImageRecord::of_pictures(edition, vec![picture]).expect("one picture fits").encode()
}

/// A record of one picture without a quality, one byte of which the caller chooses.
fn changed(edition: Edition, place: usize, value: u8) -> IrisImageRecord {
    let mut bytes = single(edition, Picture::raw(Position::LeftEye, &slope()));
    bytes[place] = value;
    decode(&bytes).expect("the byte decides nothing about the layout")
}

fn grey(image: &IrisImage) -> GreyImage {
    image.picture().expect("the picture can be decoded").pixels.into_grey()
}

#[test]
fn both_editions_tell_the_same_of_a_picture() {
    for edition in EDITIONS {
        let bytes = encoded(edition);
        let record = decode(&bytes).unwrap();
        assert_eq!((record.edition(), record.encode()), (edition, bytes));
        let positions: Vec<_> = record.images().iter().map(IrisImage::position).collect();
        assert_eq!(positions, [Position::RightEye, Position::RightEye, Position::LeftEye]);
        let image = &record.images()[2];
        assert_eq!((image.quality(), image.compression()), (Quality::new(77).ok(), Compression::Raw));
        assert_eq!((image.roll_degrees(), image.distance_mm(), image.centre_x_px()), (None, None, None));
        assert_eq!(grey(image), slope());
    }
}

#[test]
fn images_are_numbered_by_eye_in_2005_and_through_in_2011() {
    for (edition, expected) in [(Edition::Iso2005, [1, 2, 1]), (Edition::Iso2011, [1, 2, 3])] {
        let record = decode(&encoded(edition)).unwrap();
        let numbers: Vec<_> = record.images().iter().map(IrisImage::number).collect();
        assert_eq!(numbers, expected);
    }
}

#[test]
fn in_2005_the_pictures_of_an_eye_come_together() {
    let pictures = [Position::LeftEye, Position::RightEye, Position::LeftEye].map(raw);
    let record = IrisImageRecord::of_pictures(Edition::Iso2005, pictures.into()).unwrap();
    let back = decode(&record.encode()).unwrap();
    let positions: Vec<_> = back.images().iter().map(IrisImage::position).collect();
    assert_eq!(positions, [Position::RightEye, Position::LeftEye, Position::LeftEye]);
}

#[test]
fn a_compressed_picture_is_told_by_its_own_signature() {
    let data = encode_png(&slope(), None);
    for (edition, compression) in [
        (Edition::Iso2005, Compression::Jpeg2000),
        (Edition::Iso2005, Compression::JpegLs),
        (Edition::Iso2011, Compression::Png),
        (Edition::Iso2011, Compression::Jpeg),
        (Edition::Iso2011, Compression::Raw),
    ] {
        let picture = Picture { compression, data: data.clone(), width_px: 90, ..raw(Position::Unknown) };
        let record = decode(&single(edition, picture)).unwrap();
        assert_eq!(grey(&record.images()[0]), slope(), "{edition:?}, {compression:?}");
    }
}

#[test]
fn colours_that_are_not_compressed_are_read() {
    let data: Vec<u8> = (0..135).collect();
    for edition in EDITIONS {
        let picture = Picture { has_colours: true, data: data.clone(), ..raw(Position::RightEye) };
        let record = decode(&single(edition, picture)).unwrap();
        let Pixels::Rgb(rgb) = record.images()[0].picture().unwrap().pixels else { panic!("the colours are lost") };
        assert_eq!(rgb.samples(), data);
    }
}

#[test]
fn a_kind_is_what_its_code_says() {
    let kind = |code| changed(Edition::Iso2011, TYPE, code).images()[0].kind();
    assert_eq!(
        [1, 2, 3, 7].map(kind),
        [ImageKind::Uncropped, ImageKind::Vga, ImageKind::Cropped, ImageKind::CroppedAndMasked]
    );
    assert_eq!(kind(4), ImageKind::Unknown(4));
    assert_eq!(changed(Edition::Iso2005, TRANSFORMATION, 0).images()[0].kind(), ImageKind::Rectilinear);
}

#[test]
fn a_polar_image_is_kept_and_refused_as_a_picture() {
    let record = changed(Edition::Iso2005, TRANSFORMATION, 1);
    assert_eq!((record.images()[0].kind(), record.images()[0].data()), (ImageKind::Polar, slope().pixels()));
    let message = record.images()[0].picture().unwrap_err().to_string();
    assert!(message.starts_with("it is a polar image"), "{message}");
}

#[test]
fn jpeg_ls_is_refused_by_its_name() {
    let picture = Picture { compression: Compression::JpegLs, ..raw(Position::LeftEye) };
    let record = decode(&single(Edition::Iso2005, picture)).unwrap();
    assert!(record.images()[0].picture().unwrap_err().to_string().starts_with("JPEG-LS"));
}

#[test]
fn a_flipped_picture_is_turned_back() {
    let pixels = slope();
    let rows = || pixels.pixels().chunks_exact(9);
    let mirrored: Vec<u8> = rows().flat_map(|row| row.iter().rev().copied()).collect();
    let upside_down: Vec<u8> = rows().rev().flatten().copied().collect();
    for (edition, place) in [(Edition::Iso2005, PROPERTIES_2005), (Edition::Iso2011, PROPERTIES_2011)] {
        let image = |bits| changed(edition, place, bits).images()[0].clone();
        assert_eq!(grey(&image(0b0101)).pixels(), pixels.pixels());
        assert_eq!(grey(&image(0b0110)).pixels(), mirrored);
        assert_eq!(grey(&image(0b1001)).pixels(), upside_down);
        let both = image(0b1010);
        assert_eq!(
            (both.horizontal_orientation(), both.vertical_orientation()),
            (Orientation::Flipped, Orientation::Flipped)
        );
        assert_eq!(grey(&both).pixels(), pixels.pixels().iter().rev().copied().collect::<Vec<_>>());
    }
}

#[test]
fn what_a_camera_measured_is_told() {
    let mut bytes = single(Edition::Iso2011, Picture::raw(Position::LeftEye, &slope()));
    let measures: [u16; 9] = [300, 0x4000, 0xFFFF, 100, 104, 80, 81, 0, 0];
    let start = PROPERTIES_2011 + 6;
    bytes[start..start + 18].copy_from_slice(measures.map(u16::to_be_bytes).as_flattened());
    let record = decode(&bytes).unwrap();
    let image = &record.images()[0];
    assert_eq!((image.distance_mm(), image.roll_degrees()), (Some(300), Some(90.0)));
    assert_eq!((image.centre_x_px(), image.centre_y_px(), image.diameter_px()), (Some(100..=104), Some(80..=81), None));
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
fn other_bytes_and_unknown_versions_are_refused_by_name() {
    let other = ImageRecordError::NotARecord { kind: RecordKind::Iris, first: b"FIR\0".to_vec() };
    assert_eq!(decode(b"FIR\0"), Err(other));
    assert_eq!(
        decode(b"IIR\x00040\0"),
        Err(ImageRecordError::Version { kind: RecordKind::Iris, found: "040\0".to_owned() })
    );
    let refusal = |edition, place: usize, value| {
        let mut bytes = encoded(edition);
        bytes[place] = value;
        decode(&bytes).unwrap_err().to_string()
    };
    assert!(refusal(Edition::Iso2011, 13, 0).starts_with("number of representations at byte 12 is 0"));
    assert!(refusal(Edition::Iso2005, 14, 3).starts_with("number of eyes at byte 14 is 3"));
    assert!(refusal(Edition::Iso2005, 16, 46).starts_with("header length at byte 15 is 46"));
    assert!(refusal(Edition::Iso2005, 47, 0).starts_with("number of images at byte 46 is 0"));
}

#[test]
fn pixels_that_are_not_compressed_must_all_be_there() {
    let picture = Picture { width_px: 10, ..raw(Position::LeftEye) };
    let short = ImageRecordError::RawSize { width_px: 10, height_px: 5, depth_bits: 8, needed: 50, found: 45 };
    for edition in EDITIONS {
        let record = decode(&single(edition, picture.clone())).unwrap();
        assert_eq!(record.images()[0].picture(), Err(short.clone()));
    }
}

#[test]
fn the_fullest_record_comes_back() {
    let pixel = GreyImage::new(1, 1, vec![9]).unwrap();
    for edition in EDITIONS {
        let pictures = vec![Picture::raw(Position::LeftEye, &pixel); 65_535];
        let record = IrisImageRecord::of_pictures(edition, pictures.clone()).unwrap();
        assert_eq!(decode(&record.encode()).unwrap().images().last().map(IrisImage::number), Some(65_535));
        let more = [pictures, vec![Picture::raw(Position::LeftEye, &pixel)]].concat();
        assert!(matches!(IrisImageRecord::of_pictures(edition, more), Err(ImageRecordError::Unwritable(_))));
    }
}

#[test]
fn pictures_that_do_not_fit_an_edition_are_refused() {
    let larger = Picture { width_px: 5, height_px: 9, ..raw(Position::RightEye) };
    let of_two_sizes = vec![raw(Position::RightEye), larger];
    assert!(IrisImageRecord::of_pictures(Edition::Iso2011, of_two_sizes.clone()).is_ok());
    for (edition, pictures) in [
        (Edition::Iso2005, of_two_sizes),
        (Edition::Iso2011, vec![]),
        (Edition::Iso2005, vec![Picture::png(Position::RightEye, &slope())]),
        (Edition::Iso2011, vec![Picture { kind: ImageKind::Polar, ..raw(Position::RightEye) }]),
        (Edition::Iso2005, [Position::RightEye, Position::LeftEye, Position::Unknown].map(raw).into()),
    ] {
        let result = IrisImageRecord::of_pictures(edition, pictures);
        assert!(matches!(result, Err(ImageRecordError::Unwritable(_))));
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
        version in prop::sample::select(vec!["010\0", "020\0"]),
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = b"IIR\0".to_vec();
        bytes.extend(version.bytes());
        bytes.extend(body);
        if let Ok(record) = decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes);
        }
    }
}
