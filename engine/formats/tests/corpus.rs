//! The seeds of the fuzzers, replayed through the same decoders without a fuzzer.
//!
//! A seed whose name starts with `valid` must be accepted; any other must only not panic. The valid ones are files of our own
//! encoders: `cargo test -p whorl-formats --test corpus -- --ignored` writes them anew. The JPEG 2000 seeds, for which there is
//! no encoder here, show the same slope and were written once by `OpenJPEG`.

#[path = "../../../tests/fuzz/exercise.rs"]
mod exercise;
mod made;

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use image::{DynamicImage, ImageBuffer, ImageFormat};
use whorl_formats::face_image::{self, ColourSpace, FaceImageRecord, FeaturePoint, ImageKind};
use whorl_formats::finger_image::{Compression, FingerImageRecord, Picture};
use whorl_formats::image::{encode_jpeg, encode_png};
use whorl_formats::image_record::Edition;
use whorl_formats::iris_image::{self, IrisImageRecord};
use whorl_formats::minutiae::{Finger, Format, MinutiaeRecord};
use whorl_formats::template;
use whorl_formats::wsq::{self, BitRate};
use whorl_types::{
    Descriptor, DescriptorBasis, Descriptors, EyeCircle, FaceMeasures, FaceModelId, FacePoints, FaceTemplate,
    FingerTemplate, GreyImage, IrisCode, IrisMeasures, IrisTemplate, Minutia, MinutiaKind, Position, Ppi, Quality,
    RidgeCell, RidgeField, Singularity, SingularityKind,
};

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus").join(target)
}

fn replay(target: &str, exercise: fn(&[u8]) -> bool) {
    let mut seeds = 0;
    for entry in fs::read_dir(corpus(target)).expect("every target has a corpus") {
        let path = entry.expect("the corpus can be listed").path();
        let accepted = exercise(&fs::read(&path).expect("a seed can be read"));
        let is_valid = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("valid"));
        assert!(accepted || !is_valid, "{} is refused", path.display());
        seeds += 1;
    }
    assert!(seeds > 0, "the corpus of {target} is empty");
}

#[test]
fn the_seeds_of_image_hold() {
    replay("image", exercise::image);
}

#[test]
fn the_seeds_of_jp2_hold() {
    replay("jp2", exercise::jp2);
}

#[test]
fn the_seeds_of_wsq_hold() {
    replay("wsq", exercise::wsq);
}

#[test]
fn the_seeds_of_finger_image_hold() {
    replay("finger_image", exercise::finger_image);
}

#[test]
fn the_seeds_of_face_image_hold() {
    replay("face_image", exercise::face_image);
}

#[test]
fn the_seeds_of_iris_image_hold() {
    replay("iris_image", exercise::iris_image);
}

#[test]
fn the_seeds_of_minutiae_hold() {
    replay("minutiae", exercise::minutiae);
}

#[test]
fn the_seeds_of_template_hold() {
    replay("template", exercise::template);
}

#[test]
fn the_seeds_of_every_target_are_samples_or_refused() {
    for target in ["image", "jp2", "wsq", "finger_image", "face_image", "iris_image"] {
        replay(target, exercise::sample);
    }
}

/// A grey slope with a corner in it, 12 x 10 pixels.
fn slope() -> GreyImage {
    let level = |place: u32| (place % 12 * 16 + place / 12 * 5) as u8;
    GreyImage::new(12, 10, (0..120).map(level).collect()).expect("120 pixels fill 12 x 10")
}

fn store(target: &str, name: &str, bytes: &[u8]) {
    fs::create_dir_all(corpus(target)).expect("the corpus folder can be made");
    fs::write(corpus(target).join(name), bytes).expect("a seed can be written");
}

#[test]
#[ignore = "writes the seeds anew"]
fn the_seeds_are_written_anew() {
    store_pictures();
    store_records_of_fingers();
    store_records_of_faces();
    store_records_of_irises();
    store_records_of_minutiae();
    store_templates();
}

fn store_pictures() {
    let grey = slope();
    let raw = ImageBuffer::from_raw(12, 10, grey.pixels().to_vec()).expect("120 pixels fill 12 x 10");
    let library = DynamicImage::ImageLuma8(raw);
    let formats =
        [("bmp", ImageFormat::Bmp), ("jpg", ImageFormat::Jpeg), ("tif", ImageFormat::Tiff), ("pgm", ImageFormat::Pnm)];
    for (ending, format) in formats {
        let mut bytes = Cursor::new(Vec::new());
        library.write_to(&mut bytes, format).expect("grey suits every format");
        store("image", &format!("valid.{ending}"), &bytes.into_inner());
    }
    let mut rgba = Cursor::new(Vec::new());
    DynamicImage::ImageRgba16(library.to_rgba16())
        .write_to(&mut rgba, ImageFormat::Png)
        .expect("RGBA of 16 bits suits PNG");
    store("image", "valid-rgba16.png", &rgba.into_inner());
    let png = encode_png(&grey, Some(Ppi::STANDARD));
    store("image", "valid.png", &png);
    store("image", "cut.png", &png[..60]);
    store_turned_pictures(&png);
    let coded = wsq::encode(&grey, Some(Ppi::STANDARD), BitRate::CAREFUL);
    store("wsq", "valid.wsq", &coded);
    store("wsq", "cut.wsq", &coded[..coded.len() - 20]);
}

/// Pictures that Exif data or TIFF turns, and what is refused by name.
fn store_turned_pictures(png: &[u8]) {
    let field = |orientation| (0x0112, made::SHORT, 1, orientation);
    for (name, orientation) in [("valid-turned", 6), ("valid-mirrored", 7), ("valid-odd-orientation", 99)] {
        let exif = made::tiff(true, &[(0x0100, made::LONG, 1, 9), field(orientation)], &[]);
        let jpeg = encode_jpeg(&slope(), 90);
        store("image", &format!("{name}.jpg"), &made::with_segment(&jpeg, 0xE1, &[b"Exif\0\0", &exif[..]].concat()));
        store("image", &format!("{name}.png"), &made::with_chunk(png, *b"IEND", *b"eXIf", &exif));
        let tiff = made::tiff_picture(false, (12, 10), (1, 1, 8), &[field(orientation)], slope().pixels());
        store("image", &format!("{name}.tif"), &tiff);
        // The directory is longer than the data.
        let cut = made::with_segment(&jpeg, 0xE1, &[b"Exif\0\0", &exif[..20]].concat());
        store("image", "valid-cut-exif.jpg", &cut);
    }
    store("image", "animated.png", &made::with_chunk(png, *b"IDAT", *b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]));
    store("image", "foreign.heic", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic");
}

fn store_records_of_fingers() {
    let picture = |position| Picture::raw(position, Ppi::STANDARD, &slope());
    let png = || Picture {
        compression: Compression::Png,
        data: encode_png(&slope(), None),
        quality: Quality::new(60).ok(),
        ..picture(Position::LeftIndex)
    };
    for (year, edition) in [("2005", Edition::Iso2005), ("2011", Edition::Iso2011)] {
        let encode = |pictures| FingerImageRecord::of_pictures(edition, pictures).expect("they fit").encode();
        let raw = encode(vec![picture(Position::RightThumb), picture(Position::RightThumb)]);
        store("finger_image", &format!("valid-raw-{year}.iso"), &raw);
        store("finger_image", &format!("valid-png-{year}.iso"), &encode(vec![png()]));
        store("finger_image", &format!("cut-{year}.iso"), &raw[..100]);
    }
}

fn store_records_of_faces() {
    let picture = face_image::Picture {
        kind: ImageKind::TokenFrontal,
        quality: Quality::new(60).ok(),
        points: vec![FeaturePoint { kind: 1, code: 0xC1, x_px: 4, y_px: 3, z: 0 }],
        width_px: 12,
        height_px: 10,
        colour_space: ColourSpace::Grey,
        compression: face_image::Compression::Jpeg2000,
        data: encode_png(&slope(), None),
    };
    for (year, edition) in [("2005", Edition::Iso2005), ("2011", Edition::Iso2011)] {
        let pictures = vec![picture.clone(), picture.clone()];
        let record = FaceImageRecord::of_pictures(edition, pictures).expect("they fit").encode();
        store("face_image", &format!("valid-{year}.iso"), &record);
        store("face_image", &format!("cut-{year}.iso"), &record[..100]);
        // What was turned in its file is turned in its record.
        let turned = fs::read(corpus("image").join("valid-turned.jpg")).expect("it was written before");
        let turned =
            face_image::Picture { data: turned, compression: face_image::Compression::Jpeg, ..picture.clone() };
        let record = FaceImageRecord::of_pictures(edition, vec![turned]).expect("it fits").encode();
        store("face_image", &format!("valid-turned-{year}.iso"), &record);
    }
}

fn store_records_of_irises() {
    let raw = |position| iris_image::Picture::raw(position, &slope());
    for (year, edition) in [("2005", Edition::Iso2005), ("2011", Edition::Iso2011)] {
        let encode = |pictures| IrisImageRecord::of_pictures(edition, pictures).expect("they fit").encode();
        let both = encode([Position::RightEye, Position::LeftEye, Position::LeftEye].map(raw).into());
        store("iris_image", &format!("valid-both-{year}.iso"), &both);
        store("iris_image", &format!("cut-{year}.iso"), &both[..150]);
        let colours = iris_image::Picture { has_colours: true, data: vec![200; 360], ..raw(Position::RightEye) };
        store("iris_image", &format!("valid-colours-{year}.iso"), &encode(vec![colours]));
    }
    let png =
        iris_image::Picture { quality: Quality::new(60).ok(), ..iris_image::Picture::png(Position::LeftEye, &slope()) };
    let record = IrisImageRecord::of_pictures(Edition::Iso2011, vec![png]).expect("it fits").encode();
    store("iris_image", "valid-png-2011.iso", &record);
    // The same eye, mirrored and upside down.
    let mut flipped = record;
    flipped[45] = 0b1010;
    store("iris_image", "valid-flipped-2011.iso", &flipped);
}

/// One of a few minutiae within 100 x 120 pixels.
fn minutia(number: u16) -> Minutia {
    Minutia {
        x_px8: number * 160,
        y_px8: number * 240,
        angle: number as u8 * 70,
        kind: if number.is_multiple_of(2) { MinutiaKind::Ending } else { MinutiaKind::Bifurcation },
        quality: Quality::from_fraction(0.9 - 0.1 * f32::from(number)),
    }
}

fn store_records_of_minutiae() {
    let finger = |position| Finger {
        position,
        quality: Quality::new(80).ok(),
        width_px: 100,
        height_px: 120,
        minutiae: (0..4).map(minutia).collect(),
    };
    for format in Format::ALL {
        let fingers = [finger(Position::RightThumb), finger(Position::LeftRing)];
        let bytes = MinutiaeRecord::of_fingers(format, &fingers).expect("two fingers fit").encode();
        store("minutiae", &format!("valid-{format:?}.fmr"), &bytes);
        store("minutiae", &format!("cut-{format:?}.fmr"), &bytes[..bytes.len() - 9]);
    }
    // A core and a delta in the extended data of a record of 2005, which states two bytes too many.
    let mut bytes =
        MinutiaeRecord::of_fingers(Format::Iso2005, &[finger(Position::Unknown)]).expect("it fits").encode();
    bytes.truncate(bytes.len() - 2);
    bytes.extend([0, 15, 0, 2, 0, 15, 0x40, 40, 0, 60, 90, 0x40, 70, 0, 110]);
    let length = bytes.len() as u32;
    bytes[8..12].copy_from_slice(&length.to_be_bytes());
    store("minutiae", "valid-extended-overrun.fmr", &bytes);
}

fn store_templates() {
    let quality = Quality::from_fraction(0.7);
    let bare = FingerTemplate::new(100, 120, (0..4).map(minutia).collect(), quality).expect("four minutiae fit");
    let words = Descriptor { words: [0x0123_4567_89AB_CDEF; 8] };
    let described = Descriptors::new(1, DescriptorBasis::Ridges, vec![words; 2]).expect("two descriptors fit");
    let ridges = RidgeCell { angle: 40, period_px16: 144, coherence: 200 };
    let cells = (0..7 * 8).map(|cell| if cell % 3 == 0 { RidgeCell::default() } else { ridges }).collect();
    let field = RidgeField::new(7, cells).expect("eight rows of seven");
    let core = Singularity { x_px: 50, y_px: 60, kind: SingularityKind::Core };
    let full = bare.clone().with_field(field, vec![core]).with_descriptors(described).expect("there are more minutiae");
    store("template", "valid-bare.whft", &template::finger::encode(&bare));
    store("template", "valid-full.whft", &template::finger::encode(&full));
    store("template", "cut.whft", &template::finger::encode(&bare)[..40]);
    let circle = |radius_px8| EyeCircle { x_px8: 1280, y_px8: 1120, radius_px8 };
    let code = IrisCode { cells: [0x0123_4567_89AB_CDEF; IrisCode::ANGLES], visible: [0x7F; IrisCode::ANGLES] };
    let measures = IrisMeasures { usable_area: 88, radius_px: 100, dilation: 40, ..IrisMeasures::default() };
    let iris =
        IrisTemplate::new(1, code, (circle(320), circle(800)), measures, quality).expect("an iris with its pupil");
    store("template", "valid.whit", &template::iris::encode(&iris));
    store("template", "cut.whit", &template::iris::encode(&iris)[..400]);
    let points = FacePoints { px8: [[306, 414], [588, 412], [448, 574], [332, 739], [566, 738]] };
    let measures = FaceMeasures { eye_distance_px: 60, sharpness: 70, ..FaceMeasures::default() };
    let embedding: [i8; 128] = std::array::from_fn(|at| at as i8 - 63);
    let face = FaceTemplate::new(FaceModelId(1), &embedding, points, measures, quality).expect("not zero everywhere");
    store("template", "valid.whct", &template::face::encode(&face));
    store("template", "cut.whct", &template::face::encode(&face)[..120]);
}
