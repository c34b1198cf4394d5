//! Templates of irises.
//!
//! What follows the envelope's layout (1):
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 5 | 3 | 0 |
//! | 16 | 2 | version of the encoder |
//! | 18 | 1 | quality, 0..=100 |
//! | 19 | 10 | measures, in the order of [`IrisMeasures::named`] |
//! | 29 | 12 | pupil: x, y (signed) and radius, in eighths of a pixel |
//! | 41 | 12 | limbus, likewise |
//! | 53 | 1024 | cells of the code: eight rings for each of 128 directions |
//! | 1077 | 128 | which of them show the iris: a byte for each direction |

use whorl_types::{EyeCircle, IrisCode, IrisMeasures, IrisTemplate};

use super::TemplateError;
use super::envelope::{self, Kind};
use crate::Truncated;
use crate::cursor::Cursor;

const KIND: Kind = Kind { magic: *b"WHIT", layout: 1 };

/// Bytes of a template, whatever eye it is of.
pub const BYTES: usize = 1205;

/// Whether `bytes` start as a template of an iris does.
#[must_use]
pub fn sniff(bytes: &[u8]) -> bool {
    bytes.starts_with(&KIND.magic)
}

/// The bytes of `template`, [`BYTES`] of them.
#[must_use]
pub fn encode(template: &IrisTemplate) -> Vec<u8> {
    let mut body = Vec::with_capacity(BYTES);
    body.extend(template.encoding().to_le_bytes());
    body.push(template.quality().get());
    body.extend(template.measures().named().map(|(_, measure)| measure));
    for circle in [template.pupil(), template.limbus()] {
        body.extend(circle.x_px8.to_le_bytes());
        body.extend(circle.y_px8.to_le_bytes());
        body.extend(circle.radius_px8.to_le_bytes());
    }
    body.extend(template.code().cells.iter().flat_map(|rings| rings.to_le_bytes()));
    body.extend(template.code().visible);
    KIND.seal([0; 3], &body)
}

/// The template in `bytes`.
///
/// # Errors
/// [`TemplateError`] for anything that [`encode`] does not write.
pub fn decode(bytes: &[u8]) -> Result<IrisTemplate, TemplateError> {
    let (mut own, mut body) = KIND.open(bytes)?;
    envelope::check_reserved(&mut own)?;
    let encoding = body.u16_le("encoder version")?;
    let quality = envelope::quality(&mut body)?;
    let measures = measures(&mut body)?;
    let circles = (circle(&mut body)?, circle(&mut body)?);
    let code = code(&mut body)?;
    envelope::check_end(&body)?;
    Ok(IrisTemplate::new(encoding, code, circles, measures, quality)?)
}

fn measures(body: &mut Cursor) -> Result<IrisMeasures, Truncated> {
    Ok(IrisMeasures {
        usable_area: body.u8("usable area")?,
        sclera_contrast: body.u8("sclera contrast")?,
        pupil_contrast: body.u8("pupil contrast")?,
        circularity: body.u8("circularity")?,
        grey_utilisation: body.u8("grey utilisation")?,
        radius_px: body.u8("iris radius")?,
        dilation: body.u8("dilation")?,
        concentricity: body.u8("concentricity")?,
        margin: body.u8("margin")?,
        sharpness: body.u8("sharpness")?,
    })
}

fn circle(body: &mut Cursor) -> Result<EyeCircle, Truncated> {
    Ok(EyeCircle {
        x_px8: i32::from_le_bytes(body.array("circle x")?),
        y_px8: i32::from_le_bytes(body.array("circle y")?),
        radius_px8: body.u32_le("circle radius")?,
    })
}

fn code(body: &mut Cursor) -> Result<IrisCode, Truncated> {
    let mut cells = [0; IrisCode::ANGLES];
    for rings in &mut cells {
        *rings = u64::from_le_bytes(body.array("iris code")?);
    }
    Ok(IrisCode { cells, visible: body.array("visible cells")? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use whorl_types::Quality;

    use super::*;
    use crate::template;

    prop_compose! {
        fn circles()(
            places in any::<[i32; 4]>(),
            (pupil, limbus) in (1..u32::MAX).prop_flat_map(|pupil| (Just(pupil), pupil + 1..=u32::MAX)),
        ) -> (EyeCircle, EyeCircle) {
            let circle = |x_px8, y_px8, radius_px8| EyeCircle { x_px8, y_px8, radius_px8 };
            (circle(places[0], places[1], pupil), circle(places[2], places[3], limbus))
        }
    }

    prop_compose! {
        fn templates()(
            encoding in any::<u16>(),
            seed in any::<u64>(),
            visible in 1_u8..,
            circles in circles(),
            quality in 0_u8..=100,
        ) -> IrisTemplate {
            let cells = std::array::from_fn(|at| seed.wrapping_mul(2 * at as u64 + 1));
            let code = IrisCode { cells, visible: [visible; IrisCode::ANGLES] };
            let measures = IrisMeasures { usable_area: visible, sharpness: 255, ..IrisMeasures::default() };
            IrisTemplate::new(encoding, code, circles, measures, Quality::new(quality).unwrap()).unwrap()
        }
    }

    fn seen(visible: u8) -> Vec<u8> {
        let circle = |radius_px8| EyeCircle { x_px8: 1280, y_px8: -40, radius_px8 };
        let code = IrisCode { cells: [7; IrisCode::ANGLES], visible: [visible; IrisCode::ANGLES] };
        let circles = (circle(320), circle(800));
        let quality = Quality::new(71).unwrap();
        encode(&IrisTemplate::new(1, code, circles, IrisMeasures::default(), quality).unwrap())
    }

    /// `bytes` with one changed and the checksum put right, so that the change is met behind it.
    fn changed(place: usize, value: u8) -> Vec<u8> {
        let mut bytes = seen(0xFF);
        bytes[place] = value;
        let sum = crc32c::crc32c(&bytes[16..]);
        bytes[12..16].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    #[test]
    fn a_cut_or_a_longer_template_is_refused() {
        let bytes = seen(0xFF);
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length} bytes");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(decode(&longer), Err(TemplateError::Length { stated: BYTES as u32, found: BYTES + 1 }));
    }

    #[test]
    fn damage_is_found_by_the_checksum() {
        let mut bytes = seen(0xFF);
        bytes[500] ^= 1;
        assert!(matches!(decode(&bytes), Err(TemplateError::Checksum { .. })));
    }

    #[test]
    fn a_wrong_field_is_named_with_its_place() {
        let message = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
        assert_eq!(message(&changed(18, 101)), "quality at byte 18 is 101: it is more than can be");
        assert_eq!(message(&changed(7, 2)), "reserved bytes at byte 5 is 2: they must be 0");
        assert_eq!(
            message(&changed(50, 0)),
            "a pupil of radius 320 does not fit into an iris of radius 32 (in eighths of a pixel)"
        );
        assert!(message(&changed(4, 2)).starts_with("the template has layout 2, this version reads layout 1"));
    }

    #[test]
    fn a_template_without_a_visible_cell_is_refused() {
        let mut bytes = seen(0xFF);
        bytes[BYTES - IrisCode::ANGLES..].fill(0);
        let sum = crc32c::crc32c(&bytes[16..]);
        bytes[12..16].copy_from_slice(&sum.to_le_bytes());
        assert_eq!(decode(&bytes), Err(TemplateError::Iris(whorl_types::IrisTemplateError::NothingVisible)));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(iris in templates()) {
            let bytes = encode(&iris);
            prop_assert_eq!(bytes.len(), BYTES);
            prop_assert_eq!(&template::decode(&bytes).unwrap(), &iris.into());
        }

        #[test]
        fn a_changed_byte_is_read_exactly_or_refused(place in 16..BYTES, value in any::<u8>()) {
            let bytes = changed(place, value);
            if let Ok(iris) = decode(&bytes) {
                prop_assert_eq!(encode(&iris), bytes);
            }
        }
    }
}
