//! Whatever holds pixels is read alike.

use whorl_formats::face_image::{self, FaceImageRecord};
use whorl_formats::finger_image::{Compression, FingerImageRecord, Picture};
use whorl_formats::image::{ImageFormatError, encode_png};
use whorl_formats::image_record::Edition;
use whorl_formats::iris_image::{self, IrisImageRecord};
use whorl_formats::minutiae::{Finger, Format, MinutiaeRecord};
use whorl_formats::sample::{self, SampleError};
use whorl_formats::wsq::{self, BitRate};
use whorl_types::{GreyImage, Modality, Pixels, Position, Ppi, Refusal, RgbImage};

fn waves(width_px: u32, height_px: u32) -> GreyImage {
    let wave = |place: u32| if (place % width_px + place / width_px) % 9 < 4 { 40 } else { 200 };
    GreyImage::new(width_px, height_px, (0..width_px * height_px).map(wave).collect())
        .expect("the sides fit the pixels")
}

/// A grey picture at 500 ppi.
fn plain(image: GreyImage, modality: Option<Modality>, position: Position) -> sample::Picture {
    sample::Picture { image: Pixels::Grey(image), ppi: Some(Ppi::STANDARD), modality, position, colour: 0 }
}

#[test]
fn a_picture_is_read_without_a_position() {
    let read = sample::read(&encode_png(&waves(40, 30), Some(Ppi::STANDARD))).unwrap();
    assert_eq!(read, [plain(waves(40, 30), None, Position::Unknown)]);
}

#[test]
fn a_record_is_read_with_the_position_and_rate_of_each_picture() {
    let image = waves(64, 64);
    let compressed = Picture {
        compression: Compression::Wsq,
        data: wsq::encode(&image, None, BitRate::USUAL),
        ..Picture::raw(Position::LeftThumb, Ppi::new(1000.0).unwrap(), &image)
    };
    let pictures = vec![Picture::raw(Position::RightIndex, Ppi::STANDARD, &image), compressed];
    let record = FingerImageRecord::of_pictures(Edition::Iso2011, pictures).unwrap();
    let read = sample::read(&record.encode()).unwrap();
    assert_eq!(read[0], plain(image, Some(Modality::Fingerprint), Position::RightIndex));
    assert_eq!((read[1].position, read[1].ppi), (Position::LeftThumb, Ppi::new(1000.0).ok()));
}

#[test]
fn what_holds_no_pixels_is_named() {
    assert_eq!(sample::read(b""), Err(SampleError::Image(ImageFormatError::Empty)));
    let finger = Finger { position: Position::Unknown, quality: None, width_px: 9, height_px: 9, minutiae: Vec::new() };
    let minutiae = MinutiaeRecord::of_fingers(Format::Iso2005, &[finger]).unwrap().encode();
    assert_eq!(sample::read(&minutiae), Err(SampleError::Minutiae));
}

#[test]
fn an_iris_record_is_read_with_the_eye_of_each_picture() {
    let image = waves(64, 48);
    let pictures = [Position::RightEye, Position::LeftEye, Position::Unknown];
    let pictures = pictures.map(|position| iris_image::Picture::png(position, &image)).into();
    let record = IrisImageRecord::of_pictures(Edition::Iso2011, pictures).unwrap();
    let read = sample::read(&record.encode()).unwrap();
    let image = Pixels::Grey(image);
    assert!(read.iter().all(|picture| picture.image == image && picture.modality == Some(Modality::Iris)));
    let positions: Vec<_> = read.iter().map(|picture| picture.position).collect();
    assert_eq!(positions, [Position::RightEye, Position::LeftEye, Position::Unknown]);
}

/// A record of one face, whose picture is the PNG `data`.
fn face_record(
    edition: Edition,
    (width_px, height_px): (u16, u16),
    colour_space: face_image::ColourSpace,
    data: Vec<u8>,
) -> Vec<u8> {
    let picture = face_image::Picture {
        kind: face_image::ImageKind::Basic,
        quality: None,
        points: Vec::new(),
        width_px,
        height_px,
        colour_space,
        compression: face_image::Compression::Png,
        data,
    };
    FaceImageRecord::of_pictures(edition, vec![picture]).expect("the edition has a code for PNG").encode()
}

#[test]
fn a_face_record_is_read_without_a_position() {
    let image = waves(40, 30);
    let data = encode_png(&image, Some(Ppi::STANDARD));
    let record = face_record(Edition::Iso2011, (40, 30), face_image::ColourSpace::Grey, data);
    assert_eq!(sample::read(&record).unwrap(), [plain(image, Some(Modality::Face), Position::Unknown)]);
}

#[test]
fn the_colours_of_a_picture_are_measured() {
    let colour = |pixels: &str| sample::read(format!("P3 2 1 255 {pixels}").as_bytes()).unwrap()[0].colour;
    assert_eq!(colour("90 90 90 7 7 7"), 0);
    assert_eq!(colour("90 92 91 7 5 6"), 2);
    assert_eq!(colour("255 0 0 0 90 10"), 172);
}

#[test]
fn a_record_with_a_damaged_picture_says_which_one_and_gives_the_others() {
    let image = waves(64, 64);
    let damaged = Picture {
        compression: Compression::Wsq,
        data: wsq::encode(&image, None, BitRate::USUAL)[..200].to_vec(),
        ..Picture::raw(Position::LeftThumb, Ppi::STANDARD, &image)
    };
    let pictures = vec![Picture::raw(Position::RightIndex, Ppi::STANDARD, &image), damaged];
    let record = FingerImageRecord::of_pictures(Edition::Iso2011, pictures).unwrap().encode();
    let message = sample::read(&record).unwrap_err().to_string();
    assert!(message.starts_with("picture 2 of 2 in the record: "), "{message}");
    let each = sample::read_each(&record).unwrap();
    assert_eq!(each[0], Ok(plain(image, Some(Modality::Fingerprint), Position::RightIndex)));
    assert!(matches!(each[1], Err(SampleError::Picture { number: 2, pictures: 2, .. })));
}

#[test]
fn a_record_with_too_many_damaged_pictures_is_refused() {
    let damaged = iris_image::Picture { width_px: 9, ..iris_image::Picture::raw(Position::LeftEye, &waves(8, 8)) };
    let read = |pictures| {
        let record = IrisImageRecord::of_pictures(Edition::Iso2011, vec![damaged.clone(); pictures]).unwrap();
        sample::read_each(&record.encode())
    };
    assert_eq!(read(sample::MAX_DAMAGED).unwrap().len(), sample::MAX_DAMAGED);
    assert!(matches!(read(sample::MAX_DAMAGED + 1), Err(SampleError::Picture { number: 11, .. })));
}

#[test]
fn a_record_that_is_cut_is_named() {
    let picture = iris_image::Picture::raw(Position::LeftEye, &waves(8, 8));
    let record = IrisImageRecord::of_pictures(Edition::Iso2005, vec![picture]).unwrap().encode();
    let message = sample::read(&record[..80]).unwrap_err().to_string();
    assert!(message.starts_with("iris image record: image data at byte 59 needs 64 bytes"), "{message}");
}

#[test]
fn a_record_that_asks_for_too_many_samples_is_refused() {
    let blank = GreyImage::new(8192, 4096, vec![0; 8192 * 4096]).unwrap();
    let data = encode_png(&blank, None);
    let picture = || Picture {
        compression: Compression::Png,
        data: data.clone(),
        ..Picture::raw(Position::Unknown, Ppi::STANDARD, &waves(8, 8))
    };
    let record = FingerImageRecord::of_pictures(Edition::Iso2011, (0..7).map(|_| picture()).collect()).unwrap();
    assert_eq!(sample::read(&record.encode()), Err(SampleError::TooManySamples));
}

#[test]
fn a_picture_in_daylight_is_not_infrared_and_one_of_a_camera_with_three_channels_is() {
    let infrared = |pixel: &str| sample::read(format!("P3 1 1 255 {pixel}").as_bytes()).unwrap()[0].check_infrared();
    assert_eq!(infrared("90 95 91"), Ok(()));
    assert_eq!(infrared("190 140 120"), Err(Refusal::VisibleLight));
}

#[test]
fn colours_stay_in_pictures_and_in_records_of_faces_and_go_from_records_of_irises() {
    let colour = RgbImage::new(2, 1, vec![200, 120, 90, 7, 5, 6]).unwrap();
    let png = encode_png(&colour, None);
    assert_eq!(sample::read(&png).unwrap()[0].image, Pixels::Rgb(colour.clone()));
    let face = face_record(Edition::Iso2011, (2, 1), face_image::ColourSpace::Rgb, png.clone());
    assert_eq!(sample::read(&face).unwrap()[0].image, Pixels::Rgb(colour.clone()));
    let eye = iris_image::Picture { data: png, ..iris_image::Picture::png(Position::LeftEye, &waves(2, 1)) };
    let eye = IrisImageRecord::of_pictures(Edition::Iso2011, vec![eye]).unwrap().encode();
    let read = sample::read(&eye).unwrap();
    assert_eq!((&read[0].image, read[0].colour), (&Pixels::Grey(colour.to_grey()), 56));
}
