//! Bytes as a template.

use thiserror::Error;
use whorl_types::{
    Descriptor, DescriptorBasis, Descriptors, FingerTemplate, FingerTemplateError, Minutia, MinutiaKind,
    NothingToDescribe, PpiSource, Quality, RidgeCell, RidgeField, Singularity, SingularityKind, TooManyDescriptors,
};

use super::{ESTIMATED, HAS_DESCRIPTORS, HAS_FIELD, HEAD, LAYOUT, MAGIC, MAX_FIELD_SIDE, OF_MINUTIAE};
use crate::cursor::{Cursor, InvalidField, Truncated};

/// Why bytes are no finger template of Whorl's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// Something else altogether.
    #[error("this is no finger template of Whorl's: it does not begin with WHFT")]
    NotATemplate,
    /// Written by a later version.
    #[error(
        "the template has layout {0}, this version reads layout {LAYOUT}: use a newer version, or extract it again"
    )]
    UnknownLayout(u8),
    /// Cut short.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// A field that cannot be.
    #[error(transparent)]
    Invalid(#[from] InvalidField),
    /// The stated length is not that of the data.
    #[error("the template says it has {stated} bytes and has {found}")]
    Length {
        /// Length that the template states.
        stated: u32,
        /// Length of the data.
        found: usize,
    },
    /// Damaged.
    #[error("the template is damaged: its checksum is {stated:08x}, its bytes give {found:08x}")]
    Checksum {
        /// Checksum that the template states.
        stated: u32,
        /// Checksum of its bytes.
        found: u32,
    },
    /// Parts that make no template.
    #[error(transparent)]
    Template(#[from] FingerTemplateError),
    /// More descriptors than a template holds.
    #[error(transparent)]
    TooManyDescriptors(#[from] TooManyDescriptors),
    /// More descriptors than minutiae.
    #[error(transparent)]
    NothingToDescribe(#[from] NothingToDescribe),
}

/// The template in `bytes`, in the layout that [the module](super) describes.
///
/// # Errors
/// [`TemplateError`] for anything that [`super::encode`] does not write.
pub fn decode(bytes: &[u8]) -> Result<FingerTemplate, TemplateError> {
    let mut cursor = Cursor::new(bytes);
    if cursor.array("magic")? != MAGIC {
        return Err(TemplateError::NotATemplate);
    }
    let layout = cursor.u8("layout")?;
    if layout != LAYOUT {
        return Err(TemplateError::UnknownLayout(layout));
    }
    let flags = at_most(&mut cursor, HAS_FIELD | HAS_DESCRIPTORS | OF_MINUTIAE | ESTIMATED, "flags")?;
    let quality = quality(&mut cursor)?;
    let version = cursor.u8("descriptor version")?;
    check_whole(&mut cursor, bytes)?;
    let parts = parts(&mut cursor, flags, quality, version)?;
    if cursor.left() > 0 {
        let found = cursor.left() as u32;
        return Err(invalid("end", cursor.offset(), found, "there are bytes after the last field").into());
    }
    Ok(parts)
}

fn check_whole(cursor: &mut Cursor, bytes: &[u8]) -> Result<(), TemplateError> {
    let stated = cursor.u32_le("length")?;
    if usize::try_from(stated).ok() != Some(bytes.len()) {
        return Err(TemplateError::Length { stated, found: bytes.len() });
    }
    let (stated, found) = (cursor.u32_le("checksum")?, crc32c::crc32c(&bytes[HEAD..]));
    if stated == found { Ok(()) } else { Err(TemplateError::Checksum { stated, found }) }
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

fn quality(cursor: &mut Cursor) -> Result<Quality, TemplateError> {
    let value = at_most(cursor, 100, "quality")?;
    Ok(Quality::from_fraction(f32::from(value) / 100.0))
}

fn at_most(cursor: &mut Cursor, most: u8, field: &'static str) -> Result<u8, TemplateError> {
    let offset = cursor.offset();
    let found = cursor.u8(field)?;
    if found <= most {
        return Ok(found);
    }
    Err(invalid(field, offset, u32::from(found), "it is more than can be").into())
}

fn invalid(field: &'static str, offset: usize, found: u32, reason: &'static str) -> InvalidField {
    InvalidField { field, offset, found, reason }
}
