//! Bytes as a template.

use whorl_types::{
    Descriptor, DescriptorBasis, Descriptors, FingerTemplate, Minutia, MinutiaKind, PpiSource, Quality, RidgeCell,
    RidgeField, Singularity, SingularityKind,
};

use super::{ESTIMATED, HAS_DESCRIPTORS, HAS_FIELD, KIND, MAX_FIELD_SIDE, OF_MINUTIAE};
use crate::cursor::{Cursor, InvalidField, Truncated};
use crate::template::TemplateError;
use crate::template::envelope::{at_most, check_end, quality};

/// The template in `bytes`, in the layout that [the module](super) describes.
///
/// # Errors
/// [`TemplateError`] for anything that [`super::encode`] does not write.
pub fn decode(bytes: &[u8]) -> Result<FingerTemplate, TemplateError> {
    let (mut own, mut body) = KIND.open(bytes)?;
    let flags = at_most(&mut own, HAS_FIELD | HAS_DESCRIPTORS | OF_MINUTIAE | ESTIMATED, "flags")?;
    let quality = quality(&mut own)?;
    let version = own.u8("descriptor version")?;
    let template = parts(&mut body, flags, quality, version)?;
    check_end(&body)?;
    Ok(template)
}

fn parts(cursor: &mut Cursor, flags: u8, quality: Quality, version: u8) -> Result<FingerTemplate, TemplateError> {
    let (width_px, height_px) = (cursor.u16_le("width")?, cursor.u16_le("height")?);
    let [minutiae, described, singular, _] = counts(cursor)?;
    let field_at = cursor.offset();
    let (columns, rows) = (cursor.u16_le("field columns")?, cursor.u16_le("field rows")?);
    let minutiae = (0..minutiae).map(|_| minutia(cursor)).collect::<Result<_, _>>()?;
    let words = (0..described).map(|_| descriptor(cursor)).collect::<Result<Vec<_>, _>>()?;
    let singularities = (0..singular).map(|_| singularity(cursor)).collect::<Result<Vec<_>, _>>()?;
    let mut template = FingerTemplate::new(width_px, height_px, minutiae, quality)?;
    if flags & ESTIMATED != 0 {
        template = template.with_ppi_source(PpiSource::Estimated);
    }
    let has_descriptors = flags & HAS_DESCRIPTORS != 0;
    if has_descriptors {
        let basis = if flags & OF_MINUTIAE != 0 { DescriptorBasis::Minutiae } else { DescriptorBasis::Ridges };
        template = template.with_descriptors(Descriptors::new(version, basis, words)?)?;
    } else if described > 0 || version > 0 || flags & OF_MINUTIAE != 0 {
        return Err(invalid(
            "flags",
            5,
            u32::from(flags),
            "it says there are no descriptors, other fields that there are",
        )
        .into());
    }
    let empty = columns == 0 && rows == 0;
    if flags & HAS_FIELD != 0 {
        return Ok(template.with_field(field(cursor, columns, rows, field_at)?, singularities));
    }
    if !empty || singular > 0 {
        return Err(
            invalid("flags", 5, u32::from(flags), "it says there is no field, other fields that there is").into()
        );
    }
    Ok(template)
}

fn counts(cursor: &mut Cursor) -> Result<[u8; 4], TemplateError> {
    let offset = cursor.offset();
    let counts: [u8; 4] = cursor.array("counts")?;
    if counts[3] == 0 {
        return Ok(counts);
    }
    Err(invalid("reserved", offset + 3, u32::from(counts[3]), "it must be 0").into())
}

fn minutia(cursor: &mut Cursor) -> Result<Minutia, TemplateError> {
    let (x_px8, y_px8) = (cursor.u16_le("minutia x")?, cursor.u16_le("minutia y")?);
    let angle = cursor.u8("minutia angle")?;
    let kind = match at_most(cursor, 2, "minutia kind")? {
        1 => MinutiaKind::Ending,
        2 => MinutiaKind::Bifurcation,
        _ => MinutiaKind::Other,
    };
    Ok(Minutia { x_px8, y_px8, angle, kind, quality: quality(cursor)? })
}

fn descriptor(cursor: &mut Cursor) -> Result<Descriptor, Truncated> {
    let mut descriptor = Descriptor::default();
    for word in &mut descriptor.words {
        *word = u64::from_le_bytes(cursor.array("descriptor")?);
    }
    Ok(descriptor)
}

fn singularity(cursor: &mut Cursor) -> Result<Singularity, TemplateError> {
    let (x_px, y_px) = (cursor.u16_le("singular point x")?, cursor.u16_le("singular point y")?);
    let offset = cursor.offset();
    let kind = match cursor.u8("singular point kind")? {
        1 => SingularityKind::Core,
        2 => SingularityKind::Delta,
        other => {
            return Err(invalid("singular point kind", offset, u32::from(other), "it is neither core nor delta").into());
        }
    };
    Ok(Singularity { x_px, y_px, kind })
}

fn field(cursor: &mut Cursor, columns: u16, rows: u16, offset: usize) -> Result<RidgeField, TemplateError> {
    let sides = 1..=MAX_FIELD_SIDE;
    if !sides.contains(&columns) || !sides.contains(&rows) {
        let found = u32::from(columns) << 16 | u32::from(rows);
        return Err(invalid("field size", offset, found, "a side is 0 or longer than any picture").into());
    }
    let count = usize::from(columns) * usize::from(rows);
    let mask_at = cursor.offset();
    let mask = cursor.take(count.div_ceil(8), "field mask")?;
    let bit = |cell: usize| mask[cell / 8] >> (cell % 8) & 1 == 1;
    let mut cells = vec![RidgeCell::default(); count];
    for (_, cell) in cells.iter_mut().enumerate().filter(|(which, _)| bit(*which)) {
        let at = cursor.offset();
        let [angle, period_px16, coherence] = cursor.array("field cell")?;
        *cell = RidgeCell { angle, period_px16, coherence };
        if *cell == RidgeCell::default() {
            return Err(invalid("field cell", at, 0, "the mask says it shows ridges").into());
        }
    }
    if (count..mask.len() * 8).any(bit) {
        let last = mask_at + mask.len() - 1;
        return Err(
            invalid("field mask", last, u32::from(mask[mask.len() - 1]), "it has bits beyond the last cell").into()
        );
    }
    Ok(RidgeField::new(columns, cells)?)
}

fn invalid(field: &'static str, offset: usize, found: u32, reason: &'static str) -> InvalidField {
    InvalidField { field, offset, found, reason }
}
