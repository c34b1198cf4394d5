//! Finger image records of both editions, in and out.

use proptest::prelude::*;
use whorl_formats::finger_image::{Compression, FingerImage, FingerImageRecord, Picture, decode};
use whorl_formats::image::encode_png;
use whorl_formats::image_record::{Edition, ImageRecordError, RecordKind};
use whorl_types::{GreyImage, Position, Ppi, Quality};

const EDITIONS: [Edition; 2] = [Edition::Iso2005, Edition::Iso2011];

fn slope(width_px: u32, height_px: u32) -> GreyImage {
    let pixels = (0..width_px * height_px).map(|place| (place * 7 % 251) as u8).collect();
    GreyImage::new(width_px, height_px, pixels).expect("the sides fit the pixels")
}

fn raw(position: Position) -> Picture {
    let quality = Quality::new(77).ok();
    Picture { quality, ..Picture::raw(position, Ppi::STANDARD, &slope(9, 5)) }
}

fn encoded(edition: Edition) -> Vec<u8> {
    let positions = [Position::RightIndex, Position::LeftThumb, Position::RightIndex];
    FingerImageRecord::of_pictures(edition, positions.map(raw).into()).expect("three pictures fit").encode()
}

/// One picture of 4 x 2 pixels in 2005, whose sampling and data the caller chooses.
fn odd(depth_bits: u8, compression: u8, rates: (u8, u16, u16), data: &[u8]) -> Vec<u8> {
    let mut bytes = b"FIR\x00010\0".to_vec();
    bytes.extend(((46 + data.len()) as u64).to_be_bytes()[2..].iter());
    bytes.extend([0, 0, 0, 30, 1, rates.0, 1, 2, 3, 4]);
    bytes.extend(rates.1.to_be_bytes().into_iter().chain(rates.2.to_be_bytes()));
    bytes.extend([depth_bits, compression, 0, 0]);
    bytes.extend((14 + data.len() as u32).to_be_bytes());
    bytes.extend([2, 1, 1, 50, 0, 0, 4, 0, 2, 0]);
    bytes.extend(data);
    bytes
}

#[test]
fn both_editions_tell_the_same_of_a_picture() {
    for edition in EDITIONS {
        let bytes = encoded(edition);
        let record = decode(&bytes).unwrap();
        assert_eq!((record.edition(), record.encode()), (edition, bytes));
        let positions: Vec<_> = record.images().iter().map(FingerImage::position).collect();
        assert_eq!(positions, [Position::RightIndex, Position::LeftThumb, Position::RightIndex]);
        let image = &record.images()[2];
        assert_eq!((image.quality(), image.ppi()), (Quality::new(77).ok(), Some(Ppi::STANDARD)));
        assert_eq!(image.compression(), Compression::Raw);
        assert_eq!(image.picture().unwrap().pixels.into_grey(), slope(9, 5));
    }
}

#[test]
fn a_compressed_picture_is_told_by_its_own_signature() {
    let data = encode_png(&slope(9, 5), Ppi::new(1000.0).ok());
    for edition in EDITIONS {
        for compression in [Compression::Png, Compression::Jpeg2000, Compression::Raw] {
            let picture = Picture { compression, data: data.clone(), width_px: 90, ..raw(Position::Unknown) };
            let record = FingerImageRecord::of_pictures(edition, vec![picture]).unwrap();
            let decoded = decode(&record.encode()).unwrap().images()[0].picture().unwrap();
            assert_eq!((decoded.pixels.into_grey(), decoded.ppi), (slope(9, 5), Some(Ppi::STANDARD)));
        }
    }
}

#[test]
fn pixels_of_any_depth_become_eight_bits() {
    let pixels = |depth_bits, compression, data: &[u8]| {
        let record = decode(&odd(depth_bits, compression, (1, 500, 500), data)).unwrap();
        record.images()[0].picture().map(|decoded| decoded.pixels.into_grey().pixels().to_vec())
    };
    let checkers = [255, 0, 255, 0, 0, 255, 0, 255];
    assert_eq!(pixels(1, 1, &[0b1010_0101]), Ok(checkers.to_vec()));
    assert_eq!(pixels(1, 1, &[0b1010_0000, 0b0101_0000]), Ok(checkers.to_vec()));
    assert_eq!(pixels(4, 1, &[0xF0, 0xF0, 0x0F, 0x0F]), Ok(checkers.to_vec()));
    assert_eq!(pixels(1, 0, &[1, 0, 1, 0, 0, 1, 0, 1]), Ok(checkers.to_vec()));
    assert_eq!(pixels(12, 0, &[15, 255, 0, 0, 15, 255, 0, 0, 0, 0, 15, 255, 0, 0, 15, 255]), Ok(checkers.to_vec()));
    let short = ImageRecordError::RawSize { width_px: 4, height_px: 2, depth_bits: 8, needed: 8, found: 7 };
    assert_eq!(pixels(8, 0, &[0; 7]), Err(short));
    assert!(matches!(pixels(17, 0, &[0; 99]), Err(ImageRecordError::RawSize { .. })));
    assert_eq!(pixels(8, 9, &[0; 8]), Err(ImageRecordError::Compression(9)));
}

#[test]
fn a_sampling_rate_means_what_scanners_do() {
    let ppi = |units, x, y| decode(&odd(8, 0, (units, x, y), &[0; 8])).unwrap().images()[0].ppi();
    let standard = Some(Ppi::STANDARD);
    assert_eq!([ppi(1, 500, 500), ppi(2, 197, 197), ppi(2, 500, 500), ppi(1, 197, 197)], [standard; 4]);
    assert_eq!([ppi(1, 500, 0), ppi(1, 0, 500)], [standard; 2]);
    assert_eq!([ppi(1, 500, 1000), ppi(7, 500, 500), ppi(1, 9, 9)], [None; 3]);
}

#[test]
fn the_only_picture_of_a_record_of_true_length_has_all_its_bytes() {
    let mut bytes = odd(8, 0, (1, 500, 500), &[9; 8]);
    bytes[32..36].copy_from_slice(&8_u32.to_be_bytes());
    let record = decode(&bytes).unwrap();
    assert_eq!((record.images()[0].data(), record.encode()), (&[9; 8][..], bytes));
}

#[test]
fn a_record_cut_anywhere_is_refused_with_the_field_and_its_offset() {
    for edition in EDITIONS {
        let whole = encoded(edition);
        for length in 8..whole.len() {
            // In 2005 a record that ends after a view has as many as it needs: it counts fingers, not views.
            let is_view_boundary = edition == Edition::Iso2005 && length == whole.len() - 59;
            let message = decode(&whole[..length]).map_or_else(|error| error.to_string(), |_| " at byte ".to_owned());
            assert!(is_view_boundary || message.contains(" at byte "), "{edition:?}, {length} bytes: {message}");
        }
    }
}

#[test]
fn other_bytes_and_unknown_versions_are_refused_by_name() {
    assert_eq!(
        decode(b"FMR\0"),
        Err(ImageRecordError::NotARecord { kind: RecordKind::Finger, first: b"FMR\0".to_vec() })
    );
    assert_eq!(
        decode(b"FIR\x00040\0"),
        Err(ImageRecordError::Version { kind: RecordKind::Finger, found: "040\0".to_owned() })
    );
    assert!(matches!(decode(b""), Err(ImageRecordError::Truncated { .. })));
    let mut none = encoded(Edition::Iso2011);
    none[13] = 0;
    assert!(decode(&none).unwrap_err().to_string().contains("representations at byte 12 is 0"));
}

#[test]
fn pictures_that_do_not_fit_an_edition_are_refused() {
    let faster = Picture { ppi: Ppi::new(1000.0).unwrap(), ..raw(Position::LeftThumb) };
    let pictures = vec![raw(Position::RightThumb), faster];
    assert!(FingerImageRecord::of_pictures(Edition::Iso2011, pictures.clone()).is_ok());
    for (edition, pictures) in [
        (Edition::Iso2005, pictures),
        (Edition::Iso2011, vec![]),
        (Edition::Iso2005, vec![Picture { compression: Compression::Jpeg2000Lossless, ..raw(Position::Unknown) }]),
    ] {
        let result = FingerImageRecord::of_pictures(edition, pictures);
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
        let mut bytes = b"FIR\0".to_vec();
        bytes.extend(version.bytes());
        bytes.extend(body);
        if let Ok(record) = decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes);
        }
    }
}
