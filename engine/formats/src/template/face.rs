//! Templates of faces.
//!
//! What follows the envelope's layout (1):
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 5 | 3 | 0 |
//! | 16 | 4 | the model that made it |
//! | 20 | 2 | dimensions of the embedding, 1 to 512 |
//! | 22 | 1 | quality, 0..=100 |
//! | 23 | 16 | measures, in the order of [`FaceMeasures::named`] |
//! | 39 | 40 | x and y (signed) of the left eye, the right eye, the nose, the left and the right corner of the mouth, in eighths of a pixel |
//! | 79 | one a dimension | the embedding, signed, -127..=127 |

use whorl_types::{FaceMeasures, FaceModelId, FacePoints, FaceTemplate};

use super::TemplateError;
use super::envelope::{self, Kind};
use crate::cursor::Cursor;
use crate::{InvalidField, Truncated};

const KIND: Kind = Kind { magic: *b"WHCT", layout: 1 };

/// Bytes of a template before its embedding.
pub const BYTES_BEFORE_EMBEDDING: usize = 79;

/// Whether `bytes` start as a template of a face does.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    bytes.starts_with(&KIND.magic)
}

/// The bytes of `template`: [`BYTES_BEFORE_EMBEDDING`] and one for each dimension.
#[must_use]
pub fn encode(template: &FaceTemplate) -> Vec<u8> {
    let mut body = Vec::with_capacity(BYTES_BEFORE_EMBEDDING + template.dimension());
    body.extend(template.model().0.to_le_bytes());
    body.extend((template.dimension() as u16).to_le_bytes());
    body.push(template.quality().get());
    body.extend(template.measures().named().map(|(_, measure)| measure));
    body.extend(template.points().px8.as_flattened().iter().flat_map(|coordinate| coordinate.to_le_bytes()));
    body.extend(template.embedding()[..template.dimension()].iter().map(|value| value.cast_unsigned()));
    KIND.seal([0; 3], &body)
}

/// The template in `bytes`.
///
/// # Errors
/// [`TemplateError`] for anything that [`encode`] does not write.
pub fn decode(bytes: &[u8]) -> Result<FaceTemplate, TemplateError> {
    let (mut own, mut body) = KIND.open(bytes)?;
    envelope::check_reserved(&mut own)?;
    let model = FaceModelId(body.u32_le("model")?);
    let dimension = dimension(&mut body)?;
    let quality = envelope::quality(&mut body)?;
    let measures = FaceMeasures::from_values(body.array("measures")?);
    let points = points(&mut body)?;
    let embedding = body.take(dimension, "embedding")?.iter().map(|value| value.cast_signed()).collect::<Vec<_>>();
    envelope::check_end(&body)?;
    Ok(FaceTemplate::new(model, &embedding, points, measures, quality)?)
}

fn dimension(body: &mut Cursor) -> Result<usize, TemplateError> {
    let offset = body.offset();
    let found = body.u16_le("dimensions")?;
    let known = (1..=FaceTemplate::MAX_DIMENSION).contains(&usize::from(found));
    InvalidField::unless(known, "dimensions", offset, found, "an embedding has 1 to 512")?;
    Ok(found.into())
}

fn points(body: &mut Cursor) -> Result<FacePoints, Truncated> {
    let mut points = FacePoints { px8: [[0; 2]; 5] };
    for coordinate in points.px8.as_flattened_mut() {
        *coordinate = i32::from_le_bytes(body.array("points")?);
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use whorl_types::{FaceTemplateError, Quality};

    use super::*;
    use crate::template;

    prop_compose! {
        fn templates()(
            model in any::<u32>(),
            mut embedding in prop::collection::vec(-127_i8..=127, 1..=512),
            first in 1_i8..=127,
            points in any::<[[i32; 2]; 5]>(),
            measures in any::<[u8; 16]>(),
            quality in 0_u8..=100,
        ) -> FaceTemplate {
            embedding[0] = first;
            let measures = FaceMeasures::from_values(measures);
            let quality = Quality::new(quality).unwrap();
            FaceTemplate::new(FaceModelId(model), &embedding, FacePoints { px8: points }, measures, quality).unwrap()
        }
    }

    fn face() -> Vec<u8> {
        let points = FacePoints { px8: [[300, -8], [590, 410], [450, 570], [330, 740], [560, 730]] };
        let embedding: [i8; 128] = std::array::from_fn(|at| at as i8 - 60);
        let quality = Quality::new(71).unwrap();
        let model = FaceModelId(0x0102_0304);
        encode(&FaceTemplate::new(model, &embedding, points, FaceMeasures::default(), quality).unwrap())
    }

    /// `bytes` with one changed and the checksum put right, so that the change is met behind it.
    fn changed(place: usize, value: u8) -> Vec<u8> {
        let mut bytes = face();
        bytes[place] = value;
        sealed(bytes)
    }

    fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
        let sum = crc32c::crc32c(&bytes[16..]);
        bytes[12..16].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    #[test]
    fn every_field_lies_where_the_page_says() {
        let bytes = face();
        assert_eq!(bytes.len(), BYTES_BEFORE_EMBEDDING + 128);
        assert_eq!((&bytes[..4], &bytes[16..22], bytes[22]), (&b"WHCT"[..], &[4, 3, 2, 1, 128, 0][..], 71));
        assert_eq!((&bytes[39..47], bytes[79], bytes[206]), (&[44, 1, 0, 0, 248, 255, 255, 255][..], 196, 67));
    }

    #[test]
    fn a_cut_or_a_longer_template_is_refused() {
        let bytes = face();
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length} bytes");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(decode(&longer), Err(TemplateError::Length { stated: 207, found: 208 }));
    }

    #[test]
    fn damage_is_found_by_the_checksum() {
        let mut bytes = face();
        bytes[100] ^= 1;
        assert!(matches!(decode(&bytes), Err(TemplateError::Checksum { .. })));
    }

    #[test]
    fn a_wrong_field_is_named_with_its_place() {
        let message = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
        assert_eq!(message(&changed(22, 101)), "quality at byte 22 is 101: it is more than can be");
        assert_eq!(message(&changed(7, 2)), "reserved bytes at byte 5 is 2: they must be 0");
        assert_eq!(message(&changed(21, 4)), "dimensions at byte 20 is 1152: an embedding has 1 to 512");
        assert_eq!(message(&changed(20, 0)), "dimensions at byte 20 is 0: an embedding has 1 to 512");
        assert_eq!(message(&changed(20, 127)), "end at byte 206 is 1: there are bytes after the last field");
        assert!(message(&changed(4, 2)).starts_with("the template has layout 2, this version reads layout 1"));
    }

    #[test]
    fn an_embedding_that_no_face_has_is_refused() {
        assert_eq!(decode(&changed(80, 128)), Err(TemplateError::Face(FaceTemplateError::Lowest(1))));
        let mut bytes = face();
        bytes[BYTES_BEFORE_EMBEDDING..].fill(0);
        assert_eq!(decode(&sealed(bytes)), Err(TemplateError::Face(FaceTemplateError::Zero)));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(face in templates()) {
            let bytes = encode(&face);
            prop_assert_eq!(bytes.len(), BYTES_BEFORE_EMBEDDING + face.dimension());
            prop_assert_eq!(&template::decode(&bytes).unwrap(), &face.into());
        }

        #[test]
        fn a_changed_byte_is_read_exactly_or_refused(place in 16..207_usize, value in any::<u8>()) {
            let bytes = changed(place, value);
            if let Ok(face) = decode(&bytes) {
                prop_assert_eq!(encode(&face), bytes);
            }
        }
    }
}
