//! What a comparison shows to a person.

use whorl_types::{IrisCode, Similarity};

use super::probe::Probe;
use super::score::Best;

/// How alike two irises are, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The comparator's raw score, the same as [`super::similarity`] gives.
    pub similarity: Similarity,
    /// Bits that disagree where both eyes are seen.
    pub disagreeing: u16,
    /// Bits where both eyes are seen.
    pub common: u16,
    /// How the reference is turned against the probe, in directions: what the reference shows in direction `a`, the probe
    /// shows in direction `a + rotation`.
    pub rotation: i8,
    /// Agreeing bits, and the cells that both show, in the reference's directions.
    agreeing: Option<Box<IrisCode>>,
}

impl Comparison {
    /// Of templates that have nothing in common.
    pub(super) const NONE: Self =
        Self { similarity: Similarity::NONE, disagreeing: 0, common: 0, rotation: 0, agreeing: None };

    pub(super) fn new(probe: &Probe, reference: &IrisCode, (similarity, best): (Similarity, Best)) -> Self {
        let probe = probe.turned(best.turn);
        let agreeing = IrisCode {
            cells: std::array::from_fn(|direction| !(probe.cells[direction] ^ reference.cells[direction])),
            visible: std::array::from_fn(|direction| probe.visible[direction] & reference.visible[direction]),
        };
        Self {
            similarity,
            disagreeing: best.overlap.unlike,
            common: best.overlap.counted * IrisCode::CELL_BITS as u16,
            rotation: best.turn as i8 - Probe::REACH as i8,
            agreeing: Some(Box::new(agreeing)),
        }
    }

    /// The fraction of the common bits that disagree; none where too few are common.
    #[must_use]
    pub fn raw_distance(&self) -> Option<f64> {
        self.agreeing.as_ref().map(|_| f64::from(self.disagreeing) / f64::from(self.common))
    }

    /// The same, drawn towards a half where few bits are common: what the similarity is made of.
    #[must_use]
    pub fn distance(&self) -> Option<f64> {
        self.agreeing.as_ref().map(|_| 1.0 - f64::from(self.similarity.get()) / 65536.0)
    }

    /// How many of the 8 bits of a cell agree, the cell given by the reference's direction and its ring; none where one of
    /// the eyes is not seen there.
    ///
    /// # Panics
    /// Unless `direction` is below [`IrisCode::ANGLES`] and `ring` below [`IrisCode::RINGS`].
    #[must_use]
    pub fn agreement(&self, direction: usize, ring: usize) -> Option<u8> {
        assert!(direction < IrisCode::ANGLES && ring < IrisCode::RINGS, "a cell of the code");
        let agreeing = self.agreeing.as_ref()?;
        let seen = agreeing.visible[direction] >> ring & 1 == 1;
        seen.then(|| (agreeing.cells[direction] >> (8 * ring) & 0xFF).count_ones() as u8)
    }

    /// The probe's direction that lies on the reference's `direction`; in a mirrored probe, a direction of the mirror image.
    #[must_use]
    pub fn probe_direction(&self, direction: usize) -> usize {
        (direction as isize + isize::from(self.rotation)).rem_euclid(IrisCode::ANGLES as isize) as usize
    }
}
