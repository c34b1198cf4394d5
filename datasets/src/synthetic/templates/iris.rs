//! Iris templates without pictures.
//!
//! A cell's answer to a Gabor filter has a phase, of which the code keeps the quadrant in two bits (Daugman, IEEE PAMI 15(11),
//! 1993). Going round the eye the phase walks on, four quadrants for each wavelength and not quite evenly: so are the phases
//! made here, a walk for each ring and wavelength, with neighbouring rings often walking together. The figures are those of
//! codes that Whorl's extractor made of CASIA-IrisV3-Interval (836 photographs of 130 eyes); distances are raw.
//!
//! | what | real | here |
//! |---|---|---|
//! | cells that are visible | 60 % | 69 % |
//! | bits that differ, strangers upright | 49.4 %, sd 2.4 % | 50.0 %, sd 2.1 % |
//! | bits that differ, strangers at the best of 13 rotations | 45.6 %, sd 1.7 % | 46.8 %, sd 1.4 % |
//! | score of one stranger in ten thousand | 39,819 (MMU1: 40,567) | 40,035 |
//! | bits that differ, the same eye twice | 25 %, sd 6 % | 24 %, sd 3 % |
//! | of these, the longest and the shortest wavelength | 21 %, 34 % | 17 %, 34 % |
//! | mates that pass the first stage of a search | 99.99 % (MMU1: 98.7 %) | 100 % |
//! | strangers that do | 1.0 % (MMU1: 2.4 %) | 1.5 % |

use whorl_types::{EyeCircle, IrisCode, IrisMeasures, IrisTemplate};

use super::percent;
use crate::synthetic::random::{Random, derive};

/// The version that these codes state: none of an extractor's, for they describe nothing.
pub const ENCODING: u16 = 0;

/// The first bit of each pair, which is the sign of a real part; the second is that of the imaginary part.
const REAL: u64 = 0x5555_5555_5555_5555;

/// Pairs of the four wavelengths, longest first, in every ring.
const WAVES: [u64; 4] = [0x0303_0303_0303_0303, 0x0C0C_0C0C_0C0C_0C0C, 0x3030_3030_3030_3030, 0xC0C0_C0C0_C0C0_C0C0];

/// Waves that repeat the next longer one, each in half of the rings: an edge has them all.
const EDGES: u64 = 0xCCCC_3030_3030_CCCC;

/// The waves that go on by a quadrant at each direction, and those that go on by a second one.
const PACES: [(u64, u64); IrisCode::ANGLES] = paces();

/// Directions over which rings walk together, or not.
const TOGETHER: usize = 12;

/// Directions over which a bit is wrong, if it is.
const WRONG: usize = 3;

/// Direction that is up in the picture.
const UP: i32 = 96;
/// Direction that is down.
const DOWN: i32 = 32;

/// The template of one photograph of one eye of the population `seed`.
///
/// The same numbers give the same template on every machine; two photographs of one eye are mates.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "lids never cover all of an eye, and its circles are constant")]
pub fn template(seed: u64, eye: u64, photograph: u64) -> IrisTemplate {
    let identity = derive(seed, eye);
    let mut random = Random::new(derive(identity, photograph), 9);
    let mut cells = texture(&mut Random::new(identity, 8));
    flip(&mut cells, &mut random);
    let mut code = IrisCode { cells, visible: visible(&mut random) };
    let turned = random.normal(0.0, 1.4).clamp(-5.0, 5.0) + IrisCode::ANGLES as f32 + 0.5;
    code.cells.rotate_right(turned as usize % IrisCode::ANGLES);
    let circle = |radius_px: u32| EyeCircle { x_px8: 160 * 8, y_px8: 140 * 8, radius_px8: radius_px * 8 };
    let usable = code.visible_cells() as f32 / IrisCode::CELLS as f32;
    let measures = IrisMeasures { usable_area: (100.0 * usable) as u8, radius_px: 100, ..IrisMeasures::default() };
    IrisTemplate::new(ENCODING, code, (circle(40), circle(100)), measures, percent(usable))
        .expect("something is visible, and the pupil is smaller than the iris")
}

/// The bits of an eye that is seen perfectly.
fn texture(random: &mut Random) -> [u64; IrisCode::ANGLES] {
    let mut phases = random.seed();
    let mut alike = Alike::draw(random);
    std::array::from_fn(|direction| {
        if direction % TOGETHER == 0 {
            alike = Alike::draw(random);
        }
        phases = walked(phases, PACES[direction], random);
        alike.of(phases)
    })
}

/// Which rings show the same texture, as fibres do that run through them: the upper ones of pairs, quarters and halves that
/// repeat the lower ones.
struct Alike {
    pairs: u64,
    quarters: u64,
    halves: u64,
}

impl Alike {
    fn draw(random: &mut Random) -> Self {
        let (r, s) = (random.seed(), random.seed());
        Self {
            pairs: ((r | s) & 0x0001_0001_0001_0001) * 0xFF,
            quarters: (r & 0x0000_0002_0000_0002) / 2 * 0xFFFF,
            halves: (r & s & 4) / 4 * 0xFFFF_FFFF,
        }
    }

    fn of(&self, phases: u64) -> u64 {
        let rings = mixed(phases, phases << 2, EDGES);
        let rings = mixed(rings, rings << 8, self.pairs << 8);
        let rings = mixed(rings, rings << 16, self.quarters << 16);
        mixed(rings, rings << 32, self.halves << 32)
    }
}

/// Wavelengths of 12, 7, 4 and nearly 2 directions.
const fn paces() -> [(u64, u64); IrisCode::ANGLES] {
    let mut paces = [(WAVES[2] | WAVES[3], 0); IrisCode::ANGLES];
    let mut direction = 0;
    while direction < IrisCode::ANGLES {
        if direction % 3 == 0 {
            paces[direction].0 |= WAVES[0];
        }
        if direction * 4 % 7 < 4 {
            paces[direction].0 |= WAVES[1];
        }
        if direction * 7 % 9 < 7 {
            paces[direction].1 = WAVES[3];
        }
        direction += 1;
    }
    paces
}

/// One direction further: each wave by what its length asks for, but now and then a quadrant more or less, so often that it
/// keeps step with itself for about as long as a filter reaches.
fn walked(phases: u64, (first, second): (u64, u64), random: &mut Random) -> u64 {
    let (r, s) = (random.seed(), random.seed());
    let [a, b, c, d] = [r, r >> 1, s, s >> 1];
    let slips = (a & b & c & d & WAVES[0]) | (a & b & c & WAVES[1]) | (a & b & (c | d) & WAVES[2]) | (a & WAVES[3]);
    stepped(stepped(phases, first ^ slips), second)
}

/// A quadrant on where the first bit of a pair is set in `chosen`: the real part takes the imaginary's place, whose opposite
/// takes the real's.
fn stepped(phases: u64, chosen: u64) -> u64 {
    let chosen = (chosen & REAL) | ((chosen & REAL) << 1);
    let on = ((phases & REAL) << 1) | (!(phases >> 1) & REAL);
    mixed(phases, on, chosen)
}

/// Bits of `other` where `chosen` is set, else those of `one`.
fn mixed(one: u64, other: u64, chosen: u64) -> u64 {
    one ^ ((one ^ other) & chosen)
}

/// Makes bits wrong as a photograph does, more of them the shorter the wave and the worse the photograph: of sixteen one to
/// five, each for a few directions on end.
fn flip(cells: &mut [u64; IrisCode::ANGLES], random: &mut Random) {
    let poor = random.fraction() * random.between(0.2, 2.0);
    for run in cells.chunks_mut(WRONG) {
        let (a, b, c, d) = (random.seed(), random.seed(), random.seed(), random.seed());
        let sixteenths = [a & b & c & d, a & b & c, a & b & (c | d), a & b, a & (b | c & d)];
        let worse = (poor + random.fraction()) as usize;
        let wrong = (sixteenths[worse] & (WAVES[0] | WAVES[1]))
            | (sixteenths[worse + 1] & WAVES[2])
            | (sixteenths[worse + 2] & WAVES[3]);
        for cell in run {
            *cell ^= wrong;
        }
    }
}

/// What lids and reflections leave to be seen: a lid hides outer rings, most of them at its middle.
fn visible(random: &mut Random) -> [u8; IrisCode::ANGLES] {
    let upper = (random.between(-1.0, 7.5), random.between(20.0, 36.0));
    let lower = (random.between(-3.0, 4.0), random.between(14.0, 28.0));
    let hidden = |direction: i32, middle: i32, (rings, half_width): (f32, f32)| {
        let apart = (direction - middle).abs() as f32 / half_width;
        (rings * (1.0 - apart * apart) + 0.5).max(0.0) as u32
    };
    let mut visible: [u8; IrisCode::ANGLES] = std::array::from_fn(|direction| {
        let direction = direction as i32;
        0xFF_u8.checked_shr(hidden(direction, UP, upper) + hidden(direction, DOWN, lower)).unwrap_or(0)
    });
    for _ in 0..random.below(4) {
        let (direction, ring) = (random.below(IrisCode::ANGLES as u32 - 2) as usize, random.below(7));
        for rings in &mut visible[direction..direction + 3] {
            *rings &= !(0b11 << ring);
        }
    }
    visible
}

#[cfg(test)]
mod tests;
