//! Whatever holds pixels is read alike.

use whorl_formats::finger_image::{Compression, Edition, FingerImageRecord, Picture};
use whorl_formats::image::{ImageFormatError, encode_png};
use whorl_formats::minutiae::{Finger, Format, MinutiaeRecord};
use whorl_formats::sample::{self, SampleError};
use whorl_formats::wsq::{self, BitRate};
use whorl_types::{GreyImage, Position, Ppi};

fn waves(width_px: u32, height_px: u32) -> GreyImage {
    let wave = |place: u32| if (place % width_px + place / width_px) % 9 < 4 { 40 } else { 200 };
    GreyImage::new(width_px, height_px, (0..width_px * height_px).map(wave).collect())
        .expect("the sides fit the pixels")
}

#[test]
fn a_picture_is_read_without_a_position() {
    let read = sample::read(&encode_png(&waves(40, 30), Some(Ppi::STANDARD))).unwrap();
    assert_eq!(read, [sample::Picture { image: waves(40, 30), ppi: Some(Ppi::STANDARD), position: Position::Unknown }]);
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
    assert_eq!(read[0], sample::Picture { image, ppi: Some(Ppi::STANDARD), position: Position::RightIndex });
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
fn a_record_with_a_damaged_picture_says_which_one() {
    let image = waves(64, 64);
    let damaged = Picture {
        compression: Compression::Wsq,
        data: wsq::encode(&image, None, BitRate::USUAL)[..200].to_vec(),
        ..Picture::raw(Position::LeftThumb, Ppi::STANDARD, &image)
    };
    let pictures = vec![Picture::raw(Position::RightIndex, Ppi::STANDARD, &image), damaged];
    let record = FingerImageRecord::of_pictures(Edition::Iso2011, pictures).unwrap();
    let message = sample::read(&record.encode()).unwrap_err().to_string();
    assert!(message.starts_with("picture 2 of 2 in the record: "), "{message}");
}

#[test]
fn a_record_that_asks_for_too_many_pixels_is_refused() {
    let blank = GreyImage::new(8192, 4096, vec![0; 8192 * 4096]).unwrap();
    let data = encode_png(&blank, None);
    let picture = || Picture {
        compression: Compression::Png,
        data: data.clone(),
        ..Picture::raw(Position::Unknown, Ppi::STANDARD, &waves(8, 8))
    };
    let record = FingerImageRecord::of_pictures(Edition::Iso2011, (0..5).map(|_| picture()).collect()).unwrap();
    assert_eq!(sample::read(&record.encode()), Err(SampleError::TooManyPixels));
}
