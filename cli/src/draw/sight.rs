//! What is seen of an eye or a face on the way to its template.

use whorl_extractors::face::{self, Face};
use whorl_extractors::{fingerprint, iris};
use whorl_types::{GreyImage, IrisCode, IrisMeasures, Minutia, Pixels};

use super::picture::jpeg;

/// Columns of a strip for each direction of a code.
const COLUMNS_A_DIRECTION: usize = iris::Strip::COLUMNS / IrisCode::ANGLES;

/// Boxes that share so much are of one face.
const SAME_FACE: f32 = 0.3;

/// What an extraction saw of an eye or a face beside what its template keeps; nothing where there was none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight {
    /// The size of its picture.
    pub(crate) size_px: Option<(u32, u32)>,
    /// Its contours as they were found.
    pub(crate) eye: Option<iris::Eye>,
    /// Its iris unwrapped.
    pub(crate) strip: Option<GreyImage>,
    /// The face that was meant.
    pub(crate) face: Option<Face>,
    /// The other faces that were seen beside it.
    pub(crate) others: Vec<Face>,
    /// The crop of the face that the network was shown.
    pub(crate) crop: Option<Pixels>,
}

impl Sight {
    /// Of an eye or a face of which nothing but a picture of this size is known.
    pub(crate) fn of_size(image: &Pixels) -> Self {
        Self { size_px: Some((image.width_px(), image.height_px())), ..Self::default() }
    }

    /// The strip as a data URI, where direction `d` shows direction `shows(d)` of the eye in the middle of its columns.
    pub(super) fn strip(&self, shows: &impl Fn(usize) -> usize) -> Option<String> {
        let strip = self.strip.as_ref()?;
        let columns: Vec<usize> = (0..IrisCode::ANGLES).flat_map(|direction| columns(shows, direction)).collect();
        let row = |y: u32| columns.iter().map(move |&column| strip.row(y)[column]);
        let pixels = (0..strip.height_px()).flat_map(row).collect();
        let turned = GreyImage::new(strip.width_px(), strip.height_px(), pixels).ok()?;
        Some(jpeg(&turned))
    }
}

/// The columns around the direction that is shown, in the order in which its neighbours are.
fn columns(shows: &impl Fn(usize) -> usize, direction: usize) -> [usize; COLUMNS_A_DIRECTION] {
    let (here, next) = (shows(direction), shows((direction + 1) % IrisCode::ANGLES));
    let forth = (here + 1) % IrisCode::ANGLES == next;
    let half = COLUMNS_A_DIRECTION / 2;
    std::array::from_fn(|part| {
        let part = if forth { part } else { COLUMNS_A_DIRECTION - part };
        (here * COLUMNS_A_DIRECTION + iris::Strip::COLUMNS + part - half) % iris::Strip::COLUMNS
    })
}

impl iris::Trace for Sight {
    fn image(&mut self, _stage: &'static str, _draw: impl FnOnce() -> GreyImage) {}

    fn eye(&mut self, eye: &iris::Eye) {
        self.eye = Some(*eye);
    }

    fn visible(&mut self, _draw: impl FnOnce() -> GreyImage) {}

    fn strip(&mut self, strip: &iris::Strip) {
        self.strip = Some(strip.to_grey());
    }

    fn measures(&mut self, _measures: &IrisMeasures) {}
}

impl face::Trace for Sight {
    fn faces(&mut self, faces: &[Face], _quarter_turns: u8) {
        self.others = faces.to_vec();
    }

    fn chosen(&mut self, face: &Face, _quarter_turns: u8) {
        self.others.retain(|other| other.bounds.overlap(&face.bounds) < SAME_FACE);
        self.face = Some(*face);
    }

    fn crop(&mut self, crop: &Pixels) {
        self.crop = Some(crop.clone());
    }
}

impl fingerprint::Trace for Sight {
    fn image(&mut self, _stage: &'static str, _draw: impl FnOnce() -> GreyImage) {}

    fn minutiae(&mut self, _stage: &'static str, _list: impl FnOnce() -> Vec<Minutia>) {}

    fn measures(&mut self, _measures: &fingerprint::QualityMeasures) {}
}
