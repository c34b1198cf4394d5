//! Finger image records of other makers. Skipped where the sample data is absent.

mod samples;

use std::fs;
use std::path::Path;

use whorl_formats::finger_image::{FingerImageRecord, decode};
use whorl_formats::image_record::Edition;
use whorl_types::{Position, Ppi};

/// The records of one folder: iris and face records share its name endings.
fn records(folder: &Path) -> Vec<(String, FingerImageRecord)> {
    let read = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).expect("the file was just listed");
        let name = path.file_name().expect("it is a file").to_string_lossy().into_owned();
        if !bytes.starts_with(b"FIR\0") {
            return None;
        }
        let record = decode(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(record.encode() == bytes, "{name} does not come back byte for byte");
        Some((name, record))
    };
    samples::files(folder, "iso").iter().filter_map(read).collect()
}

fn position_in(name: &str) -> Position {
    let stem = name.split('.').next().unwrap_or_default();
    let words = stem.trim_start_matches("Auth_0001").trim_start_matches("Registration_0001");
    let words = words.trim_start_matches("FingerPrint").to_lowercase().replace('_', "-");
    words.parse().unwrap_or(Position::Unknown)
}

#[test]
fn the_records_of_mosip_hold_one_finger_each_at_500_ppi() {
    let Some(folder) = samples::folder("standards/mosip-iso") else { return };
    let records = records(&folder);
    for (name, record) in &records {
        assert_eq!((record.edition(), record.images().len()), (Edition::Iso2011, 1), "{name}");
        let image = &record.images()[0];
        assert_eq!((image.position(), image.ppi()), (position_in(name), Some(Ppi::STANDARD)), "{name}");
        let picture = image.picture().unwrap_or_else(|error| panic!("{name}: {error}")).pixels.into_grey();
        assert!((200..700).contains(&picture.width_px()) && (300..700).contains(&picture.height_px()), "{name}");
    }
    assert_eq!(records.len(), 30);
}

#[test]
fn the_records_of_2005_hold_jpeg_2000_and_raw_pictures() {
    let Some(folder) = samples::folder("mosip/iso-samples/cbeffutil-images") else { return };
    let records = records(&folder);
    for (name, record) in &records {
        let image = &record.images()[0];
        assert_eq!((record.edition(), image.position()), (Edition::Iso2005, position_in(name)), "{name}");
        let picture = image.picture().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(picture.ppi, Some(Ppi::STANDARD));
    }
    assert_eq!(records.len(), 11);
}

#[test]
fn a_record_whose_device_swapped_jpeg_2000_for_wsq_is_read() {
    let Some(folder) = samples::folder("mosip/iso-samples/bio-utils-test") else { return };
    let records = records(&folder);
    for (name, record) in &records {
        record.images()[0].picture().unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_eq!(records.len(), 3);
}
