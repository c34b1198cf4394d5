//! Minutiae records of every format, in and out.

use proptest::prelude::*;
use whorl_formats::minutiae::{ConvertError, Finger, Format, MinutiaeError, MinutiaeRecord, View, decode};
use whorl_types::{Minutia, MinutiaKind, Position, Quality};

fn quality(value: u8) -> Quality {
    Quality::new(value).expect("qualities here are at most 100")
}

fn index_finger() -> Finger {
    let minutia = |x_px: u16, y_px: u16, angle, kind, value| Minutia {
        x_px8: x_px * 8,
        y_px8: y_px * 8,
        angle,
        kind,
        quality: quality(value),
    };
    Finger {
        position: Position::RightIndex,
        quality: Some(quality(71)),
        width_px: 300,
        height_px: 400,
        minutiae: vec![
            minutia(10, 20, 64, MinutiaKind::Ending, 90),
            minutia(299, 399, 0, MinutiaKind::Bifurcation, 80),
            minutia(0, 0, 128, MinutiaKind::Other, 1),
        ],
    }
}

fn encoded(format: Format) -> Vec<u8> {
    let thumb = Finger { position: Position::LeftThumb, quality: None, minutiae: vec![], ..index_finger() };
    let fingers = [index_finger(), thumb, index_finger()];
    MinutiaeRecord::of_fingers(format, &fingers).expect("three fingers fit").encode()
}

#[test]
fn every_format_tells_the_same_of_a_finger() {
    for format in Format::ALL {
        let record = decode(&encoded(format)).unwrap();
        let fingers = record.fingers().unwrap();
        assert_eq!(record.format(), format);
        assert_eq!(fingers[0], index_finger(), "{format}");
        assert_eq!(fingers[1].position, Position::LeftThumb);
        assert_eq!(record.views().iter().map(View::number).collect::<Vec<_>>(), [0, 0, 1]);
    }
}

#[test]
fn a_record_cut_anywhere_is_refused_with_the_field_and_its_offset() {
    for format in Format::ALL {
        let whole = encoded(format);
        for length in 8..whole.len() {
            let message = decode(&whole[..length]).expect_err("a part is missing").to_string();
            assert!(message.contains(" at byte "), "{format}, {length} bytes: {message}");
        }
    }
}

#[test]
fn what_follows_a_record_is_kept() {
    for format in Format::ALL {
        let mut bytes = encoded(format);
        bytes.extend([1, 2, 3]);
        let record = decode(&bytes).unwrap();
        assert_eq!((record.format(), record.encode()), (format, bytes));
    }
}

#[test]
fn a_wrong_total_length_is_tolerated_and_kept() {
    let mut bytes = encoded(Format::Iso2005);
    for stated in [0_u32, 24, 9999] {
        bytes[8..12].copy_from_slice(&stated.to_be_bytes());
        let record = decode(&bytes).unwrap();
        assert_eq!((record.format(), record.encode()), (Format::Iso2005, bytes.clone()));
    }
}

#[test]
fn extended_data_that_overruns_a_record_of_true_length_is_taken_to_the_end() {
    let mut bytes = encoded(Format::Iso2005);
    let last = bytes.len() - 1;
    bytes[last] = 9;
    bytes.extend([0, 1, 0, 9, 7, 7]);
    let length = bytes.len() as u32;
    bytes[8..12].copy_from_slice(&length.to_be_bytes());
    let record = decode(&bytes).unwrap();
    assert_eq!(record.views()[2].extended().bytes(), [0, 1, 0, 9, 7, 7]);
    assert_eq!(record.views()[2].extended().blocks().count(), 0);
    assert_eq!(record.encode(), bytes);
}

#[test]
fn an_impossible_resolution_is_refused_when_pixels_are_asked_for() {
    let mut bytes = encoded(Format::Iso2005);
    bytes[18..22].fill(0);
    let record = decode(&bytes).unwrap();
    assert_eq!(record.encode(), bytes);
    assert_eq!(record.fingers(), Err(ConvertError::Resolution { view: 1, x_per_cm: 0, y_per_cm: 0 }));
}

#[test]
fn a_picture_too_small_for_its_minutiae_grows() {
    let mut bytes = encoded(Format::Iso2005);
    bytes[14..18].copy_from_slice(&[0, 9, 0, 9]);
    let finger = &decode(&bytes).unwrap().fingers().unwrap()[0];
    assert_eq!((finger.width_px, finger.height_px), (300, 400));
}

#[test]
fn an_ansi_view_with_an_angle_beyond_a_turn_was_written_in_256ths() {
    let mut bytes = encoded(Format::Ansi2004);
    assert_eq!(bytes[34], 45, "64/256 of a turn are 45 steps of 2 degrees");
    bytes[34] = 200;
    let finger = &decode(&bytes).unwrap().fingers().unwrap()[0];
    assert_eq!(finger.minutiae[0].angle, 200);
}

#[test]
fn other_bytes_and_unknown_versions_are_refused_by_name() {
    assert_eq!(decode(b"FIR\x00030\x00"), Err(MinutiaeError::NotARecord { first: b"FIR\0".to_vec() }));
    assert_eq!(decode(b"FMR\x00040\0"), Err(MinutiaeError::Version { found: "040\0".to_owned() }));
    assert!(matches!(decode(b""), Err(MinutiaeError::NotARecord { .. })));
    let mut none = encoded(Format::Iso2005);
    none[22] = 0;
    assert!(decode(&none).unwrap_err().to_string().contains("number of finger views at byte 22 is 0"));
}

#[test]
fn a_record_holds_a_bounded_number_of_fingers_and_minutiae() {
    let many = |count| vec![index_finger(); count];
    assert_eq!(MinutiaeRecord::of_fingers(Format::Iso2005, &[]), Err(ConvertError::Fingers(0)));
    assert_eq!(MinutiaeRecord::of_fingers(Format::Iso2005, &many(177)), Err(ConvertError::Fingers(177)));
    let crowded = Finger { minutiae: vec![index_finger().minutiae[0]; 256], ..index_finger() };
    assert_eq!(MinutiaeRecord::of_fingers(Format::Iso2005, &[crowded]), Err(ConvertError::Minutiae(256)));
}

#[test]
fn a_long_ansi_record_states_its_length_in_six_bytes() {
    let crowded = Finger { minutiae: vec![index_finger().minutiae[0]; 255], ..index_finger() };
    for format in Format::ALL {
        let bytes = MinutiaeRecord::of_fingers(format, &vec![crowded.clone(); 60]).unwrap().encode();
        let record = decode(&bytes).unwrap();
        assert_eq!((record.format(), record.views().len(), record.encode()), (format, 60, bytes));
    }
}

prop_compose! {
    fn any_finger()(
        position in 0_u8..=10, value in 0_u8..=100, width_px in 1_u16..2000, height_px in 1_u16..2000,
        minutiae in prop::collection::vec((0_u16..2000, 0_u16..2000, 0_u8..180, 0_u8..3, 1_u8..=100), 0..96),
    ) -> Finger {
        let kinds = [MinutiaKind::Other, MinutiaKind::Ending, MinutiaKind::Bifurcation];
        let minutia = |(x, y, steps, kind, value): (u16, u16, u8, u8, u8)| Minutia {
            x_px8: x % width_px * 8,
            y_px8: y % height_px * 8,
            angle: ((u32::from(steps) * 256 + 90) / 180) as u8,
            kind: kinds[usize::from(kind)],
            quality: quality(value),
        };
        let mut minutiae: Vec<_> = minutiae.into_iter().map(minutia).collect();
        minutiae.sort_by_key(|minutia| std::cmp::Reverse(minutia.quality));
        let position = Position::from_code(position).expect("0 to 10 are positions");
        Finger { position, quality: Some(quality(value)), width_px, height_px, minutiae }
    }
}

proptest! {
    #[test]
    fn fingers_survive_every_format(finger in any_finger(), which in 0..Format::ALL.len()) {
        let record = MinutiaeRecord::of_fingers(Format::ALL[which], std::slice::from_ref(&finger)).unwrap();
        prop_assert_eq!(decode(&record.encode()).unwrap().fingers().unwrap(), vec![finger]);
    }

    #[test]
    fn no_bytes_panic_and_accepted_bytes_come_back(which in 0..Format::ALL.len(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6), cut in any::<prop::sample::Index>(), tail in prop::collection::vec(any::<u8>(), 0..9)) {
        let mut bytes = encoded(Format::ALL[which]);
        for (place, value) in flips {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        bytes.truncate(cut.index(bytes.len() * 2));
        bytes.extend(tail);
        if let Ok(record) = decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes);
            let _ = record.fingers();
        }
    }

    #[test]
    fn no_body_behind_a_signature_panics(version in prop::sample::select(vec![" 20\0", "030\0", "035\0"]), body in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = b"FMR\0".to_vec();
        bytes.extend(version.bytes());
        bytes.extend(body);
        if let Ok(record) = decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes);
            let _ = record.fingers();
        }
    }
}
