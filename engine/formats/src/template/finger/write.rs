//! A template as bytes.

use whorl_types::{DescriptorBasis, FingerTemplate, PpiSource, RidgeCell, RidgeField};

use super::{ESTIMATED, HAS_DESCRIPTORS, HAS_FIELD, KIND, OF_MINUTIAE};

/// The bytes of `template`, in the layout that [the module](super) describes.
#[must_use]
pub fn encode(template: &FingerTemplate) -> Vec<u8> {
    let mut body = Vec::with_capacity(4096);
    let (columns, rows) = template.field().map_or((0, 0), |field| (field.columns(), field.rows()));
    let descriptors = template.descriptors().map_or(&[][..], |descriptors| descriptors.of_minutiae());
    put(&mut body, &[template.width_px(), template.height_px()]);
    body.extend([template.minutiae().len() as u8, descriptors.len() as u8, template.singularities().len() as u8, 0]);
    put(&mut body, &[columns, rows]);
    for minutia in template.minutiae() {
        put(&mut body, &[minutia.x_px8, minutia.y_px8]);
        body.extend([minutia.angle, minutia.kind as u8, minutia.quality.get()]);
    }
    for word in descriptors.iter().flat_map(|descriptor| descriptor.words) {
        body.extend(word.to_le_bytes());
    }
    for singularity in template.singularities() {
        put(&mut body, &[singularity.x_px, singularity.y_px]);
        body.push(singularity.kind as u8);
    }
    if let Some(field) = template.field() {
        put_field(&mut body, field);
    }
    KIND.seal(own(template), &body)
}

/// Flags, quality, and version of the descriptors.
fn own(template: &FingerTemplate) -> [u8; 3] {
    let descriptors = template.descriptors();
    let flags = [
        (HAS_FIELD, template.field().is_some()),
        (HAS_DESCRIPTORS, descriptors.is_some()),
        (OF_MINUTIAE, descriptors.is_some_and(|bits| bits.basis() == DescriptorBasis::Minutiae)),
        (ESTIMATED, template.ppi_source() == PpiSource::Estimated),
    ];
    let flags = flags.iter().filter(|(_, set)| *set).fold(0, |flags, (flag, _)| flags | flag);
    let version = descriptors.map_or(0, whorl_types::Descriptors::version);
    [flags, template.quality().get(), version]
}

fn put(body: &mut Vec<u8>, numbers: &[u16]) {
    body.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn put_field(body: &mut Vec<u8>, field: &RidgeField) {
    let shows = |cell: &RidgeCell| *cell != RidgeCell::default();
    for cells in field.cells().chunks(8) {
        body.push(cells.iter().enumerate().fold(0, |byte, (bit, cell)| byte | u8::from(shows(cell)) << bit));
    }
    for cell in field.cells().iter().filter(|cell| shows(cell)) {
        body.extend([cell.angle, cell.period_px16, cell.coherence]);
    }
}
