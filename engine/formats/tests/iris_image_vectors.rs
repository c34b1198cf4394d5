//! Iris image records of other makers. Skipped where the sample data is absent.

mod samples;

use std::fs;
use std::path::Path;

use whorl_formats::image::Pixels;
use whorl_formats::image_record::Edition;
use whorl_formats::iris_image::{Compression, ImageKind, IrisImage, IrisImageRecord, decode};
use whorl_types::{Position, Quality};

fn read(path: &Path) -> IrisImageRecord {
    let bytes = fs::read(path).expect("the file is there");
    let record = decode(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(record.encode() == bytes, "{} does not come back byte for byte", path.display());
    for length in (0..bytes.len()).step_by(7).chain(0..100) {
        let message = decode(&bytes[..length]).expect_err("a cut record is refused").to_string();
        assert!(message.contains(" at byte "), "{}, {length} bytes: {message}", path.display());
    }
    record
}

fn only(record: &IrisImageRecord) -> &IrisImage {
    assert_eq!(record.images().len(), 1);
    &record.images()[0]
}

fn size_px(image: &IrisImage) -> (u32, u32) {
    let grey = image.picture().expect("the picture can be decoded").pixels.into_grey();
    (grey.width_px(), grey.height_px())
}

#[test]
fn the_records_of_mosip_hold_one_eye_each_cropped_or_masked() {
    let Some(folder) = samples::folder("iris/iso19794-6") else { return };
    let mut records = 0;
    for path in samples::files(&folder, "iso") {
        let name = path.file_name().expect("it is a file").to_string_lossy().to_lowercase();
        if name.contains("sample") {
            continue;
        }
        let record = read(&path);
        let image = only(&record);
        let position = ["unknown", "right", "left"].into_iter().find(|eye| name.contains(eye));
        let position = match position {
            Some("right") => Position::RightEye,
            Some("left") => Position::LeftEye,
            _ => Position::Unknown,
        };
        let kind = if name.contains("registration") { ImageKind::Cropped } else { ImageKind::CroppedAndMasked };
        assert_eq!((image.position(), image.kind()), (position, kind), "{name}");
        assert_eq!((record.edition(), image.compression()), (Edition::Iso2011, Compression::Jpeg2000), "{name}");
        let (width_px, height_px) = size_px(image);
        assert!((380..430).contains(&width_px) && (280..320).contains(&height_px), "{name}: {width_px} x {height_px}");
        records += 1;
    }
    assert_eq!(records, 11);
}

#[test]
fn a_record_of_2005_holds_a_left_eye_in_jpeg_2000() {
    let Some(folder) = samples::folder("mosip/mosip-cbeff") else { return };
    let record = read(&folder.join("Sample_IRIS.iso"));
    let image = only(&record);
    assert_eq!((record.edition(), image.position()), (Edition::Iso2005, Position::LeftEye));
    assert_eq!((image.kind(), image.compression()), (ImageKind::Rectilinear, Compression::Jpeg2000));
    assert_eq!((image.quality(), image.roll_degrees()), (Quality::new(80).ok(), None));
    assert_eq!((size_px(image), image.diameter_px()), ((640, 480), Some(210..=210)));
}

#[test]
fn a_record_of_nist_has_two_qualities_and_a_coloured_png() {
    let Some(folder) = samples::folder("standards/libbiomeval") else { return };
    let record = read(&folder.join("iris01.iso2011"));
    let image = only(&record);
    assert_eq!((image.position(), image.kind()), (Position::LeftEye, ImageKind::Uncropped));
    assert_eq!((image.quality_blocks().len(), image.quality()), (2, Quality::new(7).ok()));
    assert_eq!((image.compression(), size_px(image)), (Compression::Png, (76, 47)));
    assert!(matches!(image.picture().map(|decoded| decoded.pixels), Ok(Pixels::Rgb(_))));
}
