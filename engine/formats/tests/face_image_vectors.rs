//! Face image records of other makers. Skipped where the sample data is absent.

mod samples;

use std::fs;
use std::path::Path;

use whorl_formats::face_image::{ColourSpace, Compression, FaceImage, FaceImageRecord, ImageKind, decode, sniff};
use whorl_formats::image_record::Edition;

fn read(path: &Path) -> FaceImageRecord {
    let bytes = fs::read(path).expect("the file is there");
    let record = decode(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(record.encode() == bytes, "{} does not come back byte for byte", path.display());
    for length in (0..bytes.len()).step_by(97).chain(0..100) {
        let message = decode(&bytes[..length]).expect_err("a cut record is refused").to_string();
        assert!(message.contains(" at byte "), "{}, {length} bytes: {message}", path.display());
    }
    record
}

/// Finger and iris records share the name endings.
fn is_of_face(path: &Path) -> bool {
    sniff(&fs::read(path).expect("the file was just listed"))
}

fn only(record: &FaceImageRecord) -> &FaceImage {
    assert_eq!(record.images().len(), 1);
    &record.images()[0]
}

fn size_px(image: &FaceImage) -> (u32, u32) {
    let grey = image.picture().expect("the picture can be decoded").pixels.into_grey();
    (grey.width_px(), grey.height_px())
}

#[test]
fn the_records_of_mosip_hold_a_portrait_each_in_jpeg_2000() {
    let Some(folder) = samples::folder("standards/mosip-iso") else { return };
    let mut records = 0;
    for path in samples::files(&folder, "iso").iter().filter(|path| is_of_face(path)) {
        let name = path.file_name().expect("it is a file").to_string_lossy();
        let (expected_px, compression) = match name.as_ref() {
            "Auth_0001Face.iso" => ((240, 320), Compression::Jpeg2000),
            "Registration_0001Face.iso" => ((240, 320), Compression::Jpeg2000Lossless),
            _ => ((600, 400), Compression::Jpeg2000Lossless),
        };
        let record = read(path);
        let image = only(&record);
        assert_eq!((record.edition(), image.kind()), (Edition::Iso2011, ImageKind::FullFrontal), "{name}");
        assert_eq!((image.compression(), image.colour_space()), (compression, ColourSpace::Rgb), "{name}");
        assert_eq!((size_px(image), image.quality_blocks().len()), (expected_px, 1), "{name}");
        records += 1;
    }
    assert_eq!(records, 3);
}

#[test]
fn a_record_of_nist_keeps_its_feature_points() {
    let Some(folder) = samples::folder("standards/libbiomeval") else { return };
    let record = read(&folder.join("face01.iso2005"));
    let image = only(&record);
    assert_eq!((record.edition(), image.kind()), (Edition::Iso2005, ImageKind::Basic));
    assert_eq!((image.compression(), image.colour_space()), (Compression::Jpeg, ColourSpace::Rgb));
    let points: Vec<_> = image.points().iter().map(|point| (point.code, point.x_px, point.y_px)).collect();
    assert_eq!(points, [(0x36, 95, 117), (0x35, 168, 109), (0x93, 139, 133), (0xB5, 136, 50)]);
    assert_eq!(size_px(image), (280, 320));
}
