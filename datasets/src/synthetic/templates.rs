//! Templates without pictures: what searches of millions of fingers, of eyes ([`iris`]) or of faces ([`face`]), are timed on.
//!
//! A finger is a set of minutiae, each with a place, a direction, a worth and the bits of its surroundings; an impression shows
//! most of them turned and moved, with jitter, wrong bits, and some that are not there. The figures are those of the real
//! prints that development uses (FVC2002 and FVC2004 set B, FCJ2020; 640 captures, Whorl's extractor):
//!
//! | what | real | here |
//! |---|---|---|
//! | minutiae of a capture | mean 43, 90 % within 20 to 75 | mean 43, 90 % within 28 to 60 |
//! | their extent, pixels | 222 x 300 | 220 x 300 |
//! | bits that differ, two minutiae of strangers | 127.5 of 256, sd 9.6; 255 of 512, sd 16.7 | 128, sd 9.8; 256, sd 16 |
//! | bits that differ, the same minutia twice | 57 to 72 of 256, sd 19 | 63, sd 15 |
//! | minutiae found again, of the smaller template | 64 to 75 % | 70 % |
//! | change of the distance between two minutiae | sd 3.7 to 7.1 pixels | sd 4.5 pixels |
//!
//! What is simpler than in life: surroundings of neighbouring minutiae are independent, the whole finger shows every time, and
//! all captures are equally good. The accuracy of a search on these templates says that it works, not how well.

pub mod face;
pub mod iris;

use whorl_types::{
    Descriptor, DescriptorBasis, Descriptors, FingerTemplate, Minutia, MinutiaKind, Quality, RidgeCell, RidgeField,
};

use super::random::{Random, derive};

/// The version that these descriptors state: none of an extractor's, for they describe nothing.
pub const VERSION: u8 = 0;

/// The picture of every impression, in pixels: an adult's finger on a plain sensor.
const WIDTH_PX: u16 = 320;
/// See [`WIDTH_PX`].
const HEIGHT_PX: u16 = 400;

/// Half the extent of the minutiae, in pixels.
const HALF_EXTENT_PX: (f32, f32) = (110.0, 150.0);

/// The part of a finger's minutiae that one impression shows: twice, that is 70 %.
const SHOWN: f32 = 0.84;

/// Words of a descriptor that tell most, and as many that tell the rest.
const HALF: usize = Descriptor::COARSE_WORDS;

/// A minutia of a finger, around its middle.
#[derive(Clone, Copy)]
struct Truth {
    right_px: f32,
    down_px: f32,
    /// 256ths of a turn.
    angle: f32,
    kind: MinutiaKind,
    /// How clear it is, 0 to 1.
    worth: f32,
    words: [u64; Descriptor::WORDS],
}

/// What the sensor makes of a finger this time.
struct Motion {
    cos: f32,
    sin: f32,
    turn: f32,
    right_px: f32,
    down_px: f32,
}

/// The template of one impression of one finger of the population `seed`.
///
/// The same numbers give the same template on every machine; two impressions of one finger are mates.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "every count and place is drawn within its bound")]
pub fn template(seed: u64, finger: u64, impression: u64) -> FingerTemplate {
    let identity = derive(seed, finger);
    let mut random = Random::new(derive(identity, impression), 1);
    let motion = Motion::draw(&mut random);
    let mut shown: Vec<(f32, Truth)> = Vec::with_capacity(FingerTemplate::MAX_MINUTIAE);
    for truth in truths(identity) {
        let seen = if random.chance(SHOWN) { blurred(truth, &mut random) } else { Truth::draw(&mut random) };
        shown.push((seen.worth + random.normal(0.0, 0.15), seen));
    }
    shown.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let minutiae = shown.iter().map(|(_, seen)| motion.minutia(seen)).collect();
    let words = shown.iter().take(Descriptors::MOST).map(|(_, seen)| Descriptor { words: seen.words }).collect();
    let bits = Descriptors::new(VERSION, DescriptorBasis::Ridges, words).expect("no more than a template describes");
    let bare =
        FingerTemplate::new(WIDTH_PX, HEIGHT_PX, minutiae, percent(0.6)).expect("all minutiae are in the picture");
    bare.with_field(field(&motion), Vec::new()).with_descriptors(bits).expect("one for each of the first minutiae")
}

/// The minutiae of a finger.
fn truths(identity: u64) -> Vec<Truth> {
    let mut random = Random::new(identity, 0);
    let count = random.normal(43.0, 10.0).clamp(12.0, 80.0) as usize;
    (0..count).map(|_| Truth::draw(&mut random)).collect()
}

impl Truth {
    /// Any minutia, evenly within the ellipse of the finger.
    fn draw(random: &mut Random) -> Self {
        let (mut right, mut down) = (1.0, 1.0);
        while right * right + down * down > 1.0 {
            (right, down) = (random.between(-1.0, 1.0), random.between(-1.0, 1.0));
        }
        Self {
            right_px: right * HALF_EXTENT_PX.0,
            down_px: down * HALF_EXTENT_PX.1,
            angle: random.between(0.0, 256.0),
            kind: if random.chance(0.6) { MinutiaKind::Ending } else { MinutiaKind::Bifurcation },
            worth: random.fraction(),
            words: surroundings(|| random.seed()),
        }
    }
}

/// Bits that `word` draws, made as dependent on one another as those of real surroundings: of each four of the telling half
/// one repeats its neighbour, and half of the rest repeat the telling half.
fn surroundings(mut word: impl FnMut() -> u64) -> [u64; Descriptor::WORDS] {
    const REPEATED: u64 = 0x1111_1111_1111_1111;
    const SHARED: u64 = 0x5555_5555_5555_5555;
    let mut words = [0; Descriptor::WORDS];
    for at in 0..HALF {
        let (fresh, more) = (word(), word());
        words[at] = (fresh & !REPEATED) | ((fresh >> 1) & REPEATED);
        words[HALF + at] = (words[at] & SHARED) | (more & !SHARED);
    }
    words
}

/// The same minutia as an impression shows it: off by two pixels and a few degrees, an eighth of its bits wrong.
fn blurred(truth: Truth, random: &mut Random) -> Truth {
    let sixteenths = random.weighted(&[0.0, 0.25, 0.3, 0.25, 0.2]) as u32;
    let wrong = surroundings(|| mostly_zeros(sixteenths, random));
    Truth {
        right_px: truth.right_px + random.normal(0.0, 2.2),
        down_px: truth.down_px + random.normal(0.0, 2.2),
        angle: truth.angle + random.normal(0.0, 4.0),
        words: std::array::from_fn(|at| truth.words[at] ^ wrong[at]),
        ..truth
    }
}

/// A word each of whose bits is set with a probability of so many sixteenths: a random number is below it, compared bit by
/// bit from the lowest.
fn mostly_zeros(sixteenths: u32, random: &mut Random) -> u64 {
    (0..4).fold(0, |below, bit| {
        let drawn = random.seed();
        if sixteenths >> bit & 1 == 1 { below | !drawn } else { below & !drawn }
    })
}

impl Motion {
    fn draw(random: &mut Random) -> Self {
        let turn = random.normal(0.0, 6.0);
        let radians = turn * std::f32::consts::TAU / 256.0;
        let (right_px, down_px) = (random.normal(0.0, 8.0), random.normal(0.0, 8.0));
        Self { cos: libm::cosf(radians), sin: libm::sinf(radians), turn, right_px, down_px }
    }

    /// Turned counter-clockwise as seen, y axis down, and moved to where the finger lies in the picture.
    fn minutia(&self, seen: &Truth) -> Minutia {
        let right = f32::from(WIDTH_PX) / 2.0 + self.right_px + seen.right_px * self.cos + seen.down_px * self.sin;
        let down = f32::from(HEIGHT_PX) / 2.0 + self.down_px - seen.right_px * self.sin + seen.down_px * self.cos;
        Minutia {
            x_px8: (right.clamp(0.0, f32::from(WIDTH_PX - 1)) * 8.0) as u16,
            y_px8: (down.clamp(0.0, f32::from(HEIGHT_PX - 1)) * 8.0) as u16,
            angle: libm::floorf(seen.angle + self.turn) as i32 as u8,
            kind: seen.kind,
            quality: percent(seen.worth),
        }
    }
}

/// Ridges across the finger wherever it lies on the sensor, nine pixels apart.
fn field(motion: &Motion) -> RidgeField {
    let (columns, rows) = (WIDTH_PX.div_ceil(RidgeField::CELL_PX), HEIGHT_PX.div_ceil(RidgeField::CELL_PX));
    let middle = |cell: u16, extent: u16| {
        f32::from(cell * RidgeField::CELL_PX + RidgeField::CELL_PX / 2) - f32::from(extent) / 2.0
    };
    let ridges = RidgeCell { angle: libm::floorf(motion.turn * 2.0) as i32 as u8, period_px16: 9 * 16, coherence: 200 };
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row))).map(|(column, row)| {
        let right = (middle(column, WIDTH_PX) - motion.right_px) / (HALF_EXTENT_PX.0 + 16.0);
        let down = (middle(row, HEIGHT_PX) - motion.down_px) / (HALF_EXTENT_PX.1 + 16.0);
        if right * right + down * down < 1.0 { ridges } else { RidgeCell::default() }
    });
    RidgeField::new(columns, cells.collect()).expect("rows are whole")
}

fn percent(fraction: f32) -> Quality {
    Quality::new((fraction.clamp(0.0, 1.0) * 100.0) as u8).expect("within 0 to 100")
}

#[cfg(test)]
mod tests;
